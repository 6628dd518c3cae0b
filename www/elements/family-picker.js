// Which kind of networks: one radio button a family, with its year. Fires `pick` with { id }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { grouped } from './grouped.js'

export class FamilyPicker extends LitElement {
  static properties = { families: { attribute: false }, value: {} }

  static styles = [controls, css`
    fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
    legend { font: 600 1.15rem/1.35 var(--serif); padding: 0; margin-bottom: 0.35rem; }
    .choices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(8.5rem, 100%), 1fr)); gap: 0.5rem; overflow-wrap: anywhere; }
    @media (min-width: 40rem) { .choices { grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr)); max-width: 72rem; } }
    label { display: grid; align-content: start; padding: 0.5rem 0.75rem 0.6rem; border: 1px solid var(--rule); border-radius: 3px; cursor: pointer; }
    label:hover { border-color: var(--edge); }
    label:has(:checked) { border-color: var(--ink); background: var(--sheet); box-shadow: inset 0 -3px 0 var(--ink); }
    label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    .name { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 0.6rem; align-items: baseline; font: 600 1.05rem/1.4 var(--serif); }
    .year { font: 400 var(--step--1)/1.4 var(--serif); font-variant-numeric: lining-nums; }
  `]

  constructor() {
    super()
    /** @type {string[]} */
    this.families = []
    this.value = ''
    this.localized = new Localized(this)
  }

  pick(id) {
    this.dispatchEvent(new CustomEvent('pick', { detail: { id }, bubbles: true, composed: true }))
  }

  render() {
    return html`<fieldset><legend>${t('family.legend')}</legend><div class="choices">${this.families.map(id => html`<label class="tile">
      <input type="radio" name=${grouped('family')} value=${id} .checked=${id === this.value} @change=${() => this.pick(id)}>
      <span class="name">${t(`family.${id}.name`)} <span class="year soft">${t(`family.${id}.year`)}</span></span><span class="small soft">${t(`family.${id}.text`)}</span></label>`)}</div></fieldset>`
  }
}

customElements.define('family-picker', FamilyPicker)
