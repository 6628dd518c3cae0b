// One picture of a batch, as large as its place, its pixels to be seen.
import { LitElement, css, html } from 'lit'
import { CanvasPainter } from './draw/canvas.js'
import { draw } from './draw/pictures.js'

export class PixelPicture extends LitElement {
  static properties = { label: {}, index: { type: Number }, pixels: { attribute: false }, width: { type: Number }, height: { type: Number } }

  static styles = css`
    :host { display: block; }
    canvas { display: block; width: 100%; aspect-ratio: 1; border: 1px solid var(--edge); background: #000; image-rendering: pixelated; }
  `

  constructor() {
    super()
    this.label = ''
    this.index = 0
    /** @type {Uint8ClampedArray | undefined} */
    this.pixels = undefined
    this.width = 32
    this.height = 32
    this.painter = new CanvasPainter(this, (context, size) => {
      if (this.pixels) draw(context, { pixels: this.pixels, width: this.width, height: this.height, index: this.index }, size)
    })
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`
  }
}

customElements.define('pixel-picture', PixelPicture)
