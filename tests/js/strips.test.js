import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { Mail, TeamLost } from '../../www/engine/mail.js'
import { Member, partsOf } from '../../www/engine/strips.js'

const pkg = path.resolve(import.meta.dirname, '../../pkg/cpu')
const file = path.join(pkg, 'kernels.wasm')
const skip = existsSync(file) ? false : 'no engine is built'

/** Numbers that are the same in each run. @param {number} count */
function numbers(count, seed = 1) {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  })
}

/** Ports as a page hands them out. @param {number} count */
function meshOf(count) {
  const mesh = Array.from({ length: count }, () => Array(count).fill(null))
  for (let one = 0; one < count; one++) {
    for (let other = one + 1; other < count; other++) {
      const { port1, port2 } = new MessageChannel()
      mesh[one][other] = port1
      mesh[other][one] = port2
    }
  }
  return mesh
}

/** @param {number} count */
async function team(count) {
  const module = await WebAssembly.compile(readFileSync(file))
  return Promise.all(meshOf(count).map((ports, index) => Member.join({ module, index, ports })))
}

const shape = { filters: 4, blocks: 2, transposed: true }
const f = shape.filters
const plan = { key: 1, shape, weights: numbers(2 * 147 * f + 3 + 2 * 90 * f * f + 4 * 144 * f * f) }
const size = { all: 24, width: 40, share: true }
const picture = numbers(4 * size.all * size.width * 3, 9)
const most = (one, two) => one.reduce((far, value, at) => Math.max(far, Math.abs(value - two[at])), 0)

test('parts cover all rows once, in tiles, and are no more than rows allow', () => {
  for (const [all, count] of [[64, 2], [65, 4], [9, 8], [3, 4], [1024, 8]]) {
    const parts = partsOf(all, count, 7)
    assert.equal(parts[0].first, 0)
    assert.equal(parts.at(-1)?.end, all)
    parts.slice(1).forEach(({ first }, at) => assert.equal(first, parts[at].end))
    assert.ok(parts.every(({ first, end }) => first % 4 === 0 && (parts.length === 1 || end - first >= 4)), `${all} by ${count}: ${JSON.stringify(parts)}`)
    assert.ok(parts.length <= count)
  }
})

test('three members make of a picture what one makes, again and again', { skip }, async () => {
  const [alone] = await team(1)
  const members = await team(3)
  const done = []
  const expected = await alone.paint(plan, picture, size, async () => {})
  for (let round = 0; round < 2; round++) {
    const made = await members[0].paint(plan, picture, size, async (at, of) => { done.push([at, of]) })
    assert.ok(most(made, expected) < 1e-4 * most(expected, expected.map(() => 0)), `${most(made, expected)}`)
  }
  assert.deepEqual(done.slice(0, 10), Array.from({ length: 10 }, (_, at) => [at + 1, 10]))
  for (const member of [alone, ...members]) member.leave('the test is over')
})

test('a painting that was stopped leaves nothing behind for the next', { skip }, async () => {
  const members = await team(3)
  const expected = await members[0].paint(plan, picture, size, async () => {})
  for (const when of [1, 4, 9]) {
    const stopped = members[0].paint(plan, picture, size, async at => { if (at === when) throw new Error('stop') })
    await assert.rejects(stopped, /^Error: stop$/)
    assert.deepEqual(await members[0].paint(plan, picture, size, async () => {}), expected)
  }
  for (const member of members) member.leave('the test is over')
})

test('who is told that the team is gone waits for nobody', { skip }, async () => {
  const members = await team(2)
  members[1].leave('lost')
  const painting = members[0].paint(plan, picture, size, async () => {})
  setTimeout(() => members[0].leave('the page noticed'), 50)
  await assert.rejects(painting, TeamLost)
  await assert.rejects(members[0].paint(plan, picture, size, async () => {}), TeamLost)
})

test('letters wait for whoever asks late, and silence ends', async () => {
  const [[, port], [other]] = meshOf(2)
  const [mail, sender] = [new Mail([null, port], () => {}), new Mail([other, null], () => {})]
  mail.start(1)
  sender.start(1)
  sender.send(0, 'rows 3', new Float32Array([1, 2]))
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(await mail.receive(1, 'rows 3', 1000), new Float32Array([1, 2]))
  await assert.rejects(mail.receive(1, 'rows 4', 10), TeamLost)
  mail.close('over')
  sender.close('over')
})
