import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.ImageData ??= class ImageData { constructor(width, height) { Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) }) } }
globalThis.ImageBitmap ??= class ImageBitmap { constructor(width, height) { Object.assign(this, { width, height, closed: false }) } close() { this.closed = true } }

const { LivePainting } = await import('../../www/engine/live.js')
const { AtelierError } = await import('../../www/engine/protocol.js')

/** Paintings that are answered by hand. */
function stream() {
  const asked = []
  const paint = (args, transfer) => new Promise((resolve, reject) => asked.push({ args, transfer, resolve, reject }))
  const check = direction => { if (direction === 'a') throw new AtelierError('Unsupported', '', { reason: 'one_direction' }) }
  return { asked, live: new LivePainting({ direction: 'b', side: 256 }, paint, check) }
}

const made = () => ({ image: new ImageData(4, 3), original: new ImageData(4, 3) })
const lost = () => new AtelierError('Internal', 'the worker was ended', { reason: 'killed' })

test('one picture is under way at a time; what comes meanwhile is dropped, and a bitmap of it closed', async () => {
  const { asked, live } = stream()
  const first = live.frame(new ImageData(640, 480))
  assert.ok(live.busy)
  const bitmap = new ImageBitmap(640, 480)
  assert.equal(await live.frame(bitmap), null)
  assert.ok(bitmap.closed)
  assert.equal(asked.length, 1)
  asked[0].resolve(made())
  const { image, original, ms } = await first
  assert.deepEqual([image.width, original.height], [4, 3])
  assert.ok(ms >= 0)
  assert.ok(!live.busy)
})

test('a bitmap is given away, the caller’s picture is not; side and direction hold from the next picture on', async () => {
  const { asked, live } = stream()
  const bitmap = new ImageBitmap(640, 480)
  live.side = 191.6
  const painted = live.frame(bitmap)
  live.side = 128
  assert.deepEqual(asked[0].transfer, [bitmap])
  assert.deepEqual({ side: asked[0].args.side, direction: asked[0].args.direction }, { side: 192, direction: 'b' })
  asked[0].resolve(made())
  await painted
  live.frame(new ImageData(8, 8))
  assert.deepEqual(asked[1].transfer, [])
  assert.equal(asked[1].args.side, 128)
})

test('a video without a picture is no error; what is no picture is one, and so are a side and a direction that there is not', async () => {
  const { asked, live } = stream()
  assert.equal(await live.frame({ videoWidth: 0, videoHeight: 0, width: 640, height: 480 }), null)
  for (const none of [null, undefined, {}, 'photo.jpg']) await assert.rejects(live.frame(none), { code: 'InvalidData' })
  assert.equal(asked.length, 0)
  for (const side of [8, 5000, NaN]) assert.throws(() => { live.side = side }, { code: 'InvalidConfig' })
  assert.throws(() => { live.direction = 'a' }, { code: 'Unsupported' })
  assert.throws(() => { live.direction = 'c' }, { code: 'InvalidConfig' })
  assert.deepEqual([live.side, live.direction], [256, 'b'])
})

test('a lost worker costs a picture; one after another are told, and so is everything else', async () => {
  const { asked, live } = stream()
  const lose = async error => {
    const answer = live.frame(new ImageData(8, 8))
    asked.at(-1).reject(error)
    return answer
  }
  assert.equal(await lose(lost()), null)
  assert.equal(await lose(lost()), null)
  await assert.rejects(lose(lost()), { code: 'Internal' })
  const good = live.frame(new ImageData(8, 8))
  asked.at(-1).resolve(made())
  assert.ok(await good)
  assert.equal(await lose(lost()), null)
  await assert.rejects(lose(new AtelierError('UnsupportedImage', 'too small')), { code: 'UnsupportedImage' })
  assert.ok(!live.busy)
})
