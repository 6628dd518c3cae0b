// What was reached in a lesson, saved as a file to hand in. The name is the learner's to type or not, and is kept nowhere else.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { mostName, resultFile, resultOf, toCsv, toJson } from '../lessons/results.js'

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export class ResultPanel extends LitElement {
  static properties = { read: { attribute: false }, saved: { state: true } }

  static styles = [controls, css`
    details { border-block: 1px solid var(--rule); }
    summary { padding: 0.7rem 0; cursor: pointer; font: 600 1.05rem/1.35 var(--serif); }
    .parts { display: grid; gap: 0.8rem; padding-bottom: 1rem; max-width: 34rem; }
    label { display: grid; gap: 0.3rem; }
    @media print { :host { display: none; } }
  `]

  constructor() {
    super()
    /** The lesson's progress at the moment of saving. @type {() => any} */
    this.read = () => null
    this.saved = ''
    this.localized = new Localized(this)
  }

  /** @param {'json' | 'csv'} ending */
  save(ending) {
    const name = /** @type {HTMLInputElement} */ (this.renderRoot.querySelector('input')).value
    const result = resultOf(this.read(), { name, date: new Date() })
    this.saved = resultFile(result, ending)
    save(ending === 'json' ? new Blob([toJson(result)], { type: 'application/json' }) : new Blob([toCsv([result])], { type: 'text/csv' }), this.saved)
  }

  render() {
    return html`<details><summary>${t('result.heading')}</summary><div class="parts"><p class="small soft">${t('result.text')}</p>
      <label><span>${t('result.name')}</span><input type="text" maxlength=${mostName} autocomplete="off"></label>
      <div class="row"><button type="button" data-command="save-json" @click=${() => this.save('json')}>${t('result.save_json')}</button>
        <button type="button" data-command="save-csv" @click=${() => this.save('csv')}>${t('result.save_csv')}</button></div>
      <p class="small" role="status">${this.saved ? t('result.saved', { name: this.saved }) : ''}</p></div></details>`
  }
}

customElements.define('result-panel', ResultPanel)
