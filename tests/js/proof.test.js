import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Graphics } from '../../www/engine/graphics.js'
import { prove } from '../../www/engine/proof.js'

const right = { work: 'sum', error: 0, allowed: 0, at: 0, made: 4, right: 4, holds: true }
const wrong = { work: 'tanh', error: null, allowed: Math.fround(1e-4), at: 3, made: null, right: 1, holds: false }

/** A store that is kept as long as the test. */
function fakeCaches() {
  const kept = new Map()
  return { open: async () => ({ match: async key => kept.get(key), put: async (key, value) => { kept.set(key, value) } }) }
}

/** What a browser has, as far as it is watched. @param {any} device */
function fakeScope(device) {
  class GPUAdapter { info = { vendor: 'maker', architecture: 'kind' }; async requestDevice() { return device } }
  class GPUBuffer { mapAsync(until) { return until } }
  class GPUDevice { async popErrorScope() { return device.scoped ?? null } }
  return { GPUAdapter, GPUBuffer, GPUDevice }
}

function fakeDevice() {
  const device = new EventTarget()
  let submissions = 0
  return Object.assign(device, { lost: new Promise(() => {}), queue: { submit: () => { submissions++ } }, submissions: () => submissions })
}

async function open() {
  const told = []
  const graphics = new Graphics({ onLost: message => told.push(message), onFault: fault => told.push(fault) })
  const device = fakeDevice()
  const scope = fakeScope(device)
  graphics.watch(scope)
  await new scope.GPUAdapter().requestDevice()
  return { graphics, device, scope, told }
}

class GPUValidationError { message = 'a shader was refused' }
class GPUOutOfMemoryError { message = 'no room' }
const refuse = (device, error) => device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }))

beforeEach(() => { globalThis.caches = fakeCaches() })

test('a card is asked for everything once, then for little, and for everything again with another engine', async () => {
  const asked = []
  const engine = { checkDevice: async whole => { asked.push(whole); return [right] } }
  for (const version of ['a.wasm', 'a.wasm', 'b.wasm']) await prove(engine, (await open()).graphics, version)
  assert.deepEqual(asked, [true, false, true])
})

test('without a store it is asked each time', async () => {
  globalThis.caches = { open: async () => { throw new Error('forbidden') } }
  const asked = []
  for (let time = 0; time < 2; time++) await prove({ checkDevice: async whole => { asked.push(whole); return [right] } }, (await open()).graphics, 'a.wasm')
  assert.deepEqual(asked, [true, true])
})

test('a wrong number is refused, not remembered, and reported with card and place', async () => {
  const { graphics } = await open()
  await assert.rejects(prove({ checkDevice: async () => [right, wrong] }, graphics, 'a.wasm'), error => {
    assert.equal(error.details.reason, 'webgpu_wrong')
    assert.match(error.details.report, /card: maker kind/)
    assert.match(error.details.report, /tanh: NaN where 1 is right \(place 3\), off by NaN, allowed 0\.0001$/m)
    assert.doesNotMatch(error.details.report, /sum/)
    return true
  })
  let whole
  await prove({ checkDevice: async asked => { whole = asked; return [right] } }, graphics, 'a.wasm')
  assert.equal(whole, true)
})

test('a refused shader counts even where the numbers look right; later it is told at once', async () => {
  const { graphics, device, told } = await open()
  await assert.rejects(prove({ checkDevice: async () => { refuse(device, new GPUValidationError()); return [right] } }, graphics, 'a.wasm'), error => error.details.reason === 'webgpu_wrong')
  const second = await open()
  await prove({ checkDevice: async () => [right] }, second.graphics, 'a.wasm')
  refuse(second.device, new GPUValidationError())
  refuse(second.device, new GPUOutOfMemoryError())
  assert.deepEqual(told, [])
  assert.deepEqual(second.told, [{ reason: 'webgpu_wrong', message: 'GPUValidationError: a shader was refused' }, { reason: 'webgpu_full', message: 'GPUOutOfMemoryError: no room' }])
})

test('an error that somebody else looks at is heard, too; a scope without one is none', async () => {
  const { graphics, device, scope, told } = await open()
  await prove({ checkDevice: async () => [right] }, graphics, 'a.wasm')
  assert.equal(await new scope.GPUDevice().popErrorScope(), null)
  assert.deepEqual(told, [])
  device.scoped = new GPUValidationError()
  assert.equal(await new scope.GPUDevice().popErrorScope(), device.scoped)
  assert.deepEqual(told, [{ reason: 'webgpu_wrong', message: 'GPUValidationError: a shader was refused' }])
})

test('a card without room is not called wrong', async () => {
  const { graphics, device } = await open()
  await assert.rejects(prove({ checkDevice: async () => { refuse(device, new GPUOutOfMemoryError()); return [wrong] } }, graphics, 'a.wasm'), error => error.details.reason === 'webgpu_full')
})

test('a first answer that never comes is not waited for', async () => {
  const { graphics } = await open()
  await assert.rejects(prove({ checkDevice: () => new Promise(() => {}) }, graphics, 'a.wasm', 20), error => error.details.reason === 'webgpu_late')
})

test('while a buffer is being read, the card is nudged; then no longer', async () => {
  const { device, scope } = await open()
  let done
  const reading = new scope.GPUBuffer().mapAsync(new Promise(resolve => { done = resolve }))
  await new Promise(resolve => setTimeout(resolve, 60))
  assert.ok(device.submissions() >= 2, `${device.submissions()}`)
  done()
  await reading
  const then = device.submissions()
  await new Promise(resolve => setTimeout(resolve, 40))
  assert.equal(device.submissions(), then)
})
