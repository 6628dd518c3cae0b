// One picture of a batch, enlarged without smoothing: the visitor should see the pixels the networks see.
import { surface } from '../../files/canvas.js'

/** @type {OffscreenCanvas | undefined} */
let tile

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ pixels: Uint8ClampedArray, width: number, height: number, index: number }} picture pixels: RGBA of the whole batch
 * @param {{ width: number, height: number }} size
 */
export function draw(context, { pixels, width, height, index }, size) {
  if (tile?.width !== width || tile?.height !== height) tile = surface(width, height)
  const length = width * height * 4
  const own = new Uint8ClampedArray(pixels.subarray(index * length, (index + 1) * length))
  const target = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'))
  target.putImageData(new ImageData(own, width, height), 0, 0)
  context.imageSmoothingEnabled = false
  context.drawImage(tile, 0, 0, size.width, size.height)
}
