// The device's camera: look, switch to the other one, take a picture. Fires `photos` with { photos: [{ blob, name }] } and `close`.
// The camera is let go of after the shot, when this leaves the page, and when the page is hidden.
import { LitElement, css, html, nothing } from 'lit'
import { fileOf, surface } from '../files/canvas.js'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'

/** Until a camera's first picture is there, browsers show frames of 2 × 2 pixels. */
const leastWidth = 8
/** Asked for, not demanded: a camera gives the nearest it has. */
const wishedWidth = 2560
const jpegQuality = 0.95

export class CameraShot extends LitElement {
  static properties = { problem: { state: true }, facing: { state: true }, several: { state: true }, ready: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    .view { position: relative; background: var(--well); border: 1px solid var(--edge); display: grid; place-items: center; min-height: 14rem; }
    video { display: block; width: 100%; max-height: calc(70vh / var(--zoom, 1)); object-fit: contain; }
    .mirrored { transform: scaleX(-1); }
    .problem { padding: 2rem 1.2rem; max-width: 34rem; }
    .wait { position: absolute; }
  `]

  constructor() {
    super()
    /** @type {string} a name of DOMException, or '' */
    this.problem = ''
    /** @type {'environment' | 'user'} */
    this.facing = 'environment'
    this.several = false
    this.ready = false
    /** @type {MediaStream | null} */
    this.stream = null
    this.localized = new Localized(this)
    this.whenHidden = () => { if (document.hidden) this.fire('close') }
  }

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.whenHidden)
    this.open()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.whenHidden)
    this.stop()
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
    this.ready = false
  }

  async open() {
    this.stop()
    this.problem = ''
    try {
      // Absent where the page is not in a secure context.
      if (!navigator.mediaDevices) throw new DOMException('', 'SecurityError')
      const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: this.facing, width: { ideal: wishedWidth } } })
      this.stop()
      this.stream = stream
      // Left while the visitor was being asked.
      if (!this.isConnected) return this.stop()
      await this.updateComplete
      const video = /** @type {HTMLVideoElement} */ (this.renderRoot.querySelector('video'))
      video.srcObject = stream
      const look = () => { this.ready = Boolean(this.stream) && video.videoWidth >= leastWidth }
      video.onresize = look
      await video.play()
      look()
      const devices = await navigator.mediaDevices.enumerateDevices()
      this.several = devices.filter(({ kind }) => kind === 'videoinput').length > 1
    } catch (error) {
      this.stop()
      if (this.isConnected) this.problem = /** @type {DOMException} */ (error).name || 'unknown'
    }
  }

  turn() {
    this.facing = this.facing === 'user' ? 'environment' : 'user'
    this.open()
  }

  async shoot() {
    const video = /** @type {HTMLVideoElement} */ (this.renderRoot.querySelector('video'))
    const canvas = surface(video.videoWidth, video.videoHeight)
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    this.stop()
    const blob = await fileOf(canvas, { type: 'image/jpeg', quality: jpegQuality })
    const now = new Date()
    const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map(part => String(part).padStart(2, '0')).join('')
    this.fire('photos', { photos: [{ blob, name: `camera-${stamp}.jpg` }] })
    this.fire('close')
  }

  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  render() {
    const problem = this.problem && t(has(`stylize.camera_${this.problem}`) ? `stylize.camera_${this.problem}` : 'stylize.camera_problem')
    return html`<div class="view">
        ${problem ? html`<p class="problem" role="alert">${problem}</p>`
          : html`<video playsinline muted class=${this.facing === 'user' ? 'mirrored' : ''} aria-label=${t('stylize.camera')}></video>
            ${this.ready ? nothing : html`<p class="wait soft" role="status">${t('stylize.camera_opening')}</p>`}`}
      </div>
      <div class="row">
        ${problem ? html`<button type="button" data-command="camera-again" @click=${() => this.open()}>${t('error.retry')}</button>`
          : html`<button type="button" class="primary" data-command="shoot" ?disabled=${!this.ready} @click=${() => this.shoot()}>${t('stylize.shoot')}</button>
            ${this.several ? html`<button type="button" data-command="turn-camera" @click=${() => this.turn()}>${t('stylize.turn_camera')}</button>` : nothing}`}
        <button type="button" data-command="close-camera" @click=${() => this.fire('close')}>${t('stylize.close_camera')}</button>
      </div>`
  }
}

customElements.define('camera-shot', CameraShot)
