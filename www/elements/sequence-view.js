// Real against made sequences: the curves on one another, their spectrum, their autocorrelation; one value of a step at a time.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import './sequence-plot.js'
import { grouped } from './grouped.js'

/** @typedef {import('./draw/signal.js').Sequences} Sequences */

export class SequenceView extends LitElement {
  static properties = { real: { attribute: false }, made: { attribute: false }, ranges: { attribute: false }, step: { type: Number }, dim: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; container-type: inline-size; }
    .head { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; align-items: center; }
    .key { display: inline-flex; align-items: center; gap: 0.4rem; font-size: var(--step--1); }
    .key .seal { font-size: 0.7rem; }
    fieldset { border: 0; margin: 0; margin-inline-start: auto; padding: 0; display: flex; flex-wrap: wrap; gap: 0 0.7rem; }
    .value { display: inline-flex; gap: 0.25rem; align-items: center; min-height: 1.9rem; cursor: pointer; font-size: var(--step--1); }
    .plot { position: relative; }
    .plot sequence-plot { height: clamp(11rem, 46cqi, 19rem); }
    .bound { position: absolute; inset-inline-start: 0.3rem; background: var(--sheet); padding: 0 0.2rem; font-size: 0.75rem; font-variant-numeric: tabular-nums; color: var(--ink-soft); }
    .bound.high { top: 0.2rem; } .bound.low { bottom: 0.2rem; }
    .pair { display: grid; gap: 0.9rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
    @container (max-width: 27rem) { .pair { grid-template-columns: minmax(0, 1fr); } }
    figure { margin: 0; display: grid; gap: 0.3rem; min-width: 0; align-content: start; }
    figure sequence-plot { height: 7rem; }
  `]

  constructor() {
    super()
    /** @type {Sequences | undefined} */
    this.real = undefined
    /** @type {Sequences | undefined} */
    this.made = undefined
    /** Lowest and highest of each value. @type {[number, number][]} */
    this.ranges = []
    this.step = 0
    this.dim = 0
    this.localized = new Localized(this)
  }

  values(dims) {
    if (dims < 2) return nothing
    return html`<fieldset aria-label=${t('waves.values')}>${Array.from({ length: dims }, (_, dim) => html`<label class="value">
      <input type="radio" name=${grouped('dim')} value=${dim} .checked=${dim === this.dim} @change=${() => { this.dim = dim }}>${t('waves.value', { index: dim + 1 })}</label>`)}</fieldset>`
  }

  render() {
    const { real, made, step } = this
    const dims = real?.shape[2] ?? 1
    const dim = Math.min(this.dim, dims - 1)
    const range = this.ranges[dim] ?? [-1, 1]
    const words = { real: real?.shape[0] ?? 0, made: made?.shape[0] ?? 0, step, low: number(range[0]), high: number(range[1]) }
    const plot = (what, label) => html`<sequence-plot what=${what} label=${label} .real=${real} .made=${made} .dim=${dim} .range=${range}></sequence-plot>`
    return html`
      <div class="head"><span class="key"><span class="seal real" aria-hidden="true">真</span>${t('waves.real')}</span><span class="key"><span class="seal made" aria-hidden="true">仿</span>${t('waves.made')}</span>${this.values(dims)}</div>
      <div class="plot">${plot('curves', t('waves.text', words))}
        <span class="bound high" aria-hidden="true">${words.high}</span><span class="bound low" aria-hidden="true">${words.low}</span></div>
      <div class="pair">
        <figure>${plot('spectrum', t('waves.spectrum'))}<figcaption class="small soft"><strong>${t('waves.spectrum')}</strong> ${t('waves.spectrum_help')}</figcaption></figure>
        <figure>${plot('autocorrelation', t('waves.autocorrelation'))}<figcaption class="small soft"><strong>${t('waves.autocorrelation')}</strong> ${t('waves.autocorrelation_help')}</figcaption></figure>
      </div>`
  }
}

customElements.define('sequence-view', SequenceView)
