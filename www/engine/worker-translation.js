/** The translator's side of the worker: a picture through a generator, one layer after another. */
import { preparePicture } from './picture.js'

/** @typedef {import('./worker.js').Context} Context */
/** @typedef {{ image: Blob | ImageData | ImageBitmap, direction: 'a' | 'b', cycle: boolean, side: number, strength: number }} Options */

const other = { a: 'b', b: 'a' }

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
 * The painting over the photo, `strength` of it.
 * @param {Uint8ClampedArray} photo @param {Uint8ClampedArray} painting @param {number} strength
 */
export function blend(photo, painting, strength) {
  const mixed = new Uint8ClampedArray(painting.length)
  for (let at = 0; at < mixed.length; at++) mixed[at] = photo[at] + (painting[at] - photo[at]) * strength
  return mixed
}

/** @param {() => any} engine */
export function translationCalls(engine) {
  /** @type {any} */
  let translator = null

  /**
   * @param {ImageData} picture @param {'a' | 'b'} direction
   * @param {(done: number, total: number) => void} report @param {Context} context
   */
  async function pass(picture, direction, report, context) {
    const translation = translator.begin(picture.data, picture.width, picture.height, direction)
    try {
      for (let done = false; !done;) {
        report(translation.layer, translation.layers)
        await context.yieldToMessages()
        done = await translation.advance()
      }
      return new Uint8ClampedArray(await translation.finish())
    } finally {
      // After a trap the object is still borrowed; the worker is replaced then, and its memory with it.
      try { translation.free() } catch { /* see above */ }
    }
  }

  /** Fractions of the whole call, and the time that the rest should take. @param {Context} context @param {number} passes @param {ImageData} original */
  function reporter(context, passes, original) {
    const started = performance.now()
    return (/** @type {number} */ index) => (/** @type {number} */ done, /** @type {number} */ total) => {
      const fraction = (index + done / total) / passes
      const elapsed = performance.now() - started
      const remaining_ms = fraction > 0 ? (elapsed / fraction) * (1 - fraction) : null
      // The picture as the network got it comes with the first report: something to look at meanwhile.
      const first = fraction === 0 ? { original } : {}
      context.progress({ phase: index === 0 ? 'translate' : 'reconstruct', loaded: done, total, fraction, remaining_ms, ...first })
    }
  }

  return {
    /** @param {{ ab: Uint8Array, ba?: Uint8Array }} files */
    openTranslator({ ab, ba }) {
      const fresh = new (engine().Translator)(ab, ba)
      translator?.free()
      translator = fresh
    },

    /** @param {Options} options @param {Context} context */
    async translate({ image, direction, cycle, side, strength }, context) {
      const started = performance.now()
      context.progress({ phase: 'decode', loaded: 0, total: 1, fraction: 0, remaining_ms: null })
      const original = await preparePicture(image, side)
      await context.yieldToMessages()
      const { width, height } = original
      const report = reporter(context, cycle ? 2 : 1, original)
      const painting = await pass(original, direction, report(0), context)
      const mixed = strength < 1 ? blend(original.data, painting, strength) : painting
      /** @type {any} */
      const out = { original, image: new ImageData(/** @type {any} */ (mixed), width, height) }
      if (cycle) {
        // The way back starts from the whole painting: the cycle is the networks', whatever strength is shown.
        const back = await pass(new ImageData(/** @type {any} */ (painting), width, height), /** @type {any} */ (other)[direction], report(1), context)
        out.cycle_l1 = meanDifference(original.data, back)
        out.reconstruction = new ImageData(/** @type {any} */ (back), width, height)
      }
      out.ms = performance.now() - started
      return out
    },

    /** @param {{ width: number, height: number, seed: number }} options */
    scene: ({ width, height, seed }) => new ImageData(engine().drawScene(width, height, seed), width, height)
  }
}
