// A few sequences on one another, small, each value in its own range: what a way of reading a table would give.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { drawSequence } from './draw/sequences.js'

const mostLines = 6

export class CurveSketch extends LitElement {
  static properties = { label: {}, sequences: { attribute: false }, ranges: { attribute: false } }

  static styles = css`
    :host { display: block; }
    canvas { display: block; width: 100%; aspect-ratio: 2 / 1; border: 1px solid var(--edge); background: var(--sheet); }
  `

  constructor() {
    super()
    this.label = ''
    /** @type {import('./draw/signal.js').Sequences | undefined} */
    this.sequences = undefined
    /** @type {[number, number][]} */
    this.ranges = []
    this.painter = new CanvasPainter(this, (context, size) => {
      const palette = readPalette(this)
      const { sequences, ranges } = this
      if (!sequences) return
      const [count, , dims] = sequences.shape
      // Of sequences with many values few: the eye follows so many lines.
      for (let index = 0; index < Math.min(count, Math.max(1, Math.round(mostLines / dims))); index++) {
        drawSequence(context, { sequences, index, ranges, color: palette.real, palette }, size)
      }
    })
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`
  }
}

customElements.define('curve-sketch', CurveSketch)
