// Takes a picture by file dialog, drop or paste. Fires `photo` with { blob, name }, and `scene` when none is at hand. With `many` it
// takes several, the camera, and files of weights among them: `photos` with { photos: [{ blob, name }] }, `camera`, `weights` with { files }; with
// `watching` there is also the camera as one watches: `live`.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { isWeights } from './weight-file.js'

export class PhotoInput extends LitElement {
  static properties = { over: { type: Boolean, reflect: true }, compact: { type: Boolean, reflect: true }, many: { type: Boolean }, local: { type: Boolean }, watching: { type: Boolean }, words: { attribute: false } }

  static styles = [controls, css`
    .drop { display: grid; gap: 0.75rem; justify-items: center; align-content: center; text-align: center; padding: clamp(1.5rem, 5vw, 3.5rem) 1rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--sheet); }
    :host([over]) .drop { border-style: solid; border-color: var(--ink); background: var(--well); }
    :host(:not([compact])) .drop { min-height: clamp(15rem, 42vw, 27rem); width: 100%; border-color: var(--rule); background: var(--well); }
    :host([compact]) .drop { padding: 0.85rem; gap: 0.5rem; }
    .row { justify-content: center; }
    :host([compact]) .row { gap: 0.4rem; }
    :host([compact]) .row > * { flex: 1 1 auto; padding-inline: 0.6rem; }
    label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    :host(:not([compact])) label { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  `]

  constructor() {
    super()
    this.over = false
    this.compact = false
    this.many = false
    /** In somebody else's page: only what is dropped or pasted right here is meant for us. */
    this.local = false
    this.watching = false
    /** Keys of texts: what there is without a photo, what can be read. */
    this.words = { scene: '', formats: 'stylize.formats' }
    this.localized = new Localized(this)
    this.pasted = event => this.take([...(event.clipboardData?.files ?? [])])
    this.dragging = event => this.dragged(event)
  }

  connectedCallback() {
    super.connectedCallback()
    const place = this.local ? this : globalThis
    place.addEventListener('paste', this.pasted)
    for (const type of ['dragover', 'dragleave', 'drop']) place.addEventListener(type, this.dragging)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    const place = this.local ? this : globalThis
    place.removeEventListener('paste', this.pasted)
    for (const type of ['dragover', 'dragleave', 'drop']) place.removeEventListener(type, this.dragging)
  }

  /** Anywhere on the page will do: a photo dropped beside the frame must not replace the page. */
  dragged(event) {
    if (!this.offsetParent || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.over = event.type === 'dragover'
    if (event.type === 'drop') this.take([...event.dataTransfer.files])
  }

  /** @param {File[]} files */
  async take(files) {
    if (!this.offsetParent || !files.length) return
    if (!this.many) return this.fire('photo', { blob: files[0], name: files[0].name })
    // What is dropped together is told apart by its content.
    const told = await Promise.all(files.map(file => isWeights(file).catch(() => false)))
    const weights = files.filter((_, at) => told[at])
    const photos = files.filter(file => !weights.includes(file)).map(file => ({ blob: file, name: file.name }))
    if (photos.length) this.fire('photos', { photos })
    if (weights.length) this.fire('weights', { files: weights })
  }

  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  picked(event) {
    this.take([...event.target.files])
    event.target.value = ''
  }

  render() {
    const { many, compact, words } = this
    const scene = words.scene || (many && compact ? 'stylize.scene_short' : 'stylize.scene')
    const choose = many ? (compact ? 'add' : 'choose') : 'choose_one'
    return html`<div class="drop">
      <div class="row">
        <label class="button"><input type="file" ?multiple=${many} accept="image/*,.heic,.heif,.avif" @change=${this.picked}>${t(`stylize.${choose}`)}</label>
        ${many ? html`<button type="button" data-command="camera" @click=${() => this.fire('camera')}>${t('stylize.camera')}</button>` : nothing}
        ${many && this.watching ? html`<button type="button" data-command="live" @click=${() => this.fire('live')}>${t('live.open')}</button>` : nothing}
        <button type="button" data-command="scene" @click=${() => this.fire('scene')}>${t(scene)}</button>
      </div>
      <p class="small soft">${t(many ? 'stylize.drop' : 'stylize.drop_one')}</p>
      <p class="small soft" ?hidden=${compact}>${t(words.formats)}</p>
    </div>`
  }
}

customElements.define('photo-input', PhotoInput)
