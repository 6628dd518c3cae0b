// What is kept on this device, by kind, each with its size and a button to clear it. Fires `clear` with { id }; id '' means all.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

/** @typedef {{ id: string, bytes: number | null }} Kept null: there is some, nobody can tell how much */

const megabytes = bytes => number(bytes / 1e6, { maximumFractionDigits: 1 })

export class StorageList extends LitElement {
  static properties = { kept: { attribute: false }, used: { type: Number }, quota: { type: Number }, offline: { type: Boolean }, said: {} }

  static styles = [controls, css`
    :host { display: grid; gap: 1rem; }
    ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--rule); }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: 0 1rem; align-items: center; padding: 0.55rem 0; border-bottom: 1px solid var(--rule); }
    li strong { font: 600 1rem/1.4 var(--serif); }
    li .small { grid-column: 1; color: var(--ink-soft); }
    .size { grid-row: 1 / 3; grid-column: 2; font-variant-numeric: tabular-nums; white-space: nowrap; }
    li button { grid-row: 1 / 3; grid-column: 3; }
  `]

  constructor() {
    super()
    /** @type {Kept[]} */
    this.kept = []
    this.used = NaN
    this.quota = NaN
    this.offline = false
    /** What was just done. */
    this.said = ''
    this.localized = new Localized(this)
  }

  /** @param {string} id */
  clear(id) {
    this.dispatchEvent(new CustomEvent('clear', { detail: { id } }))
  }

  size({ bytes }) {
    if (bytes === 0) return t('storage.nothing')
    return bytes === null || bytes < 50_000 ? t('storage.some') : t('storage.size', { size: megabytes(bytes) })
  }

  render() {
    const name = id => t(`storage.${id}`)
    return html`<p>${t('storage.intro')}</p>
      <ul>${this.kept.map(kept => html`<li data-kept=${kept.id}><strong>${name(kept.id)}</strong><span class="small">${t(`storage.${kept.id}_text`)}</span>
        <span class="size">${this.size(kept)}</span><button type="button" ?disabled=${kept.bytes === 0} aria-label=${t('storage.clear_of', { name: name(kept.id) })}
          @click=${() => this.clear(kept.id)}>${t('storage.clear')}</button></li>`)}</ul>
      <p class="small soft">${Number.isFinite(this.used) ? t('storage.used', { used: megabytes(this.used), quota: number(Math.round(this.quota / 1e6)) }) : t('storage.forbidden')}</p>
      <p class="small" data-offline=${this.offline}>${t(this.offline ? 'storage.offline_ready' : 'storage.offline_not')}</p>
      <div class="row"><button type="button" data-command="clear-all" @click=${() => this.clear('')}>${t('storage.clear_all')}</button>
        <span role="status">${this.said || nothing}</span></div>`
  }
}

customElements.define('storage-list', StorageList)
