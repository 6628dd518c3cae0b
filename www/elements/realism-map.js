// A picture as the discriminator judges it, patch by patch; pointer or arrow keys read one patch's score.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import { shareIn } from './draw/place.js'
import { draw, field, patchOf, tinted } from './draw/realism.js'

const shown = score => number(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export class RealismMap extends LitElement {
  static properties = { picture: { attribute: false }, map: { attribute: false }, label: {}, code: {}, chosen: { state: true } }

  static styles = [controls, css`
    figure { margin: 0; display: grid; gap: 0.45rem; }
    canvas { display: block; width: 100%; height: auto; border: 1px solid var(--edge); cursor: crosshair; touch-action: pan-y; }
    figcaption { display: grid; gap: 0.1rem; }
    strong { font: 600 1.05rem/1.3 var(--serif); }
    code { font: 0.8125rem/1.4 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; color: var(--ink-soft); }
    output { font-variant-numeric: tabular-nums; min-height: 2.9em; }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.picture = undefined
    /** @type {{ data: Float32Array, width: number, height: number } | undefined} */
    this.map = undefined
    this.label = ''
    this.code = ''
    /** @type {{ column: number, row: number } | null} */
    this.chosen = null
    this.localized = new Localized(this)
  }

  willUpdate(changed) {
    if (!changed.has('map') && !changed.has('picture')) return
    this.chosen = null
    this.tinted = this.picture && this.map && tinted(this.picture, this.map)
  }

  updated() {
    const canvas = this.renderRoot.querySelector('canvas')
    if (!canvas || !this.tinted) return
    const { width, height } = this.tinted
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    draw(/** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')), { picture: this.tinted, chosen: this.chosen }, { width, height })
  }

  /** @param {number} column @param {number} row */
  choose(column, row) {
    const { width, height } = /** @type {{ width: number, height: number }} */ (this.map)
    this.chosen = { column: Math.min(width - 1, Math.max(0, column)), row: Math.min(height - 1, Math.max(0, row)) }
  }

  pointed(event) {
    const { x, y } = shareIn(event, event.currentTarget)
    const { width, height } = /** @type {ImageData} */ (this.tinted)
    const index = position => Math.floor((position - field.step) / field.step)
    this.choose(index(x * width), index(y * height))
  }

  pressed(event) {
    const step = steps[event.key]
    if (!step || !this.map) return
    event.preventDefault()
    const { column, row } = this.chosen ?? { column: this.map.width >> 1, row: this.map.height >> 1 }
    this.choose(column + step[0], row + step[1])
  }

  reading() {
    const { data, width } = /** @type {{ data: Float32Array, width: number }} */ (this.map)
    if (!this.chosen) {
      const mean = data.reduce((sum, score) => sum + score, 0) / Math.max(1, data.length)
      return t('cycle.realism_mean', { score: shown(mean), patches: data.length })
    }
    const { column, row } = this.chosen
    const { x, y } = patchOf(column, row, /** @type {ImageData} */ (this.picture))
    return t('cycle.realism_patch', { x, y, side: field.side, score: shown(data[row * width + column]) })
  }

  render() {
    if (!this.map) return ''
    const text = this.reading()
    return html`<figure>
      <canvas tabindex="0" role="img" aria-label=${`${this.label}. ${text}`} @pointermove=${this.pointed} @pointerdown=${this.pointed}
        @pointerleave=${() => (this.chosen = null)} @keydown=${this.pressed}></canvas>
      <figcaption><strong>${this.label}</strong><code>${this.code}</code><output class="small" aria-live="polite">${text}</output></figcaption>
    </figure>`
  }
}

customElements.define('realism-map', RealismMap)
