import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FigureHistory, LossHistory } from '../../www/rooms/history.js'
import { csv } from '../../www/rooms/tables.js'
import { Timeline } from '../../www/rooms/timeline.js'
import { decodeExperiment, decodePoints, decodeRival, defaultsFor, encodeExperiment, encodePoints, encodeRival, mayRewrite, parseHash } from '../../www/store.js'

const field = (key, kind, value, more) => ({ key, kind, default: value, live: false, group: 'data', ...more })
const schema = {
  fields: [
    field('dataset', 'choice', 'ring', { choices: ['ring', 'digits', 'drawn'] }), field('seed', 'integer', 7, { min: 0, max: 100 }),
    field('rate', 'number', 0.1, { min: 0, max: 1 }), field('loss', 'choice', 'hinge', { choices: ['hinge', 'other'] }), field('average', 'boolean', true)
  ],
  presets: { digits: { rate: 0.5 } },
  datasets: [{ id: 'ring' }, { id: 'digits' }, { id: 'drawn' }]
}
const decode = text => decodeExperiment(schema, new URLSearchParams(text))

test('an experiment survives the address, which names only what differs from its dataset’s defaults', () => {
  const config = { ...defaultsFor(schema, 'digits'), seed: 9, loss: 'other', average: false }
  const text = encodeExperiment(schema, config)
  assert.equal(text, 'v=1&dataset=digits&seed=9&loss=other&average=false')
  assert.deepEqual(decode(text), { config, points: undefined, ignored: [] })
})

test('an address names its family where it is not the plain one, and choices that are numbers stay numbers', () => {
  const cycle = { ...schema, family: 'cyclegan', fields: [...schema.fields, field('side', 'choice', 32, { choices: [32, 48] })] }
  const config = { ...defaultsFor(cycle, 'ring'), side: 48 }
  const text = encodeExperiment(cycle, config)
  assert.equal(text, 'v=1&family=cyclegan&dataset=ring&seed=7&side=48')
  assert.deepEqual(decodeExperiment(cycle, new URLSearchParams(text)), { config, points: undefined, ignored: [] })
})

test('what an address should not hold is named and left out', () => {
  const { config, ignored } = decode('v=9&dataset=ring&seed=101&rate=much&loss=none&average=maybe&colour=blue')
  assert.deepEqual(config, defaultsFor(schema, 'ring'))
  assert.deepEqual(ignored.map(({ key, reason }) => `${key} ${reason}`), ['v version', 'seed range', 'rate number', 'loss choice', 'average choice', 'colour unknown'])
})

test('drawn points travel in the address, a little rounded; broken ones are refused', () => {
  const points = Float32Array.from({ length: 64 }, (_, index) => Math.sin(index))
  const back = decodePoints(encodePoints(points))
  assert.equal(back.length, 64)
  points.forEach((value, index) => assert.ok(Math.abs(back[index] - value) <= 1 / 255 + 1e-6))
  assert.equal(decodePoints('***'), undefined)
  assert.equal(decode('v=1&dataset=drawn&points=AAAA').ignored[0].reason, 'points')
})

test('a hash is a room and its parameters', () => {
  const { room, params } = parseHash('#train?v=1&seed=3')
  assert.deepEqual([room, params.get('seed')], ['train', '3'])
  assert.equal(parseHash('').room, '')
})

test('a long history is thinned without moving its mean or its end', () => {
  const history = new LossHistory()
  for (let step = 100; step <= 50_000; step += 100) history.add(step, new Float32Array(100).fill(2), new Float32Array(100).fill(3))
  const { step, d, g } = history.series
  assert.ok(step.length <= 1200 && step.length > 300)
  assert.ok(50_000 - step.at(-1) < history.stride * 2)
  assert.ok(d.every(value => Math.abs(value - 2) < 1e-6) && g.every(value => Math.abs(value - 3) < 1e-6))
  assert.deepEqual(LossHistory.from(JSON.parse(JSON.stringify(history))).series, history.series)
})

test('a step of one network alone leaves a gap in the other’s curve', () => {
  const history = new LossHistory()
  history.add(1, Float32Array.of(0.5), new Float32Array(0))
  assert.deepEqual(history.series, { step: [1], d: [0.5], g: [null] })
})

test('half of a kept history is none, and can be added to', () => {
  for (const half of [{ series: { step: [1, 2] } }, { series: { step: [1, 2], d: [1, 2], g: [1] } }, { series: {} }, undefined]) {
    const history = LossHistory.from(half)
    history.add(3, Float32Array.of(0.5), Float32Array.of(2))
    assert.deepEqual(history.series, { step: [3], d: [0.5], g: [2] })
  }
})

test('figures go back with a training', () => {
  const figures = new FigureHistory()
  for (let step = 1; step <= 6; step++) figures.add(step, { modes: step })
  const earlier = figures.until(4)
  assert.deepEqual([earlier.series.step, earlier.series.modes], [[1, 2, 3, 4], [1, 2, 3, 4]])
  earlier.add(5, { modes: 5 })
  assert.deepEqual([earlier.series.step.at(-1), figures.series.step.length], [5, 6])
})

test('a second run’s changes travel in the address; what cannot be used is left out', () => {
  const config = defaultsFor(schema, 'digits')
  const params = new URLSearchParams(`${encodeExperiment(schema, config)}${encodeRival({ rate: 0.25, loss: 'other' })}&b.colour=blue`)
  assert.deepEqual(decodeExperiment(schema, params).ignored, [])
  assert.deepEqual(decodeRival(schema, config, params), { rate: 0.25, loss: 'other' })
  assert.equal(decodeRival(schema, config, new URLSearchParams('v=1&dataset=digits&b.rate=7')), null)
})

test('a timeline covers the whole training within its budget, first and last moment included', () => {
  const timeline = new Timeline()
  for (let step = 0; step <= 5000; step += 10) timeline.add({ step, blob: new Blob(['x'.repeat(1000)]), view: {}, metrics: {} })
  const steps = timeline.moments.map(moment => moment.step)
  assert.ok(steps.length <= 32 && steps.length >= 12, String(steps.length))
  assert.deepEqual([steps[0], steps.at(-1)], [0, 5000])
  assert.ok(steps.every((step, index) => index === 0 || step > steps[index - 1]))
  timeline.until(2500)
  assert.ok(timeline.moments.at(-1).step <= 2500)
  timeline.add({ step: 6000, blob: { size: 90e6 }, view: {}, metrics: {} })
  timeline.add({ step: 7000, blob: { size: 90e6 }, view: {}, metrics: {} })
  assert.deepEqual(timeline.moments.map(moment => moment.step), [0, 7000])
})

test('losses become a table that a spreadsheet reads', async () => {
  const history = new LossHistory()
  history.add(1, Float32Array.of(0.5), new Float32Array(0))
  history.add(2, Float32Array.of(0.25), Float32Array.of(2))
  assert.equal(csv({ step: history.series.step, loss_d: history.series.d, loss_g: history.series.g }), 'step,loss_d,loss_g\n1,0.5,\n2,0.25,2\n')
  assert.deepEqual(history.until(1).series, { step: [1], d: [0.5], g: [null] })
})

test('a room writes its own address only, and not when the visitor is on the way to another', () => {
  assert.ok(mayRewrite('#train?v=1', '#train?v=1&seed=3', 'train'))
  assert.ok(mayRewrite('#train?v=1', '#train', 'train'))
  assert.ok(!mayRewrite('#train?v=1', '#learn', 'learn'))
  // The link was followed, and the event that tells of it is still to come.
  assert.ok(!mayRewrite('#train?v=1', '#stylize', 'train'))
})
