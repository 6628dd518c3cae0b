// Pictures one after another, as a GIF: encoded as they come, so that none of them is kept.
import { GIFEncoder, applyPalette, quantize } from 'gifenc'

/** A GIF's colours; each frame has its own. */
const colours = 64

export class Film {
  /** @param {number} delay ms that a frame is shown */
  constructor(delay) {
    this.delay = delay
    this.count = 0
    this.encoder = GIFEncoder()
  }

  /** @param {HTMLCanvasElement} canvas all of one film have one size */
  add(canvas, delay = this.delay) {
    const { width, height } = canvas
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    const { data } = context.getImageData(0, 0, width, height)
    const palette = quantize(data, colours)
    this.encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay })
    this.count++
  }

  /** @returns {Blob} */
  end() {
    this.encoder.finish()
    return new Blob([this.encoder.bytes()], { type: 'image/gif' })
  }
}
