/** The page's own readers of what a visitor or another page brings, and what must hold whatever that is; run by the fuzzer and by the tests. */
import assert from 'node:assert/strict'
import { requestOf } from '../www/embed/frame-protocol.js'
import { Frame } from '../www/gan-atelier-frame.js'
import { missed, reached, standing } from '../www/lessons/goals.js'
import { readResults, toCsv, toJson } from '../www/lessons/results.js'
import { decodeExperiment, decodeRival, encodeExperiment, encodeRival, parseHash, readAddress } from '../www/store.js'

/** A family as the engine declares one; every kind of field. */
const schema = /** @type {any} */ ({
  family: 'rgan',
  fields: [
    { key: 'dataset', kind: 'choice', default: 'ring', choices: ['ring', 'drawn'] }, { key: 'seed', kind: 'integer', default: 1, min: 0, max: 4294967295 },
    { key: 'learning_rate_d', kind: 'number', default: 1e-3, min: 1e-6, max: 1 }, { key: 'batch_size', kind: 'integer', default: 64, min: 1, max: 512 },
    { key: 'loss', kind: 'choice', default: 'hinge', choices: ['hinge', 'wgan'] }, { key: 'spectral', kind: 'boolean', default: false },
  ],
  presets: { ring: { batch_size: 128 } }, datasets: [{ id: 'ring' }, { id: 'drawn' }],
})

/** An address: its search, or what stands behind its `#`. @param {string} text */
function link(text) {
  readAddress({ search: text, hash: '' })
  readAddress({ search: '', hash: text })
  const { room, params } = parseHash(text)
  assert.equal(typeof room, 'string')
  const { config, points, ignored } = decodeExperiment(schema, params)
  for (const { key, kind, choices = [], min = -Infinity, max = Infinity } of schema.fields) {
    const value = config[key]
    if (kind === 'choice') assert.ok(choices.includes(value), key)
    else if (kind === 'boolean') assert.equal(typeof value, 'boolean', key)
    else assert.ok(Number.isFinite(value) && value >= min && value <= max && (kind !== 'integer' || Number.isInteger(value)), key)
  }
  assert.deepEqual(Object.keys(config).toSorted(), schema.fields.map(({ key }) => key).toSorted())
  for (const problem of ignored) assert.ok(problem.reason && typeof problem.key === 'string')
  if (points) assert.ok(points.length >= 32 && points.every(value => value >= -1 && value <= 1))
  const again = decodeExperiment(schema, new URLSearchParams(encodeExperiment(schema, config, points)))
  assert.deepEqual([again.config, again.ignored.length], [config, 0])
  const rival = decodeRival(schema, config, params)
  if (rival) assert.deepEqual(decodeRival(schema, config, new URLSearchParams(encodeRival(rival))), rival)
}

const reasons = ['empty', 'too_large', 'broken', 'not_result', 'newer']

/** A learner's result, handed in. @param {string} text @param {Uint8Array} bytes */
function result(text, bytes) {
  let results
  try {
    results = readResults(bytes)
  } catch (error) {
    assert.ok(reasons.includes(/** @type {any} */ (error).reason), /** @type {any} */ (error).stack)
    return
  }
  const encoder = new TextEncoder()
  for (const each of results) {
    assert.ok(each.lesson && each.goals.length && each.goals.every(({ id, reached, step }) => typeof id === 'string' && typeof reached === 'boolean' && (step === null || Number.isFinite(step))))
    assert.deepEqual(readResults(encoder.encode(toJson(each))).length, 1)
  }
  toCsv(results)
}

/** A lesson's own file. @param {string} text */
function lesson(text) {
  let data
  try { data = JSON.parse(text) } catch { return }
  const goals = Array.isArray(data?.goals) ? data.goals : []
  for (const goal of goals.filter(goal => Array.isArray(goal?.all) && goal.all.every(condition => typeof condition?.figure === 'string'))) {
    for (const facts of [{}, { step: 1e6, modes: 8, contest: { state: 'even' } }]) {
      assert.equal(typeof reached(goal, facts), 'boolean')
      assert.equal(typeof missed(goal, facts), 'boolean')
      for (const { value } of standing(goal, facts)) assert.notEqual(value, undefined)
    }
  }
}

/** What a frame says to its host, or a host to its frame. @param {string} text */
function frame(text) {
  let data
  try { data = JSON.parse(text) } catch { return }
  const sent = []
  const port = /** @type {any} */ ({ postMessage: message => sent.push(message), close() {} })
  const host = new Frame(port)
  const call = host.call('play')
  call.catch(() => {})
  port.onmessage({ data })
  assert.equal(sent.length, 1)
  const request = requestOf(data)
  if (request) assert.ok(typeof request.call === 'string' && Array.isArray(request.args) && (request.attributes === null || typeof request.attributes === 'object'))
}

/** @type {Record<string, (text: string, bytes: Uint8Array) => void>} */
export const readers = { link, result, lesson, frame }

/** Beginnings, and words that random bytes would not find. @type {Record<string, { seeds: string[], words: string[] }>} */
export const material = {
  link: {
    seeds: ['#train?v=1&dataset=drawn&seed=5&loss=wgan&b.batch_size=32', '?dataset=ring&amp;seed=5', '#train%3Fv%3D1%26dataset%3Ddrawn', `#train?dataset=drawn&points=${'gICAgH9_f38'.repeat(6)}`, '#038;dataset=drawn&#x26;seed=4'],
    words: ['&amp;', '&#038;', '&#x26;', '%26', '%3D', '%2526', 'b.', '__proto__', 'constructor', 'dataset=drawn', 'points=', 'seed=', 'v=2', 'NaN', '1e400', '-0', 'settings=', '%E4', '%'],
  },
  result: {
    seeds: [
      '{"format":"gan-atelier-result","version":1,"lesson":"flow","name":"A","date":"2026-01-01T00:00:00.000Z","seed":1,"choice":"","step":9,"settings":"","goals":[{"id":"full","reached":true,"step":8}]}',
      'name,lesson,date,seed,choice,step,settings,goals_reached,goals,goal.full\r\nA,flow,2026-01-01,1,,9,,1,1,8\r\n', 'name;lesson;goals;goal.a\n"B ""b""";x;1;no\n', '\ufeffname\tlesson\tgoals\tgoal.a\nC\tx\t1\tyes',
    ],
    words: ['"format"', '"gan-atelier-result"', '"version"', '"goals"', 'goal.', '__proto__', 'null', '[]', '{}', '1e400', '""', ';', '\t', '\r\n', "'=", '"reached":true', 'lesson', 'yes', 'no'],
  },
  lesson: {
    seeds: ['{"order":1,"goals":[{"id":"a","all":[{"figure":"modes","at_least":8},{"figure":"step","at_most":5000},{"figure":"contest.state","is":"even"}]}]}'],
    words: ['"figure"', '"is"', '"at_least"', '"at_most"', '"__proto__"', '"constructor.name"', '"contest.state.length"', 'null', '1e400', '""'],
  },
  frame: {
    seeds: ['{"id":1,"result":{"step":3}}', '{"id":1,"error":{"code":"Internal","message":"x"}}', '{"event":"height","detail":300}', '{"id":2,"call":"play","args":[1]}', '{"id":3,"set":{"theme":"dark","hide":null}}'],
    words: ['"event"', '"error"', '"id"', '"result"', '"call"', '"args"', '"set"', 'null', '[]', '{}', '"__proto__"', '0', '""', 'true'],
  },
}
