// A message across the page, with at most two answers. Fires `answer` with { name }, and removes itself.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized } from '../i18n/translate.js'

export class PageNote extends LitElement {
  static properties = { text: { attribute: false }, answers: { attribute: false }, tone: { reflect: true } }

  static styles = [controls, css`
    :host { border: 1px solid var(--edge); border-inline-start: 4px solid var(--ink); background: var(--sheet); border-radius: 3px; padding: 0.6rem 0.9rem; }
    :host([tone='error']) { border-inline-start-color: var(--made); }
    .row { justify-content: space-between; gap: 0.4rem 1.5rem; }
    p { flex: 1 1 18rem; overflow-wrap: anywhere; }
  `]

  constructor() {
    super()
    /** @type {() => string} written anew in each language */
    this.text = () => ''
    /** @type {{ name: string, text: () => string }[]} */
    this.answers = []
    this.tone = ''
    this.localized = new Localized(this)
  }

  answer(name) {
    this.dispatchEvent(new CustomEvent('answer', { detail: { name } }))
    this.remove()
  }

  render() {
    return html`<div class="row"><p>${this.text()}</p><span class="row">
      ${this.answers.map(({ name, text }) => html`<button type="button" data-answer=${name} @click=${() => this.answer(name)}>${text()}</button>`)}</span></div>`
  }
}

customElements.define('page-note', PageNote)
