import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { TrainingSession } from '../../www/engine/training.js'
import { ScriptedWorker, workAs } from './scripted-worker.mjs'

/** The workers that were made, and what each was asked; `script` decides what one answers. */
let workers = []
let script = {}

/** Answers as worker.js does, without an engine. */
class Answering extends ScriptedWorker {
  steps = 0

  constructor() {
    super()
    workers.push(this)
  }

  serve({ id, call, args }) {
    if (script[call]) return script[call](this, id, args)
    if (call === 'start') {
      this.emit({ locked: false })
      return this.emit({ id, result: { kind: args.glue.includes('webgpu') ? 'webgpu' : 'cpu', name: 'test' } })
    }
    if (call === 'openTraining') this.steps = args.bytes[0]
    if (call === 'step') this.steps += args.n
    if (call === 'startTraining' || call === 'openTraining') this.emit({ checkpoint: Uint8Array.of(this.steps), step: this.steps })
    this.emit({ id, result: { config: args?.config ?? { ...args }, steps: this.steps, step: this.steps } })
  }
}

workAs(Answering)

async function openSession(kind = 'cpu') {
  const recoveries = []
  const session = new TrainingSession({ config: { family: 'gan' } }, { onClose() {} })
  session.onRecover = recovery => recoveries.push(recovery)
  await session._open({ kind, reason: 'asked' }, true)
  return { session, recoveries }
}

beforeEach(() => { workers = []; script = {} })

test('a killed worker is replaced and its call sent again, once, from the last checkpoint', async () => {
  const { session, recoveries } = await openSession()
  await session.step(5)
  workers[0].emit({ checkpoint: Uint8Array.of(5), step: 5 })
  script.step = worker => { script.step = null; worker.onerror({ message: 'killed' }) }
  const report = await session.step(3)
  assert.equal(report.step, 8)
  assert.equal(workers.length, 2)
  assert.deepEqual(workers[1].asked.map(({ call }) => call), ['start', 'openTraining', 'step'])
  assert.deepEqual(recoveries.map(({ reason, step }) => [reason, step]), [['killed', 5]])
  await session.close()
})

test('a call that kills every worker is rejected instead of being sent for ever', async () => {
  const { session } = await openSession()
  script.step = worker => worker.onerror({ message: 'killed' })
  await assert.rejects(session.step(1), { code: 'Internal' })
  script.step = null
  assert.equal((await session.step(1)).step, 1)
  await session.close()
})

test('closed while another worker is brought to its state, none is left', async () => {
  const { session } = await openSession()
  script.openTraining = (worker, id) => { session.close(); worker.emit({ id, result: {} }) }
  workers[0].onerror({ message: 'killed' })
  await assert.rejects(session.step(1), { code: 'Aborted' })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(workers.map(({ dead }) => dead), [true, true])
})

test('closed while it opens, it does not open', async () => {
  const session = new TrainingSession({ config: { family: 'gan' } }, { onClose() {} })
  script.startTraining = (worker, id) => { session.close(); worker.emit({ id, result: { config: {}, steps: 0 } }) }
  await assert.rejects(session._open({ kind: 'cpu', reason: 'asked' }, true), { code: 'Aborted' })
  assert.deepEqual(workers.map(({ dead }) => dead), [true])
})

/** @param {number} times */
const panics = times => (worker, id) => {
  if (!--times) script.step = null
  worker.emit({ id, error: { code: 'Internal', message: 'oh, src/a.rs:1:2', details: {} }, fatal: true })
}

test('a call that a panic came into is sent again, once', async () => {
  const { session, recoveries } = await openSession()
  script.step = panics(1)
  assert.equal((await session.step(2)).step, 2)
  assert.deepEqual(recoveries.map(({ reason }) => reason), ['panic'])
  await session.close()
})

test('a panic that comes again reaches its caller with message and place, and the next call works', async () => {
  const { session, recoveries } = await openSession()
  script.step = panics(2)
  await assert.rejects(session.step(1), { code: 'Internal', message: 'oh, src/a.rs:1:2' })
  assert.equal((await session.step(2)).step, 2)
  assert.equal(recoveries[0].reason, 'panic')
  await session.close()
})

test('changes since the last checkpoint survive the worker', async () => {
  const { session } = await openSession()
  await session.tune({ learning_rate_g: 0.5 })
  workers[0].onerror({ message: 'killed' })
  await session.step(1)
  assert.deepEqual(workers[1].asked.find(({ call }) => call === 'tune').args, { learning_rate_g: 0.5 })
  await session.close()
})

test('a lost GPU is opened again, and given up for the CPU after the third loss', async () => {
  const { session, recoveries } = await openSession('webgpu')
  for (let loss = 0; loss < 3; loss++) {
    workers.at(-1).emit({ lost: 'reset' })
    await session.step(1)
  }
  assert.deepEqual(recoveries.map(({ reason, moved, device }) => [reason, moved, device.kind]),
    [['device_lost', false, 'webgpu'], ['device_lost', false, 'webgpu'], ['device_lost', true, 'cpu']])
  assert.equal(session.device.reason, 'webgpu_lost')
  await session.close()
})

test('a card that is lost and then silent is given up for the processor, which is said', async () => {
  const { session, recoveries } = await openSession('webgpu')
  script.start = (worker, id, { glue }) => {
    worker.emit({ locked: false })
    const late = { code: 'Unsupported', message: 'late', details: { reason: 'webgpu_late', report: 'no device' } }
    worker.emit(glue.includes('webgpu') ? { id, error: late } : { id, result: { kind: 'cpu', name: 'x' } })
  }
  workers[0].emit({ lost: 'reset' })
  await session.step(1)
  assert.deepEqual(recoveries.map(({ reason, moved }) => [reason, moved]), [['device_lost', true]])
  assert.deepEqual([session.device.kind, session.device.reason, session.device.report], ['cpu', 'webgpu_late', 'no device'])
  await session.close()
})

test('where WebGPU cannot start, the CPU does', async () => {
  script.start = (worker, id, { glue }) => {
    worker.emit({ locked: false })
    worker.emit(glue.includes('webgpu') ? { id, error: { code: 'Unsupported', message: 'no', details: {} } } : { id, result: { kind: 'cpu', name: 'x' } })
  }
  const { session } = await openSession('webgpu')
  assert.deepEqual([session.device.kind, session.device.reason], ['cpu', 'webgpu_failed'])
  await session.close()
})

test('where the worker’s device never comes, the CPU does, with that reason', async () => {
  script.start = (worker, id, { glue }) => {
    worker.emit({ locked: false })
    const late = { code: 'Unsupported', message: 'late', details: { reason: 'webgpu_late' } }
    worker.emit(glue.includes('webgpu') ? { id, error: late } : { id, result: { kind: 'cpu', name: 'x' } })
  }
  const { session } = await openSession('webgpu')
  assert.deepEqual([session.device.kind, session.device.reason], ['cpu', 'webgpu_late'])
  await session.close()
})

test('where the graphics card is wrong from the start, the CPU does, with the report', async () => {
  script.start = (worker, id, { glue, version }) => {
    worker.emit({ locked: false })
    const wrong = { code: 'Unsupported', message: 'wrong', details: { reason: 'webgpu_wrong', report: `tanh: NaN, ${version}` } }
    worker.emit(glue.includes('webgpu') ? { id, error: wrong } : { id, result: { kind: 'cpu', name: 'x' } })
  }
  const { session } = await openSession('webgpu')
  assert.deepEqual([session.device.kind, session.device.reason], ['cpu', 'webgpu_wrong'])
  assert.match(session.device.report, /^tanh: NaN, .*webgpu/)
  await session.close()
})

test('a shader refused in mid-training: the CPU goes on from the last checkpoint, and it is said', async () => {
  const { session, recoveries } = await openSession('webgpu')
  await session.step(5)
  workers[0].emit({ checkpoint: Uint8Array.of(5), step: 5 })
  script.step = worker => { script.step = null; worker.emit({ fault: { reason: 'webgpu_wrong', message: 'GPUValidationError: no' } }) }
  assert.equal((await session.step(3)).step, 8)
  assert.deepEqual(workers[1].asked.map(({ call }) => call), ['start', 'openTraining', 'step'])
  assert.deepEqual(recoveries.map(({ reason, device: { kind, reason: why, report } }) => [reason, kind, why, report]), [['webgpu_wrong', 'cpu', 'webgpu_wrong', 'GPUValidationError: no']])
  await session.close()
})

test('closing rejects what is pending and ends the worker', async () => {
  const { session } = await openSession()
  script.step = () => {}
  const pending = session.step(1)
  await session.close()
  await assert.rejects(pending, { code: 'Aborted' })
  await assert.rejects(session.step(1), { code: 'Aborted' })
  assert.ok(workers.every(({ dead }) => dead))
})

test('where locks are forbidden, long silence counts as death', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const { session, recoveries } = await openSession()
    script.step = () => { script.step = null }
    const pending = session.step(2)
    await new Promise(resolve => setTimeout(resolve, 50))
    mock.timers.tick(125_000)
    assert.equal((await pending).step, 2)
    assert.deepEqual(recoveries.map(({ reason }) => reason), ['killed'])
    await session.close()
  } finally {
    mock.timers.reset()
  }
})
