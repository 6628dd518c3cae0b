/** A photo and painting pair as the page holds it. */
import { Resident } from './resident.js'
import { LivePainting } from './live.js'
import { Team } from './team.js'
import { AtelierError } from './protocol.js'
import { exported, finite, oneOf, settle, within } from './options.js'

/**
 * @typedef {Blob | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas} Picture
 * @typedef {'a' | 'b'} Domain
 * @typedef {import('./worker-translation.js').Size} Size
 * @typedef {number | { luminance?: number, colour?: number }} Strength
 *
 * @typedef {object} Architecture as found in a file
 * @property {number} filters channels of the first layer
 * @property {number} blocks
 * @property {'transposed' | 'resize'} upsample
 * @property {'empty' | 'picture' | 'underpainting'} canvas what it paints on: nothing, its input, or its input's broad colours
 * @property {Form} form
 * @property {Note[]} notes what whoever opened the file should know of how it was read
 *
 * @typedef {object} Form what it has otherwise than published
 * @property {[number, number]} channels colours in and out: 3, or 1 for grey
 * @property {'strided' | 'mirrored' | 'blurred'} halving
 * @property {'mirrored' | 'zeros'} blocks borders of the residual blocks
 * @property {boolean} smooth whether a doubling interpolates
 * @property {'mirrored' | 'zeros'} doubling borders of the convolution behind it
 *
 * @typedef {{ note: 'names', name: string } | { note: 'doubling', smooth: boolean } | { note: 'averaged', name: string }
 *   | { note: 'pair', there: string, back: string } | { note: 'passed_over', names: string[] } | { note: 'statistics', name: string }} Note
 *
 * @typedef {object} Translated
 * @property {ImageData} image
 * @property {ImageData} original the picture, upright, at the size of `image`
 * @property {{ width: number, height: number }} working the size that the network painted at
 * @property {ImageData} [reconstruction] with `cycle`: the way back, at the working size
 * @property {number} [cycle_l1] with `cycle`: mean difference of the reconstruction, in units of -1 to 1
 * @property {number} ms
 * @property {import('./resident.js').Device} device
 *
 * @typedef {object} TranslateOptions
 * @property {Domain} [direction] the domain to arrive in; `b` is the painting
 * @property {boolean} [cycle]
 * @property {number} [side] the longer side while painting: the size of the brush. Unused by `exact`
 * @property {Size} [size] of the result. `working`: the size that was painted at. `photo`: the photo's own (at most 4096 pixels a side); the
 *   painting is lifted to it by guided upsampling, and never painted larger than the photo is. `exact`: the network itself at
 *   the photo's own size, in bands of rows: time grows with the pixels (see `estimate`), memory stays bounded
 * @property {Strength} [strength] 0 (the photo) to 1 (the painting), or luminance and colour apart; `{ colour: 0 }` keeps the photo's colours
 * @property {AbortSignal} [signal]
 * @property {(progress: TranslateProgress) => void} [onProgress]
 *
 * @typedef {object} TranslateProgress
 * @property {'decode' | 'preview' | 'work' | 'lift'} phase
 * @property {number} loaded layers, bands or rows done
 * @property {number} total of this phase
 * @property {number} fraction of the whole call
 * @property {number | null} remaining_ms
 * @property {ImageData} [original] with the first report after `decode`: the picture as the network gets it
 * @property {ImageData} [preview] with the first report of `work`, where the work is long: a small painting
 */

/** What the page may pass, as something a worker can receive without losing it here. @param {any} image */
export async function sendable(image) {
  const canvas = (typeof HTMLCanvasElement !== 'undefined' && image instanceof HTMLCanvasElement) ||
    (typeof OffscreenCanvas !== 'undefined' && image instanceof OffscreenCanvas)
  return canvas ? createImageBitmap(image) : image
}

/** @param {Strength} strength @returns {import('./painting.js').Strength} */
function apart(strength) {
  const { luminance = 1, colour = 1 } = typeof strength === 'number' ? { luminance: strength, colour: strength } : settle('strength', strength, ['luminance', 'colour'])
  for (const share of [luminance, colour]) within('strength', share, 0, 1)
  return { luminance, colour }
}

export class PhotoTranslator extends Resident {
  #files
  #side
  #fetchJudge
  #tells
  /** Discriminators that a worker in this one's place must get again. @type {Partial<Record<Domain, Uint8Array>>} */
  #judges = {}
  /** @type {{ ab: Architecture, ba?: Architecture } | null} */
  #architecture = null
  #team = new Team()

  /**
   * @param {{ files: { ab: Uint8Array, ba?: Uint8Array, pick?: { ab: string, ba?: string } }, side: number, discriminator?: (domain: Domain) => Promise<Uint8Array>,
   *   tells?: { a: number, b: number } }} model side: the model's own working side; tells: what tells the direction that is meant (worker-translation.js)
   * @param {{ onClose: () => void, onLoad?: import('./modules.js').OnLoad }} options
   */
  constructor({ files, side, discriminator, tells }, options) {
    super(options)
    this.#files = files
    this.#side = side
    this.#fetchJudge = discriminator
    this.#tells = tells
  }

  /** Domains that a picture can be translated into. @returns {Domain[]} */
  get directions() { return this.#architecture?.ba ? ['b', 'a'] : ['b'] }

  /** What the files hold. */
  get architecture() { return /** @type {{ ab: Architecture, ba?: Architecture }} */ (structuredClone(this.#architecture)) }

  /** @param {import('./client.js').EngineWorker} worker @param {import('./device.js').Kind} kind */
  async _settle(worker, kind) {
    await this.#team.follow(kind === 'cpu' ? worker : null)
    this.#architecture = await worker.call('openTranslator', this.#files)
    for (const [domain, file] of Object.entries(this.#judges)) await worker.call('openJudge', { domain, file })
  }

  /** As every resident, and without its helpers. */
  async close() {
    this.#team.follow(null)
    return super.close()
  }

  /** Bytes of WebAssembly memory that the engine and its helpers hold. @returns {Promise<number>} */
  async memory() {
    const [own, others] = await Promise.all([super.memory(), this.#team.memory()])
    return own + others
  }

  /** @param {Domain} direction @param {boolean} both */
  #check(direction, both) {
    oneOf('direction', direction, ['a', 'b'])
    if ((direction === 'a' || both) && !this.#architecture?.ba) throw new AtelierError('Unsupported', 'This model has one direction.', { reason: 'one_direction' })
  }

  /** @param {Picture} image @param {TranslateOptions} [options] @returns {Promise<Translated>} */
  async translate(image, options) {
    const { direction = 'b', cycle = false, side = this.#side, size = 'working', strength = 1, signal, onProgress } =
      settle('translate', options, ['direction', 'cycle', 'side', 'size', 'strength', 'signal', 'onProgress'])
    this.#check(direction, cycle)
    oneOf('size', size, ['working', 'photo', 'exact'])
    within('side', side, 16, 4096)
    const args = { image: await sendable(image), direction, cycle, side: Math.round(side), size, strength: apart(strength) }
    const out = await this.#team.during(() => this._call('translate', args, { signal, onProgress }))
    return { ...out, device: this.device }
  }

  /**
   * Pictures of a stream, one after another: of a camera, or of a film. Made for the quick painters (`atelier.translator(id, { quick: true })`),
   * but any painter does it, more slowly.
   * @param {{ direction?: Domain, side?: number }} [options] side: the longer one while painting, pixels; both can be changed later
   * @returns {LivePainting}
   */
  live(options) {
    const { direction = 'b', side = this.#side } = settle('live', options, ['direction', 'side'])
    const paint = (/** @type {any} */ args, /** @type {Transferable[]} */ transfer) => this.#team.during(() => this._call('paintFrame', args, { transfer }))
    return new LivePainting({ direction, side }, paint, domain => this.#check(domain, false))
  }

  /**
   * The generator into a domain as a file for other software: `onnx` (free height and width, [-1, 1] in and out), or `safetensors` (published
   * names). `Unsupported` where it came from a file of another form than the published one or ours.
   * @param {{ direction?: Domain, format?: import('./options.js').Format }} [options] @returns {Promise<Blob>}
   */
  async export(options) {
    const { direction, format } = exported(options)
    this.#check(direction, false)
    return new Blob([await this._call('exportTranslator', { direction, format })], { type: 'application/octet-stream' })
  }

  /**
   * The last translation again with another strength, without the network, or any painting over its original: also while another
   * translation is under way. `Unsupported`, reason `no_translation`, where there is no last one: before the first, and after a worker was
   * lost (`onRecover`).
   * @param {Strength} strength @param {{ original?: ImageData, painting?: ImageData, signal?: AbortSignal }} [options] of one size
   * @returns {Promise<{ image: ImageData }>}
   */
  async blend(strength, options) {
    const { original, painting, signal } = settle('blend', options, ['original', 'painting', 'signal'])
    return this._call('blend', { strength: apart(strength), ...(painting && { photo: original, painting }) }, { signal })
  }

  /**
   * A picture that already is of the target domain through the same generator, which should leave it as it is.
   * @param {Picture} image @param {{ direction?: Domain, side?: number, signal?: AbortSignal }} [options]
   * @returns {Promise<{ image: ImageData, original: ImageData, l1: number }>} l1: mean difference, in units of -1 to 1
   */
  async identity(image, options) {
    const { direction = 'b', side = this.#side, signal } = settle('identity', options, ['direction', 'side', 'signal'])
    this.#check(direction, false)
    within('side', side, 16, 4096)
    const args = { image: await sendable(image), direction, side: Math.round(side) }
    return this.#team.during(() => this._call('identity', args, { signal }))
  }

  /**
   * Which direction was probably meant: a generator changes a picture of its own target domain less. Both run on a thumbnail. A hint, not a
   * verdict: of the shipped pairs' test pictures one in thirty is told wrongly with confidence, and most are not told with confidence at all.
   * @param {Picture} image @param {{ signal?: AbortSignal }} [options]
   * @returns {Promise<{ direction: Domain, confident: boolean, change: { a: number, b: number } }>} change: mean difference, in units of -1 to 1
   */
  async suggest(image, options) {
    const { signal } = settle('suggest', options, ['signal'])
    this.#check('b', true)
    const args = { image: await sendable(image), tells: this.#tells }
    return this.#team.during(() => this._call('suggest', args, { signal }))
  }

  /**
   * How real every patch looks to the discriminator of a domain: about 1 real, about 0 made. Its file is fetched at the first use.
   * @param {Picture} image @param {{ domain: Domain, side?: number, signal?: AbortSignal }} options
   * @returns {Promise<{ data: Float32Array, width: number, height: number }>}
   */
  async realism(image, options) {
    const { domain, side = this.#side, signal } = settle('realism', options, ['domain', 'side', 'signal'])
    oneOf('domain', domain, ['a', 'b'])
    within('side', side, 32, 1024)
    if (!this.#fetchJudge) throw new AtelierError('Unsupported', 'This model has no discriminator.', { reason: 'no_discriminator' })
    if (!this.#judges[domain]) {
      const file = await this.#fetchJudge(domain)
      await this._call('openJudge', { domain, file })
      this.#judges[domain] = file
    }
    return this._call('realism', { image: await sendable(image), domain, side: Math.round(side) }, { signal })
  }

  /**
   * What a translation of a photo of this size will take. The time follows from the translations so far, so it is `null` before the first;
   * the memory is the engine's and the pictures' at their peak, weights aside.
   * @param {{ width: number, height: number, size?: Size, side?: number }} photo @returns {Promise<{ seconds: number | null, bytes: number }>}
   */
  async estimate(photo) {
    const { width, height, size = 'working', side = this.#side } = settle('estimate', photo, ['width', 'height', 'size', 'side'])
    for (const [field, length] of Object.entries({ width, height })) finite(field, length)
    oneOf('size', size, ['working', 'photo', 'exact'])
    return this._call('estimate', { width, height, size, side: Math.round(side) })
  }
}
