/**
 * What the public calls are told, before a worker hears of it: settings by their names and no others, `undefined` for a default, numbers
 * that are numbers. A wrong name passed over would be a wrong guess that nobody sees.
 */
import { AtelierError } from './protocol.js'

/** @param {string} field @param {number} value */
export function finite(field, value) {
  if (!Number.isFinite(value)) throw new AtelierError('InvalidConfig', `\`${field}\` is ${value}, not a number that can be used.`, { reason: 'not_finite', field, value: String(value) })
}

/**
 * @param {string} call as it is written @param {any} given @param {readonly string[]} known
 * @returns {any} a copy without what is `undefined`
 */
export function settle(call, given, known) {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw new AtelierError('InvalidConfig', `${call} takes its settings as an object.`, { reason: 'no_object', call })
  }
  const strange = Object.keys(given).find(key => !known.includes(key))
  if (strange !== undefined) {
    const names = known.join(', ')
    throw new AtelierError('InvalidConfig', `${call} has no setting \`${strange}\`; it has ${names || 'none'}.`, { reason: 'unknown_key', call, field: strange, known: names || '–' })
  }
  const told = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [field, value] of told) {
    if (typeof value === 'number') finite(field, value)
    if (field === 'signal' && typeof value?.addEventListener !== 'function') throw new AtelierError('InvalidConfig', `The \`signal\` of ${call} is no AbortSignal.`, { reason: 'no_object', call: 'signal' })
  }
  return Object.fromEntries(told)
}

/** @typedef {'safetensors' | 'onnx'} Format of a generator's file */

/** What `export` is told. @param {any} options @returns {{ direction: 'a' | 'b', format: Format }} */
export function exported(options) {
  const { direction = 'b', format = 'safetensors' } = settle('export', options, ['direction', 'format'])
  oneOf('direction', direction, ['a', 'b'])
  oneOf('format', format, ['safetensors', 'onnx'])
  return { direction, format }
}

/** @param {string} field @param {any} value @param {readonly any[]} choices */
export function oneOf(field, value, choices) {
  if (!choices.includes(value)) throw new AtelierError('InvalidConfig', `\`${field}\` is one of ${choices.join(', ')}.`, { field, value: String(value) })
}

/** @param {string} field @param {number} value @param {number} min @param {number} max */
export function within(field, value, min, max) {
  if (!(value >= min && value <= max)) throw new AtelierError('InvalidConfig', `\`${field}\` is ${min} to ${max}.`, { field, min, max, value })
}

/** @param {any} values @returns {values is ArrayLike<number>} a typed array of any kind, or an array */
export const isList = values => Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))

/**
 * Numbers as the engine takes them.
 * @param {ArrayLike<number>} values @param {string} place @param {'InvalidData' | 'InvalidConfig'} [code] @returns {Float32Array}
 */
export function floats(values, place, code = 'InvalidData') {
  const all = values instanceof Float32Array ? values : Float32Array.from(values, value => (typeof value === 'number' ? value : NaN))
  const wrong = all.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0) {
    const [where, value] = [`${place}[${wrong}]`, String(values[wrong])]
    throw new AtelierError(code, `${where} is ${value}, not a number that can be used.`, { reason: 'not_finite', place: where, field: where, value })
  }
  return all
}

/** x, y, x, y … in any typed array, or pairs. @param {any} points @returns {Float32Array} */
export function plainPoints(points) {
  const refuse = (/** @type {string} */ place) => new AtelierError('InvalidData', `${place} is no point: points are pairs of numbers, or x, y, x, y … in one array.`, { reason: 'points', place })
  if (!isList(points)) throw refuse('data.points')
  if (!Array.isArray(points) || typeof points[0] === 'number') return floats(points, 'data.points')
  const odd = points.findIndex(pair => !isList(pair) || pair.length !== 2)
  if (odd >= 0) throw refuse(`data.points[${odd}]`)
  return floats(points.flatMap(([x, y]) => [x, y]), 'data.points')
}
