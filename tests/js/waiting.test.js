// What is under way while a visitor goes on: nobody's wish ends another's, and what comes late is nobody's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AtelierError } from '../../www/engine/protocol.js'
import { contestOf } from '../../www/rooms/contest-of.js'
import { Painters } from '../../www/rooms/stylize-painters.js'
import { Score } from '../../www/rooms/score.js'
import { waitedFor } from '../../www/rooms/waiting.js'

globalThis.document ??= /** @type {any} */ (Object.assign(new EventTarget(), { hidden: false }))
const [{ Trainer }, { Race }, { Timeline }, { Way }] = await Promise.all([import('../../www/rooms/trainer.js'), import('../../www/rooms/race.js'), import('../../www/rooms/timeline.js'), import('../../www/rooms/way.js')])

const { signal: never } = new AbortController()
/** @param {string} id */
const card = id => ({ id, kind: 'cyclegan', domains: ['photo', id], files: { ab: {} } })

/** Painters whose translators come when they are told to. */
function slowly() {
  /** @type {{ id: string, come: () => void, fail: (error: Error) => void, closed: boolean }[]} */
  const opened = []
  const translator = id => new Promise((resolve, reject) => {
    const one = { id, closed: false, come: () => resolve({ id, close: () => { one.closed = true } }), fail: reject }
    opened.push(one)
  })
  const painters = new Painters(async () => ({ translator }))
  painters.ship([card('monet'), card('vangogh')])
  return { painters, opened }
}
const soon = () => new Promise(resolve => setTimeout(resolve))

test('a signal ends its own waiting and nobody else’s', async () => {
  const { promise, resolve } = Promise.withResolvers?.() ?? (() => { let done; const each = new Promise(r => { done = r }); return { promise: each, resolve: done } })()
  const one = new AbortController()
  const [mine, another] = [waitedFor(promise, one.signal), waitedFor(promise, never)]
  one.abort()
  await assert.rejects(mine, { code: 'Aborted' })
  await assert.rejects(waitedFor(promise, one.signal), { code: 'Aborted' })
  resolve('here')
  assert.equal(await another, 'here')
})

test('a photo is painted by whom is chosen when the painter is there, and the other is let go', async () => {
  const { painters, opened } = slowly()
  const chosen = painters.chosenTranslator(never)
  await soon()
  painters.chosen = 'vangogh'
  opened[0].come()
  await soon()
  opened[1].come()
  assert.equal((await chosen)?.painter.id, 'vangogh')
  painters.tidy()
  await soon()
  assert.deepEqual(opened.map(({ id, closed }) => [id, closed]), [['monet', true], ['vangogh', false]])
})

test('one that fails when another is chosen already fails nobody', async () => {
  const { painters, opened } = slowly()
  const chosen = painters.chosenTranslator(never)
  await soon()
  painters.chosen = 'vangogh'
  opened[0].fail(new AtelierError('Network', 'gone'))
  await soon()
  opened[1].come()
  assert.equal((await chosen)?.painter.id, 'vangogh')
})

test('a photo that is not wanted any more takes the painter from nobody', async () => {
  const { painters, opened } = slowly()
  const photo = new AbortController()
  const [cancelled, camera] = [painters.chosenTranslator(photo.signal), painters.translator(/** @type {any} */ (painters.painter))]
  await soon()
  photo.abort()
  await assert.rejects(cancelled, { code: 'Aborted' })
  opened[0].come()
  assert.equal((await camera).id, 'monet')
  assert.equal(opened.length, 1)
})

test('one that fails late does not take its successor along', async () => {
  const { painters, opened } = slowly()
  const painter = /** @type {any} */ (painters.painter)
  painters.translator(painter).catch(() => {})
  await soon()
  painters.chosen = 'vangogh'
  painters.tidy()
  painters.chosen = 'monet'
  const second = painters.translator(painter)
  await soon()
  opened[0].fail(new AtelierError('Network', 'gone'))
  opened[1].come()
  await second
  assert.equal(painters.translator(painter), second)
})

test('a score that is begun anew waits for the step under way, and runs to its end', async () => {
  let alive = 0
  let most = 0
  const train = async () => {
    let step = 0
    most = Math.max(most, ++alive)
    return { step: async n => { await soon(); return { step: step += n } }, inspect: async () => ({ modes: 8, high_quality: 1, reverse_kl: 0 }), close: async () => { alive-- } }
  }
  const score = new Score(async () => /** @type {any} */ ({ train }))
  const first = score.run('ring', { first: 1, count: 3, steps: 300 })
  await soon()
  score.stop()
  const second = score.run('ring', { first: 3, count: 2, steps: 300 })
  score.stop()
  await Promise.all([first, second, score.run('grid', { first: 5, count: 2, steps: 300 })])
  assert.deepEqual([most, score.dataset, score.runs.map(({ seed, done }) => [seed, done])], [1, 'grid', [[5, true], [6, true]]])
})

/** A training of points that is done in no time. */
function session() {
  let steps = 0
  return {
    steps, dataset: { id: 'ring', kind: 'points' }, closed: false, onRecover: null,
    step: async n => { await soon(); steps += n; return { step: steps, loss_d: new Float32Array(n), loss_g: new Float32Array(n), metrics: {} } },
    inspect: async () => ({ data: new Float32Array(2) }), sample: async () => ({ data: new Float32Array(2) }), save: async () => new Blob(),
    async close() { this.closed = true }
  }
}

test('what was paused while nobody saw it stays so when it is seen again; else it goes on', async () => {
  const trainer = new Trainer()
  await trainer.adopt(/** @type {any} */ (session()), undefined, undefined)
  trainer.play()
  trainer.attend(false)
  await trainer.loop
  await soon()
  trainer.attend(true)
  await soon()
  assert.equal(trainer.running, true, 'nobody touched it')
  trainer.attend(false)
  await trainer.pause()
  trainer.attend(true)
  await soon()
  assert.equal(trainer.running, false, 'it was paused meanwhile')
  await trainer.dispose()
})

test('a step of one network alone is told as one, and none that follows it', async () => {
  const told = /** @type {any[]} */ ([])
  class Witnessed extends Trainer {
    take(report, only) {
      super.take(report)
      told.push(only)
    }
  }
  const trainer = new Witnessed()
  await trainer.adopt(/** @type {any} */ (session()), undefined, undefined)
  // Played while the step is still being looked at.
  const single = trainer.single('discriminator')
  await soon()
  trainer.play()
  await single
  await soon()
  await trainer.pause()
  assert.ok(told.length > 1)
  assert.deepEqual([told[0], ...new Set(told.slice(1))], ['discriminator', undefined])
  await trainer.dispose()
})

test('a moment is of the step it was saved at, or none', async () => {
  const timeline = new Timeline()
  const trainer = new Trainer({}, timeline, new Way())
  const moving = { ...session(), config: { beta_1: 0.5 } }
  await trainer.adopt(/** @type {any} */ (moving))
  assert.deepEqual(timeline.moments.map(({ step, config }) => [step, config.beta_1]), [[0, 0.5]])
  await trainer.single()
  const remembered = trainer.remember()
  trainer.step++
  await remembered
  assert.deepEqual(timeline.moments.map(({ step }) => step), [0], 'it went on while it was saved')
  await trainer.remember()
  assert.deepEqual(timeline.moments.map(({ step }) => step), [0, 2])
  await trainer.dispose()
})

test('a fork has the settings of its moment, and says in what it differs from the first run', async () => {
  const first = new Trainer()
  const [tuned, opened] = [/** @type {any[]} */ ([]), session()]
  const atelier = { open: async () => ({ ...opened, tune: async changes => { tuned.push(changes) } }) }
  const race = new Race(first, async () => /** @type {any} */ (atelier))
  const moment = /** @type {any} */ ({ step: 500, blob: new Blob(), config: { learning_rate_g: 0.002, beta_1: 0.5, seed: 1 } })
  await race.fork(moment, { learning_rate_g: 0.01, beta_1: 0.5, seed: 1 }, { beta_1: 0.9 })
  assert.deepEqual(tuned, [{ beta_1: 0.9 }])
  assert.deepEqual(race.rival, { changes: { learning_rate_g: 0.002, beta_1: 0.9 }, from: 500, config: { learning_rate_g: 0.002, beta_1: 0.9, seed: 1 } })
  await race.end()
  await first.dispose()
})

test('a session that comes after the end is closed', async () => {
  const trainer = new Trainer()
  const late = session()
  await trainer.dispose()
  await trainer.adopt(/** @type {any} */ (late), undefined, undefined)
  assert.equal(late.closed, true)
})

test('of what was opened nothing is said before it goes on', () => {
  const contest = { state: 'balanced', remedy: null }
  assert.equal(contestOf({ step: 0, metrics: { contest } }).state, 'idle')
  assert.equal(contestOf({ step: 19_770, metrics: {} }).state, 'opened')
  assert.equal(contestOf({ step: 7, metrics: { contest } }), contest)
  assert.equal(contestOf({ step: 7, metrics: { modes: 1 } }).state, 'learning')
})
