/** Pixels that are given as pixels: what is wanted as it came goes through no canvas. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

const scope = /** @type {any} */ (globalThis)
scope.ImageData = class {
  constructor(data, width, height, { colorSpace = 'srgb' } = {}) { Object.assign(this, { data, width, height, colorSpace }) }
}
scope.ImageBitmap = class {}
let bitmaps = 0
scope.createImageBitmap = async () => {
  bitmaps++
  throw new Error('a bitmap was asked for')
}
const { openPicture } = await import('../../www/engine/picture.js')

const picture = (alpha = 255, more = {}) => {
  const data = Uint8ClampedArray.from({ length: 4 * 20 * 24 }, (_, at) => (at % 4 === 3 ? 255 : at % 251))
  data[4 * 77 + 3] = alpha
  return new scope.ImageData(data, 20, 24, more)
}
const size = { width: 20, height: 24 }

test('opaque pixels of the wanted size are copied', async () => {
  const given = picture()
  const opened = await openPicture(given)
  const pixels = await opened.at(size)
  assert.deepEqual([opened.width, opened.height, pixels.width, pixels.height], [20, 24, 20, 24])
  assert.deepEqual(pixels.data, given.data)
  assert.notEqual(pixels.data, given.data)
  opened.close()
  assert.equal(bitmaps, 0)
})

test('another size, transparency or another colour space is the browser\'s to turn into pixels', async () => {
  const asked = async (given, wanted = size) => {
    const before = bitmaps
    await assert.rejects((await openPicture(given)).at(wanted), /a bitmap was asked for/)
    return bitmaps - before
  }
  assert.equal(await asked(picture(), { width: 10, height: 12 }), 1)
  assert.equal(await asked(picture(254)), 1)
  assert.equal(await asked(picture(255, { colorSpace: 'display-p3' })), 1)
})

test('a picture that is too small is refused before it is anything else', async () => {
  const given = new scope.ImageData(new Uint8ClampedArray(4), 1, 1)
  await assert.rejects(openPicture(given), error => error.code === 'UnsupportedImage' && error.details.reason === 'too_small')
})
