// Sequences as curves, and curves that say something about many of them. Pure functions.
import { faded } from './palette.js'

/**
 * @typedef {import('./signal.js').Sequences} Sequences
 * @typedef {import('./palette.js').Palette} Palette
 * @typedef {{ width: number, height: number }} Size
 * @typedef {[number, number]} Range lowest, highest
 */

/** Room above and below, so that a peak is not cut. */
const margin = 0.06

/** Real curves are a ground to compare with; so many show what is usual. */
const mostReal = 24
const mostMade = 8

/** @param {Range} range @param {number} height */
function heights([low, high], height) {
  const span = high - low || 1
  return value => height * (1 - margin) - ((value - low) / span) * height * (1 - 2 * margin)
}

/** @param {CanvasRenderingContext2D} context @param {number} length @param {(index: number) => number} value @param {(value: number) => number} y @param {number} width */
function line(context, length, value, y, width) {
  context.beginPath()
  for (let index = 0; index < length; index++) context.lineTo((index / Math.max(1, length - 1)) * width, y(value(index)))
  context.stroke()
}

/** A level that means something: zero, where it is in sight. */
function level(context, value, range, palette, { width, height }) {
  if (value <= range[0] || value >= range[1]) return
  const y = Math.round(heights(range, height)(value)) + 0.5
  context.strokeStyle = palette.rule
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, y)
  context.lineTo(width, y)
  context.stroke()
}

/** @param {CanvasRenderingContext2D} context @param {Sequences} sequences @param {number} index @param {number} dim @param {Range} range @param {Size} size */
function curve(context, { data, shape: [, steps, dims] }, index, dim, range, { width, height }) {
  line(context, steps, step => data[(index * steps + step) * dims + dim], heights(range, height), width)
}

/**
 * Real and made curves on one another: real ones thin and many, made ones strong and fewer.
 * @param {CanvasRenderingContext2D} context
 * @param {{ real?: Sequences, made?: Sequences, dim: number, range: Range, palette: Palette }} data @param {Size} size
 */
export function drawOverlay(context, { real, made, dim, range, palette }, size) {
  level(context, 0, range, palette, size)
  context.lineJoin = 'round'
  const layers = /** @type {const} */ ([[real, mostReal, palette.real, 0.32, 1.1], [made, mostMade, palette.made, 0.8, 1.5]])
  for (const [sequences, most, color, alpha, width] of layers) {
    if (!sequences) continue
    context.strokeStyle = faded(color, alpha)
    context.lineWidth = width
    for (let index = 0; index < Math.min(most, sequences.shape[0]); index++) curve(context, sequences, index, dim, range, size)
  }
}

/**
 * One sequence, all its values in one frame, each a little fainter than the one before.
 * @param {CanvasRenderingContext2D} context
 * @param {{ sequences: Sequences, index: number, ranges: Range[], color: string, palette: Palette }} data @param {Size} size
 */
export function drawSequence(context, { sequences, index, ranges, color, palette }, size) {
  const dims = sequences.shape[2]
  level(context, 0, ranges[0] ?? [-1, 1], palette, size)
  context.lineJoin = 'round'
  context.lineWidth = 1.6
  for (let dim = 0; dim < dims; dim++) {
    context.strokeStyle = faded(color, 1 - (0.65 * dim) / dims)
    curve(context, sequences, index, dim, ranges[dim] ?? ranges[0] ?? [-1, 1], size)
  }
}

/**
 * A figure over frequency or lag, of real sequences (solid) and of made ones (dashed).
 * @param {CanvasRenderingContext2D} context
 * @param {{ real?: number[], made?: number[], range: Range, palette: Palette }} data @param {Size} size
 */
export function drawComparison(context, { real, made, range, palette }, size) {
  level(context, 0, range, palette, size)
  const y = heights(range, size.height)
  context.lineJoin = 'round'
  context.lineWidth = 1.75
  for (const [values, color, dash] of /** @type {const} */ ([[real, palette.real, []], [made, palette.made, [6, 4]]])) {
    if (!values?.length) continue
    context.strokeStyle = color
    context.setLineDash([...dash])
    line(context, values.length, index => values[index], y, size.width)
  }
  context.setLineDash([])
}
