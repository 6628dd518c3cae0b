// One question with its choices; once answered, which one is right, and why. Fires `answer` with { choice }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { grouped } from './grouped.js'

export class QuizQuestion extends LitElement {
  static properties = { number: { type: Number }, question: {}, choices: { attribute: false }, right: { type: Number }, why: {}, chosen: { type: Number } }

  static styles = [controls, css`
    fieldset { border: 0; border-top: 1px solid var(--rule); margin: 0; padding: 1rem 0 0; display: grid; gap: 0.45rem; min-width: 0; overflow-wrap: anywhere; }
    legend { float: left; font: 600 1.1rem/1.5 var(--serif); padding: 0; margin-bottom: 0.3rem; }
    legend + * { clear: both; }
    label { display: grid; grid-template-columns: auto 1fr auto; gap: 0.6rem; align-items: baseline; padding: 0.45rem 0.7rem; border: 1px solid var(--rule); border-radius: 3px; cursor: pointer; }
    label:hover { border-color: var(--edge); }
    label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    label.right { border-color: var(--real); box-shadow: inset 4px 0 0 var(--real); }
    label.wrong { border-color: var(--made); border-style: dashed; }
    .why { padding: 0.2rem 0.7rem; }
  `]

  constructor() {
    super()
    this.number = 1
    this.question = ''
    /** @type {string[]} */
    this.choices = []
    this.right = 0
    this.why = ''
    this.chosen = -1
    this.localized = new Localized(this)
  }

  /** @param {number} choice */
  choose(choice) {
    this.dispatchEvent(new CustomEvent('answer', { detail: { choice }, bubbles: true, composed: true }))
  }

  choice(text, index) {
    const answered = this.chosen >= 0
    const mark = !answered ? '' : index === this.right ? 'right' : index === this.chosen ? 'wrong' : ''
    return html`<label class=${mark}><input type="radio" name=${grouped('choice')} .checked=${index === this.chosen} ?disabled=${answered} @change=${() => this.choose(index)}><span>${text}</span>${mark
      ? html`<span class="small">${t(`quiz.${mark}`)}</span>` : nothing}</label>`
  }

  render() {
    return html`<fieldset><legend>${this.number}. ${this.question}</legend>${this.choices.map((text, index) => this.choice(text, index))}
      <p class="why small" role="status">${this.chosen >= 0 ? this.why : nothing}</p></fieldset>`
  }
}

customElements.define('quiz-question', QuizQuestion)
