// Many small pictures as one: a contact sheet whose pixels stay whole.
import { fileOf, surface } from '../../files/canvas.js'

/**
 * @param {{ data: Uint8ClampedArray, shape: number[], rows?: string[] }} batch shape: n, h, w, 4; rows: names of rows of equal length
 * @param {number} side of the sheet, in pixels, at most
 * @returns {Promise<Blob>} a PNG
 */
export function contactSheet({ data, shape: [count, height, width], rows }, side) {
  const columns = rows ? count / rows.length : Math.ceil(Math.sqrt(count))
  const lines = Math.ceil(count / columns)
  const zoom = Math.max(1, Math.floor(side / (Math.max(columns * width, lines * height))))
  const [wide, high] = [width * zoom, height * zoom]
  const sheet = surface(columns * wide, lines * high)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (sheet.getContext('2d'))
  const tile = surface(width, height)
  const small = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'))
  context.imageSmoothingEnabled = false
  const length = width * height * 4
  for (let index = 0; index < count; index++) {
    small.putImageData(new ImageData(new Uint8ClampedArray(data.subarray(index * length, (index + 1) * length)), width, height), 0, 0)
    context.drawImage(tile, (index % columns) * wide, Math.floor(index / columns) * high, wide, high)
  }
  return fileOf(sheet, { type: 'image/png' })
}
