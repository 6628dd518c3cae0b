// Real and made sequences in one frame: the curves, their spectrum, or their autocorrelation.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { drawComparison, drawOverlay } from './draw/sequences.js'
import { autocorrelation, spectrum } from './draw/signal.js'

/** @typedef {import('./draw/signal.js').Sequences} Sequences */

export class SequencePlot extends LitElement {
  static properties = { what: {}, label: {}, real: { attribute: false }, made: { attribute: false }, dim: { type: Number }, range: { attribute: false } }

  static styles = css`
    :host { display: block; border: 1px solid var(--rule); }
    canvas { display: block; width: 100%; height: 100%; }
  `

  constructor() {
    super()
    /** @type {'curves' | 'spectrum' | 'autocorrelation'} */
    this.what = 'curves'
    this.label = ''
    /** @type {Sequences | undefined} */
    this.real = undefined
    /** @type {Sequences | undefined} */
    this.made = undefined
    this.dim = 0
    /** @type {[number, number]} */
    this.range = [-1, 1]
    this.painter = new CanvasPainter(this, (context, size) => this.paint(context, size))
  }

  paint(context, size) {
    const { real, made, dim, range, what } = this
    const palette = readPalette(this)
    if (what === 'curves') return drawOverlay(context, { real, made, dim, range, palette }, size)
    const figure = { spectrum, autocorrelation }[what]
    const [ofReal, ofMade] = [real, made].map(sequences => sequences && figure(sequences, dim))
    const highest = Math.max(1e-9, ...(ofReal ?? []))
    // The scale is the real ones': what leaves it is what differs.
    drawComparison(context, { real: ofReal, made: ofMade, range: what === 'spectrum' ? [0, highest * 1.25] : [-1, 1], palette }, size)
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`
  }
}

customElements.define('sequence-plot', SequencePlot)
