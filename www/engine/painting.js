import { worthSharing } from './strips.js'

/**
 * A picture through the engine, in a worker: a pass of a generator, the lift to the photo's own size, strength. Each does a little,
 * reports, and lets messages in.
 */

/**
 * @typedef {import('./worker.js').Context} Context
 * @typedef {{ luminance: number, colour: number }} Strength
 * @typedef {(share: number, loaded: number, total: number) => void} Report share: of this piece of work, 0 to 1
 */

/** Rows that are handed to the engine at a time: about a megabyte of a large photo. @param {number} width */
const rowsAtOnce = width => Math.max(8, Math.round((1 << 18) / width))

/** A small picture's convolutions take less time, ms, than telling of each would. */
const quietMs = 3

/** A device is waited for about this often, ms: every wait costs a graphics card one or two. */
const waitMs = 25

/** @param {Uint8ClampedArray} data @param {number} width @param {number} height */
export const imageData = (data, width, height) => new ImageData(/** @type {any} */ (data), width, height)

/**
 * Mean absolute difference of two pictures' colours, in the networks' units (-1 to 1).
 * @param {Uint8ClampedArray} one @param {Uint8ClampedArray} two
 */
export function meanDifference(one, two) {
  let sum = 0
  for (let at = 0; at < one.length; at += 4) {
    for (let channel = at; channel < at + 3; channel++) sum += Math.abs(one[channel] - two[channel])
  }
  return sum / ((one.length / 4) * 3) / 127.5
}

/**
 * One way through a generator: layer by layer, or, `inBands`, at any size in bands of rows.
 * @param {any} translator the engine's @param {ImageData} picture @param {{ direction: 'a' | 'b', inBands?: boolean }} options
 * @param {Report} report @param {Context} context @returns {Promise<ImageData>}
 */
export async function paint(translator, picture, { direction, inBands = false }, report, context) {
  const { data, width, height } = picture
  const translation = inBands ? translator.beginBands(data, width, height, direction) : translator.begin(data, width, height, direction)
  let open = true
  try {
    let layers = 1
    for (let done = false; !done;) {
      report(translation.fraction, translation.step, translation.steps)
      await context.yieldToMessages()
      const began = performance.now()
      done = await translation.advance(layers)
      layers = Math.max(1, Math.round((layers * waitMs) / (performance.now() - began + 1)))
    }
    open = false
    return imageData(new Uint8ClampedArray(await translation.finish()), width, height)
  } finally {
    // After a trap the object is still borrowed; the worker is replaced then, and its memory with it.
    try { if (open) translation.free() } catch { /* see above */ }
  }
}

/**
 * The same by the processor's kernels, and by as many workers as there are. None where the network is not theirs.
 * @param {any} translator the engine's @param {ImageData} picture @param {{ direction: 'a' | 'b', plan: import('./strips.js').Plan }} options
 * @param {import('./strips.js').Member} member @param {Report} report @param {Context} context @returns {Promise<ImageData>}
 */
export async function paintTogether(translator, picture, { direction, plan }, member, report, context) {
  const { data, width, height } = picture
  // As the engine enlarges it: to multiples of four, 16 pixels at least.
  const padded = { width: Math.max(16, Math.ceil(width / 4) * 4), all: Math.max(4, Math.ceil(height / 4)) }
  let heard = -Infinity
  const told = async (/** @type {number} */ done, /** @type {number} */ total) => {
    if (performance.now() - heard < quietMs) return
    report(done / total, done, total)
    await context.yieldToMessages()
    heard = performance.now()
  }
  const share = translator.work(width, height, direction, false) >= worthSharing
  await told(0, 1)
  const head = await member.paint(plan, translator.enter(data, width, height), { ...padded, share }, told)
  return imageData(new Uint8ClampedArray(await translator.leave(data, width, height, direction, head)), width, height)
}

/**
 * @param {ImageData} picture @param {(rows: Uint8ClampedArray, first: number, from: number, to: number) => Uint8ClampedArray} change
 * @param {Report} report @param {Context} context
 */
async function byRows({ data, width, height }, change, report, context) {
  const out = new Uint8ClampedArray(data.length)
  const step = rowsAtOnce(width)
  for (let row = 0; row < height; row += step) {
    report(row / height, row, height)
    await context.yieldToMessages()
    const [from, to] = [4 * width * row, 4 * width * Math.min(row + step, height)]
    out.set(change(data.subarray(from, to), row, from, to), from)
  }
  return imageData(out, width, height)
}

/**
 * The painting at its photo's own size, with edges where the photo has them.
 * @param {any} engine @param {{ photo: ImageData, small: ImageData, painting: ImageData }} pictures small: the photo as it was painted
 * @param {Report} report @param {Context} context
 */
export async function lift(engine, { photo, small, painting }, report, context) {
  const lifting = new engine.Lift(small.data, painting.data, small.width, small.height, photo.width, photo.height)
  try {
    return await byRows(photo, (rows, first) => lifting.paintRows(rows, first), report, context)
  } finally {
    try { lifting.free() } catch { /* as above */ }
  }
}

/**
 * The painting over its photo.
 * @param {any} engine @param {ImageData} photo @param {ImageData} painting @param {Strength} strength @param {Context} context
 */
export function mix(engine, photo, painting, { luminance, colour }, context) {
  return byRows(photo, (rows, _, from, to) => engine.blendRows(rows, painting.data.subarray(from, to), luminance, colour), () => {}, context)
}
