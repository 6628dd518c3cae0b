/** What a file is, by its bytes: pictures that browsers decode, and those that deserve to be told by their names. */

const ascii = (/** @type {Uint8Array} */ bytes, /** @type {number} */ from, /** @type {number} */ to) =>
  String.fromCharCode(...bytes.subarray(from, to))

/** @typedef {'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'bmp'} Usual what every browser decodes */
/** @typedef {Usual | 'heic' | 'tiff' | 'raw' | 'svg' | 'pdf' | 'web_page' | 'other'} Format `other`: a picture of a rarer kind */

/** @type {Format[]} */
const usual = ['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp']
/** @param {Format | null} format @returns {format is Usual} */
export const isUsual = format => format !== null && usual.includes(format)

/** First bytes of cameras' own formats that are no TIFF (ORF of Olympus, RW2 of Panasonic, RAF of Fujifilm, X3F of Sigma, MRW of Minolta, CRW of Canon). */
const cameras = ['IIRO', 'IIRS', 'MMOR', 'IIU\0', 'FUJIFILM', 'FOVb', '\0MRM', 'II\x1a\0\0\0HEAPCCDR']
/** First bytes of rarer pictures, with their names. @type {[string, string][]} */
const rare = [
  ['8BPS', 'Photoshop'], ['\xff\x0a', 'JPEG XL'], ['\0\0\0\x0cJXL ', 'JPEG XL'], ['\0\0\0\x0cjP  ', 'JPEG 2000'], ['\xff\x4f\xff\x51', 'JPEG 2000'],
  ['v/1\x01', 'OpenEXR'], ['#?RADIANCE', 'Radiance HDR'], ['qoif', 'QOI'], ['%!PS', 'PostScript'], ['gimp xcf', 'GIMP'],
  ...['P1', 'P2', 'P3', 'P4', 'P5', 'P6'].flatMap(first => [`${first}\n`, `${first} `, `${first}\r`]).map(first => /** @type {[string, string]} */ ([first, 'Netpbm (PGM, PPM)'])),
]

/** The name of a rarer kind of picture. @param {Uint8Array} head */
export const rareName = head => rare.find(([first]) => ascii(head, 0, first.length) === first)?.[1]

/**
 * The format by its first bytes; a file's name says nothing.
 * @param {Uint8Array} head at least the first 1024 bytes, where there are as many @returns {Format | null} null: no picture that anybody here knows
 */
export function pictureFormat(head) {
  const starts = (/** @type {string} */ first) => ascii(head, 0, first.length) === first
  if (starts('\xff\xd8\xff')) return 'jpeg'
  if (starts('\x89PNG\r\n\x1a\n')) return 'png'
  if (starts('RIFF') && ascii(head, 8, 12) === 'WEBP') return 'webp'
  if (starts('GIF8')) return 'gif'
  if (starts('BM') && head.length > 26) return 'bmp'
  if (cameras.some(starts)) return 'raw'
  // Tagged: with 42 (TIFF), or 43 for files beyond 4 GB (BigTIFF). CR2 says so itself, other cameras' in their tags.
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some(starts)) return ascii(head, 8, 10) === 'CR' ? 'raw' : 'tiff'
  if (rareName(head)) return 'other'
  return isoFormat(head) ?? textFormat(head)
}

/** ISO 14496-12: major brand, version, then compatible brands. AVIF and HEIC share the generic brands mif1 and msf1. @param {Uint8Array} head @returns {Format | null} */
function isoFormat(head) {
  if (ascii(head, 4, 8) !== 'ftyp') return null
  const boxEnd = Math.min(head.length, (head[2] << 8) | head[3])
  const brands = [ascii(head, 8, 12)]
  for (let at = 16; at + 4 <= boxEnd; at += 4) brands.push(ascii(head, at, at + 4))
  if (brands.some(brand => brand === 'avif' || brand === 'avis')) return 'avif'
  if (brands.includes('crx ')) return 'raw'
  return brands.some(brand => /^(hei[cxsm]|hev[cxsm]|mif1|msf1)$/.test(brand)) ? 'heic' : null
}

/** @param {Uint8Array} head @returns {Format | null} */
function textFormat(head) {
  const wide = head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8'
  const text = new TextDecoder(wide).decode(head.subarray(0, 1024)).trimStart()
  // Readers look for it in the first kilobyte (PDF 32000-1, annex H.3.4.1).
  if (text.includes('%PDF-')) return 'pdf'
  if (!text.startsWith('<')) return null
  if (/<svg[\s>:]|<!DOCTYPE svg/i.test(text)) return 'svg'
  return /^<(!DOCTYPE html|html|head|body|script)\b/i.test(text) ? 'web_page' : null
}

/** Endings of cameras' own formats that are TIFF files. */
const cameraEnding = /\.(3fr|arw|cr2|dcr|dng|erf|fff|gpr|iiq|k25|kdc|mef|mos|nef|nrw|pef|raw|rwl|sr2|srf|srw)$/i
/** TIFF 6.0 and TIFF/EP: how a picture is meant, its kind, its camera, more of them; DNG: its version. */
const tags = { subfile: 0x00fe, photometric: 0x0106, make: 0x010f, more: 0x014a, dng: 0xc612 }
/** Behind a filter of colours (TIFF/EP), or of one (DNG). */
const sensor = [32803, 34892]
/** Directories that are looked into: a camera's file has up to five. */
const mostDirectories = 8

/**
 * Whether a TIFF is what a camera's sensor saw: a picture behind its colour filter lies in it, or only a small one where others begin.
 * @param {Blob} blob @param {string} [name]
 */
export async function isRaw(blob, name = /** @type {any} */ (blob).name ?? '') {
  if (cameraEnding.test(name)) return true
  const view = async (/** @type {number} */ from, /** @type {number} */ length) => new DataView(await blob.slice(from, from + length).arrayBuffer())
  const head = await view(0, 8)
  if (head.byteLength < 8) return false
  const little = head.getUint8(0) === 0x49
  const waiting = [head.getUint32(4, little)]
  for (let looked = 0; waiting.length && looked < mostDirectories; looked++) {
    const at = /** @type {number} */ (waiting.shift())
    const start = await view(at, 2)
    if (start.byteLength < 2) continue
    const entries = await view(at + 2, 12 * start.getUint16(0, little))
    /** @type {Record<number, { type: number, count: number, at: number }>} */
    const found = {}
    for (let entry = 0; entry + 12 <= entries.byteLength; entry += 12) {
      found[entries.getUint16(entry, little)] = { type: entries.getUint16(entry + 2, little), count: entries.getUint32(entry + 4, little), at: entry + 8 }
    }
    const number = (/** @type {number} */ tag) => found[tag] && (found[tag].type === 3 ? entries.getUint16(found[tag].at, little) : entries.getUint32(found[tag].at, little))
    if (found[tags.dng] || sensor.includes(number(tags.photometric))) return true
    if (looked === 0 && found[tags.make] && (number(tags.subfile) & 1)) return true
    const more = found[tags.more]
    if (more?.count === 1) waiting.push(number(tags.more))
    else if (more) {
      const list = await view(number(tags.more), 4 * Math.min(more.count, mostDirectories))
      for (let each = 0; each + 4 <= list.byteLength; each += 4) waiting.push(list.getUint32(each, little))
    }
  }
  return false
}
