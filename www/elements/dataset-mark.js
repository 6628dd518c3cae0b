// The small sketch of a dataset, in the colour of real things.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { draw } from './draw/marks.js'

export class DatasetMark extends LitElement {
  static properties = { name: {} }

  static styles = css`
    :host { display: block; aspect-ratio: 1; }
    canvas { display: block; width: 100%; height: 100%; }
  `

  constructor() {
    super()
    this.name = ''
    this.painter = new CanvasPainter(this, (context, size) => draw(context, { id: this.name, color: readPalette(this).real }, size))
  }

  render() {
    return html`<canvas aria-hidden="true"></canvas>`
  }
}

customElements.define('dataset-mark', DatasetMark)
