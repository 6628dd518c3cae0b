// Canvases draw together: all ask for their places before any draws, and a frame draws no more than it has time for.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

/** @type {(() => void)[]} */
let frames = []
let clock = 0
/** @type {string[]} */
let told = []

globalThis.requestAnimationFrame = (/** @type {any} */ frame) => frames.push(frame)
performance.now = () => clock
const { never, soon } = await import('../../www/elements/draw/frames.js')

const nextFrame = () => {
  assert.equal(frames.length, 1, 'one frame was asked for')
  const [frame] = frames.splice(0)
  frame()
}

/** @param {string} name @param {number} [ms] that its drawing takes @param {() => void} [also] */
const one = (name, ms = 1, also = () => {}) => ({
  ask: known => { told.push(`${name} asks${known.size ? ' and is told' : ''}`); known.set(name, 1) },
  draw: () => { told.push(`${name} draws`); clock += ms; also() }
})

beforeEach(() => { frames = []; told = [] })

test('all ask before any draws, and what one has found out the others are told', () => {
  for (const name of ['a', 'b', 'c']) soon(one(name))
  nextFrame()
  assert.deepEqual(told, ['a asks', 'b asks and is told', 'c asks and is told', 'a draws', 'b draws', 'c draws'])
  assert.equal(frames.length, 0)
})

test('what a frame has no time for is drawn in the next ones, in turn', () => {
  const many = Array.from({ length: 10 }, (_, index) => one(String(index), 3))
  many.forEach(soon)
  const drawn = () => told.splice(0).filter(text => text.endsWith('draws')).map(text => Number(text[0]))
  nextFrame()
  assert.deepEqual(drawn(), [0, 1, 2])
  // One that asks again waits behind those that have waited.
  soon(many[0])
  nextFrame()
  assert.deepEqual(drawn(), [3, 4, 5])
  nextFrame()
  nextFrame()
  assert.deepEqual(drawn(), [6, 7, 8, 9, 0])
  assert.equal(frames.length, 0)
})

test('a drawing longer than a frame is still one a frame', () => {
  for (const name of ['a', 'b']) soon(one(name, 40))
  nextFrame()
  nextFrame()
  assert.deepEqual(told.filter(text => text.endsWith('draws')), ['a draws', 'b draws'])
})

test('who asks often is drawn once, who leaves is not drawn, and who fails keeps nobody from drawing', () => {
  const [often, gone, after] = [one('often'), one('gone'), one('after')]
  const failing = one('failing', 1, () => { never(gone); throw new Error('no context') })
  for (const each of [often, often, failing, gone, after]) soon(each)
  assert.throws(nextFrame, /no context/)
  nextFrame()
  assert.deepEqual(told.filter(text => text.endsWith('draws')), ['often draws', 'failing draws', 'after draws'])
  assert.equal(frames.length, 0)
})

test('what asks for a drawing while it is drawn comes in the next frame', () => {
  let left = 2
  const again = one('again', 1, () => { if (left--) soon(again) })
  soon(again)
  for (let frame = 0; frame < 3; frame++) nextFrame()
  assert.equal(told.filter(text => text.endsWith('draws')).length, 3)
  assert.equal(frames.length, 0)
})
