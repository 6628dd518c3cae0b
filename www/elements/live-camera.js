// What a camera sees, painted as one watches: beside the video, or over it with a line between. Every picture that `paint` is ready for is
// handed to it; nothing is kept. Fires `photos` with { photos: [{ blob, name }] } (the camera's picture at its full size), `painted` with
// { blob, name } (the painting as it is shown), `rested` when it goes on, and `close`. It rests while the page is hidden; the camera is let go of when this leaves the page.
import { css, html, nothing } from 'lit'
import { fileOf, surface } from '../files/canvas.js'
import { controls } from '../styles/controls.js'
import { t } from '../i18n/translate.js'
import './before-after.js'
import { CameraElement } from './camera-element.js'
import { stamped } from './lens.js'
import { grouped } from './grouped.js'

const jpegQuality = 0.95
const layouts = /** @type {const} */ (['over', 'beside'])

export class LiveCamera extends CameraElement {
  static properties = {
    paint: { attribute: false }, figures: { type: String }, note: { type: String },
    shown: { state: true }, mirrored: { state: true }, layout: { state: true }, paused: { state: true },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr); }
    .view { position: relative; display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr); }
    .empty { background: var(--well); border: 1px solid var(--edge); min-height: 14rem; place-items: center; }
    .wait { position: absolute; inset: 0; display: grid; place-items: center; }
    figure { margin: 0; min-width: 0; display: grid; gap: 0.2rem; }
    video, .beside canvas { display: block; width: 100%; max-height: calc(70vh / var(--zoom, 1)); object-fit: contain; background: var(--well); border: 1px solid var(--edge); }
    /* Seen by nobody, but still a video that goes on. */
    .unseen { position: absolute; width: 2px; height: 2px; opacity: 0.01; pointer-events: none; inset-block-start: 0; inset-inline-start: 0; overflow: hidden; }
    .mirrored { transform: scaleX(-1); }
    .problem { padding: 2rem 1.2rem; max-width: 34rem; }
    [data-note] { white-space: pre-line; }
    .numbers { font-variant-numeric: tabular-nums; min-height: 1.45em; }
    label.row { gap: 0.4rem; min-height: 2.6rem; cursor: pointer; }
    fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; }
    @media (min-width: 40rem) { .beside { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
  `]

  /** Sharp enough for a picture that is kept, and not too much to be made small many times a second. */
  wishedWidth = 1280

  constructor() {
    super()
    /** @type {((video: HTMLVideoElement) => Promise<{ original: ImageData, image: ImageData } | null>) | undefined} null: not this one */
    this.paint = undefined
    /** What is measured, and what should be known of it. */
    this.figures = ''
    this.note = ''
    /** Whether a painting has come. */
    this.shown = false
    this.mirrored = true
    /** @type {'over' | 'beside'} */
    this.layout = 'over'
    this.paused = false
    /** What was painted last. @type {{ original: ImageData, image: ImageData } | null} */
    this.last = null
    /** The video has a picture that was not handed on yet; one is being painted. */
    this.fresh = false
    this.busy = false
    /** Whose next picture is waited for. @type {HTMLVideoElement | null} */
    this.watched = null
  }

  hide() {
    this.rest()
  }

  stop() {
    super.stop()
    // Of a camera that is opened again nothing is there to be looked at yet.
    Object.assign(this, { fresh: false, shown: false, last: null })
  }

  get resting() {
    return this.paused || document.hidden
  }

  seen() {
    if (this.ready) return
    super.seen()
    this.mirrored = this.lens.facesUser
    this.rest()
  }

  /** Hidden or paused the camera gives nothing, and the last picture stays. */
  rest() {
    const { video, resting } = this
    if (!this.lens.stream || !video) return
    this.lens.wake(!resting)
    if (resting) return video.pause()
    this.fire('rested')
    video.play().then(() => this.watch(), () => {})
  }

  /** @param {boolean} paused */
  pause(paused) {
    this.paused = paused
    this.rest()
  }

  /** Waits for the video's next picture. */
  watch() {
    const { video } = this
    if (!this.ready || !video || this.watched === video) return
    this.watched = video
    const come = () => {
      if (this.watched === video) this.watched = null
      if (!this.lens.stream || this.resting) return
      this.fresh = true
      this.watch()
      this.next()
    }
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(come)
    else requestAnimationFrame(come)
  }

  /** As soon as one is painted the next begins, if the camera has seen anything since; what it saw meanwhile is passed over. */
  async next() {
    if (this.busy || !this.fresh || !this.paint) return
    this.busy = true
    this.fresh = false
    const made = await this.paint(this.video).catch(() => null)
    this.busy = false
    if (!this.isConnected || !this.lens.stream) return
    if (made) this.show(made)
    if (!this.resting) this.next()
  }

  /** Straight to where it is looked at: nothing else of this element changes with a picture. @param {{ original: ImageData, image: ImageData }} made */
  show(made) {
    this.last = made
    this.shown = true
    this.hang()
  }

  hang() {
    if (!this.last) return
    const { original, image } = this.last
    const viewer = /** @type {import('./before-after.js').BeforeAfter | null} */ (this.renderRoot.querySelector('before-after'))
    if (viewer) Object.assign(viewer, { original, painting: image })
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector('.beside canvas'))
    if (!canvas) return
    if (canvas.width !== image.width || canvas.height !== image.height) Object.assign(canvas, { width: image.width, height: image.height })
    canvas.getContext('2d')?.putImageData(image, 0, 0)
  }

  updated(changed) {
    if (changed.has('layout') || changed.has('shown')) this.hang()
  }

  /** As it is seen, mirrored or not. @param {CanvasImageSource} picture @param {number} width @param {number} height @param {string} type */
  file(picture, width, height, type) {
    const canvas = surface(width, height)
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
    if (this.mirrored) context.setTransform(-1, 0, 0, 1, width, 0)
    context.drawImage(picture, 0, 0, width, height)
    return fileOf(canvas, { type, quality: jpegQuality })
  }

  async keep() {
    const { video } = this
    const blob = await this.file(video, video.videoWidth, video.videoHeight, 'image/jpeg')
    this.fire('photos', { photos: [{ blob, name: stamped('jpg') }] })
  }

  async save() {
    if (!this.last) return
    const { image } = this.last
    const bitmap = await createImageBitmap(image)
    const blob = await this.file(bitmap, image.width, image.height, 'image/png')
    bitmap.close()
    this.fire('painted', { blob, name: stamped('png') })
  }

  pictures() {
    const wait = this.shown ? nothing : html`<p class="wait soft" role="status">${t(this.ready ? 'live.waiting' : 'stylize.camera_opening')}</p>`
    const beside = this.layout === 'beside' && this.shown
    const video = html`<video playsinline muted class=${this.mirrored ? 'mirrored' : ''} aria-label=${t('live.video')}></video>`
    // One video for both ways of looking: another one would have to be begun again.
    return html`<div class="view ${beside ? 'beside' : ''}">
      <figure class=${this.shown && !beside ? 'unseen' : ''}>${video}<figcaption class="small soft" ?hidden=${!beside} aria-hidden="true">${t('stylize.before')}</figcaption></figure>
      ${beside ? html`<figure><canvas role="img" class=${this.mirrored ? 'mirrored' : ''} aria-label=${t('stylize.after')}></canvas><figcaption class="small soft" aria-hidden="true">${t('stylize.after')}</figcaption></figure>` : nothing}
      ${this.shown && !beside ? html`<before-after smooth ?mirrored=${this.mirrored}></before-after>` : nothing}
      ${wait}</div>`
  }

  choices() {
    return html`<div class="row"><fieldset><legend class="hidden-text">${t('live.layout')}</legend>${layouts.map(layout => html`<label class="row small">
        <input type="radio" name=${grouped('layout')} value=${layout} .checked=${this.layout === layout} @change=${() => (this.layout = layout)}>${t(`live.${layout}`)}</label>`)}</fieldset>
      <label class="row small"><input type="checkbox" data-command="mirror" .checked=${this.mirrored} @change=${event => (this.mirrored = event.target.checked)}>${t('live.mirror')}</label></div>`
  }

  render() {
    if (this.problem) {
      return html`<div class="view empty"><p class="problem" role="alert">${this.said}</p></div>
        <div class="row"><button type="button" data-command="camera-again" @click=${() => this.open()}>${t('error.retry')}</button>${this.closing()}</div>`
    }
    return html`${this.pictures()}
      <p class="small numbers" data-figures>${this.paused ? t('live.paused') : this.figures}</p>
      ${this.note ? html`<p class="small soft" role="status" data-note>${this.note}</p>` : nothing}
      <div class="row">
        <button type="button" class="primary" data-command="keep" title=${t('live.keep_help')} ?disabled=${!this.ready} @click=${() => this.keep()}>${t('live.keep')}</button>
        <button type="button" data-command="save-frame" ?disabled=${!this.shown} @click=${() => this.save()}>${t('live.save')}</button>
        <button type="button" data-command="pause-camera" ?disabled=${!this.ready} @click=${() => this.pause(!this.paused)}>${t(this.paused ? 'live.resume' : 'live.pause')}</button>
        ${this.several ? html`<button type="button" data-command="turn-camera" @click=${() => this.turn()}>${t('stylize.turn_camera')}</button>` : nothing}
        ${this.closing()}
      </div>
      ${this.choices()}
      <p class="small soft">${t('live.private')}</p>`
  }

  closing() {
    return html`<button type="button" data-command="close-camera" @click=${() => this.fire('close')}>${t('stylize.close_camera')}</button>`
  }
}

customElements.define('live-camera', LiveCamera)
