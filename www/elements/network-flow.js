// The two networks as they are at this moment: their layers with shapes and norms, read from the running training, which of them
// the last step moved, how the batch flows and where the gradient goes.
import { LitElement, css, html, nothing, svg } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

/** @typedef {import('../lessons/witness.js').Layer} Layer */

/** More layers than this are told as one line. */
const most = 14

const times = (/** @type {number[]} */ shape) => shape.join('×')
const score = (/** @type {number | undefined} */ value) => (Number.isFinite(value) ? number(/** @type {number} */ (value), { minimumFractionDigits: 2, maximumFractionDigits: 2 }) : '–')

/** From the right, under the number. @param {number} share 0..1 */
const bar = share => svg`<rect x=${100 - Math.max(4, 100 * share)} width=${Math.max(4, 100 * share)} height="1"/>`

export class NetworkFlow extends LitElement {
  static properties = {
    generator: { attribute: false }, discriminator: { attribute: false }, turn: {}, running: { type: Boolean },
    batch: { type: Number }, latent: { type: Number }, shape: { attribute: false }, scores: { attribute: false },
  }

  static styles = [controls, css`
    :host { container-type: inline-size; }
    .flow { display: grid; grid-template-columns: minmax(5rem, 0.8fr) 1.6rem minmax(0, 2.2fr) 1.6rem minmax(5.5rem, 0.9fr) 1.6rem minmax(0, 2.2fr) 1.6rem minmax(5rem, 0.8fr); gap: 0.9rem 0; align-items: center; font-size: var(--step--1); line-height: 1.35; }
    .box { display: grid; gap: 0.25rem; align-content: center; justify-items: center; text-align: center; min-height: 4.2rem; padding: 0.45rem 0.3rem; border: 1px solid var(--rule); background: var(--sheet); }
    .box.off { border-style: dashed; background: none; color: var(--ink-soft); }
    .network { border: 1.5px solid var(--edge); border-radius: 3px; background: var(--sheet); padding: 0.55rem 0.6rem; display: grid; gap: 0.4rem; align-content: start; align-self: stretch; min-width: 0; }
    .network header { display: flex; flex-wrap: wrap; gap: 0 0.6rem; justify-content: space-between; align-items: baseline; }
    .network strong { font: 600 1.05rem/1.3 var(--serif); }
    .state { font-weight: 600; padding: 0 0.45em; border-radius: 2px; }
    .learns { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
    .learns .state { background: var(--ink); color: var(--paper); }
    .frozen, .waits { border-style: dashed; }
    .frozen { background: repeating-linear-gradient(135deg, var(--sheet) 0 7px, var(--well) 7px 8px); }
    table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; background: var(--sheet); }
    th, td { padding: 0.12rem 0.3rem; text-align: end; font-weight: 400; border-top: 1px solid var(--rule); white-space: nowrap; }
    th:first-child, td:first-child { text-align: start; }
    thead th { color: var(--ink-soft); border: 0; }
    .change { position: relative; width: 38%; }
    .change span { position: relative; }
    .change svg { position: absolute; inset: 0.1rem 0; width: 100%; height: calc(100% - 0.2rem); fill: var(--rule); }
    .still { color: var(--ink-soft); }
    .gradient { display: flex; gap: 0.4em; color: var(--made); min-height: 1.35em; }
    .gradient.none { color: var(--ink-soft); }
    .gradient b { animation: back 1s ease-in-out infinite; }
    .arrow { height: 2px; position: relative; color: var(--edge); background: currentColor; }
    .arrow::after { content: ''; position: absolute; right: 0; top: -3px; border: 4px solid transparent; border-left: 6px solid currentColor; border-right: 0; }
    .arrow.go { color: var(--ink); background: repeating-linear-gradient(90deg, currentColor 0 5px, transparent 5px 9px) 0 0 / 18px 2px; animation: go 0.6s linear infinite; }
    .arrow.off { opacity: 0.35; }
    .seal { font-size: 0.85rem; }
    .random { grid-area: 1 / 1 / 3 / 2; } .a1 { grid-area: 1 / 2 / 3 / 3; } .generator { grid-area: 1 / 3 / 3 / 4; } .made-box { grid-area: 1 / 5; } .a2 { grid-area: 1 / 4; } .a3 { grid-area: 1 / 6; }
    .real-box { grid-area: 2 / 5; } .a4 { grid-area: 2 / 6; } .discriminator { grid-area: 1 / 7 / 3 / 8; } .a5 { grid-area: 1 / 8 / 3 / 9; } .score { grid-area: 1 / 9 / 3 / 10; }
    @keyframes go { to { background-position: 18px 0; } }
    @keyframes back { 50% { translate: -0.25em 0; } }
    @container (max-width: 52rem) {
      .flow { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0.35rem 0.8rem; }
      .box { min-height: 3rem; grid-auto-flow: column; gap: 0.5rem; }
      .arrow, .arrow.go { width: 2px; height: 1.1rem; justify-self: center; }
      .arrow.go { background: repeating-linear-gradient(180deg, currentColor 0 5px, transparent 5px 9px) 0 0 / 2px 18px; animation-name: down; }
      .arrow::after { right: auto; left: -3px; top: auto; bottom: 0; border: 4px solid transparent; border-top: 6px solid currentColor; border-bottom: 0; }
      .random { grid-area: 1 / 1 / 2 / 3; } .a1 { grid-area: 2 / 1 / 3 / 3; } .generator { grid-area: 3 / 1 / 4 / 3; } .a2 { grid-area: 4 / 1; } .made-box { grid-area: 5 / 1; } .real-box { grid-area: 5 / 2; }
      .a3 { grid-area: 6 / 1; } .a4 { grid-area: 6 / 2; } .discriminator { grid-area: 7 / 1 / 8 / 3; } .a5 { grid-area: 8 / 1 / 9 / 3; } .score { grid-area: 9 / 1 / 10 / 3; }
    }
    /* Letters twice as large, on a telephone. */
    @container (max-width: 16rem) {
      .flow { overflow-wrap: anywhere; column-gap: 0.4rem; }
      .box { grid-auto-flow: row; gap: 0.2rem; padding-inline: 0.15rem; }
      .box .row { justify-content: center; gap: 0.2rem 0.4rem; }
      .network { padding-inline: 0.3rem; overflow-x: auto; }
      th, td { padding-inline: 0.1rem; white-space: normal; overflow-wrap: normal; }
      thead th { font-size: 0.85em; }
      .change { width: auto; }
    }
    @keyframes down { to { background-position: 0 18px; } }
  `]

  constructor() {
    super()
    /** @type {Layer[]} */
    this.generator = []
    /** @type {Layer[]} */
    this.discriminator = []
    /** @type {import('../lessons/witness.js').Turn} */
    this.turn = ''
    this.running = false
    this.batch = 0
    this.latent = 0
    /** Of one sample. @type {number[]} */
    this.shape = []
    /** Mean scores of real and made samples. @type {{ real?: number, fake?: number }} */
    this.scores = {}
    this.localized = new Localized(this)
  }

  /** @param {'generator' | 'discriminator'} name */
  condition(name) {
    if (!this.turn) return ''
    if (this.turn === 'both' || this.turn === name) return 'learns'
    return name === 'discriminator' ? 'frozen' : 'waits'
  }

  /** @param {'generator' | 'discriminator'} name */
  gradient(name) {
    if (!this.turn) return 'none'
    if (this.turn === 'discriminator') return name === 'discriminator' ? 'ends' : 'absent'
    return name === 'discriminator' && this.turn === 'generator' ? 'passes' : 'ends'
  }

  /** @param {Layer} layer @param {number} largest */
  row({ shape, norm, change, moved }, largest) {
    return html`<tr class=${moved ? 'moved' : 'still'}><td>${times(shape)}</td><td>${number(norm, { maximumSignificantDigits: 4, minimumSignificantDigits: 4 })}</td>
      <td class="change">${moved ? html`<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${bar(change / largest)}</svg>` : nothing}<span>${moved
        ? number(change, { maximumSignificantDigits: 2 }) : this.turn ? t('lesson.unmoved') : '–'}</span></td></tr>`
  }

  /** @param {'generator' | 'discriminator'} name */
  network(name) {
    const layers = this[name]
    const condition = this.condition(name)
    const gradient = this.gradient(name)
    const largest = Math.max(...layers.map(({ change }) => change), Number.MIN_VALUE)
    const hidden = Math.max(0, layers.length - most)
    return html`<section class="network ${name} ${condition}" aria-label=${t(`lesson.${name}`)} data-condition=${condition}>
      <header><span><strong>${t(`lesson.${name}`)}</strong> ${t(`lesson.${name}_role`)}</span>${condition ? html`<span class="state">${t(`lesson.${condition}`)}</span>` : nothing}</header>
      <table><thead><tr><th scope="col">${t('lesson.layer_shape')}</th><th scope="col">${t('lesson.layer_norm')}</th><th scope="col">${t('lesson.layer_change')}</th></tr></thead>
        <tbody>${layers.slice(0, most).map(layer => this.row(layer, largest))}</tbody></table>
      ${hidden ? html`<p class="still">${t('lesson.layers_more', { count: hidden, moved: layers.slice(most).filter(({ moved }) => moved).length })}</p>` : nothing}
      <p class="gradient ${gradient === 'ends' || gradient === 'passes' ? '' : 'none'}">${gradient === 'none' ? nothing : html`<b aria-hidden="true">${gradient === 'absent' ? '×' : '←'}</b>${t(`lesson.gradient_${gradient}`)}`}</p>
    </section>`
  }

  /** @param {'real' | 'made'} kind @param {string} label */
  sample(kind, label) {
    const used = kind === 'made' || this.turn !== 'generator'
    return html`<div class="box ${kind}-box ${used ? '' : 'off'}"><span>${t(`lesson.${kind}`)}</span><span>${this.batch ? times([this.batch, ...this.shape]) : nothing}</span>
      <span class="row"><span class="seal ${kind}" aria-hidden="true">${kind === 'real' ? '真' : '仿'}</span>${used && this.turn ? label : nothing}</span></div>`
  }

  /** @param {string} name @param {boolean} used */
  arrow(name, used) {
    return html`<span class="arrow ${name} ${this.turn ? (used ? 'go' : 'off') : ''}"></span>`
  }

  render() {
    const real = this.turn !== 'generator'
    const aim = t('lesson.label', { label: this.turn === 'generator' ? 1 : 0 })
    return html`<div class="flow" role="group" aria-label=${t('lesson.flow')} data-turn=${this.turn}>
      <div class="box random"><span>${t('lesson.random')}</span><span>${this.batch && this.latent ? times([this.batch, this.latent]) : nothing}</span></div>
      ${this.arrow('a1', true)}${this.network('generator')}${this.arrow('a2', true)}
      ${this.sample('made', this.turn === 'generator' ? t('lesson.wished', { label: 1 }) : aim)}${this.arrow('a3', true)}
      ${this.sample('real', t('lesson.label', { label: 1 }))}${this.arrow('a4', real)}
      ${this.network('discriminator')}${this.arrow('a5', true)}
      <div class="box score"><span>${t('lesson.score')}</span><span class="row"><span class="seal real" aria-hidden="true">真</span><span class="hidden-text">${t('lesson.real')}</span>${score(this.scores.real)}</span>
        <span class="row"><span class="seal made" aria-hidden="true">仿</span><span class="hidden-text">${t('lesson.made')}</span>${score(this.scores.fake)}</span></div>
    </div>`
  }
}

customElements.define('network-flow', NetworkFlow)
