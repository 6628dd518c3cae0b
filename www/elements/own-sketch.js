// Pictures drawn by hand, of one kind or several. Fires `gather` with { data: { images, labels } }; shaken copies make many of a few.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { CanvasPainter } from './draw/canvas.js'
import { shareIn } from './draw/place.js'
import { draw, sketchPicture } from './draw/sketch.js'
import './pixel-picture.js'
import { grouped } from './grouped.js'

/** Fewer show no range; more than this nobody draws. */
const least = 3
const most = 60
const kinds = 6
const nudge = 0.05

export class OwnSketch extends LitElement {
  static properties = { strokes: { state: true }, kept: { state: true }, kind: { state: true }, brush: { state: true }, focused: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .desk { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .pad { width: 100%; max-width: 18rem; aspect-ratio: 1; border: 1px solid var(--edge); touch-action: none; cursor: crosshair; }
    canvas { display: block; width: 100%; height: 100%; }
    fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; align-items: center; }
    legend { float: left; padding: 0; margin-inline-end: 0.6rem; }
    .choice { display: inline-flex; gap: 0.3rem; align-items: center; min-height: 1.9rem; cursor: pointer; }
    .tools { display: grid; gap: 0.9rem; align-content: start; }
    .tray { display: grid; grid-template-columns: repeat(auto-fill, 3.4rem); gap: 0.5rem; list-style: none; margin: 0; padding: 0; }
    .tray li { display: grid; gap: 0.1rem; justify-items: center; }
    .tray pixel-picture { width: 100%; }
    .tray button { min-height: 1.5rem; padding: 0 0.3rem; }
    @media (min-width: 40rem) { .desk { grid-template-columns: minmax(12rem, 18rem) minmax(0, 1fr); } }
  `]

  constructor() {
    super()
    /** The present drawing, in 0..1. @type {number[][][]} */
    this.strokes = []
    /** @type {{ picture: ImageData, kind: number }[]} */
    this.kept = []
    this.kind = 0
    this.brush = [0.5, 0.5]
    this.focused = false
    /** The keyboard's pen is on the paper. */
    this.down = false
    this.localized = new Localized(this)
    this.painter = new CanvasPainter(this, (context, size) => this.paint(context, size))
  }

  paint(context, size) {
    draw(context, this.strokes, size)
    if (!this.focused) return
    context.strokeStyle = this.down ? '#fff' : '#9a9a9a'
    context.lineWidth = 1.5
    context.beginPath()
    context.arc(this.brush[0] * size.width, this.brush[1] * size.height, size.width * 0.05, 0, Math.PI * 2)
    context.stroke()
  }

  /** @param {number[]} point */
  extend(point) {
    const [last = []] = this.strokes.slice(-1)
    this.strokes = [...this.strokes.slice(0, -1), [...last, point]]
  }

  dragged(event) {
    const { x, y } = shareIn(event, event.currentTarget)
    this.brush = [x, y].map(at => Math.min(1, Math.max(0, at)))
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture?.(event.pointerId)
      this.strokes = [...this.strokes, [this.brush]]
    } else if (event.buttons & 1 && this.strokes.length) this.extend(this.brush)
  }

  pressed(event) {
    const moves = { ArrowLeft: [-nudge, 0], ArrowRight: [nudge, 0], ArrowUp: [0, -nudge], ArrowDown: [0, nudge] }
    if (event.key === ' ') {
      this.down = !this.down
      if (this.down) this.strokes = [...this.strokes, [this.brush]]
      this.painter.request()
    } else if (moves[event.key]) {
      this.brush = this.brush.map((at, axis) => Math.min(1, Math.max(0, at + moves[event.key][axis])))
      if (this.down) this.extend(this.brush)
    } else if (event.key === 'Enter' && this.strokes.length) this.keep()
    else return
    event.preventDefault()
  }

  keep() {
    this.kept = [...this.kept, { picture: sketchPicture(this.strokes), kind: this.kind }].slice(-most)
    this.wipe()
  }

  wipe() {
    this.strokes = []
    this.down = false
  }

  gather() {
    const images = this.kept.map(({ picture }) => picture)
    const labels = this.kept.map(({ kind }) => String(kind + 1))
    const data = new Set(labels).size > 1 ? { images, labels } : { images }
    this.dispatchEvent(new CustomEvent('gather', { detail: { data, shake: true }, bubbles: true, composed: true }))
  }

  tray() {
    if (!this.kept.length) return nothing
    return html`<ul class="tray">${this.kept.map(({ picture, kind }, index) => html`<li>
      <pixel-picture label=${t('own.sketch_item', { index: index + 1, kind: kind + 1 })} .pixels=${picture.data} .width=${picture.width} .height=${picture.height}></pixel-picture>
      <span class="small soft" aria-hidden="true">${kind + 1}</span>
      <button type="button" class="plain small" aria-label=${t('own.sketch_drop', { index: index + 1 })} @click=${() => { this.kept = this.kept.filter((_, at) => at !== index) }}>✕</button></li>`)}</ul>`
  }

  render() {
    const count = this.kept.length
    return html`<p class="small soft">${t('own.sketch_help')}</p>
      <div class="desk">
        <div class="pad" tabindex="0" role="application" aria-label=${t('own.sketch_pad')} @pointerdown=${this.dragged} @pointermove=${this.dragged} @keydown=${this.pressed}
          @focus=${() => { this.focused = true }} @blur=${() => { this.focused = false; this.down = false }}><canvas aria-hidden="true"></canvas></div>
        <div class="tools">
          <fieldset><legend class="small">${t('own.sketch_kind')}</legend>${Array.from({ length: kinds }, (_, kind) => html`<label class="choice"><input type="radio" name=${grouped('kind')} value=${kind} .checked=${kind === this.kind}
            @change=${() => { this.kind = kind }}>${kind + 1}</label>`)}</fieldset>
          <div class="row"><button type="button" data-command="keep" ?disabled=${!this.strokes.length} @click=${this.keep}>${t('own.sketch_keep')}</button>
            <button type="button" class="plain" ?disabled=${!this.strokes.length} @click=${this.wipe}>${t('train.draw_clear')}</button></div>
          ${this.tray()}
        </div>
      </div>
      <div class="row"><button type="button" class="primary" data-command="gather" ?disabled=${count < least} @click=${this.gather}>${t('own.look')}</button>
        <output class="small soft">${count < least ? t('own.sketch_few', { count, least }) : t('own.count', { count })}</output></div>`
  }
}

customElements.define('own-sketch', OwnSketch)
