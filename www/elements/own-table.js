// A table of the visitor's own series. Fires `gather` with { data: { csv } }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { filesOf } from './dropped.js'

export class OwnTable extends LitElement {
  static properties = { over: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .drop { display: grid; gap: 0.7rem; justify-items: center; align-content: center; text-align: center; min-height: 9rem; padding: 1.25rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
    .drop.over { border-style: solid; border-color: var(--ink); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    pre { margin: 0; padding: 0.6rem 0.8rem; background: var(--well); overflow-x: auto; font-size: var(--step--1); line-height: 1.5; }
    .examples { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
    figure { margin: 0; display: grid; gap: 0.3rem; align-content: start; }
  `]

  constructor() {
    super()
    this.over = false
    this.localized = new Localized(this)
  }

  /** @param {File | undefined} file */
  async take(file) {
    if (!file) return
    this.dispatchEvent(new CustomEvent('gather', { detail: { data: { csv: await file.text() } }, bubbles: true, composed: true }))
  }

  picked(event) {
    this.take(event.target.files[0])
    event.target.value = ''
  }

  async dragged(event) {
    event.preventDefault()
    event.stopPropagation()
    this.over = event.type === 'dragover'
    if (event.type === 'drop') this.take((await filesOf(event.dataTransfer))[0])
  }

  example(name, text) {
    return html`<figure><pre>${text}</pre><figcaption class="small soft">${t(`waves.table_${name}`)}</figcaption></figure>`
  }

  render() {
    return html`<h3>${t('waves.table_heading')}</h3>
      <p class="small soft">${t('waves.table_help')}</p>
      <div class="drop ${this.over ? 'over' : ''}" @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dragged}>
        <label class="button"><input type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" data-input="csv" @change=${this.picked}>${t('own.choose_file')}</label>
      </div>
      <div class="examples">
        ${this.example('wide', 'class,t1,t2,t3,t4,t5,t6,t7,t8\nup,1,2,3,4,5,6,7,8\ndown,8,7,6,5,4,3,2,1')}
        ${this.example('narrow', 'temperature,humidity\n21.4,63\n21.6,62\n21.5,64')}
      </div>
      <p class="small soft">${t('own.privacy')}</p>`
  }
}

customElements.define('own-table', OwnTable)
