// One field of a schema as a control. Knows kinds and ranges, not names: any new field of the engine gets a control by itself.
// Fires `change-field` with { key, value }.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, has, number, t } from '../i18n/translate.js'

/** Slider positions; enough for every range, fine enough for a log scale. */
const sliderSteps = 200

/** @typedef {{ key: string, kind: 'integer' | 'number' | 'choice' | 'boolean', default: any, min?: number, max?: number, scale?: string, choices?: (string | number)[], live: boolean, group: string }} Field */

/** A log scale cannot reach 0: a range that begins there bends along a power instead. */
const bend = 3

/** @param {Field} field @param {number} value @returns {number} 0..1 */
export function toSlider({ min = 0, max = 1, scale }, value) {
  if (scale !== 'log') return (value - min) / (max - min)
  if (min <= 0) return ((value - min) / (max - min)) ** (1 / bend)
  return Math.log(value / min) / Math.log(max / min)
}

/** @param {Field} field @param {number} place 0..1 @returns {number} */
export function fromSlider({ min = 0, max = 1, scale, kind }, place) {
  const raw = scale !== 'log' ? min + place * (max - min) : min <= 0 ? min + place ** bend * (max - min) : min * (max / min) ** place
  const value = kind === 'integer' ? Math.round(raw) : Number(raw.toPrecision(2))
  return Math.min(max, Math.max(min, value))
}

export class ConfigField extends LitElement {
  static properties = { field: { attribute: false }, value: { attribute: false }, preset: { attribute: false }, invalid: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.2rem; align-content: start; }
    .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 0.5rem; overflow-wrap: anywhere; }
    label { font-weight: 600; }
    .when { font-size: var(--step--1); color: var(--ink-soft); white-space: nowrap; }
    .when::before { content: ''; display: inline-block; width: 0.45rem; height: 0.45rem; border-radius: 50%; background: var(--ink); margin-inline-end: 0.35rem; }
    .control { display: grid; grid-template-columns: minmax(0, 1fr) 6.2rem; gap: 0.6rem; align-items: center; }
    .control.single { grid-template-columns: minmax(0, 1fr); }
    .check { display: flex; align-items: center; gap: 0.5rem; min-height: 2.4rem; }
    .error { color: var(--made); }
    button.plain { min-height: 1.6rem; padding: 0; }
  `]

  constructor() {
    super()
    /** @type {Field} */
    this.field = { key: '', kind: 'number', default: 0, live: false, group: '' }
    /** @type {any} */
    this.value = 0
    /** @type {any} */
    this.preset = 0
    this.invalid = false
    this.localized = new Localized(this)
  }

  fire(value) {
    this.invalid = false
    if (value === this.value) return
    this.value = value
    this.dispatchEvent(new CustomEvent('change-field', { detail: { key: this.field.key, value }, bubbles: true, composed: true }))
  }

  typed(event) {
    const { min = -Infinity, max = Infinity, kind } = this.field
    const value = event.target.valueAsNumber
    this.invalid = !(value >= min && value <= max) || (kind === 'integer' && !Number.isInteger(value))
    if (!this.invalid) this.fire(value)
  }

  slid(event) {
    this.fire(fromSlider(this.field, Number(event.target.value) / sliderSteps))
  }

  /** While the thumb moves only the number beside it follows; the experiment changes when it is let go. */
  sliding(event) {
    const input = /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector('input[type=number]'))
    if (input) input.valueAsNumber = fromSlider(this.field, Number(event.target.value) / sliderSteps)
  }

  numeric(label) {
    const { min, max, kind } = this.field
    const ranged = Number.isFinite(min) && Number.isFinite(max) && this.field.key !== 'seed'
    const place = ranged ? Math.round(toSlider(this.field, this.value) * sliderSteps) : 0
    return html`<div class="control ${ranged ? '' : 'single'}">
      ${ranged ? html`<input type="range" min="0" max=${sliderSteps} .value=${live(String(place))} aria-label=${label}
          aria-valuetext=${number(this.value)} @input=${this.sliding} @change=${this.slid}>` : nothing}
      <input id="control" type="number" min=${min ?? nothing} max=${max ?? nothing} step=${kind === 'integer' ? 1 : 'any'}
          .value=${live(String(this.value))} aria-invalid=${this.invalid} aria-describedby="help" @change=${this.typed}>
    </div>`
  }

  control(label) {
    const { kind, choices = [] } = this.field
    const name = value => (has(`choice.${value}`) ? t(`choice.${value}`) : value)
    if (kind === 'choice') {
      return html`<select id="control" aria-describedby="help" @change=${event => this.fire(choices[event.target.selectedIndex])}>
        ${choices.map(choice => html`<option value=${choice} .selected=${live(choice === this.value)}>${name(choice)}</option>`)}</select>`
    }
    if (kind === 'boolean') {
      return html`<span class="check"><input id="control" type="checkbox" aria-describedby="help" .checked=${live(Boolean(this.value))}
          @change=${event => this.fire(event.target.checked)}>${t(this.value ? 'form.yes' : 'form.no')}</span>`
    }
    return this.numeric(label)
  }

  shown(value) {
    if (typeof value === 'number') return number(value)
    if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no')
    return has(`choice.${value}`) ? t(`choice.${value}`) : value
  }

  render() {
    const { key, live: atOnce, min, max } = this.field
    const label = has(`config.${key}.label`) ? t(`config.${key}.label`) : key
    const help = has(`config.${key}.help`) ? t(`config.${key}.help`) : ''
    const changed = this.preset !== undefined && this.value !== this.preset
    return html`
      <div class="head"><label for="control">${label}</label>${atOnce ? html`<span class="when">${t('form.at_once')}</span>` : nothing}</div>
      ${this.control(label)}
      <p id="help" class="small soft">${help}</p>
      ${this.invalid ? html`<p class="small error" role="alert">${t('form.invalid', { min, max })}</p>` : nothing}
      ${changed ? html`<p><button type="button" class="plain small"
          @click=${() => this.fire(this.preset)}>${t('form.default', { value: this.shown(this.preset) })}</button></p>` : nothing}`
  }
}

customElements.define('config-field', ConfigField)
