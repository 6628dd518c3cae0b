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

test('the direction follows from both changes, where the pair’s card says that they tell', () => {
  const tells = { a: -0.1, b: 0.3 }
  const ratio = value => ({ a: 0.2, b: 0.2 * Math.exp(value) })
  assert.deepEqual(guess(ratio(0.35), tells), { direction: 'b', confident: true })
  assert.deepEqual(guess(ratio(0.25), tells), { direction: 'b', confident: false })
  assert.deepEqual(guess(ratio(0.05), tells), { direction: 'a', confident: false })
  assert.deepEqual(guess(ratio(-0.15), tells), { direction: 'a', confident: true })
  // Domains that no test picture mixes up leave nothing in doubt between the two.
  assert.deepEqual(guess(ratio(0.05), { a: 0.3, b: -0.1 }), { direction: 'a', confident: true })
  assert.deepEqual(guess({ a: 0.2, b: 0.19 }), { direction: 'a', confident: false })
  assert.deepEqual(guess({ a: 0.3, b: 0.1 }), { direction: 'a', confident: true })
  assert.equal(guess({ a: 0, b: 0 }).direction, 'b')
})
