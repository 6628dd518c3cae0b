// The device's camera: look, switch to the other one, take a picture. Fires `photos` with { photos: [{ blob, name }] } and `close`.
// The camera is let go of after the shot, when this leaves the page, and when the page is hidden.
import { css, html, nothing } from 'lit'
import { fileOf, surface } from '../files/canvas.js'
import { controls } from '../styles/controls.js'
import { t } from '../i18n/translate.js'
import { CameraElement } from './camera-element.js'
import { stamped } from './lens.js'

const jpegQuality = 0.95

export class CameraShot extends CameraElement {
  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    .view { position: relative; background: var(--well); border: 1px solid var(--edge); display: grid; place-items: center; min-height: 14rem; }
    video { display: block; width: 100%; max-height: calc(70vh / var(--zoom, 1)); object-fit: contain; }
    .mirrored { transform: scaleX(-1); }
    .problem { padding: 2rem 1.2rem; max-width: 34rem; }
    .wait { position: absolute; }
  `]

  /** Which side is wished, set before it is opened. @param {'environment' | 'user'} side */
  set facing(side) {
    this.lens.facing = side
  }

  hide() {
    if (document.hidden) this.fire('close')
  }

  async shoot() {
    const { video } = this
    const canvas = surface(video.videoWidth, video.videoHeight)
    canvas.getContext('2d')?.drawImage(video, 0, 0)
    this.stop()
    const blob = await fileOf(canvas, { type: 'image/jpeg', quality: jpegQuality })
    this.fire('photos', { photos: [{ blob, name: stamped('jpg') }] })
    this.fire('close')
  }

  render() {
    const { said } = this
    return html`<div class="view">
        ${said ? html`<p class="problem" role="alert">${said}</p>`
          : html`<video playsinline muted class=${this.lens.facing === 'user' ? 'mirrored' : ''} aria-label=${t('stylize.camera')}></video>
            ${this.ready ? nothing : html`<p class="wait soft" role="status">${t('stylize.camera_opening')}</p>`}`}
      </div>
      <div class="row">
        ${said ? html`<button type="button" data-command="camera-again" @click=${() => this.open()}>${t('error.retry')}</button>`
          : html`<button type="button" class="primary" data-command="shoot" ?disabled=${!this.ready} @click=${() => this.shoot()}>${t('stylize.shoot')}</button>
            ${this.several ? html`<button type="button" data-command="turn-camera" @click=${() => this.turn()}>${t('stylize.turn_camera')}</button>` : nothing}`}
        <button type="button" data-command="close-camera" @click=${() => this.fire('close')}>${t('stylize.close_camera')}</button>
      </div>`
  }
}

customElements.define('camera-shot', CameraShot)
