// An experiment to give away: its link and QR code, the lines that embed it, a picture of it, an animation of how it learns.
// It photographs the element of its own tree that `frame` selects. Fires `play` when a recording needs the training to run.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import './embed-lines.js'
import { Localized, number, t, within } from '../i18n/translate.js'
import { compose } from './draw/compose.js'
import { Film } from './draw/film.js'
import { drawModules, modulesOf } from './draw/qr.js'

const film = { width: 420, frames: 60, delay: 110, lastDelay: 2000, everyMs: 160 }
const pictureWidth = 1200

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export class SharePanel extends LitElement {
  static properties = {
    url: {}, name: {}, step: { type: Number }, running: { type: Boolean }, frame: {}, codes: { attribute: false }, own: { type: Boolean }, more: {},
    copied: { state: true }, film: { state: true }, made: { state: true },
  }

  static styles = [controls, css`
    details { border-block: 1px solid var(--rule); }
    summary { padding: 0.8rem 0; cursor: pointer; font: 600 1.15rem/1.35 var(--serif); }
    .parts { display: grid; gap: 1.5rem clamp(1.5rem, 4vw, 3rem); padding-bottom: 1.4rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
    section { display: grid; gap: 0.6rem; align-content: start; justify-items: start; min-width: 0; }
    .address { display: grid; gap: 1.5rem; align-content: start; }
    h3 { font-size: 1rem; }
    input[type='text'] { font: 0.8125rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
    .qr canvas { display: block; width: 9rem; height: 9rem; image-rendering: pixelated; }
    img { display: block; max-width: 100%; border: 1px solid var(--rule); }
    progress { width: 100%; accent-color: var(--made); }
  `]

  constructor() {
    super()
    this.url = ''
    /** Of what is learned. */
    this.name = ''
    this.step = 0
    this.running = false
    this.frame = ''
    /** Lines for a page with and for one without scripts. @type {{ element: string, frame: string } | null} */
    this.codes = null
    /** The visitor's own pictures are in it. */
    this.own = false
    /** Where the examples are. */
    this.more = ''
    this.copied = ''
    /** @type {Film | null} */
    this.film = null
    /** @type {{ blob: Blob, url: string, count: number, name: string } | null} */
    this.made = null
    this.filmedStep = -1
    /** @type {any} */
    this.timer = 0
    this.opened = false
    /** @type {unknown} */
    this.qrDrawn = nothing
    this.qrKey = ''
    this.localized = new Localized(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    clearInterval(this.timer)
    this.film = null
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(this.url).then(() => true, () => false)
    this.copied = done ? 'copied' : 'copy_failed'
  }

  photograph(width) {
    const frame = /** @type {HTMLElement | null} */ (/** @type {ShadowRoot} */ (this.getRootNode()).querySelector(this.frame))
    const left = within(this, () => t('share.caption', { name: this.name, step: this.step }))
    return frame && compose(frame, width, { left, right: 'GAN Atelier' })
  }

  savePicture() {
    this.photograph(pictureWidth)?.toBlob(blob => blob && save(blob, `${this.name}-${this.step}.png`), 'image/png')
  }

  record() {
    if (this.made) URL.revokeObjectURL(this.made.url)
    this.made = null
    this.film = new Film(film.delay)
    this.filmedStep = -1
    if (!this.running) this.dispatchEvent(new CustomEvent('play'))
    this.timer = setInterval(() => this.expose(), film.everyMs)
    this.expose()
  }

  /** One frame, where something has been learned since the last. */
  expose() {
    if (!this.film || this.step === this.filmedStep) return
    // It began anew: so does the film.
    if (this.step < this.filmedStep) this.film = new Film(film.delay)
    this.filmedStep = this.step
    const picture = this.photograph(film.width)
    if (picture) this.film.add(picture)
    this.requestUpdate()
    if (this.film.count >= film.frames) this.stop()
  }

  stop() {
    clearInterval(this.timer)
    const picture = this.photograph(film.width)
    if (!this.film || !picture) return
    this.film.add(picture, film.lastDelay)
    const blob = this.film.end()
    this.made = { blob, url: URL.createObjectURL(blob), count: this.film.count, name: this.name }
    this.film = null
  }

  link() {
    return html`<section data-part="link"><h3>${t('share.link')}</h3><p class="small soft">${t(this.own ? 'share.link_own' : 'share.link_text')}</p>
      <input type="text" readonly aria-label=${t('share.link')} .value=${this.url} @focus=${event => event.target.select()}>
      <div class="row"><button type="button" data-command="copy-link" @click=${this.copy}>${t('share.copy')}</button>
        <span role="status" class="small">${this.copied ? t(`share.${this.copied}`) : nothing}</span></div></section>`
  }

  qr() {
    const modules = modulesOf(this.url)
    if (!modules) return html`<section data-part="qr"><h3>${t('share.qr')}</h3><p class="small soft">${t('share.qr_too_long')}</p></section>`
    const canvas = drawModules(modules, 4)
    canvas.setAttribute('role', 'img')
    canvas.setAttribute('aria-label', t('share.qr_alt'))
    return html`<section data-part="qr"><h3>${t('share.qr')}</h3><div class="qr">${canvas}</div>
      <button type="button" data-command="save-qr" @click=${() => drawModules(modules, 12).toBlob(blob => blob && save(blob, 'gan-atelier-qr.png'), 'image/png')}>${t('share.qr_save')}</button></section>`
  }

  pictures() {
    const { film: reel, made } = this
    const count = reel?.count ?? 0
    return html`<section data-part="picture"><h3>${t('share.picture')}</h3><p class="small soft">${t('share.picture_text')}</p>
      <div class="row"><button type="button" data-command="save-picture" @click=${this.savePicture}>${t('share.picture_save')}</button>
        ${reel ? html`<button type="button" data-command="stop-film" @click=${this.stop}>${t('share.record_stop')}</button>`
          : html`<button type="button" data-command="record" @click=${this.record}>${t('share.record')}</button>`}</div>
      ${reel ? html`<p class="small" role="status">${t('share.recording', { count, most: film.frames })}</p><progress max=${film.frames} value=${count} aria-hidden="true"></progress>` : nothing}
      ${made ? html`<img src=${made.url} alt=${t('share.film_alt', { count: made.count })}>
        <button type="button" data-command="save-film" @click=${() => save(made.blob, `${made.name}.gif`)}>${t('share.film_save', { size: number(made.blob.size / 1e6, { maximumFractionDigits: 1 }) })}</button>` : nothing}</section>`
  }

  render() {
    // A closed panel costs nothing while the training reports ten times a second.
    return html`<details @toggle=${event => { this.opened = event.target.open; this.requestUpdate() }}><summary>${t('share.heading')}</summary>
      ${this.opened ? html`<div class="parts"><div class="address">${this.link()}${this.qrOnce()}</div>${this.pictures()}${this.codes ? html`<embed-lines .codes=${this.codes} more=${this.more}></embed-lines>` : nothing}</div>` : nothing}</details>`
  }

  /** The code is drawn anew only for another link or language. */
  qrOnce() {
    const key = this.url + t('share.qr')
    if (key !== this.qrKey) Object.assign(this, { qrKey: key, qrDrawn: this.qr() })
    return this.qrDrawn
  }
}

customElements.define('share-panel', SharePanel)
