// Which class is made: all in turn, or one. Fires `choose` with { label }; none: all.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'
import { grouped } from './grouped.js'

/** The built-in classes have names in every language; a visitor's are called as the visitor calls them. @param {string} name */
export const className = name => (has(`class.${name}`) ? t(`class.${name}`) : name)

export class ClassChoice extends LitElement {
  static properties = { classes: { attribute: false }, label: { attribute: false } }

  static styles = [controls, css`
    fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: center; }
    legend { float: left; padding: 0; margin-inline-end: 0.4rem; }
    label { display: inline-flex; gap: 0.3rem; align-items: center; min-height: 1.9rem; cursor: pointer; }
  `]

  constructor() {
    super()
    /** @type {string[]} */
    this.classes = []
    /** @type {number | undefined} */
    this.label = undefined
    this.localized = new Localized(this)
  }

  choice(label, name) {
    return html`<label class="small"><input type="radio" name=${grouped('class')} value=${label ?? 'all'} .checked=${label === this.label}
      @change=${() => this.dispatchEvent(new CustomEvent('choose', { detail: { label }, bubbles: true, composed: true }))}>${name}</label>`
  }

  render() {
    return html`<fieldset><legend class="small soft">${t('class.legend')}</legend>${this.choice(undefined, t('class.all'))}${this.classes.map((name, label) => this.choice(label, className(name)))}</fieldset>`
  }
}

customElements.define('class-choice', ClassChoice)
