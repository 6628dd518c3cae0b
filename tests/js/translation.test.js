import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guess, sizesFor } from '../../www/engine/worker-translation.js'

const photo = { width: 6000, height: 4000 }

test('each size of a result has the size that the network paints at', () => {
  assert.deepEqual(sizesFor(photo, 'working', 512), { working: { width: 512, height: 341 }, full: { width: 512, height: 341 } })
  assert.deepEqual(sizesFor(photo, 'photo', 512), { working: { width: 512, height: 341 }, full: { width: 4096, height: 2731 } })
  assert.deepEqual(sizesFor(photo, 'exact', 512), { working: { width: 4096, height: 2731 }, full: { width: 4096, height: 2731 } })
})

test('a photo smaller than the brush is painted as it is, and never enlarged', () => {
  const small = { width: 300, height: 200 }
  assert.deepEqual(sizesFor(small, 'photo', 512), { working: small, full: small })
  assert.deepEqual(sizesFor(small, 'exact', 512), { working: small, full: small })
})

test('the direction follows from both changes, measured by what is usual for the pair', () => {
  const usual = { a: 0.12, b: 0.26 }
  assert.deepEqual(guess({ a: 0.12, b: 0.26 }, usual), { direction: 'b', confident: true })
  assert.deepEqual(guess({ a: 0.15, b: 0.15 }, usual), { direction: 'a', confident: true })
  assert.deepEqual(guess({ a: 0.12, b: 0.197 }, usual), { direction: 'b', confident: false })
  assert.deepEqual(guess({ a: 0.2, b: 0.19 }), { direction: 'a', confident: false })
  assert.deepEqual(guess({ a: 0.3, b: 0.1 }), { direction: 'a', confident: true })
  assert.equal(guess({ a: 0, b: 0 }).direction, 'b')
})
