// Which one setting the second run changes. Fires `race` with { changes }, `cancel`.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'
import './config-field.js'

export class RaceSetup extends LitElement {
  static properties = { fields: { attribute: false }, values: { attribute: false }, same: { type: Boolean }, key: { state: true }, value: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; padding: 1rem 1.1rem; border: 1px solid var(--edge); border-radius: 3px; background: var(--sheet); }
    .which { display: grid; gap: 0.25rem; }
  `]

  constructor() {
    super()
    /** @type {import('./config-field.js').Field[]} */
    this.fields = []
    /** The first run's. @type {Record<string, any>} */
    this.values = {}
    /** Whether a second run with nothing changed is worth something: after a fork it repeats the first to the last bit. */
    this.same = false
    this.key = ''
    /** @type {any} */
    this.value = undefined
    this.localized = new Localized(this)
  }

  get field() {
    return this.fields.find(({ key }) => key === this.key) ?? this.fields.find(({ key }) => key !== 'seed') ?? this.fields[0]
  }

  choose(key) {
    this.key = key
    this.value = undefined
  }

  start() {
    const { field, value } = this
    const changes = value === undefined || !field ? {} : { [field.key]: value }
    this.dispatchEvent(new CustomEvent('race', { detail: { changes }, bubbles: true, composed: true }))
  }

  cancel() {
    this.dispatchEvent(new CustomEvent('cancel', { bubbles: true, composed: true }))
  }

  render() {
    const { field } = this
    if (!field) return nothing
    const name = key => (has(`config.${key}.label`) ? t(`config.${key}.label`) : key)
    const differs = this.value !== undefined && this.value !== this.values[field.key]
    return html`
      <label class="which"><span class="small soft">${t('race.which')}</span><select @change=${event => this.choose(event.target.value)}>
        ${this.fields.map(({ key }) => html`<option value=${key} .selected=${live(key === field.key)}>${name(key)}</option>`)}</select></label>
      <config-field data-key=${field.key} .field=${{ ...field, live: false }} .value=${this.value ?? this.values[field.key]} .preset=${this.values[field.key]}
        @change-field=${event => { event.stopPropagation(); this.value = event.detail.value }}></config-field>
      <div class="row"><button type="button" class="primary" data-command="race" ?disabled=${!differs && !this.same} @click=${this.start}>${t(differs || !this.same ? 'race.start' : 'race.start_same')}</button>
        <button type="button" class="plain" @click=${this.cancel}>${t('race.cancel')}</button></div>`
  }
}

customElements.define('race-setup', RaceSetup)
