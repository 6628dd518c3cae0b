// The way of what is made: thinned within its bounds, packed without loss, and nothing that a training would notice.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { isCurrent } from '../../scripts/engines.mjs'
import { trainingCalls } from '../../www/engine/worker-training.js'
import { differing } from '../../www/rooms/train-compare.js'
import { fewOf, tilesOf } from '../../www/rooms/train-tiles.js'
import { firstOfRows, pack, unpack } from '../../www/rooms/way-pack.js'
import { Way, budgetBytes, mostFrames, seen, storedBytes, trailTo } from '../../www/rooms/way.js'

const points = step => ({ fake: Float32Array.of(step, -step) })

test('a long way stays within its bounds and covers everything, more closely at the beginning', () => {
  const way = new Way()
  let asked = 0
  for (let step = 0; step <= 400_000; step++) {
    if (!way.due(step)) continue
    asked++
    way.add(step, points(step))
  }
  const steps = way.frames.map(frame => frame.step)
  assert.ok(steps.length <= mostFrames && steps.length > mostFrames * 0.9, String(steps.length))
  assert.ok(asked < 450, `${asked} looks for 400 000 steps`)
  assert.deepEqual(steps.slice(0, 6), [0, 1, 2, 3, 4, 5])
  assert.ok(400_000 - steps.at(-1) <= 10_000)
  steps.forEach((step, index) => assert.ok(index < 2 || (step - steps[index - 1]) / step <= 0.5, `a gap up to ${step}`))
  assert.deepEqual([way.until(1000).frames.at(-1).step <= 1000, way.near(3.5).step, way.chosen(5).length, way.chosen(5)[0].step], [true, 3, 5, 0])
  assert.ok(way.bytes() < storedBytes && way.stored())
  // A training that was opened late changes from there on.
  const late = new Way()
  for (const step of [20_000, 20_001, 20_002]) if (late.due(step)) late.add(step, points(step))
  assert.equal(late.frames.length, 3)
})

test('what is large is kept less often, and too large to be stored with the training', () => {
  const way = new Way()
  const real = new Float32Array(100_000).fill(1)
  for (let step = 0; step < 70; step++) way.add(step, { scores: { real: { data: real.slice() }, fake: { data: real.map((value, index) => (index ? value : step)) } } })
  const all = way.frames.length
  assert.ok(way.bytes() <= budgetBytes && all > 50 && all < 70, String(all))
  // The real ones are the same at every step, and held once.
  assert.equal(way.bytes(), (all + 1) * real.byteLength)
  assert.equal(way.stored(), undefined)
  assert.deepEqual([way.from, way.frames.at(-1).step], [0, 69])
})

test('what was seen comes back as it was, grey and coloured pictures, curves and names alike', () => {
  const rgba = (...pixels) => Uint8ClampedArray.from(pixels.flat())
  const grey = rgba([7, 7, 7, 255], [0, 0, 0, 255])
  const coloured = rgba([1, 2, 3, 255], [4, 5, 6, 255])
  const clear = rgba([1, 2, 3, 0], [4, 5, 6, 255])
  const view = { fake: Float32Array.of(1, NaN), scores: { real: { data: grey, shape: [2, 1, 1, 4] }, fake: { data: coloured } }, classes: [{ name: '一', data: clear }], none: undefined }
  const packed = pack(view)
  assert.equal(packed.scores.real.data.pixels.length, 2)
  const { none, ...rest } = view
  assert.deepEqual(unpack(structuredClone(packed)), rest)
  assert.equal(pack(view, packed).scores.real.data, packed.scores.real.data)
})

test('a stored way goes on where its training stands; what is no way is none', () => {
  const way = new Way()
  for (const step of [0, 5, 10]) way.add(step, points(step))
  const again = Way.from(structuredClone(way.stored()), 7)
  assert.deepEqual(again.frames.map(frame => frame.step), [0, 5])
  assert.deepEqual([...seen(again.frames[1]).fake], [5, -5])
  assert.deepEqual(trailTo(way, way.frames[1]).map(each => each[0]), [0, 5])
  for (const other of [undefined, null, 'x', [{ step: 1 }], [{ step: 2, view: {} }, { step: 1, view: {} }]]) assert.ok(Number.isNaN(Way.from(other, 9).from))
})

test('every kind of made thing is a list of the same latents', () => {
  const batch = (count, more) => ({ data: new Uint8ClampedArray(count * 4), shape: [count, 1, 1, 4], scores: new Float32Array(count), ...more })
  const rows = batch(12, { rows: ['input', '-30', '0'] })
  rows.data.set([9, 9, 9, 9], 4 * 4)
  assert.equal(tilesOf('images', { scores: { fake: batch(16) } }).tiles.length, 16)
  assert.deepEqual(tilesOf('images', { classes: [batch(2), batch(2), batch(2)] }, 'classes').tiles.map(({ index }) => index), [0, 0, 0, 1, 1, 1])
  assert.deepEqual(tilesOf('faces', { scores: rows }).tiles.map(({ index }) => index), [4, 5, 6, 7, 8, 9, 10, 11])
  const first = firstOfRows(rows, 2)
  assert.deepEqual([first.shape, first.data[2 * 4]], [[6, 1, 1, 4], 9])
  assert.deepEqual(tilesOf('pairs', { scores: { ...rows, rows: ['a', 'fake_b', 'b'] } }).tiles.map(({ index }) => index), [4, 5, 6, 7])
  assert.deepEqual(fewOf('faces', { scores: rows }, 2).map(({ index }) => index), [8, 9])
  assert.deepEqual(fewOf('pairs', { scores: { ...rows, rows: ['fake_a', 'a', 'fake_b'] } }, 4).map(({ index }) => index), [0, 1, 8, 9])
  assert.deepEqual(tilesOf('sequences', {}).tiles, [])
})

test('two runs differ in what differs; of two families only that they do is said', () => {
  assert.deepEqual(differing({ family: 'gan', seed: 1, beta_1: 0.5, only: 1 }, { family: 'gan', seed: 1, beta_1: 0.9 }), ['beta_1'])
  assert.deepEqual(differing({ family: 'gan', seed: 1, batch_size: 8 }, { family: 'dcgan', seed: 2, batch_size: 9 }), ['family', 'seed'])
})

const place = path.resolve(import.meta.dirname, '../../pkg/cpu')

/** The room's trainer on the engine itself, without a page. */
async function losses(engine, config, way) {
  const { Trainer } = await import('../../www/rooms/trainer.js')
  const training = engine.Training.start(config)
  const session = {
    config: training.config, dataset: training.dataset, steps: 0, close: async () => training.free(),
    step: (n, { only } = {}) => training.step(n, only), sample: options => training.sample(options), inspect: options => training.inspect(options),
  }
  const trainer = new Trainer({}, undefined, way)
  const failures = []
  trainer.addEventListener('failed', event => failures.push(event.detail))
  await trainer.adopt(session)
  for (let step = 0; step < 6; step++) await trainer.single()
  const { d, g } = trainer.history.series
  const made = [...(trainer.view.fake ?? trainer.view.scores.fake.data)]
  const frames = trainer.way?.frames ?? []
  await trainer.dispose()
  assert.deepEqual(failures, [])
  return { d, g, made, frames }
}

const built = isCurrent('cpu')
async function loadEngine() {
  const engine = await import(pathToFileURL(path.join(place, 'gan_atelier.js')).href)
  engine.initSync({ module: readFileSync(path.join(place, 'gan_atelier_bg.wasm')) })
  await engine.openDevice()
  return engine
}

test('the losses with and without recording are equal to the last bit, and so is what is made', { skip: !built && 'the CPU engine is not built from these sources' }, async () => {
  globalThis.document ??= /** @type {any} */ (Object.assign(new EventTarget(), { hidden: false }))
  const engine = await loadEngine()
  for (const config of [{ family: 'gan', dataset: 'ring', seed: 5 }, { family: 'gan', dataset: 'digits', seed: 5, batch_size: 8, hidden_dim: 16 }, { family: 'rgan', dataset: 'waves', seed: 5, batch_size: 8, hidden_dim: 16 }]) {
    const [without, recorded] = [await losses(engine, config), await losses(engine, config, new Way())]
    assert.equal(recorded.frames.length, 7, config.dataset)
    assert.ok(without.d.length === 6 && without.d.every(Number.isFinite))
    assert.deepEqual([recorded.d, recorded.g, recorded.made], [without.d, without.g, without.made], config.dataset)
    // The same latents: the last frame is what is seen now, and the first is another picture of them.
    const of = frame => [...(seen(frame).fake ?? seen(frame).scores.fake.data)]
    assert.deepEqual(of(recorded.frames.at(-1)), recorded.made, config.dataset)
    assert.notDeepEqual(of(recorded.frames[0]), recorded.made, config.dataset)
  }
})

test('a session tells its family’s settings and no others: a run of any family can be started again from them', { skip: !built && 'the CPU engine is not built from these sources' }, async () => {
  const engine = await loadEngine()
  for (const [family, dataset] of [['gan', 'ring'], ['dcgan', 'digits'], ['acgan', 'digits'], ['rgan', 'waves']]) {
    const calls = trainingCalls(() => engine)
    const { config } = await calls.startTraining({ config: { family, dataset, seed: 3, ...(family.includes('c') && { width: 8 }) } }, /** @type {any} */ ({ post() {} }))
    assert.deepEqual(Object.keys(config).sort(), ['family', ...engine.schema(family).fields.map(({ key }) => key)].sort(), family)
  }
})
