import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { EngineWorker } from '../../www/engine/client.js'
import { Crew } from '../../www/engine/crew.js'

const { start } = EngineWorker
/** Workers that were hired, in their order. */
let hired = []
const navigatorOf = Object.getOwnPropertyDescriptor(globalThis, 'navigator')

/** A worker that notes what it is asked for. @param {any} [hooks] */
function worker(hooks) {
  const calls = []
  return { calls, hooks, ended: false, call: async (name, args) => { calls.push([name, args?.index]); args?.ports?.forEach(port => port?.close()) }, terminate() { this.ended = true } }
}

function cores(count) {
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: count }, configurable: true })
}

beforeEach(() => {
  hired = []
  EngineWorker.start = async (_kind, hooks) => {
    hired.push(worker(hooks))
    return { worker: hired.at(-1), device: {} }
  }
  cores(2)
})
afterEach(() => {
  EngineWorker.start = start
  if (navigatorOf) Object.defineProperty(globalThis, 'navigator', navigatorOf)
  else delete globalThis.navigator
})

/** Reports of steps that took so long. @param {Crew} crew @param {number[]} times */
async function reports(crew, times) {
  for (const ms of times) {
    await crew.ready()
    crew.report(ms)
    await new Promise(resolve => setTimeout(resolve))
  }
}

test('long steps are shared, short ones and what cannot be shared are not', async () => {
  for (const [able, ms, members] of [[true, 80, 2], [true, 12, 1], [false, 80, 1]]) {
    const crew = new Crew()
    const lead = worker()
    crew.follow(lead, able)
    await reports(crew, [90, ms, ms, ms, ms])
    assert.equal(crew.members, members, `${able} ${ms}`)
    assert.deepEqual(lead.calls, members > 1 ? [['joinReplicas', 0]] : [])
    crew.follow(null, false)
    assert.ok(hired.every(({ ended }) => ended))
  }
})

test('four share where there are five cores or more, nobody where there is one', async () => {
  for (const [count, members] of [[1, 1], [3, 2], [4, 2], [5, 4], [16, 4]]) {
    cores(count)
    const crew = new Crew()
    crew.follow(worker(), true)
    await reports(crew, Array(6).fill(80))
    assert.equal(crew.members, members, `${count} cores`)
  }
})

test('who does not make steps shorter is sent home, and nobody is hired again', async () => {
  const crew = new Crew()
  const lead = worker()
  crew.follow(lead, true)
  await reports(crew, [80, 80, 80, 80, 79, 79, 79, 79, 80, 80, 80, 80, 80])
  assert.equal(crew.members, 1)
  assert.deepEqual(lead.calls, [['joinReplicas', 0], ['leaveReplicas', undefined]])
  assert.equal(hired.length, 1)
})

test('where nobody can be joined, it is tried twice', async () => {
  EngineWorker.start = async () => {
    hired.push({ ...worker(), call: async () => { throw new Error('refused') } })
    return { worker: hired.at(-1), device: {} }
  }
  const crew = new Crew()
  crew.follow(worker(), true)
  await reports(crew, Array(20).fill(80))
  assert.equal(crew.members, 1)
  assert.equal(hired.length, 2)
  assert.ok(hired.every(({ ended }) => ended))
})

test('who makes them shorter stays; one that is lost is hired anew, twice at most', async () => {
  const crew = new Crew()
  crew.follow(worker(), true)
  await reports(crew, [80, 80, 80, 80, 50, 50, 50, 50, 50])
  assert.equal(crew.members, 2)
  for (const [losses, members] of [[1, 2], [2, 1]]) {
    hired.at(-1).hooks.onLost('killed', 'it was ended')
    assert.equal(crew.members, 1)
    // As when the lead was waiting for it, and is replaced.
    crew.follow(worker(), true)
    await reports(crew, [80, 80, 80, 80, 50])
    assert.equal(crew.members, members, `${losses} losses`)
  }
})
