import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeReports, trainingCalls } from '../../www/engine/worker-training.js'
import { meanDifference } from '../../www/engine/painting.js'

/** An engine whose steps take a given time, and whose losses are the numbers of the steps. */
function slowEngine(msPerStep) {
  const asked = []
  class Training {
    steps = 0
    config = { dataset: 'ring' }
    static start() { return new Training() }
    async step(n, only) {
      asked.push(n)
      const until = performance.now() + n * msPerStep
      while (performance.now() < until);
      const losses = Float32Array.from({ length: n }, () => ++this.steps)
      return { step: this.steps, loss_d: only === 'generator' ? new Float32Array(0) : losses, loss_g: losses, metrics: { modes: this.steps } }
    }
    async save() { return new Uint8Array([this.steps]) }
    free() {}
  }
  return { engine: { Training, schema: () => ({ fields: [{ key: 'dataset' }] }) }, asked }
}

function context(abortAfter = Infinity) {
  let yields = 0
  const posted = []
  return {
    posted,
    post: message => posted.push(message),
    progress() {},
    async yieldToMessages() { if (++yields > abortAfter) throw Object.assign(new Error('stop'), { code: 'Aborted' }) }
  }
}

test('a long call is served in chunks and reported as one', async () => {
  const { engine, asked } = slowEngine(5)
  const calls = trainingCalls(() => engine)
  await calls.startTraining({ config: {} }, context())
  const report = await calls.step({ n: 60 }, context())
  assert.ok(asked.length > 2 && Math.max(...asked) < 40, `chunks ${asked}`)
  assert.deepEqual([...report.loss_d], Array.from({ length: 60 }, (_, at) => at + 1))
  assert.equal(report.step, 60)
  assert.deepEqual(report.metrics, { modes: 60 })
  assert.ok(report.ms_per_step > 4 && report.ms_per_step < 50)
})

test('an abort ends a call between two chunks', async () => {
  const { engine, asked } = slowEngine(5)
  const calls = trainingCalls(() => engine)
  await calls.startTraining({ config: {} }, context())
  await assert.rejects(calls.step({ n: 1000 }, context(2)), { code: 'Aborted' })
  assert.equal(asked.length, 3)
})

test('a checkpoint comes with the start', async () => {
  const { engine } = slowEngine(0)
  const calls = trainingCalls(() => engine)
  const place = context()
  await calls.startTraining({ config: {} }, place)
  assert.deepEqual(place.posted.map(({ step }) => step), [0])
})

test('a report of one network has losses of that network alone', () => {
  const part = n => ({ step: n, loss_d: new Float32Array(0), loss_g: Float32Array.of(n), metrics: {} })
  const merged = mergeReports([part(1), part(2)], 10)
  assert.equal(merged.loss_d.length, 0)
  assert.deepEqual([...merged.loss_g], [1, 2])
  assert.equal(merged.ms_per_step, 5)
})

test('the difference of black and white is 2, and opacity does not count', () => {
  assert.equal(meanDifference(Uint8ClampedArray.of(0, 0, 0, 0), Uint8ClampedArray.of(255, 255, 255, 255)), 2)
})
