// Takes a picture by file dialog, drop or paste. Fires `photo` with { blob, name }, and `scene` when none is at hand.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export class PhotoInput extends LitElement {
  static properties = { over: { type: Boolean, reflect: true }, compact: { type: Boolean, reflect: true } }

  static styles = [controls, css`
    .drop { display: grid; gap: 0.75rem; justify-items: center; align-content: center; text-align: center; padding: clamp(1.5rem, 5vw, 3.5rem) 1rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--sheet); }
    :host([over]) .drop { border-style: solid; border-color: var(--ink); background: var(--well); }
    :host(:not([compact])) .drop { min-height: clamp(15rem, 42vw, 27rem); width: 100%; border-color: var(--rule); background: var(--well); }
    :host([compact]) .drop { padding: 1rem; }
    label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    label.primary { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  `]

  constructor() {
    super()
    this.over = false
    this.compact = false
    this.localized = new Localized(this)
    this.pasted = event => this.take([...(event.clipboardData?.files ?? [])][0])
    this.dragging = event => this.dragged(event)
  }

  connectedCallback() {
    super.connectedCallback()
    addEventListener('paste', this.pasted)
    for (const type of ['dragover', 'dragleave', 'drop']) addEventListener(type, this.dragging)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    removeEventListener('paste', this.pasted)
    for (const type of ['dragover', 'dragleave', 'drop']) removeEventListener(type, this.dragging)
  }

  /** Anywhere on the page will do: a photo dropped beside the frame must not replace the page. */
  dragged(event) {
    if (!this.offsetParent || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    this.over = event.type === 'dragover'
    if (event.type === 'drop') this.take(event.dataTransfer.files[0])
  }

  /** @param {File | undefined} file */
  take(file) {
    if (!file || !this.offsetParent) return
    this.dispatchEvent(new CustomEvent('photo', { detail: { blob: file, name: file.name }, bubbles: true, composed: true }))
  }

  picked(event) {
    this.take(event.target.files[0])
    event.target.value = ''
  }

  render() {
    return html`<div class="drop">
      <label class="button primary"><input type="file" accept="image/*,.heic,.heif,.avif" @change=${this.picked}>${t('stylize.choose')}</label>
      <p class="small soft">${t('stylize.drop')}</p>
      <p class="small soft" ?hidden=${this.compact}>${t('stylize.formats')}</p>
      <button type="button" data-command="scene"
          @click=${() => this.dispatchEvent(new CustomEvent('scene', { bubbles: true, composed: true }))}>${t('stylize.scene')}</button>
    </div>`
  }
}

customElements.define('photo-input', PhotoInput)
