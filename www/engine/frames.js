/** Pictures of a stream as the networks take them, in a worker: all of one size are drawn on one canvas. */
import { surface } from '../files/canvas.js'
import { checkSize, workingSize } from './picture.js'

export class Frames {
  /** @type {OffscreenCanvasRenderingContext2D | null} */
  #context = null

  /** @param {ImageData | ImageBitmap} image a bitmap is closed @param {number} side the longer one @returns {Promise<ImageData>} */
  async read(image, side) {
    checkSize(image.width, image.height)
    const { width, height } = workingSize(image.width, image.height, side)
    if (image instanceof ImageData && image.width === width && image.height === height) return image
    const bitmap = image instanceof ImageData ? await createImageBitmap(image) : image
    const context = this.#canvas(width, height)
    // White where it is transparent, as any photo.
    context.fillRect(0, 0, width, height)
    context.drawImage(bitmap, 0, 0, width, height)
    bitmap.close()
    return context.getImageData(0, 0, width, height)
  }

  /** @param {number} width @param {number} height */
  #canvas(width, height) {
    const known = this.#context
    if (known && known.canvas.width === width && known.canvas.height === height) return known
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (surface(width, height).getContext('2d', { willReadFrequently: true }))
    context.fillStyle = '#fff'
    context.imageSmoothingQuality = 'high'
    this.#context = context
    return context
  }
}
