import assert from 'node:assert/strict'
import { test } from 'node:test'
import { curveOf, curveSteps, reach } from '../../www/elements/draw/curve.js'
import { autocorrelation, spectrum } from '../../www/elements/draw/signal.js'

const steps = 32
const near = (value, expected, tolerance = 1e-6) => assert.ok(Math.abs(value - expected) < tolerance, `${value}, not ${expected}`)

/** Two sequences of two values each: a sine of four turns and amplitude 0.5 about 3, and a constant. */
const sequences = {
  data: Float32Array.from({ length: 2 * steps * 2 }, (_, at) => (at % 2 ? 7 : 3 + 0.5 * Math.sin((2 * Math.PI * 4 * (at >> 1)) / steps))),
  shape: [2, steps, 2],
}

test('the spectrum of a sine is its amplitude at its own frequency', () => {
  const found = spectrum(sequences, 0)
  assert.equal(found.length, steps / 2)
  found.forEach((value, index) => near(value, index + 1 === 4 ? 0.5 : 0, 1e-6))
  spectrum(sequences, 1).forEach(value => near(value, 0))
})

test('the autocorrelation of a sine falls below zero half a turn later', () => {
  const found = autocorrelation(sequences, 0)
  near(found[0], 1)
  assert.ok(found[4] < -0.6 && found[8] > 0.5, `${found}`)
  assert.ok(autocorrelation(sequences, 1).every(value => value === 0), 'what does not move resembles nothing')
})

test('a stroke becomes a curve', () => {
  const curve = curveOf([[0.25, 1], [0.75, 0]])
  assert.equal(curve.length, curveSteps)
  near(curve[0], -1)
  near(curve[curveSteps - 1], 1)
  near(curve[Math.round(0.5 * (curveSteps - 1))], 0, 0.05)
  assert.ok(curve.every((height, step) => step === 0 || height >= curve[step - 1]))
  near(reach([[0.25, 1], [0.75, 0]]), 0.5)
})

test('a stroke that turns back keeps what was drawn last', () => {
  const curve = curveOf([[0, 0.5], [1, 0.5], [0.5, 0]])
  near(curve[curveSteps - 1], 0)
  near(curve[Math.round(0.5 * (curveSteps - 1))], 1)
  near(curve[5], 0)
})
