/** A training session as the page holds it: a few bytes of checkpoint here, everything else in its worker. */
import { Crew } from './crew.js'
import { Resident } from './resident.js'
import { AtelierError } from './protocol.js'
import { exported, floats, isList, settle } from './options.js'

/**
 * @typedef {object} Report
 * @property {number} step steps done since the start
 * @property {Float32Array} loss_d one value a step; empty where only the generator stepped
 * @property {Float32Array} loss_g
 * @property {any} metrics
 * @property {number} ms_per_step
 *
 * @typedef {{ config: Record<string, any>, data?: object } | { bytes: Uint8Array }} Origin
 *
 * @typedef {object} TableTaken how a table was read
 * @property {'rows' | 'recording' | 'columns' | 'channels'} reading
 * @property {string} why `asked`, or what speaks for it
 * @property {boolean} sure whether there is little doubt
 * @property {{ name: string, role: import('./table-wish.js').Role }[]} columns
 * @property {number} gaps missing numbers that were put in between their neighbours
 */

/** What each question may be told besides, and what it takes where it is not. */
const questions = {
  heatmap: { size: 48 }, manifold: { size: 16 }, gradients: { count: 64, seed: 1 }, scores: { count: 16, seed: 1, label: undefined }, real: { count: 64, seed: 1 },
  coverage: { count: 2500, seed: 1 }, tensors: {}, smile: { seed: 1 },
}

const firstSampleMark = 'gan-atelier-first-sample'

export class TrainingSession extends Resident {
  /** @type {Origin} */
  #origin
  /** Changes since the last checkpoint, which a checkpoint alone would lose. @type {Record<string, any>} */
  #changes = {}
  #steps = 0
  /** @type {Record<string, any>} */
  #config = {}
  /** @type {any} */
  #dataset = null
  /** Of what was brought, besides what the engine says of it. @type {any} */
  #about = undefined
  #start
  #crew = new Crew()

  /** @param {Origin} origin @param {{ onClose: () => void, onLoad?: import('./modules.js').OnLoad, signal?: AbortSignal }} options signal: ends the reading of what was brought */
  constructor(origin, { signal, ...options }) {
    super(options)
    this.#origin = origin
    this.#start = { signal, onProgress: (/** @type {any} */ progress) => options.onLoad?.({ what: 'data', ...progress }) }
  }

  /** Every setting, defaults included. */
  get config() { return this.#config }
  /**
   * What it learns from. `table`: how a table was read. `scale`: middle and half width of both axes of a table's points, which are learned
   * in the square from -1 to 1. `count`: of the visitor's own; the built-in ones are drawn anew at every step. `brought`: where not all could be kept.
   * `left_out`: pictures that could not be read; `transposed`: rows and columns of an IDX file were exchanged, `lying`: because of its name.
   * @returns {{ id: string, kind: 'points' | 'images' | 'sequences' | 'pairs', shape: number[], own?: boolean, count?: number, brought?: number, left_out?: { count: number, pictures: { name: string, code: string, reason?: string }[] }, transposed?: boolean, lying?: 'named', classes?: string[], extent?: [number, number, number, number], modes?: number, range?: [number, number][], table?: TableTaken, scale?: { axes: [number, number][], names: string[], brought: number } }}
   */
  get dataset() { return this.#dataset }
  /** Steps done. */
  get steps() { return this.#steps }

  /** Workers that train it. */
  get workers() { return this.#crew.members }

  /** @param {import('./client.js').EngineWorker} worker @param {import('./device.js').Kind} kind */
  async _settle(worker, kind) {
    this.#crew.follow(null, false)
    const changes = this.#changes
    let state = await ('bytes' in this.#origin
      ? worker.call('openTraining', { bytes: this.#origin.bytes })
      : worker.call('startTraining', this.#origin, this.#start))
    if (Object.keys(changes).length) {
      try {
        state = await worker.call('tune', changes)
      } finally {
        // A checkpoint that came meanwhile may be of before; and whoever opens it next tells them again.
        this.#changes = changes
      }
    }
    this.#config = state.config
    this.#about ??= state.about
    this.#dataset = { ...state.dataset, ...this.#about }
    this.#steps = state.steps
    this.#crew.follow(kind === 'cpu' ? worker : null, state.shares)
  }

  /** As every resident, and without those who train with it. */
  async close() {
    this.#crew.follow(null, false)
    return super.close()
  }

  /** Bytes of WebAssembly memory that the engine and those who train with it hold. @returns {Promise<number>} */
  async memory() {
    const [own, others] = await Promise.all([super.memory(), this.#crew.memory()])
    return own + others
  }

  _resumesAt() { return this.#steps }

  /** @param {Uint8Array} bytes @param {number} _step */
  _keep(bytes, _step) {
    this.#origin = { bytes }
    this.#changes = {}
  }

  /**
   * Trains. One readback of the losses for the whole call.
   * @param {number} [n] @param {{ only?: 'discriminator' | 'generator', signal?: AbortSignal }} [options]
   * @returns {Promise<Report>}
   */
  async step(n = 1, options) {
    const { only, signal } = settle('step', options, ['only', 'signal'])
    if (!Number.isInteger(n) || n < 1) throw new AtelierError('InvalidConfig', `${n} is not a number of steps.`, { field: 'n', value: n })
    await this.#crew.ready()
    const report = await this._call('step', { n, only }, { signal }).catch(error => {
      this.#steps = error.details?.step ?? this.#steps
      throw error
    })
    this.#steps = report.step
    const { ms_learning, ...told } = report
    this.#crew.report(ms_learning)
    return told
  }

  /**
   * @param {{ count?: number, seed?: number, latent?: ArrayLike<number>, label?: number }} [options] label: a class, for conditional networks
   * @returns {Promise<{ kind: 'points' | 'images' | 'sequences', data: Float32Array | Uint8ClampedArray, shape: number[], rows?: string[], labels?: Uint32Array }>}
   *   A CycleGAN's pictures come in rows of `count`, named by `rows`: a, fake_b, rec_a, b, fake_a, rec_b; a DR-GAN's: input, -90, -60, -30, 0, 30, 60, 90.
   */
  async sample(options) {
    const { count = 64, seed = 1, latent, ...more } = settle('sample', options, ['count', 'seed', 'latent', 'label'])
    if (latent !== undefined && !isList(latent)) throw new AtelierError('InvalidConfig', '`latent` is an array of numbers.', { field: 'latent', value: String(latent) })
    const sample = await this._call('sample', { count, seed, ...(latent && { latent: floats(latent, 'latent', 'InvalidConfig') }), ...more })
    // The first picture that was computed here, for `npm run measure -- page` and for anybody's performance panel.
    if (!performance.getEntriesByName(firstSampleMark).length) performance.mark(firstSampleMark)
    return sample
  }

  /** @param {{ what: 'heatmap' | 'manifold' | 'gradients' | 'coverage' | 'scores' | 'real' | 'tensors' | 'smile', size?: number, count?: number, seed?: number, label?: number }} options */
  async inspect(options) {
    const { what } = options ?? {}
    const usual = Object.hasOwn(questions, what) ? questions[what] : null
    if (!usual) throw new AtelierError('InvalidConfig', `There is nothing "${what}" to inspect, but ${Object.keys(questions).join(', ')}.`, { reason: 'choice', field: 'what', value: String(what), known: Object.keys(questions).join(', ') })
    return this._call('inspect', { ...usual, ...settle(`inspect ${what}`, options, ['what', ...Object.keys(usual)]) })
  }

  /** Changes settings that the schema marks as live. @param {Record<string, any>} options */
  async tune(options) {
    const changes = settle('tune', options, Object.keys(options ?? {}))
    const { config } = await this._call('tune', changes).catch(error => {
      settle('tune', options, Object.keys(this.#config))
      throw error
    })
    this.#config = config
    Object.assign(this.#changes, changes)
    return config
  }

  /**
   * The averaged generator as a file for other software: `safetensors`, weights by PyTorch's names and in its layout, with the sizes under
   * the metadata's key `generator`; or `onnx`, graph and weights (operator set 17). Of a CycleGAN the one into the domain `a` or `b`, whose
   * weights (f16, published names) a translator takes too; a direction alone may be given as a string.
   * @param {'a' | 'b' | { direction?: 'a' | 'b', format?: import('./options.js').Format }} [options] @returns {Promise<Blob>}
   */
  async export(options) {
    const { direction, format } = exported(typeof options === 'string' ? { direction: options } : options)
    return new Blob([await this._call('exportGenerator', { direction, format })], { type: 'application/octet-stream' })
  }

  /** Weights, optimisers, step, config and data choice, to go on from with `atelier.open`. @returns {Promise<Blob>} */
  async save() {
    return new Blob([await this._call('save')], { type: 'application/octet-stream' })
  }
}
