/** A picture's size as its header tells it: by a library, and where it gives up or errs as decoders do, which are more forgiving. */
import { imageSize } from 'image-size'

/** @typedef {{ width: number, height: number }} Size */

const view = (/** @type {Uint8Array} */ { buffer, byteOffset, byteLength }) => new DataView(buffer, byteOffset, byteLength)

/** JPEG, ITU-T T.81 B.1.1.2: any number of fill bytes 0xFF may stand before a marker, and decoders skip what lies between. @param {DataView} bytes @returns {Size | null} */
function jpegSize(bytes) {
  for (let at = 2; at + 9 < bytes.byteLength;) {
    if (bytes.getUint8(at) !== 0xff) { at++; continue }
    const marker = bytes.getUint8(at + 1)
    if (marker === 0xff) at++
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd9)) at += 2
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { width: bytes.getUint16(at + 7), height: bytes.getUint16(at + 5) }
    // The entropy-coded part: no frame was described before it.
    else if (marker === 0xda) return null
    else at += 2 + bytes.getUint16(at + 2)
  }
  return null
}

/** Windows' and OS/2's older headers, of 12 bytes, have sizes of 16 bits. @param {DataView} bytes @returns {Size | null} */
function bmpSize(bytes) {
  if (bytes.byteLength < 26) return null
  if (bytes.getUint32(14, true) === 12) return { width: bytes.getUint16(18, true), height: bytes.getUint16(20, true) }
  // Counted from the top where the height is negative.
  return { width: bytes.getInt32(18, true), height: Math.abs(bytes.getInt32(22, true)) }
}

/** The first frame may be larger than the screen that the file states; decoders give way to it. @param {DataView} bytes @returns {Size | null} */
function gifSize(bytes) {
  if (bytes.byteLength < 13) return null
  const table = (/** @type {number} */ flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)
  const screen = { width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) }
  for (let at = 13 + table(bytes.getUint8(10)); at + 9 < bytes.byteLength;) {
    if (bytes.getUint8(at) === 0x2c) {
      const [left, top, width, height] = [1, 3, 5, 7].map(offset => bytes.getUint16(at + offset, true))
      return { width: Math.max(screen.width, left + width), height: Math.max(screen.height, top + height) }
    }
    if (bytes.getUint8(at) !== 0x21) break
    // An extension: its sub-blocks, each with its length, up to an empty one.
    for (at += 2; at < bytes.byteLength && bytes.getUint8(at); at += 1 + bytes.getUint8(at));
    at++
  }
  return screen
}

/** A still picture's property `ispe`, or the track's own description of a moving one (ISO 23008-12, ISO 14496-12). @param {DataView} bytes @returns {Size | null} */
function avifSize(bytes) {
  const box = (/** @type {number} */ at, /** @type {string} */ name) => [...name].every((letter, index) => bytes.getUint8(at + index) === letter.charCodeAt(0))
  for (let at = 4; at + 32 < bytes.byteLength; at++) {
    if (box(at, 'ispe')) return { width: bytes.getUint32(at + 8), height: bytes.getUint32(at + 12) }
    if (box(at, 'av01') && bytes.getUint32(at - 4) > 78) return { width: bytes.getUint16(at + 28), height: bytes.getUint16(at + 30) }
  }
  return null
}

/** @type {Record<string, (bytes: DataView) => Size | null>} */
const forgiving = { jpeg: jpegSize, bmp: bmpSize, gif: gifSize, avif: avifSize }
/** Where the library is not only strict but takes an old header's sizes for other ones. */
const mistaken = ['jpeg', 'bmp', 'gif']

/** @param {Uint8Array} bytes the beginning of the file @param {string | null} format @returns {Size | null} null where nobody can tell */
export function headerSize(bytes, format) {
  const known = (/** @type {Size | null | undefined} */ size) => (size && size.width > 0 && size.height > 0 ? { width: size.width, height: size.height } : null)
  const ours = () => known(forgiving[format ?? '']?.(view(bytes)))
  const library = () => {
    try {
      return known(imageSize(bytes))
    } catch {
      return null
    }
  }
  return mistaken.includes(format ?? '') ? ours() : library() ?? ours()
}
