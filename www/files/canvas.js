/**
 * Canvases that nobody sees, and decoded pictures: by what the browser has, in a page and in a worker. Browsers differ in whether there is
 * a canvas without a page, and in which options a decoding listens to.
 */

/**
 * Where there are no canvases without a page, an element of the page does the same; a worker then cannot draw.
 * @param {number} width @param {number} height @returns {OffscreenCanvas}
 */
export function surface(width, height) {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  if (typeof document !== 'undefined') return /** @type {any} */ (Object.assign(document.createElement('canvas'), { width, height }))
  throw Object.assign(new Error('This browser has no canvas for workers.'), { code: 'Unsupported', details: { reason: 'no_canvas' } })
}

/** @param {OffscreenCanvas | HTMLCanvasElement} canvas @param {{ type: string, quality?: number }} kind @returns {Promise<Blob>} */
export async function fileOf(canvas, { type, quality }) {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type, quality })
  const blob = await new Promise(resolve => canvas.toBlob(resolve, type, quality))
  if (!blob) throw Object.assign(new Error('There is no memory for the picture.'), { code: 'OutOfMemory' })
  return blob
}

/** What was drawn, for drawing it elsewhere; nothing is drawn on it any more. @param {OffscreenCanvas} canvas @returns {ImageBitmap} */
export const finished = canvas => ('transferToImageBitmap' in canvas ? canvas.transferToImageBitmap() : canvas)

/**
 * As `createImageBitmap`, where an option's choice may be unknown: then without options. Who asked for a size looks at what came.
 * @param {ImageBitmapSource} source @param {ImageBitmapOptions} options @returns {Promise<ImageBitmap>}
 */
export async function bitmapOf(source, options) {
  try {
    return await createImageBitmap(source, options)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return createImageBitmap(source)
  }
}
