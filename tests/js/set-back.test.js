import assert from 'node:assert/strict'
import { test } from 'node:test'
import { membrane, setBack } from '../../www/elements/draw/set-back.js'

const side = 33
const middle = (side * side - 1) / 2
const everywhere = () => true
/** @param {(column: number, row: number) => number[]} colour */
const square = colour => ({ width: side, data: Array.from({ length: side * side }, (_, at) => [...colour(at % side, Math.floor(at / side)), 255]).flat() })
const at = (pixels, column, row) => [...pixels.slice(4 * (row * side + column), 4 * (row * side + column) + 4)]

test('a border that grows along one side as sinh, and is nothing at the others, is continued as the equation has it', () => {
  // sin(a x) sinh(b y) solves ∇²c = c / reach² for b² = a² + 1 / reach², in steps of the grid: 2 cosh b - 2 cos a = 1 / reach².
  const reach = 4
  const a = Math.PI / (side - 1)
  const b = Math.acosh(1 / (2 * reach ** 2) + 2 - Math.cos(a))
  const exact = Float32Array.from({ length: side * side }, (_, index) => (100 * Math.sin(a * (index % side)) * Math.sinh(b * Math.floor(index / side))) / Math.sinh(b * (side - 1)))
  const found = membrane(exact, side, reach)
  found.forEach((value, index) => assert.ok(Math.abs(value - exact[index]) < 0.02, `${index}: ${value}, ${exact[index]}`))
})

test('the border takes the picture’s colours and fades out; the middle keeps its own', () => {
  const made = square((column, row) => [100 + column, 100 + row, 90])
  const blended = setBack(made, square(() => [40, 160, 200]), everywhere)
  const [red, green, blue, opaque] = at(blended, 0, 16)
  assert.deepEqual([red, green, blue, opaque], [40, 160, 200, 0])
  const inner = at(blended, 16, 16)
  assert.equal(inner[3], 255)
  inner.slice(0, 3).forEach((value, channel) => assert.ok(Math.abs(value - made.data[4 * middle + channel]) < 5, `${value}`))
  // Nothing is added that is larger than what the border asks for.
  for (let index = 0; index < side * side; index++) assert.ok(blended[4 * index] >= 40 && blended[4 * index] <= 132)
})

test('a square that fits already is left as it is', () => {
  const made = square((column, row) => [3 * column, 5 * row, 77])
  const blended = setBack(made, made, everywhere)
  for (let index = 0; index < side * side; index++) assert.deepEqual([...blended.slice(4 * index, 4 * index + 3)], made.data.slice(4 * index, 4 * index + 3))
})

test('where the picture ends, it has no colours to give', () => {
  const made = square(() => [100, 100, 100])
  const blended = setBack(made, square(() => [0, 0, 0]), u => u > 0)
  assert.equal(at(blended, 0, 16)[0], 100)
  assert.equal(at(blended, side - 1, 16)[0], 0)
})
