import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FacesModel } from '../../www/engine/faces.js'
import { floats, plainPoints, settle } from '../../www/engine/options.js'
import { TrainingSession } from '../../www/engine/training.js'
import { PhotoTranslator } from '../../www/engine/translator.js'

/** A call that reaches no worker: what would be sent. */
function unsent(resident) {
  resident._call = async (name, args) => ({ name, args, step: 1, config: {} })
  return resident
}
const options = { onClose() {} }
const refusing = resident => Object.assign(resident, { _call: async () => { throw new Error('there is no such setting') } })
const session = () => unsent(new TrainingSession({ config: { family: 'gan' } }, options))
const painter = () => unsent(new PhotoTranslator(/** @type {any} */ ({ files: { ab: new Uint8Array(1) }, side: 64, discriminator: async () => new Uint8Array(1) }), options))
const mirror = () => unsent(new FacesModel(/** @type {any} */ ({ files: {}, discriminator: async () => new Uint8Array(1) }), options))
const person = { features: new Float32Array(4), weights: [1], distances: [] }
const photo = /** @type {any} */ ({ width: 1, height: 1 })

test('settings are taken by name, and `undefined` stands for a default', async () => {
  assert.deepEqual(settle('call', { one: 1, other: undefined }, ['one', 'other']), { one: 1 })
  assert.deepEqual(settle('call', undefined, []), {})
  assert.throws(() => settle('call', 7, ['one']), { code: 'InvalidConfig', details: { reason: 'no_object', call: 'call' } })
  assert.deepEqual((await session().sample({ count: undefined, seed: undefined, label: undefined })).args, { count: 64, seed: 1 })
  assert.deepEqual((await session().inspect({ what: 'gradients', count: undefined })).args, { what: 'gradients', count: 64, seed: 1 })
  assert.equal((await painter().translate(photo, { side: undefined, strength: undefined, direction: undefined })).args.side, 64)
})

test('every public call refuses a name that it does not know, by that name', async () => {
  const calls = {
    step: () => session().step(1, { onyl: 'generator' }), sample: () => session().sample({ cuont: 3 }), inspect: () => session().inspect({ what: 'heatmap', count: 3 }),
    tune: () => refusing(session()).tune({ learning_rat_g: 1 }), translate: () => painter().translate(photo, { sise: 'photo' }), strength: () => painter().translate(photo, { strength: { color: 1 } }),
    blend: () => painter().blend(1, { image: photo }), identity: () => painter().identity(photo, { size: 'photo' }), suggest: () => painter().suggest(photo, { side: 1 }),
    realism: () => painter().realism(photo, { domian: 'a' }), estimate: () => painter().estimate({ width: 1, hieght: 1 }), detect: () => mirror().detect(photo, { crop: 1 }),
    encode: () => mirror().encode([{ image: photo, crop: { x: 1, y: 1, size: 2, roll: 0 } }], { seed: 1 }), 'encode photo': () => mirror().encode([{ photo }]),
    rotate: () => mirror().rotate(person, 0, { yaw: 1 }), code: () => mirror().code(person, 0, { weight: [1] }), 'blend people': () => mirror().blend(person, person, 0.5, 0, { mix: 1 }),
    crop: () => mirror().encode([{ image: photo, crop: { x: 1, y: 1, size: 2, rol: 5 } }]), judge: () => mirror().judge(photo, { square: 1 }), save: () => mirror().save(person, { seed: 1 }),
  }
  const named = { step: 'onyl', sample: 'cuont', inspect: 'count', tune: 'learning_rat_g', translate: 'sise', strength: 'color', blend: 'image', identity: 'size', suggest: 'side', realism: 'domian',
    estimate: 'hieght', detect: 'crop', encode: 'seed', 'encode photo': 'photo', rotate: 'yaw', code: 'weight', 'blend people': 'mix', crop: 'rol', judge: 'square', save: 'seed' }
  for (const [name, call] of Object.entries(calls)) {
    await assert.rejects(call(), error => error.code === 'InvalidConfig' && error.details.reason === 'unknown_key' && error.details.field === named[name], name)
  }
  await assert.rejects(session().inspect({ what: 'heat' }), error => error.code === 'InvalidConfig' && error.details.value === 'heat')
  await assert.rejects(session().inspect(), { code: 'InvalidConfig' })
})

test('NaN is named NaN', async () => {
  const named = (call, field) => assert.rejects(call, error => error.details.reason === 'not_finite' && error.details.field === field && error.details.value === 'NaN')
  await named(session().sample({ count: NaN }), 'count')
  await named(session().sample({ latent: [0, NaN] }), 'latent[1]')
  await named(session().inspect({ what: 'heatmap', size: NaN }), 'size')
  await named(painter().translate(photo, { side: NaN }), 'side')
  await named(painter().estimate({ width: NaN, height: 3 }), 'width')
  await named(mirror().rotate(person, 0, { seed: NaN }), 'seed')
  await named(mirror().judge(photo, { crop: { x: 1, y: NaN, size: 3 } }), 'crop.y')
})

test('points come in any array: pairs or one after another, doubles or not', () => {
  const flat = [0, 1, 0.5, -1]
  const pairs = [[0, 1], [0.5, -1]]
  for (const points of [flat, pairs, Float32Array.from(flat), Float64Array.from(flat), pairs.map(pair => Float64Array.from(pair))]) {
    const taken = plainPoints(points)
    assert.ok(taken instanceof Float32Array)
    assert.deepEqual([...taken], flat)
  }
  assert.deepEqual([...plainPoints(Int8Array.of(0, 1))], [0, 1])
  for (const [points, place] of [['0,1', 'data.points'], [[{ x: 0, y: 1 }], 'data.points[0]'], [[[0, 1], [2]], 'data.points[1]']]) {
    assert.throws(() => plainPoints(points), { code: 'InvalidData', details: { reason: 'points', place } })
  }
  assert.throws(() => plainPoints([[0, 1], [NaN, 1]]), error => error.code === 'InvalidData' && error.details.place === 'data.points[2]' && error.details.value === 'NaN')
  assert.throws(() => plainPoints([0, '1']), error => error.details.value === '1')
  assert.throws(() => floats(BigInt64Array.of(1n), 'data.points'), { code: 'InvalidData' })
})
