// A table of the visitor's own series, looked at before it is learned. Fires `look` with { file, wish }, `other`, and `gather` with
// { data: { sequences, ...wish } }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, describeError, t } from '../i18n/translate.js'
import { filesOf } from './dropped.js'
import './table-preview.js'

export class OwnTable extends LitElement {
  static properties = { found: { attribute: false }, over: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .drop { display: grid; gap: 0.7rem; justify-items: center; align-content: center; text-align: center; min-height: 9rem; padding: 1.25rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
    .drop.over { border-style: solid; border-color: var(--ink); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    pre { margin: 0; padding: 0.6rem 0.8rem; background: var(--well); overflow-x: auto; font-size: var(--step--1); line-height: 1.5; }
    .examples { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
    .bad { color: var(--made); }
    figure { margin: 0; display: grid; gap: 0.3rem; align-content: start; }
  `]

  constructor() {
    super()
    /** The file, what was said about it, and what the module found in it. @type {{ file: File, wish: Record<string, any>, preview?: any, problem?: any, busy?: boolean } | null} */
    this.found = null
    this.over = false
    this.localized = new Localized(this)
  }

  /** @param {string} name @param {object} [detail] */
  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  /** @param {File | undefined} file */
  take(file) {
    if (file) this.fire('look', { file, wish: {} })
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

  /** What the module found, or why it could not. */
  findings() {
    const { found } = this
    if (!found) return nothing
    const { file, wish, preview, problem, busy } = found
    const sequences = file
    const arrays = problem?.details?.reason === 'archive_arrays' ? problem.details.names : []
    return html`${problem ? html`<p class="bad" role="alert">${describeError(problem)}</p>` : nothing}
      ${arrays.length ? html`<div class="row">${arrays.map(array => html`<button type="button" @click=${() => this.fire('look', { file, wish: { array } })}>${array}</button>`)}</div>` : nothing}
      ${preview ? html`<table-preview name=${file.name} .preview=${preview} .wish=${wish} ?busy=${busy} @wish=${event => this.fire('look', { file, wish: event.detail.wish })}
        @learn=${event => this.fire('gather', { data: { sequences, ...event.detail.wish } })}></table-preview>` : nothing}`
  }

  render() {
    if (this.found?.preview) return this.findings()
    return html`<h3>${t('waves.table_heading')}</h3>
      <p class="small soft">${t('waves.table_help')}</p>
      <div class="drop ${this.over ? 'over' : ''}" @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dragged}>
        <label class="button"><input type="file" data-input="csv" @change=${this.picked}>${t('own.choose_file')}</label>
        ${this.findings()}
      </div>
      <div class="examples">
        ${this.example('wide', 'class,t1,t2,t3,t4,t5,t6,t7,t8\nup,1,2,3,4,5,6,7,8\ndown,8,7,6,5,4,3,2,1')}
        ${this.example('narrow', 'date,temperature,humidity\n2024-05-01 10:00,21.4,63\n2024-05-01 11:00,21.6,62\n2024-05-01 12:00,21.5,64')}
      </div>
      <p class="small soft">${t('own.privacy')}</p>`
  }
}

customElements.define('own-table', OwnTable)
