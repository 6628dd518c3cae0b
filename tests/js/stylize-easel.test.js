import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AtelierError } from '../../www/engine/protocol.js'
import { Easel } from '../../www/rooms/stylize-easel.js'

const [original, full, mixed] = /** @type {any[]} */ ([{ name: 'photo' }, { name: 'painting' }, { name: 'mixed' }])

/** An easel on which a painting hangs that the translator remembers, until it forgets. @param {{ forgot: boolean, fault?: string }} state */
function hung(state) {
  const asked = /** @type {any[]} */ ([])
  const translator = {
    async blend(/** @type {any} */ strength, /** @type {any} */ given) {
      asked.push(given)
      if (state.forgot && !given.painting) throw new AtelierError('Unsupported', 'There is no translation yet.', { reason: state.fault ?? 'no_translation' })
      return { image: mixed }
    }
  }
  const settings = { luminance: 1, colour: 1 }
  const room = { settings, draw() {}, item: null, queue: { current: null }, painters: { painter: {}, any: async () => translator } }
  const easel = new Easel(/** @type {any} */ (room))
  easel.shown = { painting: /** @type {any} */ ({}), original, full, image: full, tempered: easel.strengthKey }
  easel.latest = { translator, image: full }
  return { easel, settings, asked }
}

test('a strength is mixed from what the translator remembers', async () => {
  const { easel, settings, asked } = hung({ forgot: false })
  settings.luminance = 0.5
  await easel.temper()
  assert.deepEqual(asked, [{}])
  assert.equal(easel.shown?.image, mixed)
})

test('one that stands in for a lost translator is given both pictures', async () => {
  const { easel, settings, asked } = hung({ forgot: true })
  settings.luminance = 0.5
  await easel.temper()
  assert.deepEqual(asked, [{}, { original, painting: full }])
  assert.equal(easel.shown?.image, mixed)
})

test('another fault is not asked again', async () => {
  const { easel, settings, asked } = hung({ forgot: true, fault: 'other' })
  settings.luminance = 0.5
  await easel.temper().catch(() => {})
  assert.equal(asked.length, 1)
  assert.equal(easel.shown?.image, full)
})
