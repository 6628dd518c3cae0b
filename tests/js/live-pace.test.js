import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace, leastRate, sides } from '../../www/rooms/live-pace.js'

/** A device on which a painting of 256 pixels takes so long; a camera of 30 pictures a second. Returns when the side has changed, and to what. */
function paint(pace, seconds, ms256, alone = true) {
  const turns = []
  let now = 0
  for (const end = 1000 * seconds; now < end;) {
    const before = pace.side
    const ms = ms256 * (pace.side / 256) ** 2
    now += Math.max(ms, 33)
    pace.painted(now, ms, alone)
    if (pace.side !== before) turns.push({ at: now / 1000, side: pace.side })
  }
  return turns
}

test('what is painted often enough stays at 256 pixels', () => {
  const pace = new Pace()
  assert.deepEqual(paint(pace, 30, 1000 / leastRate - 2), [])
  assert.equal(pace.side, 256)
  assert.ok(!pace.short)
  assert.ok(Math.abs(pace.rate - leastRate) < 1, String(pace.rate))
})

test('what is too slow becomes smaller within two seconds, and not smaller than it must', () => {
  for (const [ms, side] of [[95, 224], [120, 192], [150, 160], [300, 128], [560, 96]]) {
    const pace = new Pace()
    const turns = paint(pace, 20, ms)
    assert.equal(pace.side, side, `${ms} ms`)
    assert.equal(turns.length, 1)
    assert.ok(turns[0].at < 2.5 || ms > 300, `${turns[0].at} s`)
    assert.ok(!pace.short)
  }
})

test('where even the least side is too slow, that is said', () => {
  const pace = new Pace()
  paint(pace, 60, 2000)
  assert.equal(pace.side, sides.at(-1))
  assert.ok(pace.short)
})

test('the first paintings do not count, nor those beside another work', () => {
  const pace = new Pace()
  pace.painted(900, 900)
  pace.painted(1500, 600)
  for (let at = 0; at < 200; at++) pace.painted(1500 + at * 50, 40)
  assert.equal(pace.side, 256)
  const beside = new Pace()
  paint(beside, 20, 400, false)
  assert.equal(beside.side, 256)
})

test('it grows again when there is time, and less eagerly each time that it was too much', () => {
  const pace = new Pace()
  paint(pace, 5, 150)
  assert.equal(pace.side, 160)
  paint(pace, 40, 40)
  assert.equal(pace.side, 256)
  // A device that is quick for one side and too slow for the next one, whatever the pixels say.
  const steep = new Pace()
  let [now, turns] = [0, []]
  for (; now < 240_000;) {
    const ms = steep.side === 256 ? 90 : 45
    const before = steep.side
    now += ms
    steep.painted(now, ms)
    if (steep.side !== before) turns.push(now)
  }
  assert.ok(turns.length >= 4 && turns.length <= 14, String(turns.length))
  const pauses = turns.slice(1).map((at, index) => at - turns[index])
  assert.ok(Math.max(...pauses.slice(-2)) > 4 * Math.max(...pauses.slice(0, 2)), pauses.join(' '))
})

test('a slow camera is no slow device', () => {
  const pace = new Pace()
  for (let at = 0; at < 60; at++) pace.painted(at * 200, 30)
  assert.equal(pace.side, 256)
  assert.ok(Math.abs(pace.rate - 5) < 0.1)
  pace.rest()
  assert.equal(pace.rate, null)
})
