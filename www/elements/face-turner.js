// A made face that turns: the slider, arrow keys, a finger drawn across it, or one of nine views. Fires `yaw` with { yaw, done }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import './face-picture.js'
import { shareIn } from './draw/place.js'
import { Localized, number, t } from '../i18n/translate.js'

/** Degrees to either side. */
export const yawLimit = 90
/** From one side to the other. */
export const nineYaws = Array.from({ length: 9 }, (_, index) => (index - 4) * (yawLimit / 4))
/** A finger across the whole picture turns the head by this much, degrees. */
const turnAcross = 150

/** @param {number} yaw */
export const yawText = yaw => t('faces.degrees', { n: number(yaw, { maximumFractionDigits: 1, signDisplay: 'exceptZero' }) })

export class FaceTurner extends LitElement {
  static properties = { picture: { attribute: false }, strip: { attribute: false }, yaw: { type: Number }, name: {}, waiting: {} }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; min-width: 0; }
    .stage { position: relative; touch-action: pan-y; cursor: ew-resize; user-select: none; width: 100%; max-width: min(27rem, 64vh / var(--zoom, 1)); justify-self: center; }
    .waiting { position: absolute; inset: 0; display: grid; place-items: center; text-align: center; padding: 1rem; color: var(--ink-soft); }
    .slider { display: grid; grid-template-columns: auto minmax(0, 1fr) 4.6rem; gap: 0.75rem; align-items: center; }
    output { font: 600 1.15rem/1.3 var(--serif); font-variant-numeric: tabular-nums lining-nums; text-align: end; }
    ol { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(9, minmax(0, 1fr)); gap: 0.3rem; }
    li button { display: grid; gap: 0.15rem; width: 100%; min-height: 0; padding: 0; border: 0; background: none; font-size: var(--step--1); font-variant-numeric: tabular-nums; }
    li button[aria-current] face-picture { outline: 3px solid var(--ink); outline-offset: 1px; }
    li button span { text-align: center; }
    @container (max-width: 30rem) { ol { grid-template-columns: repeat(5, minmax(0, 1fr)); } }
    @media (max-width: 30rem) { ol { grid-template-columns: repeat(5, minmax(0, 1fr)); } }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.picture = undefined
    /** By `nineYaws`. @type {(ImageData | undefined)[]} */
    this.strip = []
    this.yaw = 0
    this.name = ''
    /** What stands in the empty frame. */
    this.waiting = ''
    /** @type {{ x: number, yaw: number } | null} */
    this.held = null
    this.localized = new Localized(this)
  }

  /** @param {number} yaw @param {boolean} done whether the hand has let go */
  turn(yaw, done) {
    this.yaw = Math.min(yawLimit, Math.max(-yawLimit, Math.round(yaw * 2) / 2))
    this.dispatchEvent(new CustomEvent('yaw', { detail: { yaw: this.yaw, done } }))
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    const stage = /** @type {HTMLElement} */ (event.currentTarget)
    this.held = { x: shareIn(event, stage).x, yaw: this.yaw }
    stage.setPointerCapture(event.pointerId)
  }

  /** @param {PointerEvent} event */
  moved(event) {
    if (!this.held) return
    const { x } = shareIn(event, /** @type {HTMLElement} */ (event.currentTarget))
    this.turn(this.held.yaw + (x - this.held.x) * turnAcross, false)
  }

  released() {
    if (this.held && this.held.yaw !== this.yaw) this.turn(this.yaw, true)
    this.held = null
  }

  one(yaw, index) {
    return html`<li><button type="button" data-yaw=${yaw} aria-current=${yaw === this.yaw ? 'true' : nothing} aria-label=${t('faces.turn_to', { yaw: yawText(yaw) })}
      @click=${() => this.turn(yaw, true)}><face-picture plain kind="made" .picture=${this.strip[index]}></face-picture><span aria-hidden="true">${yawText(yaw)}</span></button></li>`
  }

  render() {
    const { picture, yaw } = this
    return html`
      <div class="stage" @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released} @pointercancel=${this.released}>
        <face-picture kind="made" .picture=${picture} label=${t('faces.turned', { name: this.name, yaw: yawText(yaw) })}></face-picture>
        ${picture ? nothing : html`<p class="waiting small">${this.waiting}</p>`}
      </div>
      <div class="slider"><label for="yaw">${t('faces.yaw')}</label>
        <input id="yaw" type="range" min=${-yawLimit} max=${yawLimit} step="1" .value=${String(yaw)} aria-valuetext=${yawText(yaw)}
          @input=${event => this.turn(Number(event.target.value), false)} @change=${() => this.turn(this.yaw, true)}><output>${yawText(yaw)}</output></div>
      <ol aria-label=${t('faces.nine')}>${nineYaws.map((each, index) => this.one(each, index))}</ol>`
  }
}

customElements.define('face-turner', FaceTurner)
