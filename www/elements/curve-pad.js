// The visitor's own curves: each stroke from left to right is one. Fires `learn` with { sequences, shape }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { CanvasPainter } from './draw/canvas.js'
import { curveOf, curveSteps, reach } from './draw/curve.js'
import { faded, readPalette } from './draw/palette.js'
import { shareIn } from './draw/place.js'

/** More than this nobody draws. */
const most = 24
/** A stroke over less of the time than this says little about a curve. */
const leastReach = 0.5
const nudge = 0.04

export class CurvePad extends LitElement {
  static properties = { curves: { state: true }, stroke: { state: true }, short: { state: true }, focused: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    .pad { width: 100%; aspect-ratio: 16 / 9; border: 1px solid var(--edge); background: var(--sheet); touch-action: none; cursor: crosshair; }
    canvas { display: block; width: 100%; height: 100%; }
    .bad { color: var(--made); }
  `]

  constructor() {
    super()
    /** Heights of every kept curve. @type {number[][]} */
    this.curves = []
    /** The present one's points. @type {number[][]} */
    this.stroke = []
    this.short = false
    this.brush = [0, 0.5]
    this.focused = false
    /** The keyboard's pen is on the paper. */
    this.down = false
    this.localized = new Localized(this)
    this.painter = new CanvasPainter(this, (context, size) => this.paint(context, size))
  }

  paint(context, { width, height }) {
    const palette = readPalette(this)
    context.strokeStyle = palette.rule
    context.lineWidth = 1
    context.strokeRect(0, height / 2, width, 0)
    context.lineJoin = context.lineCap = 'round'
    context.lineWidth = 2.5
    const path = points => {
      context.beginPath()
      for (const [x, y] of points) context.lineTo(x * width, y * height)
      context.stroke()
    }
    context.strokeStyle = faded(palette.real, 0.55)
    for (const curve of this.curves) path(curve.map((level, step) => [step / (curveSteps - 1), (1 - level) / 2]))
    context.strokeStyle = palette.real
    path(this.stroke)
    if (!this.focused) return
    context.strokeStyle = palette.ink
    context.lineWidth = this.down ? 3 : 1.5
    context.beginPath()
    context.arc(this.brush[0] * width, this.brush[1] * height, 8, 0, Math.PI * 2)
    context.stroke()
  }

  dragged(event) {
    const { x, y } = shareIn(event, event.currentTarget)
    const at = [x, y].map(place => Math.min(1, Math.max(0, place)))
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture?.(event.pointerId)
      this.stroke = [at]
    } else if (event.type === 'pointermove' && event.buttons & 1 && this.stroke.length) this.stroke = [...this.stroke, at]
    else if (event.type === 'pointerup' || event.type === 'pointercancel') this.keep()
  }

  pressed(event) {
    const moves = { ArrowLeft: [-nudge, 0], ArrowRight: [nudge, 0], ArrowUp: [0, -nudge], ArrowDown: [0, nudge] }
    if (event.key === ' ') {
      this.down = !this.down
      this.stroke = this.down ? [this.brush] : this.stroke
      if (!this.down) this.keep()
    } else if (moves[event.key]) {
      this.brush = this.brush.map((at, axis) => Math.min(1, Math.max(0, at + moves[event.key][axis])))
      if (this.down) this.stroke = [...this.stroke, this.brush]
    } else return
    event.preventDefault()
    this.painter.request()
  }

  keep() {
    if (!this.stroke.length) return
    this.short = reach(this.stroke) < leastReach
    if (!this.short) this.curves = [...this.curves, curveOf(this.stroke)].slice(-most)
    this.stroke = []
  }

  learn() {
    const detail = { sequences: Float32Array.from(this.curves.flat()), shape: [this.curves.length, curveSteps, 1] }
    this.dispatchEvent(new CustomEvent('learn', { detail, bubbles: true, composed: true }))
  }

  render() {
    const count = this.curves.length
    return html`
      <h3>${t('waves.draw_heading')}</h3>
      <p class="small soft">${t('waves.draw_help')}</p>
      <div class="pad" tabindex="0" role="application" aria-label=${t('waves.draw_heading')} @pointerdown=${this.dragged} @pointermove=${this.dragged}
        @pointerup=${this.dragged} @pointercancel=${this.dragged} @keydown=${this.pressed}
        @focus=${() => { this.focused = true }} @blur=${() => { this.focused = false; this.down = false; this.keep() }}><canvas aria-hidden="true"></canvas></div>
      <div class="row">
        <button type="button" class="primary" data-command="learn" ?disabled=${!count} @click=${this.learn}>${t('train.draw_learn')}</button>
        <button type="button" data-command="back" ?disabled=${!count} @click=${() => { this.curves = this.curves.slice(0, -1) }}>${t('waves.draw_back')}</button>
        <button type="button" class="plain" ?disabled=${!count} @click=${() => { this.curves = [] }}>${t('train.draw_clear')}</button>
        <output class="small ${this.short ? 'bad' : 'soft'}">${this.short ? t('waves.draw_short') : t('waves.draw_count', { count })}</output>
      </div>`
  }
}

customElements.define('curve-pad', CurvePad)
