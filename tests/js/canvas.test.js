import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { bitmapOf, fileOf, finished, surface } from '../../www/files/canvas.js'

const names = ['OffscreenCanvas', 'document', 'createImageBitmap']
afterEach(() => { for (const name of names) delete globalThis[name] })

test('a canvas is of the kind that there is; a worker without one says so', async () => {
  assert.throws(() => surface(4, 3), { code: 'Unsupported', details: { reason: 'no_canvas' } })
  globalThis.document = { createElement: tag => ({ tag, toBlob: (done, type, quality) => done({ type, quality }) }) }
  const element = surface(4, 3)
  assert.deepEqual([element.tag, element.width, element.height], ['canvas', 4, 3])
  assert.deepEqual(await fileOf(element, { type: 'image/jpeg', quality: 0.9 }), { type: 'image/jpeg', quality: 0.9 })
  assert.equal(finished(element), element)
  await assert.rejects(fileOf({ toBlob: done => done(null) }, { type: 'image/png' }), { code: 'OutOfMemory' })
  globalThis.OffscreenCanvas = class {
    constructor(width, height) { Object.assign(this, { width, height }) }
    convertToBlob({ type }) { return Promise.resolve(`file of ${type}`) }
    transferToImageBitmap() { return 'bitmap' }
  }
  assert.deepEqual(await fileOf(surface(2, 2), { type: 'image/png' }), 'file of image/png')
  assert.equal(finished(surface(2, 2)), 'bitmap')
})

test('an option that the browser does not know is left out; a picture that it cannot decode stays an error', async () => {
  const asked = []
  globalThis.createImageBitmap = async (...args) => {
    asked.push(args.length)
    if (args[0] === 'torn') throw new DOMException('no', 'InvalidStateError')
    if (args[1]?.imageOrientation === 'from-image') throw new TypeError('no such choice')
    return 'bitmap'
  }
  assert.equal(await bitmapOf('photo', { imageOrientation: 'from-image' }), 'bitmap')
  assert.equal(await bitmapOf('photo', { resizeWidth: 4 }), 'bitmap')
  await assert.rejects(bitmapOf('torn', { imageOrientation: 'from-image' }), { name: 'InvalidStateError' })
  assert.deepEqual(asked, [2, 1, 2, 2])
})
