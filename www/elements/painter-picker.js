// Who paints: the painters at hand, and the visitor's own files of weights. Fires `painter` with { id }, `weights` with { files },
// and, when two files, or several networks in one, do not tell by their names which is which, `order` with { forward: index of the one that
// goes forward }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { grouped } from './grouped.js'

export class PainterPicker extends LitElement {
  static properties = { painters: { attribute: false }, chosen: {}, asked: { attribute: false }, busy: { type: Boolean } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.6rem; }
    .painters { display: grid; gap: 0.4rem; grid-template-columns: repeat(auto-fit, minmax(min(9rem, 100%), 1fr)); }
    .painter { display: grid; gap: 0.1rem; align-content: start; padding: 0.5rem 0.7rem; border: 1px solid var(--rule); border-radius: 3px; background: var(--sheet); cursor: pointer; min-width: 0; }
    .painter:hover { border-color: var(--ink); }
    .painter:has(:checked) { border-color: var(--ink); box-shadow: inset 0 -3px 0 var(--ink); }
    .painter:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    .painter strong { font: 600 1.05rem/1.4 var(--serif); overflow-wrap: anywhere; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    .order { border: 1px solid var(--edge); border-inline-start: 4px solid var(--ink); background: var(--sheet); padding: 0.7rem 0.9rem; display: grid; gap: 0.5rem; }
    .order button { overflow-wrap: anywhere; text-align: start; justify-content: start; }
  `]

  constructor() {
    super()
    /** @type {{ id: string, name: string, note: string }[]} */
    this.painters = []
    this.chosen = ''
    /** Names of two files or networks whose order is to be told, or of several of which one paints. @type {string[] | null} */
    this.asked = null
    this.busy = false
    this.localized = new Localized(this)
  }

  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }

  picked(event) {
    this.fire('weights', { files: [...event.target.files] })
    event.target.value = ''
  }

  order() {
    if (!this.asked) return nothing
    const question = t(this.asked.length === 2 ? 'stylize.order' : 'stylize.several')
    return html`<div class="order" role="group" aria-label=${question}><p>${question}</p>
      ${this.asked.map((name, index) => html`<button type="button" data-order=${index} @click=${() => this.fire('order', { forward: index })}>${name}</button>`)}</div>`
  }

  render() {
    return html`<div class="painters" role="radiogroup" aria-label=${t('stylize.model')}>${this.painters.map(({ id, name, note }) => html`
        <label class="painter tile"><input type="radio" name=${grouped('painter')} value=${id} .checked=${id === this.chosen} @change=${() => this.fire('painter', { id })}>
          <strong>${name}</strong><span class="small soft">${note}</span></label>`)}</div>
      ${this.order()}
      <div><label class="button" aria-disabled=${this.busy}><input type="file" multiple data-command="open-weights" ?disabled=${this.busy}
          @change=${this.picked}>${t('stylize.own_open')}</label></div>`
  }
}

customElements.define('painter-picker', PainterPicker)
