import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Wire, eventually, rest, workers } from './notebook-page.mjs'

const { Kernel } = await import('../../www/notebook/kernel.js')
const { Studio } = await import('../../www/notebook/studio.js')
const { trainerIn } = await import('../../www/notebook/trainer.js')
const { NotebookStylizer } = await import('../../www/notebook/stylizer.js')
const { AtelierError } = await import('../../www/engine/protocol.js')

const beginning = { language: 'en', config: { family: 'gan', dataset: 'ring', seed: 7 }, own: null, saved: false, limit: null, autoplay: false, count: 4 }

beforeEach(() => { workers.length = 0 })

/** A widget's training as the kernel begins it, and what it works with. @param {import('node:test').TestContext} t @param {object} [changes] */
async function trained(t, changes = {}) {
  const wire = new Wire()
  /** @type {any} */
  let work
  const studio = new Studio(/** @type {any} */ (wire), async (...all) => (work = await trainerIn(...all)))
  t.after(() => studio.close())
  wire.say('begin', { ...beginning, ...changes })
  await eventually(() => wire.of('rested').length)
  await rest(5)
  return { wire, studio, work }
}

/** The losses as Python joins them: every report stands where it ends. @param {Wire} wire */
function joined(wire) {
  const losses = []
  for (const { content: { type, step }, buffers } of wire.told) {
    if (type !== 'report' && type !== 'rested') continue
    const fresh = type === 'report' ? new Float32Array(buffers[0]) : []
    losses.length = step - fresh.length
    losses.push(...fresh)
  }
  return losses
}

const upTo = count => Array.from({ length: count }, (_, at) => at + 1)

test('after a lost worker every step has the loss that counts, once', async t => {
  const { wire, work } = await trained(t)
  await work.calls.until({ step: 40 })
  workers.at(-1)?.onerror({ message: 'killed' })
  await eventually(() => wire.of('rested').at(-1)?.content.step === 0)
  assert.deepEqual(wire.changed.at(-1), { steps: 0 }, 'nothing ran: the kernel is told where it stands now')
  await work.calls.until({ step: 60 })
  assert.deepEqual(joined(wire), upTo(60))
})

test('a report that waits for the kernel ends where the lost worker’s training goes on', async t => {
  const { wire, work } = await trained(t)
  await work.calls.until({ step: 10 })
  await eventually(() => !work.unheard)
  wire.hears = false
  await work.trainer.single()
  await eventually(() => wire.of('report').at(-1)?.content.step === 11)
  const worker = /** @type {any} */ (workers.at(-1))
  const lossesOf = (step, count) => Float32Array.from(upTo(step).slice(step - count))
  work.tell({ step: 21, loss_d: lossesOf(21, 10), loss_g: lossesOf(21, 10), metrics: {} })
  work.driver.driven = true
  Object.assign(work.trainer, { step: 21 })
  worker.steps = 15
  worker.checkpoint()
  worker.onerror({ message: 'killed' })
  await eventually(() => work.trainer.step === 15)
  assert.deepEqual([work.unsent.step, work.unsent.loss_d], [15, [12, 13, 14, 15]])
  work.tell({ step: 17, loss_d: lossesOf(17, 2), loss_g: lossesOf(17, 2), metrics: {} })
  wire.say('seen')
  await eventually(() => wire.of('report').at(-1)?.content.step === 17)
  assert.deepEqual(joined(wire), upTo(17))
})

test('a widget that is closed while it begins trains no more', async () => {
  const wire = new Wire()
  const studio = new Studio(/** @type {any} */ (wire), trainerIn)
  wire.say('begin', { ...beginning, autoplay: true })
  await eventually(() => workers.length)
  studio.close()
  await eventually(() => workers.every(({ dead }) => dead))
  const asked = () => workers.flatMap(worker => worker.asked).filter(({ call }) => call === 'step').length
  const before = asked()
  await rest(50)
  assert.deepEqual([workers.filter(({ dead }) => !dead).length, asked() - before], [0, 0])
})

test('nor one that is closed while it begins anew', async t => {
  const { wire, studio, work } = await trained(t)
  const again = work.command('reset')
  await eventually(() => workers.length === 2)
  studio.close()
  await again
  await eventually(() => workers.every(({ dead }) => dead))
  assert.equal(wire.of('begun').length, 1, 'nothing begins any more')
})

test('a page that another one has overtaken rests and says nothing more', async t => {
  const { wire, work } = await trained(t, { autoplay: true })
  await eventually(() => wire.of('report').length)
  wire.say('overtaken')
  await eventually(() => !work.trainer.running)
  await work.trainer.loop
  const [told, changed] = [wire.told.length, wire.changed.length]
  await rest(50)
  assert.deepEqual([wire.told.length, wire.changed.length, work.trainer.running], [told, changed, false])
  assert.ok(work.trainer.session, 'its view stays')
})

/** A painter whose paintings are as wide as their photos have bytes, after a while; it takes a while to end, too. */
function painter() {
  globalThis.OffscreenCanvas = /** @type {any} */ (class {
    constructor(width) { this.width = width }
    getContext() { return { putImageData() {} } }
    convertToBlob() { return Promise.resolve(new Blob([`${this.width}`])) }
  })
  const translate = (blob, { signal }) => new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ image: { width: blob.size, height: 1 }, original: null, ms: 1, device: {} }), 20)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      setTimeout(reject, 40, new AtelierError('Aborted', 'The caller aborted this call.'))
    })
  })
  const host = { getAttribute: () => null, fire() {}, report: error => error, onLoad: () => () => {}, atelier: async () => ({ translator: async () => ({ device: { kind: 'cpu' }, translate }) }) }
  const wire = new Wire()
  const kernel = new Kernel(/** @type {any} */ (wire), () => {})
  const work = new NotebookStylizer(/** @type {any} */ (host), { draw() {} })
  const args = /** @type {any} */ ({ direction: 'b', strength: 1, size: 'photo', name: 'x' })
  const ask = (call, bytes) => kernel.answer(call, () => work.calls.stylize(args, [new DataView(new ArrayBuffer(bytes))]))
  return { wire, work, ask }
}

test('two cells that paint with one painter get each its own', async () => {
  const { wire, ask } = painter()
  const one = ask(1, 3)
  await rest(5)
  await Promise.all([one, ask(2, 5)])
  assert.deepEqual(wire.told.map(({ content: { type, call, value } }) => [type, call, value?.width]), [['answer', 1, 3], ['answer', 2, 5]])
})

test('a cell whose painting the reader ends hears that, and the next one is painted', async () => {
  const { wire, work, ask } = painter()
  const one = ask(1, 3)
  await rest(5)
  const own = work.take({ blob: new Blob(['mine']), name: 'mine' })
  await one
  assert.deepEqual(wire.told.map(({ content: { type, call, code } }) => [type, call, code]), [['fault', 1, 'Aborted']])
  await own
  assert.equal(work.out.image.width, 4)
  await ask(2, 5)
  assert.equal(wire.told.at(-1)?.content.value.width, 5)
})
