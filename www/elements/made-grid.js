// Made pictures or curves of the same latents, row by row, in one canvas.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { drawGrid, gridHeight } from './draw/grid.js'
import { readPalette } from './draw/palette.js'

export class MadeGrid extends LitElement {
  static properties = { label: {}, tiles: { attribute: false }, columns: { type: Number }, ranges: { attribute: false }, other: { type: Boolean } }

  static styles = css`
    :host { display: block; }
    canvas { display: block; width: 100%; }
  `

  constructor() {
    super()
    this.label = ''
    /** @type {import('./draw/grid.js').Tile[]} */
    this.tiles = []
    this.columns = 4
    /** Lowest and highest of each value of a sequence. @type {[number, number][]} */
    this.ranges = []
    /** Curves of the run that is compared with: ink and dashes. */
    this.other = false
    this.painter = new CanvasPainter(this, (context, size) => {
      const palette = readPalette(this)
      const { tiles, columns, ranges, other } = this
      drawGrid(context, { tiles, columns, ranges, palette, color: other ? palette.ink : palette.made, dash: other ? [5, 3] : [] }, size)
    })
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label} .style=${`aspect-ratio: 1000 / ${gridHeight(this.tiles, this.columns, 1000)}`}></canvas>`
  }
}

customElements.define('made-grid', MadeGrid)
