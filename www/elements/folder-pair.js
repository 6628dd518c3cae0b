// Takes two folders of pictures, or ZIPs of them, by file dialog, folder dialog or drop; one that holds both is divided. Fires `learn` with { a, b, side }: lists of pictures, and pixels.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { twoDomains } from '../files/paths.js'
import { Localized, describeError, number, t } from '../i18n/translate.js'
import { filesOf, picturesIn } from './dropped.js'

/** Sides that a processor trains on in minutes. */
const sides = [32, 48, 64]

export class FolderPair extends LitElement {
  static properties = {
    least: { type: Number }, most: { type: Number }, a: { state: true }, b: { state: true }, side: { type: Number },
    over: { state: true }, busy: { state: true }, failed: { state: true }, parts: { state: true },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 1.1rem; }
    .folders { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
    .folder { display: grid; gap: 0.6rem; justify-items: center; align-content: center; text-align: center; min-height: 13rem; padding: 1.25rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
    .folder.over { border-style: solid; border-color: var(--ink); }
    .letter { font: 600 1.6rem/1 var(--serif); }
    .count { font-weight: 600; min-height: 1.5em; }
    .count.bad { color: var(--made); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    .folder input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    select { width: auto; }
  `]

  constructor() {
    super()
    this.least = 2
    this.most = 400
    /** @typedef {(File | import('../files/zip.js').Packed)[]} Pictures */
    /** @type {Pictures} */
    this.a = []
    /** @type {Pictures} */
    this.b = []
    /** The folder that is being read. */
    this.busy = ''
    /** Counts folders of each side: the last one given is the one that counts. */
    this.turns = { a: 0, b: 0 }
    /** What went wrong, and with which folder. */
    this.failed = /** @type {{ domain: string, error: any } | null} */ (null)
    /** Two folders in one: what they are called, and whether they have been put on the two sides. @type {{ names: [string, string], a: Pictures, b: Pictures, done: boolean } | null} */
    this.parts = null
    this.side = 32
    /** The folder that something is being dragged over. */
    this.over = ''
    this.localized = new Localized(this)
  }

  /** @param {'a' | 'b'} domain @param {() => Iterable<File> | Promise<Iterable<File>>} files */
  async take(domain, files) {
    const turn = ++this.turns[domain]
    const late = () => turn !== this.turns[domain]
    Object.assign(this, { busy: domain, failed: null, parts: null })
    try {
      const { pictures } = await picturesIn(await files())
      if (late()) return
      const both = twoDomains(pictures)
      const only = list => list.map(({ picture }) => picture)
      this[domain] = only(pictures)
      if (both) this.parts = { names: both.names, a: only(both.a), b: only(both.b), done: false }
      if (both?.sure) this.divide()
    } catch (error) {
      if (!late()) this.failed = { domain, error }
    }
    if (!late() && this.busy === domain) this.busy = ''
  }

  /** Each of two folders on its side. */
  divide() {
    const { a, b } = /** @type {NonNullable<typeof this.parts>} */ (this.parts)
    Object.assign(this, { a, b, parts: { ...this.parts, done: true } })
  }

  picked(domain, event) {
    const files = [...event.target.files]
    event.target.value = ''
    this.take(domain, () => files)
  }

  dragged(domain, event) {
    event.preventDefault()
    // Dropped beside a photo input elsewhere on the page it would be taken twice.
    event.stopPropagation()
    this.over = event.type === 'dragover' ? domain : ''
    if (event.type === 'drop') this.take(domain, () => filesOf(event.dataTransfer))
  }

  fits(domain) {
    return this[domain].length >= this.least
  }

  learn() {
    const { a, b, side } = this
    this.dispatchEvent(new CustomEvent('learn', { detail: { a, b, side }, bubbles: true, composed: true }))
  }

  status(domain) {
    const count = this[domain].length
    const { busy, failed } = this
    if (busy === domain) return t('own.gathering')
    if (failed && failed.domain === domain) return describeError(failed.error)
    if (!count) return nothing
    const words = { count, least: this.least, most: this.most }
    return t(!this.fits(domain) ? 'pairs.count_bad' : count > this.most ? 'pairs.count_thinned' : 'pairs.count', words)
  }

  /** Two folders were found in one. */
  divided() {
    if (!this.parts) return nothing
    const { names: [a, b], done } = this.parts
    return html`<p class="small" role="status">${t(done ? 'pairs.divided' : 'pairs.two_in_one', { a, b })}
      ${done ? nothing : html`<button type="button" class="plain" data-command="divide" @click=${this.divide}>${t('pairs.divide')}</button>`}</p>`
  }

  folder(domain) {
    const count = this[domain].length
    const drag = event => this.dragged(domain, event)
    const bad = this.failed?.domain === domain || (count && !this.fits(domain))
    return html`<div class="folder ${this.over === domain ? 'over' : ''}" data-folder=${domain} role="group" aria-label=${t(`pairs.folder_${domain}`)}
        @dragover=${drag} @dragleave=${drag} @drop=${drag}>
      <span class="letter" aria-hidden="true">${domain.toUpperCase()}</span>
      <p class="small soft">${t(`pairs.folder_${domain}_help`)}</p>
      <span class="row">
        <label class="button"><input type="file" multiple accept="image/*,.zip" @change=${event => this.picked(domain, event)}>${t('pairs.choose_pictures')}</label>
        <label class="button"><input type="file" webkitdirectory @change=${event => this.picked(domain, event)}>${t('pairs.choose_folder')}</label>
      </span>
      <p class="count small ${bad ? 'bad' : ''}" role="status">${this.status(domain)}</p>
    </div>`
  }

  render() {
    return html`<h3>${t('pairs.own_heading')}</h3><p class="soft">${t('pairs.own_help', { least: this.least, most: this.most })}</p>
      <div class="folders">${this.folder('a')}${this.folder('b')}</div>${this.divided()}
      <div class="row"><label for="side">${t('config.side.label')}</label>
        <select id="side" @change=${event => { this.side = Number(event.target.value) }}>${sides.map(side => html`<option value=${side} .selected=${live(side === this.side)}>${t('pairs.side', { side: number(side) })}</option>`)}</select>
        <button type="button" class="primary" data-command="learn" ?disabled=${!this.fits('a') || !this.fits('b')} @click=${this.learn}>${t('pairs.learn')}</button></div>
      <p class="small soft">${t('pairs.own_privacy')}</p>`
  }
}

customElements.define('folder-pair', FolderPair)
