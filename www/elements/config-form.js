// Every field of a schema, by group. The fields' `change-field` events pass through.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'
import './config-field.js'

export class ConfigForm extends LitElement {
  static properties = { fields: { attribute: false }, values: { attribute: false }, presets: { attribute: false } }

  static styles = [controls, css`
    .groups { columns: 18.5rem; column-gap: clamp(1.5rem, 4vw, 3.5rem); }
    fieldset { border: 0; border-top: 1px solid var(--edge); margin: 0 0 2rem; padding: 0; min-width: 0; }
    legend { font: 600 1.05rem/1.4 var(--serif); padding: 0 0.75rem 0 0; }
    config-field { break-inside: avoid; margin-top: 1.1rem; }
    legend + config-field { margin-top: 0.5rem; }
  `]

  constructor() {
    super()
    /** @type {import('./config-field.js').Field[]} */
    this.fields = []
    /** @type {Record<string, any>} */
    this.values = {}
    /** @type {Record<string, any>} */
    this.presets = {}
    this.localized = new Localized(this)
  }

  group([name, fields]) {
    return html`<fieldset><legend>${has(`group.${name}`) ? t(`group.${name}`) : name}</legend>
      ${fields.map(field => html`<config-field data-key=${field.key} .field=${field} .value=${this.values[field.key]}
          .preset=${this.presets[field.key]}></config-field>`)}
    </fieldset>`
  }

  render() {
    /** @type {Map<string, import('./config-field.js').Field[]>} */
    const groups = new Map()
    for (const field of this.fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field])
    return html`<div class="groups">${[...groups].map(entry => this.group(entry))}</div>`
  }
}

customElements.define('config-form', ConfigForm)
