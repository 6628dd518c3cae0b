import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { AtelierError, asAtelierError, buffersOf, describe, errorCodes, inTime, isTrap, revive } from '../../www/engine/protocol.js'

afterEach(() => { delete globalThis.ganAtelierPanic })

test('an error of the engine keeps its code and details across a worker', () => {
  const thrown = Object.assign(new Error('learning_rate_d is 5'), { code: 'InvalidConfig', details: { field: 'learning_rate_d', max: 1 } })
  const arrived = revive(structuredClone(describe(thrown)))
  assert.ok(arrived instanceof AtelierError)
  assert.deepEqual([arrived.code, arrived.message, arrived.details], ['InvalidConfig', 'learning_rate_d is 5', { field: 'learning_rate_d', max: 1 }])
})

test('a trap carries the text that the panic hook left', () => {
  globalThis.ganAtelierPanic = 'index out of bounds, src/nn/linear.rs:4:2'
  const trap = new WebAssembly.RuntimeError('unreachable')
  assert.equal(describe(trap).code, 'Internal')
  assert.equal(describe(trap).message, 'index out of bounds, src/nn/linear.rs:4:2')
  assert.ok(isTrap(trap))
})

test('a code that nobody documented becomes Internal', () => {
  assert.equal(describe(Object.assign(new Error('x'), { code: 'EACCES' })).code, 'Internal')
  assert.equal(describe('just a string').message, 'just a string')
  assert.ok(errorCodes.includes(asAtelierError(undefined).code))
})

test('aborts, full storage and exhausted memory are told apart', () => {
  assert.equal(describe(new DOMException('', 'AbortError')).code, 'Aborted')
  assert.equal(describe(new DOMException('', 'QuotaExceededError')).code, 'StorageFull')
  assert.equal(describe(new RangeError('Array buffer allocation failed')).code, 'OutOfMemory')
})

test('every buffer of an answer is handed over, once', () => {
  const shared = new Float32Array(4)
  const answer = { points: shared, again: shared, nested: { list: [new Uint8Array(2)] }, name: 'x', nothing: null }
  assert.equal(buffersOf(answer).length, 2)
  assert.deepEqual(buffersOf(7), [])
})

test('a promise that is late is answered by the clock, and one in time by itself', async () => {
  assert.equal(await inTime(Promise.resolve(1), 1000, () => 2), 1)
  assert.equal(await inTime(new Promise(() => {}), 5, () => 2), 2)
  await assert.rejects(inTime(new Promise(() => {}), 5, () => new AtelierError('Unsupported', 'late', { reason: 'webgpu_late' })), { code: 'Unsupported' })
  await assert.rejects(inTime(Promise.reject(new Error('no')), 1000, () => 2), { message: 'no' })
})
