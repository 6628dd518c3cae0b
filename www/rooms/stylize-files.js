// Pictures as files: encoding, names, the zip, the clipboard, the share sheet. What a canvas encodes carries no metadata: neither
// place nor camera of the photo survive.
import { bitmapOf, fileOf, surface } from '../files/canvas.js'

export const extensions = { 'image/png': 'png', 'image/jpeg': 'jpg' }

/** @param {ImageData} image @param {string} type @param {number} [quality] 0..1, JPEG only @returns {Promise<Blob>} */
export function encode(image, type, quality) {
  const canvas = surface(image.width, image.height)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'))
  context.putImageData(image, 0, 0)
  return fileOf(canvas, { type, quality })
}

/** @param {Blob} blob @returns {Promise<ImageData>} */
export async function decode(blob) {
  const bitmap = await bitmapOf(blob, { colorSpaceConversion: 'none' })
  const canvas = surface(bitmap.width, bitmap.height)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

/** Longer side of a thumbnail, pixels: enough for a square of 3.5 rem on a dense screen. */
const thumbSide = 160

/** @param {Blob | ImageData} image @param {{ width: number, height: number }} size */
export function thumbnail(image, { width, height }) {
  const scale = thumbSide / Math.max(width, height)
  // One side alone: the browser keeps the shape, also where the photo's orientation swaps the sides.
  const resize = width > height ? { resizeWidth: Math.max(1, Math.round(width * scale)) } : { resizeHeight: Math.max(1, Math.round(height * scale)) }
  return bitmapOf(image, { ...resize, resizeQuality: 'medium', imageOrientation: 'from-image' })
}

/** @param {string} name of the photo @param {string} made what was made of it @param {string} type */
export function fileName(name, made, type) {
  // Neither folders nor what file systems forbid; the visitor's own letters stay.
  const stem = name.replace(/\.[^.]*$/, '').replace(/[\\/:*?"<>|\p{Cc}]+/gu, '_').trim() || 'picture'
  return `${stem}-${made}.${extensions[type]}`
}

/** The same names, later ones numbered where two would be one on a file system that ignores case. @param {string[]} names */
export function apart(names) {
  const taken = new Set()
  return names.map(name => {
    const [, stem, ending] = /** @type {RegExpMatchArray} */ (name.match(/^(.*?)(\.[^.]*)?$/))
    let free = name
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${stem}-${count}${ending ?? ''}`
    taken.add(free.toLowerCase())
    return free
  })
}

/** @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** One file after another is made and written, so that never more than one stands uncompressed. @param {AsyncIterable<{ name: string, input: Blob }>} files */
export async function zip(files) {
  const { downloadZip } = await import('client-zip')
  return downloadZip(/** @type {any} */ (files)).blob()
}

export const canCopy = () => typeof ClipboardItem !== 'undefined' && Boolean(navigator.clipboard?.write)

/** @param {Promise<Blob>} png the clipboard takes no other picture */
export function copy(png) {
  // The promise itself: the browser must see the call within the visitor's click, before the picture is encoded.
  return navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
}

export function canShare() {
  return Boolean(navigator.canShare?.({ files: [new File([''], 'picture.png', { type: 'image/png' })] }))
}

/** @param {Blob} blob @param {string} name */
export async function share(blob, name) {
  const file = new File([blob], name, { type: blob.type })
  // The visitor's second thought is no failure.
  await navigator.share({ files: [file] }).catch(error => { if (error.name !== 'AbortError') throw error })
}
