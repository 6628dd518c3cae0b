// One plain sentence on how the contest stands, and a remedy at one click. Fires `remedy` with the changes.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, has, number, t, within } from '../i18n/translate.js'

/** A verdict must last this long before a screen reader hears it: contests waver. */
const patienceMs = 2500

export class ContestNote extends LitElement {
  static properties = { state: {}, remedy: { attribute: false }, spoken: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; justify-items: start; align-content: start; min-height: 6.4rem; }
    .verdict { font: 600 1.2rem/1.5 var(--serif); text-wrap: pretty; }
    .remedy { display: grid; gap: 0.5rem; justify-items: start; padding-inline-start: 0.9rem; border-inline-start: 3px solid var(--made); }
  `]

  constructor() {
    super()
    this.state = 'idle'
    /** @type {Record<string, unknown> | null} */
    this.remedy = null
    this.spoken = ''
    this.localized = new Localized(this)
    /** @type {any} */
    this.timer = 0
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.timer)
    this.timer = 0
  }

  sentence() {
    return t(has(`contest.${this.state}`) ? `contest.${this.state}` : 'contest.learning')
  }

  updated() {
    this.timer ||= setTimeout(() => {
      this.timer = 0
      this.spoken = within(this, () => this.sentence())
    }, patienceMs)
  }

  changes() {
    const pair = ([key, value]) => {
      const field = has(`config.${key}.label`) ? t(`config.${key}.label`) : key
      const shown = typeof value === 'number' ? number(value) : has(`choice.${value}`) ? t(`choice.${value}`) : String(value)
      return t('contest.remedy_pair', { field, value: shown })
    }
    return Object.entries(this.remedy ?? {}).map(pair).join(', ')
  }

  apply() {
    this.dispatchEvent(new CustomEvent('remedy', { detail: this.remedy, bubbles: true, composed: true }))
  }

  render() {
    const remedy = this.remedy && html`<div class="remedy">
      <p class="small">${t('contest.remedy', { changes: this.changes() })}</p>
      <button type="button" @click=${this.apply}>${t('contest.remedy_apply')}</button>
    </div>`
    return html`
      <p class="verdict" aria-hidden="true" data-state=${this.state}>${this.sentence()}</p>
      <p class="hidden-text" role="status" aria-live="polite">${this.spoken}</p>
      ${remedy || nothing}`
  }
}

customElements.define('contest-note', ContestNote)
