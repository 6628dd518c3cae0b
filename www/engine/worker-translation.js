/** The translator's side of the worker: a picture through a generator, and everything asked of the pair besides. */
import { Frames } from './frames.js'
import { TeamLost } from './mail.js'
import { imageData, lift, meanDifference, mix, paint, paintTogether } from './painting.js'
import { openPicture, ownSize, preparePicture, workingSize } from './picture.js'
import { AtelierError } from './protocol.js'

/**
 * @typedef {import('./worker.js').Context} Context
 * @typedef {import('./painting.js').Strength} Strength
 * @typedef {'working' | 'photo' | 'exact'} Size
 * @typedef {Blob | ImageData | ImageBitmap} Image
 * @typedef {{ image: Image, direction: 'a' | 'b', cycle: boolean, side: number, size: Size, strength: Strength }} Options
 */

const other = /** @type {const} */ ({ a: 'b', b: 'a' })
/** Longer side of the quick preview, and how many times its pixels a painting has that is worth one. */
const preview = { side: 256, least: 6 }
/** For telling a photo from a painting: small enough to be cheap, large enough to show a brush. */
const thumbnailSide = 128
const unknownDoubt = 0.7
/** A discriminator needs a few patches. */
const leastForPatches = 32

/** Size of the network's picture and of the result. @param {{ width: number, height: number }} photo @param {Size} size @param {number} side */
export function sizesFor({ width, height }, size, side) {
  const own = ownSize(width, height)
  if (size === 'exact') return { working: own, full: own }
  if (size === 'working') return { working: workingSize(width, height, side), full: workingSize(width, height, side) }
  // Painting it larger than it is would only be undone again.
  return { working: side < Math.max(own.width, own.height) ? workingSize(width, height, side) : own, full: own }
}

/** @param {{ width: number, height: number }} size */
const pixels = ({ width, height }) => width * height

/**
 * A generator changes a picture of its own target domain less than one of the other, but one painter is bolder than another. So the pair's own
 * card says where the logarithm of the changes' ratio tells the direction: below `tells.a` at most 3 % of the test pictures of domain a lie,
 * above `tells.b` at most 3 % of those of b (training/export.py). Of a visitor's own pair nothing is known: there only a large ratio counts.
 * @param {{ a: number, b: number }} change @param {{ a: number, b: number }} [tells]
 */
export function guess(change, tells = { a: -unknownDoubt, b: unknownDoubt }) {
  const ratio = Math.log((change.b + 1e-6) / (change.a + 1e-6))
  const direction = /** @type {'a' | 'b'} */ (ratio >= (tells.a + tells.b) / 2 ? 'b' : 'a')
  return { direction, confident: direction === 'b' ? ratio > tells.b : ratio < tells.a }
}

/** @param {() => any} engine @param {() => import('./strips.js').Member | null} member */
export function translationCalls(engine, member) {
  /** @type {any} */
  let translator = null
  /** @type {Record<string, any>} */
  const judges = {}
  /** The last translation, for `blend`. @type {{ photo: ImageData, painting: ImageData } | null} */
  let last = null
  const frames = new Frames()
  /** Measured milliseconds for one multiplication, of pictures as a whole and in bands. @type {Record<string, number | undefined>} */
  const speeds = {}

  const work = (/** @type {{ width: number, height: number }} */ size, /** @type {'a' | 'b'} */ to, /** @type {boolean} */ inBands) =>
    translator.work(size.width, size.height, to, inBands)

  /** What the kernels need of the pair's networks, once asked for; null where they do not know one. @type {Map<'a' | 'b', import('./strips.js').Plan | null>} */
  const plans = new Map()
  let nextKey = 1

  /** @param {'a' | 'b'} direction */
  function planOf(direction) {
    if (!plans.has(direction)) {
      const plan = translator.plan(direction)
      plans.set(direction, plan && { ...plan, key: nextKey++ })
    }
    return plans.get(direction)
  }

  function forgetPlans() {
    for (const plan of plans.values()) if (plan) member()?.forget(plan.key)
    plans.clear()
  }

  /**
   * By the team, as far as there is one; a picture whose team is lost is begun again without it.
   * @param {ImageData} picture @param {{ direction: 'a' | 'b', inBands?: boolean }} options @param {any} report @param {Context} context
   */
  async function together(picture, { direction, inBands }, report, context) {
    const one = member()
    const plan = one && !inBands ? planOf(direction) : null
    if (!one || !plan) return null
    try {
      return await paintTogether(translator, picture, { direction, plan }, one, report, context)
    } catch (error) {
      if (!(error instanceof TeamLost)) throw error
      one.leave(error.message)
      return paintTogether(translator, picture, { direction, plan }, one.alone(), report, context)
    }
  }

  /** @param {ImageData} picture @param {{ direction: 'a' | 'b', inBands?: boolean }} options @param {any} report @param {Context} context */
  async function timed(picture, options, report, context) {
    const started = performance.now()
    const painting = (await together(picture, options, report, context)) ?? (await paint(translator, picture, options, report, context))
    speeds[String(Boolean(options.inBands))] = (performance.now() - started) / work(picture, options.direction, Boolean(options.inBands))
    return painting
  }

  /**
   * Reports of the parts of one call, each with its share of the work.
   * @param {Context} context @param {number} total
   */
  function progress(context, total) {
    const started = performance.now()
    let before = 0
    return (/** @type {string} */ phase, /** @type {number} */ part, /** @type {object} */ more = {}) => {
      const base = before
      before += part
      return (/** @type {number} */ share, /** @type {number} */ loaded, /** @type {number} */ of) => {
        const fraction = Math.min(1, (base + part * share) / total)
        const elapsed = performance.now() - started
        const remaining_ms = fraction > 0 ? (elapsed / fraction) * (1 - fraction) : null
        context.progress({ phase, loaded, total: of, fraction, remaining_ms, ...(loaded === 0 ? more : {}) })
      }
    }
  }

  /** The photo in the sizes that a translation needs. @param {Options} options */
  async function prepare({ image, size, side }) {
    const picture = await openPicture(image)
    try {
      const { working, full } = sizesFor(picture, size, side)
      const photo = await picture.at(full)
      const small = pixels(working) === pixels(full) ? photo : await picture.at(working)
      const quick = workingSize(picture.width, picture.height, preview.side)
      const first = pixels(working) >= preview.least * pixels(quick) ? await picture.at(quick) : null
      return { photo, small, first }
    } finally {
      picture.close()
    }
  }

  /** Copies: what is answered is handed over, and gone here. @param {ImageData} picture */
  const copy = picture => imageData(picture.data.slice(), picture.width, picture.height)

  /** @param {{ photo: ImageData, painting: ImageData }} pair @param {Strength} strength @param {Context} context */
  const blended = ({ photo, painting }, strength, context) =>
    strength.luminance === 1 && strength.colour === 1 ? painting : mix(engine(), photo, painting, strength, context)

  /** @param {Options} options @param {Context} context */
  async function translate(options, context) {
    const { direction: to, cycle, size, strength } = options
    const started = performance.now()
    context.progress({ phase: 'decode', loaded: 0, total: 1, fraction: 0, remaining_ms: null })
    const { photo, small, first } = await prepare(options)
    await context.yieldToMessages()
    const inBands = size === 'exact'
    const passes = (first ? work(first, to, false) : 0) + work(small, to, inBands) + (cycle ? work(small, other[to], inBands) : 0)
    // About as much as the guided filter costs: four hundred additions a pixel of the photo.
    const lifting = small === photo ? 0 : 400 * pixels(photo)
    const part = progress(context, passes + lifting)
    // The picture as the network gets it comes with the first report: something to look at meanwhile.
    let shown = { original: small }
    if (first) {
      const quick = await timed(first, { direction: to }, part('preview', work(first, to, false), shown), context)
      shown = /** @type {any} */ ({ preview: quick })
    }
    const painted = await timed(small, { direction: to, inBands }, part('work', work(small, to, inBands), shown), context)
    /** @type {any} */
    const out = { working: { width: small.width, height: small.height } }
    if (cycle) {
      // The way back starts from the whole painting: the cycle is the networks', whatever strength is shown.
      const back = other[to]
      out.reconstruction = await timed(painted, { direction: back, inBands }, part('work', work(small, back, inBands)), context)
      out.cycle_l1 = meanDifference(small.data, out.reconstruction.data)
    }
    const painting = small === photo ? painted : await lift(engine(), { photo, small, painting: painted }, part('lift', lifting), context)
    last = { photo: copy(photo), painting: copy(painting) }
    const image = await blended({ photo, painting }, strength, context)
    return { ...out, original: photo, image, ms: performance.now() - started }
  }

  /** @param {Image} image @param {number} side @param {'a' | 'b'} to @param {Context} context */
  async function changed(image, side, to, context) {
    const original = await preparePicture(image, side)
    const painting = await timed(original, { direction: to }, () => {}, context)
    return { original, image: painting, l1: meanDifference(original.data, painting.data) }
  }

  return {
    /** @param {{ ab: Uint8Array, ba?: Uint8Array, pick?: { ab: string, ba?: string } }} files */
    openTranslator({ ab, ba, pick }) {
      const fresh = new (engine().Translator)(ab, ba, pick?.ab, pick?.ba)
      forgetPlans()
      translator?.free()
      translator = fresh
      const back = fresh.architecture('a')
      return { ab: fresh.architecture('b'), ...(back && { ba: back }) }
    },

    /** @param {{ domain: 'a' | 'b', file: Uint8Array }} options */
    openJudge({ domain, file }) {
      const fresh = new (engine().Judge)(file)
      judges[domain]?.free()
      judges[domain] = fresh
    },

    translate,

    /**
     * One picture of a stream. Nothing is told on the way, nothing is kept, and no message is let in: it is over in a tenth of a second.
     * @param {{ image: ImageData | ImageBitmap, direction: 'a' | 'b', side: number }} options @param {Context} context
     */
    async paintFrame({ image, direction, side }, context) {
      const original = await frames.read(image, side)
      const quiet = { ...context, yieldToMessages: async () => {} }
      const silent = () => {}
      return { original, image: (await together(original, { direction }, silent, quiet)) ?? (await paint(translator, original, { direction }, silent, quiet)) }
    },

    /** @param {{ direction: 'a' | 'b', format: string }} options */
    exportTranslator: ({ direction, format }) => translator.export(format, direction),

    /** @param {{ strength: Strength, photo?: ImageData, painting?: ImageData }} options @param {Context} context */
    async blend({ strength, photo, painting }, context) {
      const pair = photo && painting ? { photo, painting } : last
      if (!pair) throw new AtelierError('Unsupported', 'There is no translation yet.', { reason: 'no_translation' })
      return { image: await mix(engine(), pair.photo, pair.painting, strength, context) }
    },

    /** @param {{ image: Image, direction: 'a' | 'b', side: number }} options @param {Context} context */
    identity: ({ image, direction: to, side }, context) => changed(image, side, to, context),

    /** @param {{ image: Image, tells?: { a: number, b: number } }} options @param {Context} context */
    async suggest({ image, tells }, context) {
      const original = await preparePicture(image, thumbnailSide)
      const change = { a: 0, b: 0 }
      for (const to of /** @type {const} */ (['a', 'b'])) change[to] = (await changed(original, thumbnailSide, to, context)).l1
      return { ...guess(change, tells), change }
    },

    /** @param {{ image: Image, domain: 'a' | 'b', side: number }} options */
    async realism({ image, domain, side }) {
      const { data, width, height } = await preparePicture(image, side, leastForPatches)
      return judges[domain].scores(data, width, height)
    },

    /** @param {{ width: number, height: number, size: Size, side: number }} options */
    estimate({ width, height, size, side }) {
      const { working, full } = sizesFor({ width, height }, size, side)
      const inBands = size === 'exact'
      const speed = speeds[String(inBands)] ?? speeds[String(!inBands)]
      // Photo, painting, what is kept of both for `blend`, and the mixture: RGBA outside the engine.
      const outside = 5 * 4 * pixels(full)
      const bytes = translator.peakBytes(working.width, working.height, 'b', inBands) + outside
      return { seconds: speed === undefined ? null : (speed * work(working, 'b', inBands)) / 1000, bytes }
    },

    /** @param {{ width: number, height: number, seed: number, subject: string }} options */
    scene: ({ width, height, seed, subject }) => new ImageData(engine().drawScene(subject, width, height, seed), width, height),

    /** @param {{ person: number, yaw: number, smile: number, light: number, side: number }[]} views */
    drawFaces: views => views.map(({ person, yaw, smile, light, side }) => new ImageData(engine().drawFace(person, yaw, smile, light, side), side, side))
  }
}
