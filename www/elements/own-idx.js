// Files as MNIST's: pictures, and labels where there are some; gzip or not. Fires `gather` with { data: { idx, labels } }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

const parts = /** @type {const} */ (['idx', 'labels'])

export class OwnIdx extends LitElement {
  static properties = { idx: { state: true }, labels: { state: true }, over: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .files { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); }
    .drop { display: grid; gap: 0.5rem; justify-items: center; align-content: center; text-align: center; min-height: 9rem; padding: 1rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); overflow-wrap: anywhere; }
    .drop.over { border-style: solid; border-color: var(--ink); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  `]

  constructor() {
    super()
    /** @type {File | null} */
    this.idx = null
    /** @type {File | null} */
    this.labels = null
    this.over = ''
    this.localized = new Localized(this)
  }

  picked(part, event) {
    this[part] = event.target.files[0] ?? null
    event.target.value = ''
  }

  /** Both files may be dropped at once: published ones have their kind in their names. */
  dragged(part, event) {
    event.preventDefault()
    event.stopPropagation()
    this.over = event.type === 'dragover' ? part : ''
    if (event.type !== 'drop') return
    const files = [...event.dataTransfer.files]
    if (files.length === 1) this[part] = files[0]
    else for (const file of files.slice(0, 2)) this[/label|idx1/i.test(file.name) ? 'labels' : 'idx'] = file
  }

  gather() {
    const data = { idx: this.idx, ...(this.labels && { labels: this.labels }) }
    this.dispatchEvent(new CustomEvent('gather', { detail: { data }, bubbles: true, composed: true }))
  }

  file(part) {
    const drag = event => this.dragged(part, event)
    const file = this[part]
    return html`<div class="drop ${this.over === part ? 'over' : ''}" data-part=${part} @dragover=${drag} @dragleave=${drag} @drop=${drag}>
      <strong>${t(`own.idx_${part}`)}</strong>
      <label class="button"><input type="file" data-input=${part} @change=${event => this.picked(part, event)}>${t('own.choose_file')}</label>
      <span class="small soft" role="status">${file ? t('own.file', { name: file.name, size: number(file.size) }) : t(`own.idx_${part}_help`)}</span></div>`
  }

  render() {
    return html`<p class="small soft">${t('own.idx_help')}</p><div class="files">${parts.map(part => this.file(part))}</div>
      <div class="row"><button type="button" class="primary" data-command="gather" ?disabled=${!this.idx} @click=${this.gather}>${t('own.look')}</button>
      ${this.labels ? html`<button type="button" class="plain small" @click=${() => { this.labels = null }}>${t('own.without_labels')}</button>` : nothing}</div>`
  }
}

customElements.define('own-idx', OwnIdx)
