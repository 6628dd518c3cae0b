import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSize, readHeader, workingSize } from '../../www/engine/picture.js'
import { isRaw, pictureFormat } from '../../www/engine/picture-kinds.js'
import { headerSize } from '../../www/engine/picture-size.js'

const bytes = (...parts) => Uint8Array.from(parts.flatMap(part => (typeof part === 'string' ? [...part].map(letter => letter.charCodeAt(0)) : part)))
const be32 = value => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** Header of a PNG: signature, then IHDR. */
const png = (width, height) => bytes('\x89PNG\r\n\x1a\n', be32(13), 'IHDR', be32(width), be32(height), [8, 6, 0, 0, 0], be32(0))
/** Header of an ISO media file with the given brands. */
const ftyp = (major, ...compatible) => bytes(be32(16 + 4 * compatible.length), 'ftyp', major, be32(0), ...compatible)

test('formats are told by their first bytes', () => {
  assert.equal(pictureFormat(bytes([0xff, 0xd8, 0xff, 0xe1])), 'jpeg')
  assert.equal(pictureFormat(png(3, 4)), 'png')
  assert.equal(pictureFormat(bytes('RIFF', be32(0), 'WEBPVP8 ')), 'webp')
  assert.equal(pictureFormat(ftyp('avif', 'mif1')), 'avif')
  assert.equal(pictureFormat(ftyp('mif1', 'avif')), 'avif')
  assert.equal(pictureFormat(ftyp('heic', 'mif1')), 'heic')
  assert.equal(pictureFormat(ftyp('mif1', 'heic')), 'heic')
  assert.equal(pictureFormat(ftyp('isom', 'mp41')), null)
  assert.equal(pictureFormat(bytes('hello, I am called photo.jpg')), null)
})

const rejects = (blob, code, reason) => assert.rejects(readHeader(blob), error => error.code === code && error.details.reason === reason)

test('each kind of bad file has its own reason', async () => {
  await rejects(new Blob([]), 'UnsupportedImage', 'empty')
  await rejects(new Blob(['hello, I am called photo.jpg'], { type: 'image/jpeg' }), 'UnsupportedImage', 'not_an_image')
  await rejects(new Blob([ftyp('heic', 'mif1')]), 'UnsupportedImage', 'heic')
  await rejects(new Blob([png(1, 1)]), 'UnsupportedImage', 'too_small')
  await rejects(new Blob([bytes([0xff, 0xd8, 0xff, 0xe0], be32(0))]), 'UnsupportedImage', 'damaged')
  await rejects(new Blob([png(20000, 5001)]), 'ImageTooLarge', 'too_large')
})

test('a picture of exactly the limit passes, from its header alone', async () => {
  const { format, width, height } = await readHeader(new Blob([png(20000, 5000)]))
  assert.deepEqual([format, width, height], ['png', 20000, 5000])
  assert.throws(() => checkSize(10001, 10000), error => error.details.megapixels === 100 && error.details.limit === 100)
})

test('the longer side becomes the working side, and the proportions stay', () => {
  assert.deepEqual(workingSize(4000, 3000, 256), { width: 256, height: 192 })
  assert.deepEqual(workingSize(300, 600, 512), { width: 256, height: 512 })
  assert.deepEqual(workingSize(10000, 10, 256), { width: 256, height: 16 })
})

const le16 = value => [value & 255, value >>> 8]
const le32 = value => [...le16(value & 65535), ...le16(value >>> 16)]

test('what browsers do not decode is told by its name', () => {
  const kinds = {
    tiff: ['II*\0', 'MM\0*', 'II+\0'], raw: ['II*\0\x10\0\0\0CR\x02\0', 'IIRO', 'IIU\0', 'FUJIFILMCCD-RAW 0201', 'FOVb', '\0MRM'], pdf: ['%PDF-1.7', '\n%PDF-1.4'],
    svg: ['<svg xmlns="http://www.w3.org/2000/svg">', '\n<?xml version="1.0"?>\n<!-- drawn --><svg width="3">', '<!DOCTYPE svg PUBLIC "x">'],
    web_page: ['<!DOCTYPE html><html>', '<html lang="en">'], other: ['8BPS\0\x01', '\0\0\0\x0cJXL \r\n', '\0\0\0\x0cjP  \r\n', 'v/1\x01', 'P5 92 112 255 '],
  }
  for (const [kind, heads] of Object.entries(kinds)) for (const head of heads) assert.equal(pictureFormat(bytes(head)), kind, JSON.stringify(head))
  assert.equal(pictureFormat(ftyp('crx ', 'isom')), 'raw')
  assert.equal(pictureFormat(bytes([0xef, 0xbb, 0xbf], '<svg xmlns="x">')), 'svg')
  assert.equal(pictureFormat(Uint8Array.of(0xff, 0xfe, ...[...'<svg width="3">'].flatMap(letter => [letter.charCodeAt(0), 0]))), 'svg')
  assert.equal(pictureFormat(bytes('PK\x03\x04')), null)
})

/** A TIFF of one directory: tag, type, count, value. */
const tiff = (...entries) => bytes('II*\0', le32(8), le16(entries.length), ...entries.map(([tag, type, count, value]) => [...le16(tag), ...le16(type), ...le32(count), ...le32(value)]), le32(0))
/** More of it where the first directory ends. */
const tiffIn = (outer, inner) => { const start = tiff(...outer, [0x14a, 4, 1, 0]); return bytes(...[tiff(...outer, [0x14a, 4, 1, start.length]), tiff(...inner).subarray(8)].map(part => [...part])) }

test('a camera’s raw file is told from a TIFF by its tags, or by its ending', async () => {
  const raw = (data, name = 'x.tif') => isRaw(new File([data], name))
  assert.equal(await raw(tiff([0x100, 3, 1, 40], [0x106, 3, 1, 2])), false)
  // Made by a scanner that says who it is.
  assert.equal(await raw(tiff([0x106, 3, 1, 2], [0x10f, 2, 4, 0x4e4f53])), false)
  assert.equal(await raw(tiff([0xc612, 1, 4, 1])), true)
  assert.equal(await raw(tiff([0x106, 3, 1, 32803])), true)
  assert.equal(await raw(tiffIn([[0x106, 3, 1, 2]], [[0x106, 3, 1, 32803]])), true)
  assert.equal(await raw(tiff([0xfe, 4, 1, 1], [0x10f, 2, 6, 200])), true)
  assert.equal(await raw(tiff([0x106, 3, 1, 2]), 'DSC_1.NEF'), true)
  // Nonsense ends, too.
  for (const torn of [bytes('II*\0'), bytes('II*\0', le32(8), le16(65535)), tiff([0x14a, 4, 1, 8]), tiff([0x14a, 4, 4e9, 8])]) assert.equal(await raw(torn), false)
})

test('sizes are found where a strict reader gives up', () => {
  const frame = [0xff, 0xc0, 0, 17, 8, 0, 32, 0, 40, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
  const jpeg = (...before) => bytes([0xff, 0xd8], ...before, frame)
  const size = { width: 40, height: 32 }
  assert.deepEqual(headerSize(jpeg([0xff, 0xff, 0xff, 0xe0, 0, 4, 1, 2], [0xff, 0xff]), 'jpeg'), size)
  // EXIF that is none, and bytes between the segments.
  assert.deepEqual(headerSize(jpeg([0xff, 0xe1, 0, 12, ...bytes('Exif\0\0'), 9, 9, 9, 9], [7, 7, 7]), 'jpeg'), size)
  assert.deepEqual(headerSize(bytes('BM', le32(0), le32(0), le32(26), le32(12), le16(40), le16(32), le16(1), le16(24), [0, 0]), 'bmp'), size)
  assert.deepEqual(headerSize(bytes('BM', le32(0), le32(0), le32(54), le32(40), le32(40), le32(-32 >>> 0), le16(1), le16(24)), 'bmp'), size)
  const gif = (width, height) => bytes('GIF89a', le16(width), le16(height), [0x80, 0, 0, 0, 0, 0, 255, 255, 255], [0x21, 0xf9, 4, 0, 0, 0, 0, 0], [0x2c], le16(0), le16(0), le16(40), le16(32), [0, 2, 1, 0, 0])
  assert.deepEqual(headerSize(gif(0, 0), 'gif'), size)
  assert.deepEqual(headerSize(gif(3, 2), 'gif'), size)
  assert.deepEqual(headerSize(gif(50, 40), 'gif'), { width: 50, height: 40 })
  const moving = bytes(ftyp('avis', 'msf1'), be32(8), 'free', be32(120), 'av01', Array(24).fill(0), [0, 40, 0, 32], Array(90).fill(0))
  assert.deepEqual(headerSize(bytes(...[moving].map(part => [...part])), 'avif'), size)
  assert.equal(headerSize(bytes([0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 'jpeg'), null)
})

test('what the browser decodes is taken, whatever its header says, and tried at a small size first', async () => {
  const asked = []
  globalThis.createImageBitmap = async (_, { resizeWidth } = {}) => { asked.push(resizeWidth); return { width: 40, height: 32, close() {} } }
  try {
    const { width, height } = await readHeader(new Blob([bytes([0xff, 0xd8, 0xff, 0xe0], be32(0))]))
    assert.deepEqual([width, height, asked[0] < 100, asked[1]], [40, 32, true, undefined])
    assert.equal((await readHeader(new Blob([png(1, 1)]))).width, 40)
    assert.equal((await readHeader(new Blob(['an icon, say']))).format, 'other')
    globalThis.createImageBitmap = async (_, { resizeWidth } = {}) => ({ width: resizeWidth ?? 20000, height: 20000, close() {} })
    await rejects(new Blob([bytes([0xff, 0xd8, 0xff, 0xe0], be32(0))]), 'ImageTooLarge', 'too_large')
    globalThis.createImageBitmap = async () => { throw new Error('no') }
    await rejects(new Blob([tiff([0x106, 3, 1, 2])]), 'UnsupportedImage', 'tiff')
    await rejects(new File([tiff([0x106, 3, 1, 2])], 'a.dng'), 'UnsupportedImage', 'raw')
    await rejects(new Blob(['%PDF-1.7']), 'UnsupportedImage', 'pdf')
    await rejects(new Blob(['<svg width="3"/>']), 'UnsupportedImage', 'svg')
    await rejects(new Blob(['8BPS\0\x01']), 'UnsupportedImage', 'other')
  } finally {
    delete globalThis.createImageBitmap
  }
})
