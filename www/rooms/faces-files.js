// From a visitor's file to a photo of the album, and to the small pictures that the networks see.
import { cornersOf, drawAligned } from '../elements/draw/crop.js'
import { bitmapOf, fileOf, finished, surface } from '../files/canvas.js'

/** Longer side of what is kept for the screen, pixels. */
const shownSide = 1024
const alignedSide = 96

/**
 * Looks for faces first: the model refuses by the header what is no picture or too large for a tab.
 * @param {Blob} blob @param {string} name @param {any} faces the open model @returns {Promise<import('./faces-album.js').Source>}
 */
export async function openSource(blob, name, faces) {
  const { width, height, faces: found } = await faces.find(blob)
  const scale = Math.min(1, shownSide / Math.max(width, height))
  // One side alone: the browser keeps the shape, also where the photo's orientation swaps the sides.
  const resize = width > height ? { resizeWidth: Math.max(1, Math.round(width * scale)) } : { resizeHeight: Math.max(1, Math.round(height * scale)) }
  const bitmap = onWhite(await bitmapOf(blob, { ...resize, resizeQuality: 'high', imageOrientation: 'from-image' }))
  return { blob, name, width, height, bitmap, faces: found }
}

/** As the networks see what is transparent. @param {ImageBitmap} bitmap is closed */
function onWhite(bitmap) {
  const canvas = surface(bitmap.width, bitmap.height)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return finished(canvas)
}

/** @param {ImageData} picture */
function pictureBlob(picture) {
  const canvas = surface(picture.width, picture.height)
  canvas.getContext('2d')?.putImageData(picture, 0, 0)
  return fileOf(canvas, { type: 'image/png' })
}

/** @type {WeakMap<import('../elements/draw/crop.js').Crop, ImageData>} */
const made = new WeakMap()

/** @param {import('./faces-album.js').Shot} shot */
export function alignedPicture({ source: { bitmap, width, height }, crop }) {
  const known = made.get(crop)
  if (known) return known
  const canvas = surface(alignedSide, alignedSide)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  // Beyond the photo's edge the networks see its border go on; a grey stands for it here.
  if (cornersOf(crop).some(({ x, y }) => x < 0 || y < 0 || x > width || y > height)) {
    context.fillStyle = '#888'
    context.fillRect(0, 0, alignedSide, alignedSide)
  }
  drawAligned(context, bitmap, bitmap.width / width, crop, alignedSide)
  const picture = context.getImageData(0, 0, alignedSide, alignedSide)
  made.set(crop, picture)
  return picture
}

const drawnSide = 256

/**
 * Faces drawn by our own code, whose place needs no looking for.
 * @param {any} atelier @param {number} person @param {{ yaw: number, smile?: number, light?: number }[]} views @param {(index: number) => string} nameOf
 * @returns {Promise<import('./faces-album.js').Source[]>}
 */
export async function drawnSource(atelier, person, views, nameOf) {
  const pictures = await atelier.drawFaces(views.map(view => ({ ...view, person, side: drawnSide })))
  const face = { x: drawnSide / 2, y: drawnSide / 2, size: drawnSide, roll: 0, score: 0 }
  return Promise.all(pictures.map(async (/** @type {ImageData} */ picture, /** @type {number} */ index) => ({
    // In whatever language the page has by then.
    get name() { return nameOf(index) },
    blob: await pictureBlob(picture), width: drawnSide, height: drawnSide, bitmap: await createImageBitmap(picture), faces: [face], drawn: true,
  })))
}
