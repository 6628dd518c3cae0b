// Two pictures of one size, one over the other, and a line between them that pointer or keys move.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'

export class BeforeAfter extends LitElement {
  static properties = { original: { attribute: false }, painting: { attribute: false }, cut: { type: Number } }

  static styles = [controls, css`
    .frame { position: relative; touch-action: pan-y; cursor: ew-resize; border: 1px solid var(--edge); background: var(--well); overflow: hidden; user-select: none; }
    canvas { display: block; width: 100%; height: auto; max-height: 75vh; object-fit: contain; }
    canvas.after { position: absolute; inset: 0; height: 100%; clip-path: inset(0 0 0 var(--cut)); }
    .line { position: absolute; inset-block: 0; left: var(--cut); width: 2px; margin-left: -1px; background: var(--paper); box-shadow: 0 0 0 1px rgb(0 0 0 / 0.35); pointer-events: none; }
    .line::after { content: '↔'; position: absolute; top: 50%; left: 50%; translate: -50% -50%; width: 2.2rem; height: 2.2rem; display: grid; place-items: center; border-radius: 50%; background: var(--paper); color: var(--ink); box-shadow: 0 0 0 1px rgb(0 0 0 / 0.35); }
    .tag { position: absolute; bottom: 0.6rem; padding: 0.1rem 0.5rem; background: var(--paper); color: var(--ink); font-size: var(--step--1); pointer-events: none; }
    .tag.before { left: 0.6rem; } .tag.after { right: 0.6rem; }
    input { margin-top: 0.5rem; }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.original = undefined
    /** @type {ImageData | undefined} */
    this.painting = undefined
    /** 0..1, where the painting begins. */
    this.cut = 0.5
    this.localized = new Localized(this)
  }

  updated(changed) {
    const frame = /** @type {HTMLElement} */ (this.renderRoot.querySelector('.frame'))
    frame.style.setProperty('--cut', `${this.cut * 100}%`)
    if (changed.has('original')) this.show('before', this.original)
    if (changed.has('painting')) this.show('after', this.painting)
  }

  /** @param {string} side @param {ImageData | undefined} picture */
  show(side, picture) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(`canvas.${side}`))
    if (!canvas || !picture) return
    Object.assign(canvas, { width: picture.width, height: picture.height })
    canvas.getContext('2d')?.putImageData(picture, 0, 0)
  }

  dragged(event) {
    if (event.type === 'pointermove' && !(event.buttons & 1)) return
    const box = event.currentTarget.getBoundingClientRect()
    event.currentTarget.setPointerCapture?.(event.pointerId)
    this.cut = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }

  render() {
    const shown = t('stylize.slider_value', { percent: percent(1 - this.cut) })
    return html`
      <div class="frame" @pointerdown=${this.dragged} @pointermove=${this.dragged}>
        <canvas class="before" role="img" aria-label=${t('stylize.before')}></canvas>
        <canvas class="after" role="img" aria-label=${t('stylize.after')}></canvas>
        <span class="line"></span>
        <span class="tag before" aria-hidden="true">${t('stylize.before')}</span><span class="tag after" aria-hidden="true">${t('stylize.after')}</span>
      </div>
      <input type="range" min="0" max="100" step="1" .value=${String(Math.round(this.cut * 100))} aria-label=${t('stylize.slider')} aria-valuetext=${shown}
        @input=${event => (this.cut = event.target.value / 100)}>`
  }
}

customElements.define('before-after', BeforeAfter)
