// What was seen at a step, as small as it can be held: pictures without the channels that they do not use, and what stays the same once.

/** A picture's bytes with as many channels as it needs. @typedef {{ pixels: Uint8Array, channels: 1 | 3 | 4 }} Pixels */

const isArray = value => ArrayBuffer.isView(value)
const isObject = value => typeof value === 'object' && value !== null && !isArray(value)

/** @param {any} a @param {any} b arrays of numbers */
function same(a, b) {
  if (a.constructor !== b?.constructor || a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (!Object.is(a[index], b[index])) return false
  return true
}

/** @param {Uint8ClampedArray} data RGBA @returns {1 | 3 | 4} */
function channelsOf(data) {
  let grey = true
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] !== 255) return 4
    grey &&= data[at] === data[at + 1] && data[at] === data[at + 2]
  }
  return grey ? 1 : 3
}

/** @param {Uint8ClampedArray} data @returns {Pixels} */
function packPixels(data) {
  const channels = channelsOf(data)
  const pixels = new Uint8Array((data.length / 4) * channels)
  for (let from = 0, to = 0; from < data.length; from += 4, to += channels) {
    for (let channel = 0; channel < channels; channel++) pixels[to + channel] = data[from + channel]
  }
  return { pixels, channels }
}

/** @param {Pixels} packed */
function unpackPixels({ pixels, channels }) {
  const data = new Uint8ClampedArray((pixels.length / channels) * 4).fill(255)
  for (let from = 0, to = 0; from < pixels.length; from += channels, to += 4) {
    for (let channel = 0; channel < Math.max(3, channels); channel++) data[to + channel] = pixels[from + (channels === 1 ? 0 : channel)]
  }
  return data
}

/**
 * @param {any} value arrays of numbers and pictures, in objects and lists of any depth
 * @param {any} [before] what was packed last: arrays equal to its are not held again
 * @returns {any}
 */
export function pack(value, before) {
  if (value instanceof Uint8ClampedArray && value.length % 4 === 0) {
    const packed = packPixels(value)
    return before?.channels === packed.channels && same(packed.pixels, before.pixels) ? before : packed
  }
  if (isArray(value)) return isArray(before) && same(value, before) ? before : value
  if (Array.isArray(value)) return value.map((each, index) => pack(each, before?.[index]))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => [key, pack(each, before?.[key])]))
}

/** @param {any} value as `pack` gave it @returns {any} */
export function unpack(value) {
  if (isArray(value)) return value
  if (Array.isArray(value)) return value.map(unpack)
  if (!isObject(value)) return value
  if (value.pixels instanceof Uint8Array) return unpackPixels(/** @type {Pixels} */ (value))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpack(each)]))
}

/** @param {any} value @param {Set<ArrayBufferLike>} [counted] @returns {number} */
export function bytesOf(value, counted = new Set()) {
  if (isArray(value)) {
    if (counted.has(value.buffer)) return 0
    counted.add(value.buffer)
    return value.byteLength
  }
  if (!isObject(value)) return 0
  return Object.values(value).reduce((sum, each) => sum + bytesOf(each, counted), 0)
}

/**
 * The first pictures of each row of a batch.
 * @param {{ data: Uint8ClampedArray, shape: number[], rows: string[], scores: Float32Array }} batch @param {number} count
 */
export function firstOfRows({ data, shape: [all, height, width, ...more], rows, scores }, count) {
  const inRow = all / rows.length
  const kept = Math.min(count, inRow)
  /** @template {Uint8ClampedArray | Float32Array} A @param {A} from @param {A} into @param {number} size @returns {A} */
  const copy = (from, into, size) => {
    rows.forEach((_, row) => into.set(from.subarray(row * inRow * size, (row * inRow + kept) * size), row * kept * size))
    return into
  }
  const whole = rows.length * kept
  const length = height * width * 4
  return { data: copy(data, new Uint8ClampedArray(whole * length), length), shape: [whole, height, width, ...more], rows, scores: copy(scores, new Float32Array(whole), 1) }
}
