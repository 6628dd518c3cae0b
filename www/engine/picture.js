/**
 * From whatever a visitor drops to RGBA at the size that is wanted. Runs in a worker: a page never decodes.
 * The size is read from the header first, so that a picture too large for memory is refused before anything is decoded.
 */
import { imageSize } from 'image-size'
import { AtelierError } from './protocol.js'

/** 100 megapixels are 400 MB of RGBA: more than that ends a tab on a telephone. */
export const megapixelLimit = 100
/** A photo is painted at its own size up to this longer side; a larger one is made so small first. */
export const largestSide = 4096
/** Below this side there is nothing to paint, and the networks' reflected borders no longer fit. */
export const smallestSide = 8

const ascii = (/** @type {Uint8Array} */ bytes, /** @type {number} */ from, /** @type {number} */ to) =>
  String.fromCharCode(...bytes.subarray(from, to))

/**
 * The format by its first bytes; a file's name says nothing.
 * @param {Uint8Array} head at least the first 64 bytes, where there are as many
 * @returns {'jpeg' | 'png' | 'webp' | 'avif' | 'heic' | 'gif' | 'bmp' | null}
 */
export function pictureFormat(head) {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (ascii(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp'
  if (ascii(head, 0, 4) === 'GIF8') return 'gif'
  if (ascii(head, 0, 2) === 'BM' && head.length > 26) return 'bmp'
  if (ascii(head, 4, 8) !== 'ftyp') return null
  // ISO 14496-12: major brand, version, then compatible brands. AVIF and HEIC share the generic brands mif1 and msf1.
  const boxEnd = Math.min(head.length, (head[2] << 8) | head[3])
  const brands = [ascii(head, 8, 12)]
  for (let at = 16; at + 4 <= boxEnd; at += 4) brands.push(ascii(head, at, at + 4))
  if (brands.some(brand => brand === 'avif' || brand === 'avis')) return 'avif'
  return brands.some(brand => /^(hei[cxsm]|hev[cxsm]|mif1|msf1)$/.test(brand)) ? 'heic' : null
}

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
const bytesOf = async (blob, limit = blob.size) => new Uint8Array(await blob.slice(0, limit).arrayBuffer())

/**
 * Format and size as the header tells them.
 * @param {Blob} blob @returns {Promise<{ format: string, width: number, height: number }>}
 */
export async function readHeader(blob) {
  if (blob.size === 0) throw unsupported('empty', 'The file is empty.')
  const format = pictureFormat(await bytesOf(blob, 64))
  if (format === 'heic') throw unsupported('heic', 'This is a HEIC picture, which browsers cannot read.')
  if (!format) throw unsupported('not_an_image', 'The file is not a picture of a known format.')
  // A camera's preview and colour profile may push the size hundreds of kilobytes into the file.
  for (const limit of [1 << 18, Math.min(blob.size, 1 << 25)]) {
    try {
      const { width, height } = imageSize(await bytesOf(blob, limit))
      checkSize(width, height)
      return { format, width, height }
    } catch (error) {
      if (error instanceof AtelierError) throw error
      if (limit >= blob.size) break
    }
  }
  throw unsupported('damaged', `The ${format} file's header cannot be read.`, { format })
}

/**
 * The working size: the longer side becomes `side`, the shorter follows, and neither falls below what the networks need.
 * @param {number} width @param {number} height @param {number} side @param {number} [least] of the shorter side
 */
export function workingSize(width, height, side, least = 16) {
  const scale = side / Math.max(width, height)
  const fit = (/** @type {number} */ length) => Math.max(least, Math.round(length * scale))
  return { width: fit(width), height: fit(height) }
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
  // `from-image` makes the browser apply the EXIF orientation, exactly once; nothing else here looks at it.
  return createImageBitmap(image, { imageOrientation: 'from-image' }).catch(error => {
    throw unsupported('damaged', `The ${format} picture cannot be decoded: ${error.message}`, { format })
  })
}

/**
 * A decoded picture, upright; `at` gives it at any size, on white where it is transparent.
 * @typedef {{ width: number, height: number }} PictureSize
 * @typedef {PictureSize & { left: number, top: number }} Part
 * @typedef {PictureSize & { at: (size: PictureSize) => Promise<ImageData>, part: (part: Part, size: PictureSize) => Promise<ImageData>, close: () => void }} Picture
 * @param {Blob | ImageData | ImageBitmap} image @returns {Promise<Picture>}
 */
export async function openPicture(image) {
  const full = await decode(image)
  // The size is taken after decoding: the orientation may have swapped the sides.
  return {
    width: full.width,
    height: full.height,
    async at({ width, height }) {
      const scaled = await createImageBitmap(full, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
      return onWhite(scaled)
    },
    async part({ left, top, width: across, height: down }, { width, height }) {
      return onWhite(await createImageBitmap(full, left, top, across, down, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' }))
    },
    close: () => full.close()
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
 * The middle square of a picture, for learning from.
 * @param {Blob | ImageData | ImageBitmap} image @param {number} side @returns {Promise<ImageData>} on white where the picture is transparent
 */
export async function squarePicture(image, side) {
  const full = await decode(image)
  const shorter = Math.min(full.width, full.height)
  const [left, top] = [full.width - shorter, full.height - shorter].map(rest => Math.floor(rest / 2))
  const square = await createImageBitmap(full, left, top, shorter, shorter, { resizeWidth: side, resizeHeight: side, resizeQuality: 'high' })
  full.close()
  return onWhite(square)
}

/** The pixels of a bitmap, which is closed. @param {ImageBitmap} bitmap */
function onWhite(bitmap) {
  const { width, height } = bitmap
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true }))
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, width, height)
}
