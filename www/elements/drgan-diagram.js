// DR-GAN's step, drawn with the visitor's own face in it: pictures, the live vectors as bars, what the heads answer. Plays, or goes stage by
// stage. Fires `stage` with { id, names }.
import { css, html, nothing, svg } from 'lit'
import { controls } from '../styles/controls.js'
import { t } from '../i18n/translate.js'
import { lineOf, lines, namesIn, stages } from './draw/drgan-graph.js'
import { connect, heightFor, narrowBelow, place } from './draw/drgan-layout.js'
import { thumbnail } from './draw/thumbnail.js'
import { StagedDiagram, stagedStyles } from './staged-diagram.js'
import { diagramStyles } from '../styles/diagram.js'

/** Bars of a vector's drawing: neighbours share one where there are more numbers. */
const mostBars = 40

export class DrganDiagram extends StagedDiagram {
  static properties = { ...StagedDiagram.properties, pictures: { attribute: false }, vectors: { attribute: false }, notes: { attribute: false } }

  static styles = [controls, stagedStyles, diagramStyles, css`
    .vector .box { fill: var(--sheet); stroke-width: 1; }
    .answer .box { rx: 14; }
    .bar-up { fill: var(--real); } .bar-down { fill: var(--made); }
    .part .bars { opacity: 0.55; }
    .here .bars, .same .bars { opacity: 1; }
    .drawing .note { font: 11.5px/1 var(--sans); fill: var(--ink-soft); font-variant-numeric: tabular-nums; }
    .part.learns .note { fill: var(--paper); }
    .drawing .name { font-size: 12px; }
    @media (max-width: 46rem) { .drawing .name { font-size: 10px; } .drawing .note { font-size: 10px; } }
  `]

  constructor() {
    super()
    /** `x` and `fake`. @type {Record<string, ImageData | undefined>} */
    this.pictures = {}
    /** By the code's names. @type {Record<string, ArrayLike<number> | undefined>} */
    this.vectors = {}
    /** A line under each part's name: shape, norm, answer. @type {Record<string, string | undefined>} */
    this.notes = {}
  }

  get stages() { return stages }
  get texts() { return 'faces' }
  namesOf(stage) { return namesIn(stage) }

  /** @param {import('./draw/drgan-layout.js').Part} part @param {import('./draw/drgan-graph.js').Stage} stage */
  onePart(part, stage) {
    const { name, kind, x, y, width, height } = part
    const here = stage.flows.some(({ from, to }) => from === name || to === name)
    const condition = stage.learns.includes(name) ? 'learns' : stage.frozen.includes(name) ? 'frozen' : ''
    const inner = kind === 'picture' ? this.picture(part) : kind === 'vector' ? this.vector(part) : this.box(part, condition)
    return svg`<g class="part ${kind} ${here ? 'here' : ''} ${condition}" data-part=${name} transform="translate(${(x - width / 2).toFixed(1)} ${(y - height / 2).toFixed(1)})">${inner}</g>`
  }

  /** @param {import('./draw/drgan-layout.js').Part} part */
  picture({ name, width, height }) {
    const frame = height - 20
    const shown = this.pictures[name]
    return svg`<rect class="frame ${name === 'x' ? 'real' : 'made'} ${shown ? '' : 'vacant'}" width=${width} height=${frame} />
      ${shown ? svg`<image href=${thumbnail(shown)} x="2" y="2" width=${width - 4} height=${frame - 4} />` : nothing}
      <text class="name" x=${width / 2} y=${height - 4}>${name}</text>`
  }

  /** @param {string} name */
  short(name) {
    return this.width < narrowBelow ? name.replace('identity_features', 'features') : name
  }

  /** @param {import('./draw/drgan-layout.js').Part} part */
  vector({ name, width, height }) {
    const values = this.vectors[name]
    return svg`<rect class="box" width=${width} height=${height} rx="2" />
      ${values?.length ? this.bars(values, width - 12, height - 36) : nothing}
      <text class="name" x=${width / 2} y=${height - 20}>${this.short(name)}</text><text class="note" x=${width / 2} y=${height - 6}>${this.notes[name] ?? ''}</text>`
  }

  /** Neighbours averaged would cancel out: of each group the largest is drawn. @param {ArrayLike<number>} values @param {number} width @param {number} height */
  bars(values, width, height) {
    const all = Array.from(values)
    const count = Math.min(mostBars, all.length)
    const groups = Array.from({ length: count }, (_, index) => all.slice(Math.floor((index * all.length) / count), Math.floor(((index + 1) * all.length) / count)))
    const peaks = groups.map(group => group.reduce((peak, value) => (Math.abs(value) > Math.abs(peak) ? value : peak), 0))
    const most = Math.max(...peaks.map(Math.abs), 1e-6)
    const step = width / count
    // A single number from 0 to 1 is a bar that fills its place.
    if (count === 1) return svg`<g class="bars" transform="translate(6 4)"><rect class="bar-up" width=${Math.max(1, width * Math.min(1, Math.abs(all[0])))} height=${height - 4} /></g>`
    return svg`<g class="bars" transform="translate(6 ${4 + height / 2})">${peaks.map((value, index) => {
      const tall = (Math.abs(value) / most) * (height / 2)
      return svg`<rect class=${value < 0 ? 'bar-down' : 'bar-up'} x=${(index * step).toFixed(1)} y=${(value < 0 ? 0 : -tall).toFixed(1)} width=${Math.max(1, step - 0.8).toFixed(1)} height=${tall.toFixed(1)} />`
    })}</g>`
  }

  /** @param {import('./draw/drgan-layout.js').Part} part @param {string} condition */
  box({ name, width, height }, condition) {
    const rows = [['name', this.short(name)], ['note', condition ? t(`cycle.${condition}`) : this.notes[name] ?? '']].filter(([, text]) => text)
    return svg`<rect class="box" width=${width} height=${height} rx="4" />
      ${rows.map(([kind, text], index) => svg`<text class=${kind} x=${width / 2} y=${height / 2 + 4.5 + (index - (rows.length - 1) / 2) * 17}>${text}</text>`)}`
  }

  drawing() {
    if (!this.width) return nothing
    const stage = stages[this.stage]
    const all = place(this.width)
    const byName = new Map(all.map(part => [part.name, part]))
    const between = (from, to, back = false) => connect(/** @type {any} */ (byName.get(from)), /** @type {any} */ (byName.get(to)), this.width, back)
    const height = heightFor(this.width)
    return html`<svg class="drawing" viewBox="0 0 ${this.width} ${height}" width=${this.width} height=${height} role="img" aria-label="${t('faces.diagram')} ${t(`faces.stage.${stage.id}`)}">
      ${[...lines.values()].map(({ from, to }) => svg`<path class="line" d=${between(from, to).path} />`)}
      ${all.map(part => this.onePart(part, stage))}
      ${stage.flows.map(flow => {
        const [from, to] = flow.kind === 'back' ? [flow.to, flow.from] : [flow.from, flow.to]
        const { path, head, middle } = between(from, to, flow.kind === 'back')
        return svg`<g class="flow ${flow.kind} ${flow.tone ?? ''}" data-flow=${lineOf(flow)}><path class="line" d=${path} /><path class="head" d=${head} />
          ${flow.target ? svg`<text class="label" x=${middle.x} y=${middle.y + 5}>${flow.target}</text>` : nothing}</g>`
      })}</svg>`
  }

  render() {
    return html`<div class="whole" role="group" aria-label=${t('faces.inside_heading')} @keydown=${this.pressed}>
      ${this.controls()}
      ${this.drawing()}
      ${this.said()}
    </div>`
  }
}

customElements.define('drgan-diagram', DrganDiagram)
