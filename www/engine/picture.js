/**
 * From whatever a visitor drops to RGBA at the size that is wanted. Runs in a worker: a page never decodes.
 * The size is read from the header first, so that a picture too large for memory is refused before anything is decoded.
 */
import { bitmapOf as decoded, surface } from '../files/canvas.js'
import { readsAvif } from './avif.js'
import { isRaw, isUsual, pictureFormat, rareName } from './picture-kinds.js'
import { headerSize } from './picture-size.js'
import { AtelierError } from './protocol.js'
import { workingSize } from './working-size.js'

export { workingSize }

/** 100 megapixels are 400 MB of RGBA: more than that ends a tab on a telephone. */
export const megapixelLimit = 100
/** A photo is painted at its own size up to this longer side; a larger one is made so small first. */
export const largestSide = 4096
/** Below this side there is nothing to paint, and the networks' reflected borders no longer fit. */
export const smallestSide = 8

/** What is no picture by its first bytes is given to the browser's decoders all the same, up to this many bytes. */
const mostGuessed = 64e6
/** Across, pixels: a decoding that only shows whether there is one. */
const triedWidth = 64

/** @param {string} reason @param {string} message @param {object} [more] */
const unsupported = (reason, message, more) => new AtelierError('UnsupportedImage', message, { reason, ...more })

/** @param {number} width @param {number} height */
export function checkSize(width, height) {
  const megapixels = (width * height) / 1e6
  if (megapixels > megapixelLimit) {
    throw new AtelierError('ImageTooLarge', `The picture has ${megapixels.toFixed(0)} megapixels; ${megapixelLimit} are the limit.`,
      { reason: 'too_large', width, height, megapixels: Math.round(megapixels), limit: megapixelLimit })
  }
  if (Math.min(width, height) < smallestSide) {
    throw unsupported('too_small', `The picture is ${width} x ${height}; ${smallestSide} pixels a side are the least.`, { width, height, least: smallestSide })
  }
}

/** @param {Blob} blob @param {number} [limit] */
async function bytesOf(blob, limit = blob.size) {
  try {
    return new Uint8Array(await blob.slice(0, limit).arrayBuffer())
  } catch (error) {
    // It was moved or changed since it was chosen.
    throw unsupported('unreadable', String(/** @type {any} */ (error)?.message ?? error))
  }
}

// `from-image` makes the browser apply the EXIF orientation, exactly once; nothing else here looks at it.
/** @param {Blob} blob @param {ImageBitmapOptions} [options] */
const bitmapOf = (blob, options) => decoded(blob, { imageOrientation: 'from-image', ...options })

/** A file of a usual format: is it the file's fault? @param {string} format @param {string} [message] the browser's */
async function undecoded(format, message = '') {
  if (format === 'avif' && !(await readsAvif())) return unsupported('avif', 'This browser does not decode AVIF.', { format })
  return unsupported('damaged', `The ${format} picture cannot be decoded. ${message}`.trim(), { format })
}

/** Why a file cannot be painted, by what it is. @param {Blob} blob @param {Uint8Array} head @param {import('./picture-kinds.js').Format | null} format */
async function refusal(blob, head, format) {
  const kind = format === 'tiff' && await isRaw(blob) ? 'raw' : format
  if (kind === null) return unsupported('not_an_image', 'The file is not a picture of a known format.')
  if (isUsual(kind)) return undecoded(kind)
  return unsupported(kind, `The browser cannot decode this: ${rareName(head) ?? kind}.`, { kind: rareName(head) })
}

/**
 * Format and size as the header tells them. What the header does not tell decides nothing: the browser's decoders do, first at a small
 * size, so that a file that none of them knows ends there.
 * @param {Blob} blob @returns {Promise<{ format: string, width: number, height: number }>}
 */
export async function readHeader(blob) {
  if (blob.size === 0) throw unsupported('empty', 'The file is empty.')
  const head = await bytesOf(blob, 1 << 18)
  const format = pictureFormat(head)
  // A camera's preview and colour profile may push the size hundreds of kilobytes into the file.
  let size = headerSize(head, format)
  if (!size && isUsual(format) && blob.size > head.length) size = headerSize(await bytesOf(blob, Math.min(blob.size, 1 << 25)), format)
  const large = Boolean(size && size.width * size.height > megapixelLimit * 1e6)
  if (isUsual(format) && size && (large || Math.min(size.width, size.height) >= smallestSide)) {
    checkSize(size.width, size.height)
    return { format, ...size }
  }
  const worthTrying = !large && (blob.size <= mostGuessed || isUsual(format))
  const tried = worthTrying ? await bitmapOf(blob, { resizeWidth: triedWidth }).catch(() => null) : null
  if (!tried) {
    if (isUsual(format) && size) checkSize(size.width, size.height)
    throw await refusal(blob, head, format)
  }
  tried.close()
  if (!size || isUsual(format)) {
    const full = await bitmapOf(blob).catch(async () => { throw await refusal(blob, head, format) })
    size = { width: full.width, height: full.height }
    full.close()
  }
  checkSize(size.width, size.height)
  return { format: format ?? 'other', ...size }
}

/** The photo's own size, as far as pictures are painted. @param {number} width @param {number} height */
export const ownSize = (width, height) => (Math.max(width, height) > largestSide ? workingSize(width, height, largestSide) : { width, height })

/** @param {Blob | ImageData | ImageBitmap} image @returns {Promise<ImageBitmap>} */
async function decode(image) {
  if (image instanceof ImageData || image instanceof ImageBitmap) {
    checkSize(image.width, image.height)
    return createImageBitmap(image)
  }
  if (!(image instanceof Blob)) throw unsupported('not_an_image', 'A picture is a Blob, ImageData, ImageBitmap or canvas.')
  const { format } = await readHeader(image)
  const full = await bitmapOf(image).catch(async error => { throw await undecoded(format, error.message) })
  try {
    checkSize(full.width, full.height)
  } catch (error) {
    full.close()
    throw error
  }
  return full
}

/**
 * Bytes that are wanted as they came, without a canvas: where a browser guards against being recognised, reading one may change them. @param {Blob | ImageData | ImageBitmap} image @param {PictureSize} size
 */
function pixelsOf(image, { width, height }) {
  if (!(image instanceof ImageData) || image.width !== width || image.height !== height) return null
  const { data, colorSpace = 'srgb' } = image
  if (!(data instanceof Uint8ClampedArray) || colorSpace !== 'srgb') return null
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return null
  return new ImageData(data.slice(), width, height)
}

/**
 * A decoded picture, upright; `at` gives it at any size, on white where it is transparent.
 * @typedef {{ width: number, height: number }} PictureSize
 * @typedef {PictureSize & { left: number, top: number }} Part
 * @typedef {PictureSize & { at: (size: PictureSize) => Promise<ImageData>, part: (part: Part, size: PictureSize) => Promise<ImageData>, close: () => void }} Picture
 * @param {Blob | ImageData | ImageBitmap} image @returns {Promise<Picture>}
 */
export async function openPicture(image) {
  const pixels = image instanceof ImageData
  if (pixels) checkSize(image.width, image.height)
  /** @type {Promise<ImageBitmap> | undefined} */
  let decoding
  // Of pixels only what is wanted of them in another size.
  const full = () => (decoding ??= decode(image))
  // The size is taken after decoding: the orientation may have swapped the sides.
  const { width, height } = pixels ? image : await full()
  return {
    width,
    height,
    at: async size => pixelsOf(image, size) ?? onWhite(await createImageBitmap(await full(), resized(size)), size),
    part: async ({ left, top, width, height }, size) => onWhite(await createImageBitmap(await full(), left, top, width, height, resized(size)), size),
    close: () => { decoding?.then(bitmap => bitmap.close(), () => {}) }
  }
}

/** @param {Blob | ImageData | ImageBitmap} image @param {number} side @param {number} [least] of the shorter side */
export async function preparePicture(image, side, least) {
  const picture = await openPicture(image)
  try {
    return await picture.at(workingSize(picture.width, picture.height, side, least))
  } finally {
    picture.close()
  }
}

/**
 * The middle squares of pictures, for learning from; on white where a picture is transparent.
 * @param {number} side @returns {(image: Blob | ImageData | ImageBitmap) => Promise<ImageData>} several may be under way
 */
export function squares(side) {
  const canvas = canvasOf(side, side)
  return async image => {
    const full = await decode(image)
    const size = { width: side, height: side }
    if (full.width === side && full.height === side) return onWhite(full, size, canvas)
    const shorter = Math.min(full.width, full.height)
    const [left, top] = [full.width - shorter, full.height - shorter].map(rest => Math.floor(rest / 2))
    const square = await createImageBitmap(full, left, top, shorter, shorter, resized(size))
    full.close()
    return onWhite(square, size, canvas)
  }
}

/** @param {number} width @param {number} height */
const canvasOf = (width, height) => /** @type {OffscreenCanvasRenderingContext2D} */ (
  surface(width, height).getContext('2d', { willReadFrequently: true }))

/** @param {PictureSize} size @returns {ImageBitmapOptions} */
const resized = ({ width, height }) => ({ resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })

/**
 * The pixels of a bitmap, which is closed; scaled where the browser did not do so when it was asked to.
 * @param {ImageBitmap} bitmap @param {PictureSize} size @param {OffscreenCanvasRenderingContext2D} [canvas] of that size
 */
function onWhite(bitmap, { width, height }, canvas = canvasOf(width, height)) {
  canvas.fillStyle = '#fff'
  canvas.fillRect(0, 0, width, height)
  canvas.imageSmoothingQuality = 'high'
  canvas.drawImage(bitmap, 0, 0, width, height)
  bitmap.close()
  return canvas.getImageData(0, 0, width, height)
}
