import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseDevice, rememberUnfit } from '../../www/engine/device.js'

const gpu = (info, features = ['timestamp-query'], more = {}) => ({
  gpu: { requestAdapter: async () => ({ info, features: new Set(features), ...more }) }
})
const hardware = gpu({ vendor: 'nvidia', architecture: 'hopper' })
const software = gpu({ vendor: 'google', architecture: 'swiftshader' })

test('small tasks run on the CPU, heavy ones on a GPU', async () => {
  assert.deepEqual(await chooseDevice('auto', 'small', hardware), { kind: 'cpu', reason: 'small_task' })
  assert.deepEqual(await chooseDevice('auto', 'heavy', hardware), { kind: 'webgpu', reason: 'heavy_task' })
  assert.deepEqual(await chooseDevice('cpu', 'heavy', hardware), { kind: 'cpu', reason: 'asked' })
})

test('what cannot do it is passed over, and the reason said', async () => {
  const reason = async place => (await chooseDevice('auto', 'heavy', place)).reason
  assert.equal(await reason({}), 'no_webgpu')
  assert.equal(await reason({ gpu: { requestAdapter: async () => null } }), 'no_adapter')
  assert.equal(await reason({ gpu: { requestAdapter: async () => { throw new Error('blocked') } } }), 'no_adapter')
  assert.equal(await reason(gpu({ vendor: 'intel' }, [])), 'no_timestamps')
  assert.equal(await reason(software), 'software_adapter')
  assert.equal(await reason(gpu({ vendor: 'x', isFallbackAdapter: true })), 'software_adapter')
})

test('a software adapter is for those who ask; a wish that cannot be met is an error', async () => {
  assert.deepEqual(await chooseDevice('webgpu', 'small', software), { kind: 'webgpu', reason: 'asked' })
  await assert.rejects(chooseDevice('webgpu', 'heavy', {}), error => error.code === 'Unsupported' && error.details.reason === 'no_webgpu')
  await assert.rejects(chooseDevice('quantum', 'heavy', {}), error => error.code === 'InvalidConfig')
})

test('an adapter that never comes is waited for once, and asked for again when it has come after all', async () => {
  let answer
  const place = { gpu: { requestAdapter: () => new Promise(resolve => { answer = resolve }) }, patience: 30 }
  assert.deepEqual(await chooseDevice('auto', 'heavy', place), { kind: 'cpu', reason: 'webgpu_late' })
  const before = performance.now()
  assert.equal((await chooseDevice('auto', 'heavy', { ...place, patience: 5000 })).reason, 'webgpu_late')
  assert.ok(performance.now() - before < 1000, 'nobody waits twice')
  await assert.rejects(chooseDevice('webgpu', 'heavy', place), error => error.code === 'Unsupported' && error.details.reason === 'webgpu_late')
  answer(null)
  await new Promise(resolve => setTimeout(resolve))
  place.gpu.requestAdapter = hardware.gpu.requestAdapter
  assert.equal((await chooseDevice('auto', 'heavy', place)).kind, 'webgpu')
})

test('after a device that never came, or was wrong, WebGPU is for those who ask', async () => {
  rememberUnfit('webgpu_late')
  assert.deepEqual(await chooseDevice('auto', 'heavy', hardware), { kind: 'cpu', reason: 'webgpu_late' })
  assert.equal((await chooseDevice('webgpu', 'heavy', hardware)).kind, 'webgpu')
  rememberUnfit('webgpu_wrong', 'tanh: NaN')
  assert.deepEqual(await chooseDevice('auto', 'heavy', hardware), { kind: 'cpu', reason: 'webgpu_wrong', report: 'tanh: NaN' })
})
