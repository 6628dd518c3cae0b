/** How a worker is brought up where the document has no origin. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { EngineWorker } from '../../www/engine/client.js'

let started
beforeEach(() => {
  started = []
  // A worker is waited for, and its blob kept, for half a minute.
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  globalThis.origin = 'null'
  globalThis.Worker = class {
    constructor(url) {
      this.url = String(url)
      this.said = []
      started.push(this)
    }
    postMessage(message) { this.said.push(message) }
    terminate() { this.ended = true }
  }
})
afterEach(() => {
  mock.timers.reset()
  for (const name of ['origin', 'Worker']) delete globalThis[name]
})

const begin = () => {
  const lost = []
  const worker = new EngineWorker({ onLost: (reason, message) => lost.push(`${reason}: ${message}`) })
  return { worker, lost }
}

test('a blob that brings no worker up, without a word, is followed by a data: address, and nothing that was said is lost', () => {
  const { worker, lost } = begin()
  worker.call('memory').catch(() => {})
  started[0].onerror({})
  assert.deepEqual([started.length, started[0].ended, lost], [2, true, []])
  assert.match(started[0].url, /^blob:/)
  assert.match(decodeURIComponent(started[1].url), /^data:text\/javascript,import\("http:\/\/site\.test\/worker\.js"\)/)
  started[1].onmessage({ data: { listening: true } })
  assert.deepEqual(started[1].said.map(({ call }) => call), ['memory'])
  started[1].onerror({})
  assert.deepEqual([started.length, lost], [2, ['killed: the worker could not start']])
})

test('a worker that says what is wrong, or that had begun, is not started otherwise', () => {
  const told = begin()
  started[0].onerror({ message: 'the import failed' })
  assert.deepEqual([started.length, told.lost], [1, ['killed: the import failed']])
  const begun = begin()
  started[1].onmessage({ data: { listening: true } })
  started[1].onerror({})
  assert.deepEqual([started.length, begun.lost], [2, ['killed: the worker could not start']])
})

test('a page with an origin has no second way', () => {
  globalThis.origin = 'http://stranger.test'
  const { lost } = begin()
  started[0].onerror({})
  assert.deepEqual([started.length, lost.length], [1, 1])
})

test('a policy that refuses the second way ends it', () => {
  const { lost } = begin()
  globalThis.Worker = class { constructor() { throw new DOMException('The operation is insecure.', 'SecurityError') } }
  started[0].onerror({})
  assert.deepEqual(lost, ['killed: The operation is insecure.'])
})

test('a tab that slept for an hour has not waited for its worker', () => {
  const { lost } = begin()
  const { now } = performance
  try {
    performance.now = () => now.call(performance) + 3_600_000
    mock.timers.tick(1000)
    assert.deepEqual(lost, [])
    started[0].onmessage({ data: { listening: true } })
    // Where locks are forbidden, silence tells.
    started[0].onmessage({ data: { locked: false } })
    performance.now = () => now.call(performance) + 7_200_000
    mock.timers.tick(1000)
    assert.deepEqual(lost, [])
  } finally {
    performance.now = now
  }
})

test('a worker that does not start within half a minute, or is silent for two during a call, is given up', () => {
  const slow = begin()
  mock.timers.tick(31_000)
  assert.deepEqual(slow.lost, ['killed: the worker did not start'])
  const silent = begin()
  started[1].onmessage({ data: { listening: true } })
  started[1].onmessage({ data: { locked: false } })
  mock.timers.tick(200_000)
  assert.deepEqual(silent.lost, [])
  silent.worker.call('step').catch(() => {})
  mock.timers.tick(122_000)
  assert.deepEqual(silent.lost, ['killed: the worker fell silent'])
})
