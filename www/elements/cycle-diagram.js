// CycleGAN's training step, drawn: twice as it runs, or folded into the one pair of networks that it is. Plays, or goes stage by stage.
// Fires `stage` with { id, names }: the pictures and networks that the stage touches.
import { css, html, nothing, svg } from 'lit'
import { controls } from '../styles/controls.js'
import { t } from '../i18n/translate.js'
import { lineOf, lines, namesIn, stages } from './draw/cycle-graph.js'
import { connect, cornerOf, heightFor, labelAt, narrowBelow, place } from './draw/cycle-layout.js'
import { thumbnail } from './draw/thumbnail.js'
import { StagedDiagram, stagedStyles } from './staged-diagram.js'
import { diagramStyles } from '../styles/diagram.js'
import { grouped } from './grouped.js'

const foldMs = 900

export class CycleDiagram extends StagedDiagram {
  static properties = { ...StagedDiagram.properties, pictures: { attribute: false }, domains: { attribute: false }, folded: { type: Boolean, reflect: true }, fold: { state: true } }

  static styles = [controls, stagedStyles, diagramStyles, css`
    fieldset { border: 1px solid var(--edge); border-radius: 3px; padding: 0; margin: 0; margin-inline-start: auto; display: flex; }
    fieldset label { position: relative; padding: 0.4rem 0.9rem; cursor: pointer; min-height: 2.5rem; display: inline-flex; align-items: center; }
    fieldset label:has(:checked) { background: var(--ink); color: var(--paper); }
    fieldset label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    fieldset input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    @media (max-width: 46rem) { fieldset { margin-inline-start: 0; } }
  `]

  constructor() {
    super()
    /** @type {Record<string, ImageData | undefined>} by the code's names */
    this.pictures = {}
    /** What each domain is called. */
    this.domains = { a: 'A', b: 'B' }
    this.folded = false
    /** 0 drawn twice, 1 folded: what is on screen now, `folded` is where it goes. */
    this.fold = 0
  }

  get stages() { return stages }
  get texts() { return 'cycle' }
  namesOf(stage) { return namesIn(stage) }

  disconnectedCallback() {
    super.disconnectedCallback()
    cancelAnimationFrame(this.frame ?? 0)
  }

  /** @param {boolean} folded */
  foldTo(folded) {
    this.folded = folded
    cancelAnimationFrame(this.frame ?? 0)
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.fold = Number(folded)
      return
    }
    const [from, began] = [this.fold, performance.now()]
    const move = now => {
      const share = Math.min(1, (now - began) / foldMs)
      this.fold = from + (Number(folded) - from) * share * share * (3 - 2 * share)
      if (share < 1) this.frame = requestAnimationFrame(move)
    }
    this.frame = requestAnimationFrame(move)
  }

  /** @param {import('./draw/cycle-layout.js').Part} part */
  onePart(part, stage, named) {
    const { half, name, kind, x, y, width, height } = part
    const here = stage.flows.some(flow => (flow.half === half || this.fold === 1) && (flow.from === name || flow.to === name))
    const condition = stage.learns.includes(name) ? 'learns' : stage.frozen.includes(name) && kind !== 'picture' ? 'frozen' : ''
    const state = `${here ? 'here' : named.includes(name) ? 'same' : ''} ${condition}`
    const inner = kind === 'picture' ? this.picture(name, width, height) : this.network(name, kind, width, height, condition)
    return svg`<g class="part ${kind} ${state}" data-part="${half}:${name}" transform="translate(${(x - width / 2).toFixed(1)} ${(y - height / 2).toFixed(1)})">${inner}</g>`
  }

  picture(name, width, height) {
    const frame = height - 20
    const shown = this.pictures[name]
    const kind = name.startsWith('real') ? 'real' : 'made'
    return svg`<rect class="frame ${kind} ${shown ? '' : 'vacant'}" width=${width} height=${frame} />
      ${shown ? svg`<image href=${thumbnail(shown)} x="2" y="2" width=${width - 4} height=${frame - 4} preserveAspectRatio="xMidYMid slice" />` : nothing}
      <text class="name" x=${width / 2} y=${height - 4}>${name}</text>`
  }

  network(name, kind, width, height, condition) {
    const narrow = this.width < narrowBelow
    const said = condition ? t(`cycle.${condition}`) : narrow ? '' : kind === 'generator'
      ? t('cycle.translates', name === 'generator_ab' ? { from: this.domains.a, to: this.domains.b } : { from: this.domains.b, to: this.domains.a })
      : t('cycle.judges', { domain: this.domains[name.slice(-1)] })
    const [first, last] = narrow ? [name.slice(0, name.lastIndexOf('_')), name.slice(name.lastIndexOf('_'))] : [name, '']
    const rows = [first, last, said].filter(Boolean)
    return svg`<rect class="box" width=${width} height=${height} rx=${kind !== 'discriminator' ? 4 : narrow ? 12 : height / 2} />
      ${rows.map((row, index) => svg`<text class=${row === said ? 'role' : 'name'} x=${width / 2} y=${height / 2 + 4.5 + (index - (rows.length - 1) / 2) * (narrow ? 14 : 18)}>${row}</text>`)}`
  }

  /** @param {Map<string, import('./draw/cycle-layout.js').Part>} parts */
  quiet(parts) {
    return [...lines].map(([, { half, from, to, kind }]) => {
      const { path } = connect(/** @type {any} */ (parts.get(`${half}:${from}`)), /** @type {any} */ (parts.get(`${half}:${to}`)), this.width)
      return svg`<path class="line ${kind === 'loss' ? 'loss' : ''}" d=${path} />`
    })
  }

  flowing(stage, parts) {
    return stage.flows.map(flow => {
      const back = flow.kind === 'back'
      const [from, to] = back ? [flow.to, flow.from] : [flow.from, flow.to]
      const { path, head, middle } = connect(parts.get(`${flow.half}:${from}`), parts.get(`${flow.half}:${to}`), this.width, back)
      const text = flow.label ?? String(flow.target ?? '')
      const label = labelAt(middle, text.length, this.width)
      return svg`<g class="flow ${flow.kind} ${flow.target === 1 ? 'real' : flow.target === 0 ? 'made' : ''}" data-flow=${lineOf(flow)}>
        <path class="line" d=${path} /><path class="head" d=${head} />
        ${text ? svg`<text class="label" x=${label.x} y=${label.y}>${text}</text>` : nothing}</g>`
    })
  }

  drawing() {
    if (!this.width) return nothing
    const stage = stages[this.stage]
    const named = namesIn(stage)
    const all = place(this.width, this.fold)
    const parts = new Map(all.map(part => [`${part.half}:${part.name}`, part]))
    const height = heightFor(this.width)
    // In motion the copies overlap: what the stage uses is drawn over its twin.
    const drawn = this.fold === 1 ? all.filter(({ name }, index) => all.findIndex(part => part.name === name) === index) : all
    const order = [...drawn].sort((one, two) => Number(stage.flows.some(({ half }) => half === one.half)) - Number(stage.flows.some(({ half }) => half === two.half)))
    const heading = half => {
      const corner = cornerOf(half, this.width)
      return svg`<text class="heading" x=${corner.x} y=${corner.y + 16} opacity=${Math.max(0, 1 - 2 * this.fold)}>${t(`cycle.from_${half}`, { domain: this.domains[half] })}</text>`
    }
    return html`<svg class="drawing" viewBox="0 0 ${this.width} ${height}" width=${this.width} height=${height} role="img" aria-label=${this.words()}>
      ${heading('a')}${heading('b')}
      ${this.quiet(parts)}${order.map(part => this.onePart(part, stage, named))}${this.flowing(stage, parts)}
    </svg>`
  }

  words() {
    const { id } = stages[this.stage]
    return `${t(this.folded ? 'cycle.drawn_folded' : 'cycle.drawn_twice')} ${t(`cycle.stage.${id}`)}`
  }

  ways() {
    const way = (folded, text) => html`<label class="tile"><input type="radio" name=${grouped('fold')} value=${folded} .checked=${this.folded === folded}
        @change=${() => this.foldTo(folded)}>${text}</label>`
    return html`<fieldset aria-label=${t('cycle.drawn')}>${way(false, t('cycle.twice'))}${way(true, t('cycle.folded'))}</fieldset>`
  }

  render() {
    return html`<div class="whole" role="group" aria-label=${t('cycle.diagram_heading')} @keydown=${this.pressed}>
      ${this.controls(this.ways())}
      ${this.drawing()}
      ${this.said()}
    </div>`
  }
}

customElements.define('cycle-diagram', CycleDiagram)
