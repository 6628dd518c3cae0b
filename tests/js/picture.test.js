import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSize, readHeader, workingSize } from '../../www/engine/picture.js'
import { pictureFormat } from '../../www/engine/picture-kinds.js'

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
