// The visitor's own points: pointer or keyboard scatters them around a brush. Fires `learn` with { points }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { shareIn } from './draw/place.js'
import { drawReal } from './draw/plane.js'

/** Enough to show a shape; so few that a link can carry them. */
export const mostPoints = 400
const leastPoints = 16
const scatter = 0.045
const nudge = 0.06

/** @type {import('./draw/plane.js').Extent} */
const extent = [-1, 1, -1, 1]

export class DrawingPad extends LitElement {
  static properties = { points: { attribute: false }, brush: { state: true }, focused: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    .pad { position: relative; width: 100%; max-width: 34rem; aspect-ratio: 1; border: 1px solid var(--edge); background: var(--sheet); touch-action: none; cursor: crosshair; }
    canvas { display: block; width: 100%; height: 100%; }
  `]

  constructor() {
    super()
    /** @type {number[]} x, y, x, y, ... */
    this.points = []
    this.brush = [0, 0]
    this.focused = false
    this.localized = new Localized(this)
    this.painter = new CanvasPainter(this, (context, size) => this.paint(context, size))
  }

  paint(context, size) {
    const palette = readPalette(this)
    drawReal(context, this.points, extent, palette, { width: size.width, height: size.height })
    if (!this.focused) return
    const [x, y] = [(this.brush[0] + 1) * size.width / 2, (1 - this.brush[1]) * size.height / 2]
    context.strokeStyle = palette.ink
    context.beginPath()
    context.arc(x, y, scatter * size.width, 0, Math.PI * 2)
    context.stroke()
  }

  /** Scatters a few points around the brush. Not the training's randomness: what is drawn is the data. */
  drop(x, y) {
    const around = () => (Math.random() + Math.random() - 1) * scatter
    const clamp = value => Math.min(0.98, Math.max(-0.98, value))
    const fresh = [0, 1].flatMap(() => [clamp(x + around()), clamp(y + around())])
    this.points = [...this.points, ...fresh].slice(-mostPoints * 2)
  }

  dragged(event) {
    if (event.type === 'pointermove' && !(event.buttons & 1)) return
    const { x, y } = shareIn(event, event.currentTarget)
    event.currentTarget.setPointerCapture?.(event.pointerId)
    this.brush = [x * 2 - 1, 1 - y * 2]
    this.drop(this.brush[0], this.brush[1])
  }

  pressed(event) {
    const moves = { ArrowLeft: [-nudge, 0], ArrowRight: [nudge, 0], ArrowUp: [0, nudge], ArrowDown: [0, -nudge] }
    if (event.key === ' ') this.drop(this.brush[0], this.brush[1])
    else if (moves[event.key]) this.brush = this.brush.map((at, axis) => Math.min(1, Math.max(-1, at + moves[event.key][axis])))
    else return
    event.preventDefault()
  }

  learn() {
    this.dispatchEvent(new CustomEvent('learn', { detail: { points: Float32Array.from(this.points) }, bubbles: true, composed: true }))
  }

  render() {
    const count = this.points.length / 2
    return html`
      <h3>${t('train.draw_heading')}</h3>
      <p class="small soft">${t('train.draw_help')}</p>
      <div class="pad" tabindex="0" role="application" aria-label=${t('train.draw_heading')} @pointerdown=${this.dragged} @pointermove=${this.dragged}
          @keydown=${this.pressed}
        @focus=${() => (this.focused = true)} @blur=${() => (this.focused = false)}><canvas aria-hidden="true"></canvas></div>
      <div class="row">
        <button type="button" class="primary" data-command="learn" ?disabled=${count < leastPoints} @click=${this.learn}>${t('train.draw_learn')}</button>
        <button type="button" @click=${() => (this.points = [])} ?disabled=${!count}>${t('train.draw_clear')}</button>
        <output class="small soft">${count < leastPoints ? t('train.draw_too_few', { least: leastPoints }) : t('train.draw_count', { count })}</output>
      </div>`
  }
}

customElements.define('drawing-pad', DrawingPad)
