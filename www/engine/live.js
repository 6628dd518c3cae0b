/** Pictures of a stream through a painter: one is under way at a time, and what comes meanwhile is dropped. */
import { surface } from '../files/canvas.js'
import { workingSize } from './working-size.js'
import { oneOf, within } from './options.js'
import { AtelierError } from './protocol.js'

/**
 * @typedef {'a' | 'b'} Domain
 * @typedef {HTMLVideoElement | VideoFrame | ImageBitmap | ImageData | HTMLCanvasElement | OffscreenCanvas} Frame
 *
 * @typedef {object} Painted
 * @property {ImageData} image the painting
 * @property {ImageData} original the picture as the network got it, of the same size
 * @property {number} ms from the call to the painting
 */

/** Workers that may end one after another, each with a picture under way, before it is the caller's affair. */
const mostLosses = 2

/** @param {any} image @returns {{ width: number, height: number }} */
const sizeOf = image => ({ width: image?.videoWidth ?? image?.displayWidth ?? image?.width, height: image?.videoHeight ?? image?.displayHeight ?? image?.height })

/** Whether a worker was lost, which the next picture need not know. @param {any} error */
const isLoss = ({ code, details }) => code === 'DeviceLost' || (code === 'Internal' && Boolean(details?.reason || details?.panic))

export class LivePainting {
  #paint
  #check
  #direction = /** @type {Domain} */ ('b')
  #side = 256
  /** What pictures are drawn on to be sent. @type {OffscreenCanvasRenderingContext2D | null} */
  #context = null
  #busy = false
  #losses = 0

  /**
   * @param {{ direction: Domain, side: number }} settings
   * @param {(args: { image: ImageBitmap | ImageData, direction: Domain, side: number }, transfer: Transferable[]) => Promise<{ image: ImageData, original: ImageData }>} paint
   * @param {(direction: Domain) => void} check throws where the painter has no such direction
   */
  constructor({ direction, side }, paint, check) {
    this.#paint = paint
    this.#check = check
    this.direction = direction
    this.side = side
  }

  /** The domain to arrive in; holds from the next picture on. */
  get direction() { return this.#direction }
  set direction(direction) {
    oneOf('direction', direction, ['a', 'b'])
    this.#check(direction)
    this.#direction = direction
  }

  /** The longer side while painting, 16 to 4096 pixels; holds from the next picture on. */
  get side() { return this.#side }
  set side(side) {
    within('side', side, 16, 4096)
    this.#side = Math.round(side)
  }

  /** Whether a picture is under way: another would be dropped. */
  get busy() { return this.#busy }

  /**
   * What is shown just now, painted. An `ImageBitmap` is given away, and closed also where it is dropped; anything else stays the caller's.
   * @param {Frame} image of any size
   * @returns {Promise<Painted | null>} null: it was dropped, since another is under way, the video has no picture yet, or its worker was
   *   lost; the next one is painted by a new worker. Rejects as `translate` does, and where workers are lost one after another.
   */
  async frame(image) {
    if (!(sizeOf(image).width >= 0)) throw new AtelierError('InvalidData', 'A picture of a stream is a video, a VideoFrame, an ImageBitmap, ImageData or a canvas.')
    if (this.#busy || !sizeOf(image).width) {
      if (image instanceof ImageBitmap) image.close()
      return null
    }
    this.#busy = true
    const started = performance.now()
    try {
      const sent = image instanceof ImageBitmap || image instanceof ImageData ? image : this.#taken(image)
      const given = image instanceof ImageData ? [] : [sent instanceof ImageData ? sent.data.buffer : sent]
      const made = await this.#paint({ image: sent, direction: this.#direction, side: this.#side }, given)
      this.#losses = 0
      return { ...made, ms: performance.now() - started }
    } catch (error) {
      if (!isLoss(/** @type {any} */ (error)) || ++this.#losses > mostLosses) throw error
      return null
    } finally {
      this.#busy = false
    }
  }

  /** As large as it will be painted: a camera's whole picture would be a hundred times the bytes. @param {Exclude<Frame, ImageBitmap | ImageData>} image */
  #taken(image) {
    const whole = sizeOf(image)
    const { width, height } = workingSize(whole.width, whole.height, this.#side)
    const context = this.#canvas(width, height)
    context.clearRect(0, 0, width, height)
    context.drawImage(image, 0, 0, width, height)
    return 'transferToImageBitmap' in context.canvas ? context.canvas.transferToImageBitmap() : context.getImageData(0, 0, width, height)
  }

  /** @param {number} width @param {number} height */
  #canvas(width, height) {
    const known = this.#context
    if (known && known.canvas.width === width && known.canvas.height === height) return known
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (surface(width, height).getContext('2d'))
    context.imageSmoothingQuality = 'medium'
    this.#context = context
    return context
  }
}
