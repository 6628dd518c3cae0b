/** A photo and painting pair as the page holds it. */
import { Resident } from './resident.js'
import { AtelierError } from './protocol.js'

/**
 * @typedef {object} Translated
 * @property {ImageData} image
 * @property {ImageData} original the picture as the network got it: upright, at the working size
 * @property {ImageData} [reconstruction] with `cycle`: the way back
 * @property {number} [cycle_l1] with `cycle`: mean difference of the reconstruction, in units of -1 to 1
 * @property {number} ms
 * @property {import('./resident.js').Device} device
 *
 * @typedef {object} TranslateOptions
 * @property {'a' | 'b'} [direction] the domain to arrive in; `b` is the painting
 * @property {boolean} [cycle]
 * @property {number} [side] the longer side while painting: the size of the brush
 * @property {number} [strength] 0 (the photo) to 1 (the painting)
 * @property {AbortSignal} [signal]
 * @property {(progress: TranslateProgress) => void} [onProgress]
 *
 * @typedef {object} TranslateProgress
 * @property {'decode' | 'translate' | 'reconstruct'} phase
 * @property {number} loaded layers done
 * @property {number} total layers of this phase
 * @property {number} fraction of the whole call
 * @property {number | null} remaining_ms
 * @property {ImageData} [original] with the first report of `translate`: the picture as the network got it
 */

/** What the page may pass, as something a worker can receive without losing it here. @param {any} image */
async function sendable(image) {
  const canvas = (typeof HTMLCanvasElement !== 'undefined' && image instanceof HTMLCanvasElement) ||
    (typeof OffscreenCanvas !== 'undefined' && image instanceof OffscreenCanvas)
  return canvas ? createImageBitmap(image) : image
}

export class PhotoTranslator extends Resident {
  #files
  #side

  /**
   * @param {{ ab: Uint8Array, ba?: Uint8Array }} files @param {number} side the model's own working side
   * @param {{ onClose: () => void, onLoad?: import('./modules.js').OnLoad }} options
   */
  constructor(files, side, options) {
    super(options)
    this.#files = files
    this.#side = side
  }

  /** @param {import('./client.js').EngineWorker} worker */
  async _settle(worker) {
    await worker.call('openTranslator', this.#files)
  }

  /**
   * @param {Blob | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas} image @param {TranslateOptions} [options]
   * @returns {Promise<Translated>}
   */
  async translate(image, { direction = 'b', cycle = false, side = this.#side, strength = 1, signal, onProgress } = {}) {
    if (direction !== 'a' && direction !== 'b') throw new AtelierError('InvalidConfig', `There is no direction "${direction}".`, { field: 'direction' })
    if ((direction === 'a' || cycle) && !this.#files.ba) throw new AtelierError('Unsupported', 'This model has one direction.', { reason: 'one_direction' })
    if (!(side >= 16 && side <= 4096)) throw new AtelierError('InvalidConfig', 'The working side is 16 to 4096.', { field: 'side', min: 16, max: 4096, value: side })
    if (!(strength >= 0 && strength <= 1)) throw new AtelierError('InvalidConfig', 'The strength is 0 to 1.', { field: 'strength', min: 0, max: 1, value: strength })
    const args = { image: await sendable(image), direction, cycle, side: Math.round(side), strength }
    const out = await this._call('translate', args, { signal, onProgress })
    return { ...out, device: this.device }
  }
}
