// One sequence of a batch as a small curve.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { drawSequence } from './draw/sequences.js'

export class SequencePicture extends LitElement {
  static properties = { label: {}, kind: {}, index: { type: Number }, sequences: { attribute: false }, ranges: { attribute: false } }

  static styles = css`
    :host { display: block; }
    canvas { display: block; width: 100%; aspect-ratio: 4 / 3; border: 1px solid var(--edge); background: var(--sheet); }
  `

  constructor() {
    super()
    this.label = ''
    /** @type {'real' | 'made'} */
    this.kind = 'real'
    this.index = 0
    /** @type {import('./draw/signal.js').Sequences | undefined} */
    this.sequences = undefined
    /** @type {[number, number][]} */
    this.ranges = []
    this.painter = new CanvasPainter(this, (context, size) => {
      const palette = readPalette(this)
      const { sequences, index, ranges } = this
      if (sequences) drawSequence(context, { sequences, index, ranges, color: palette[this.kind], palette }, size)
    })
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`
  }
}

customElements.define('sequence-picture', SequencePicture)
