/**
 * GAN Atelier as a module: everything the page can do, for any page. Importing it defines functions and, where there is a document,
 * the custom elements of docs/embedding.md; it fetches nothing.
 *
 * @example
 * import { openAtelier } from './gan-atelier.js'
 * const atelier = await openAtelier()
 * const session = await atelier.train({ family: 'gan', dataset: 'ring', seed: 7 })
 * const { loss_d, loss_g, metrics } = await session.step(50)
 */
import schemas from './generated/schema.json'
import { chooseDevice } from './engine/device.js'
import { EngineWorker } from './engine/client.js'
import { forgetModules } from './engine/modules.js'
import { AtelierError, asAtelierError, errorCodes, throwIfAborted } from './engine/protocol.js'
import { FacesModel } from './engine/faces.js'
import { floats, isList, oneOf, plainPoints, settle } from './engine/options.js'
import { isFile, wishOf } from './engine/table-wish.js'
import { TrainingSession } from './engine/training.js'
import { PhotoTranslator } from './engine/translator.js'
import { downloadWeights, modelCards } from './engine/weights.js'
import { defineElements } from './embed/define.js'
import { kinds, openedWith } from './embed/kinds.js'

export { AtelierError, errorCodes }

/**
 * @typedef {'auto' | 'cpu' | 'webgpu'} Wish
 * @typedef {(progress: { phase: 'download' | 'compile' | 'pictures', what: string, loaded: number, total: number }) => void} OnProgress
 *   `what` is the engine (`cpu`, `webgpu`) or the model that is on its way, or `data`: the pictures that are being read
 * @typedef {import('./engine/weights.js').ModelCard} ModelCard
 * @typedef {TrainingSession} Session
 * @typedef {PhotoTranslator} Translator
 * @typedef {import('./engine/live.js').LivePainting} LivePainting
 * @typedef {FacesModel} Faces
 */

/** Families whose steps are small enough for the CPU engine to be the faster one. */
const smallFamilies = ['gan', 'rgan']

/** How many ateliers are open: with the last one the compiled engines are given back. */
let openAteliers = 0

/** @typedef {import('./engine/table-wish.js').TableWish} TableWish */

/** Everything that `data` may hold, of all kinds of data. */
const dataKeys = ['points', 'scale', 'a', 'b', 'images', 'labels', 'classes', 'idx', 'transposed', 'sequences', 'shape', 'reading', 'columns', 'separator', 'decimal', 'array']

/** Points and sequences as the engine takes them. @param {any} given */
function plainData(given) {
  if (given === undefined || given === null) return undefined
  const data = settle('train data', given, dataKeys)
  if (!Object.keys(data).length) return undefined
  // The worker reads a file.
  if (isFile(data.sequences) || isFile(data.points)) return data
  if (data.sequences) return plainSequences(data)
  return 'points' in data ? { ...data, points: plainPoints(data.points) } : data
}

/** The dataset that data of the caller's own are for: never one that would leave them aside. @param {any} data @param {string | undefined} dataset @param {any} schema */
function ownDataset(data, dataset, { family, datasets }) {
  const own = datasets.filter((/** @type {any} */ each) => each.own).map((/** @type {any} */ { id }) => id)
  if (dataset !== undefined && (own.includes(dataset) || !datasets.some((/** @type {any} */ { id }) => id === dataset))) return dataset
  const usual = 'points' in data ? 'drawn' : 'sequences' in data ? 'series' : 'own'
  if (dataset === undefined && own.includes(usual)) return usual
  throw new AtelierError('InvalidConfig', `${family} would not learn from the data with the dataset ${dataset ?? datasets[0].id}; with data it is one of ${own.join(', ') || 'none'}.`,
    { reason: 'choice', field: 'dataset', value: dataset ?? datasets[0].id, known: own.join(', ') || '–' })
}

/** Pictures chosen among those that were brought. @param {any} data @param {any} config @param {any} schema */
async function chosenData(data, config, schema) {
  const { chosen, sideOf } = await import('./engine/chosen.js')
  return chosen(data, { family: config.family, side: sideOf(config, schema) })
}

/** Flat with their shape, or `[sequence][step]`, or `[sequence][step][value]`. @param {any} data */
function plainSequences({ sequences, shape, labels }) {
  const more = labels && { labels: Array.from(labels) }
  if (isList(sequences) && shape) return { sequences: floats(sequences, 'data.sequences'), shape: Array.from(shape), ...more }
  if (!Array.isArray(sequences) || !sequences.length) throw new AtelierError('InvalidData', 'Sequences are arrays of steps, or a Float32Array with its shape.', { place: 'data.sequences' })
  const [count, steps, values] = [sequences.length, sequences[0]?.length, sequences[0]?.[0]?.length ?? 1]
  const odd = sequences.findIndex(sequence => !isList(sequence) || sequence.length !== steps || Array.from(sequence).some((/** @type {any} */ step) => (step?.length ?? 1) !== values))
  if (odd >= 0 && !isList(sequences[odd])) throw new AtelierError('InvalidData', `Sequence ${odd} is no list of steps.`, { place: `data.sequences[${odd}]` })
  if (odd >= 0) throw new AtelierError('InvalidData', `Sequence ${odd} is not ${steps} steps of ${values} values as the first is.`, { place: `data.sequences[${odd}]` })
  const all = sequences.flatMap(sequence => Array.from(sequence, step => (isList(step) ? Array.from(step) : step)).flat())
  return { sequences: floats(all, 'data.sequences'), shape: [count, steps, values], ...more }
}

/** @param {string} model */
const noQuick = model => new AtelierError('Unsupported', `There is no quick painter of ${model}.`, { reason: 'no_quick', model })

/** @param {Blob | ArrayBuffer | Uint8Array} file */
async function bytesOf(file) {
  if (file instanceof Uint8Array) return file
  if (file instanceof ArrayBuffer) return new Uint8Array(file)
  if (file instanceof Blob) return new Uint8Array(await file.arrayBuffer())
  throw new AtelierError('InvalidData', 'A file is a Blob, an ArrayBuffer or a Uint8Array.')
}

export class Atelier {
  /** @type {Set<import('./engine/resident.js').Resident>} */
  #residents = new Set()
  #closed = false
  #wish
  #onProgress

  /** @param {Wish} wish @param {OnProgress} [onProgress] */
  constructor(wish, onProgress) {
    this.#wish = wish
    this.#onProgress = onProgress
    openAteliers++
  }

  /** Cards of the shipped models. @returns {Promise<ModelCard[]>} */
  models() {
    return modelCards()
  }

  /** The ids of the families that can be trained. */
  get families() {
    return Object.keys(schemas)
  }

  /** Every field of a family's configuration; needs no engine. @param {string} family */
  async schema(family) {
    const schema = /** @type {Record<string, any>} */ (schemas)[family]
    if (!schema) throw new AtelierError('Unsupported', `There is no family "${family}".`, { reason: 'family', family })
    return structuredClone(schema)
  }

  /**
   * @template {import('./engine/resident.js').Resident} T
   * @param {Wish} wish @param {'small' | 'heavy'} task @param {(options: any) => T} make @returns {Promise<T>}
   */
  async #admit(wish, task, make) {
    if (this.#closed) throw new AtelierError('Aborted', 'The atelier was closed.', { reason: 'closed' })
    const choice = await chooseDevice(wish, task)
    if (this.#closed) throw new AtelierError('Aborted', 'The atelier was closed.', { reason: 'closed' })
    const resident = make({ onLoad: this.#onProgress, onClose: () => this.#residents.delete(resident) })
    this.#residents.add(resident)
    await resident._open(choice, wish === 'auto')
    return resident
  }

  /**
   * Starts a training. Settings left out take the schema's defaults. `data` is what a dataset of the caller's own is made of: `{ points }`, `{ sequences }`,
   * `{ images, labels? }` or, for two domains, `{ a, b }`, each a list of pictures or one ZIP of them, or IDX files: `{ idx, labels?, transposed? }`.
   * @param {{ family?: string, dataset?: string, seed?: number, data?: object, device?: Wish, signal?: AbortSignal, [key: string]: any }} [options] family: the plain GAN, unless another is named; signal: stops the reading of data
   * @returns {Promise<Session>}
   */
  async train(options) {
    const { family = 'gan' } = options ?? {}
    const schema = await this.schema(family)
    const known = schema.fields.map((/** @type {{ key: string }} */ { key }) => key)
    const { device = this.#wish, data, signal, ...told } = settle('train', options, ['family', 'device', 'data', 'signal', ...known])
    const config = { ...told, family }
    const task = smallFamilies.includes(config.family) ? 'small' : 'heavy'
    const plain = data && plainData(data)
    if (plain) config.dataset = ownDataset(plain, told.dataset, schema)
    const own = plain && await chosenData(plain, config, schema)
    return this.#admit(device, task, options => new TrainingSession({ config, data: own }, { ...options, signal }))
  }

  /**
   * Goes on with a saved training, to the last bit on the same device.
   * @param {Blob | ArrayBuffer | Uint8Array} file @param {{ device?: Wish }} [options] @returns {Promise<Session>}
   */
  async open(file, options) {
    const { device = this.#wish } = settle('open', options, ['device'])
    const bytes = await bytesOf(file)
    return this.#admit(device, 'small', options => new TrainingSession({ bytes }, options))
  }

  /**
   * A session that begins with a shipped generator (kind `acgan`): it samples at once, by class, and learns on when stepped.
   * @param {string} id @param {{ device?: Wish, signal?: AbortSignal }} [options] @returns {Promise<Session>}
   */
  async trained(id, options) {
    const { device, signal } = settle('trained', options, ['device', 'signal'])
    throwIfAborted(signal)
    const { files } = await this.#shipped(id, signal)
    if (!files.generator) throw new AtelierError('Unsupported', `The model "${id}" does not learn on.`, { reason: 'finished', model: id })
    return this.open(files.generator, { device: device ?? this.#wish })
  }

  /**
   * A shipped pair by its id, or a visitor's own weights, as PyTorch or safetensors keep them: `{ ab, ba }`, or one file, with the direction `b`
   * only or, where it holds a whole training, with both. Of a file that holds several generators and does not tell which is which
   * (`WeightsMismatch`, reason `several`, with their `names`) `pick` says which goes forward, and which back. `quick`: the shipped pair's small
   * generators, for `translator.live`; `Unsupported`, reason `no_quick`, where a model has none (its card then has no `quick`).
   * @param {string | Blob | { ab: Blob, ba?: Blob, pick?: { ab: string, ba?: string } }} model
   * @param {{ device?: Wish, signal?: AbortSignal, quick?: boolean }} [options] @returns {Promise<Translator>}
   */
  async translator(model, options) {
    const { device = this.#wish, signal, quick = false } = settle('translator', options, ['device', 'signal', 'quick'])
    throwIfAborted(signal)
    if (quick && typeof model !== 'string') throw noQuick('a model of your own')
    const pair = typeof model === 'string' ? await this.#shipped(model, signal, quick) : await this.#own(model)
    const translator = await this.#admit(device, 'heavy', options => new PhotoTranslator(pair, options))
    if (signal?.aborted) {
      await translator.close()
      throwIfAborted(signal)
    }
    return translator
  }

  /**
   * Files of a model, together, with one report of their progress.
   * @param {string} id @param {Record<string, import('./engine/weights.js').WeightFile>} files @param {AbortSignal} [signal] @returns {Promise<Record<string, Uint8Array>>}
   */
  async #download(id, files, signal) {
    const total = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)
    /** @type {Record<string, number>} */
    const loaded = {}
    const arrived = await Promise.all(Object.entries(files).map(async ([key, file]) => {
      const onBytes = (/** @type {number} */ bytes) => {
        loaded[key] = bytes
        this.#onProgress?.({ phase: 'download', what: id, loaded: Object.values(loaded).reduce((sum, part) => sum + part, 0), total })
      }
      return [key, await downloadWeights(file, { signal, onBytes })]
    }))
    return Object.fromEntries(arrived)
  }

  /** @param {string} id @param {AbortSignal} [signal] @param {boolean} [quick] */
  async #shipped(id, signal, quick = false) {
    const card = (await modelCards()).find(each => each.id === id)
    if (!card) throw new AtelierError('Unsupported', `There is no model "${id}".`, { reason: 'model', model: id })
    if (quick) {
      if (!card.quick) throw noQuick(id)
      const { ab, ba } = card.quick
      return { files: /** @type {any} */ (await this.#download(id, { ab, ba }, signal)), side: card.side ?? 256 }
    }
    const files = await this.#download(id, card.files, signal)
    const { discriminators, tells } = card
    const discriminator = discriminators && ((/** @type {'a' | 'b'} */ domain) => {
      const { [domain]: file } = discriminators
      return downloadWeights(file, { onBytes: loaded => this.#onProgress?.({ phase: 'download', what: id, loaded, total: file.bytes }) })
    })
    return { files: /** @type {any} */ (files), side: card.side ?? 256, discriminator, tells }
  }

  /**
   * The shipped DR-GAN: finds faces, turns them, fuses photos of one person, blends two people.
   * @param {{ device?: Wish, signal?: AbortSignal }} [options] @returns {Promise<Faces>}
   */
  async faces(options) {
    const { device = this.#wish, signal } = settle('faces', options, ['device', 'signal'])
    throwIfAborted(signal)
    const card = (await modelCards()).find(({ kind }) => kind === 'drgan')
    if (!card) throw new AtelierError('Unsupported', 'This site has no model of faces.', { reason: 'model', model: 'drgan' })
    const { discriminator, ...networks } = card.files
    const model = {
      files: await this.#download(card.id, networks, signal),
      discriminator: discriminator && (() => downloadWeights(discriminator, { onBytes: loaded => this.#onProgress?.({ phase: 'download', what: card.id, loaded, total: discriminator.bytes }) })),
    }
    return this.#admit(device, 'heavy', options => new FacesModel(/** @type {any} */ (model), options))
  }

  /**
   * A table before anything is learned from it: its first rows, what each column is taken for, and every way to read it as sequences, with
   * the likeliest chosen and why. `atelier.train` takes the same file and the same wishes as `data: { sequences: file, reading, columns }`.
   * @param {Blob | ArrayBuffer | Uint8Array} file @param {TableWish & { length?: number }} [options] length: steps of the sequences
   * @returns {Promise<any>}
   */
  table(file, options) {
    const { length = 24, ...wish } = options ?? {}
    return this.#draw('previewTable', { file, length, wish: wishOf(wish, 'options') })
  }

  /**
   * The points of a table of two columns, in the square from -1 to 1, as `data` takes them; `scale` takes them back: value = middle + half * coordinate.
   * @param {Blob | ArrayBuffer | Uint8Array} file @param {TableWish} [wish]
   * @returns {Promise<{ points: Float32Array, scale: { axes: [[middle: number, half: number], [middle: number, half: number]], names: [string, string], brought: number } }>}
   */
  tablePoints(file, wish = {}) {
    return this.#draw('tablePoints', { file, wish: wishOf(wish, 'options') })
  }

  /** @param {Blob | { ab: Blob, ba?: Blob, pick?: { ab: string, ba?: string } }} model */
  async #own(model) {
    if (model instanceof Blob) return { files: { ab: await bytesOf(model) }, side: 256 }
    const { ab, ba, pick } = settle('translator model', model, ['ab', 'ba', 'pick'])
    if (!ab) throw new AtelierError('InvalidData', 'A model is an id, a Blob, or { ab, ba }.')
    return { files: { ab: await bytesOf(ab), ...(ba && { ba: await bytesOf(ba) }), ...(pick && { pick }) }, side: 256 }
  }

  /**
   * A picture drawn by our own code, for trying a translator without a photo: a lake, or a horse or a zebra in a meadow.
   * @param {{ width?: number, height?: number, seed?: number, subject?: 'lake' | 'horse' | 'zebra' }} [options] @returns {Promise<ImageData>}
   */
  async scene(options) {
    const { width = 512, height = 384, seed = 1, subject = 'lake' } = settle('scene', options, ['width', 'height', 'seed', 'subject'])
    oneOf('subject', subject, ['lake', 'horse', 'zebra'])
    return this.#draw('scene', { width, height, seed, subject })
  }

  /**
   * Faces of nobody, drawn by our own code: a person by number, and how the picture is taken. yaw: degrees, positive when the nose
   * points to the picture's right; smile: -0.5 to 1; light: -1, from the picture's left, to 1.
   * @param {{ person: number, yaw?: number, smile?: number, light?: number, side?: number }[]} views @returns {Promise<ImageData[]>}
   */
  async drawFaces(views) {
    const usual = { yaw: 0, smile: 0.3, light: -0.35, side: 96 }
    if (!Array.isArray(views)) throw new AtelierError('InvalidConfig', 'drawFaces takes a list of views.', { reason: 'no_list', call: 'drawFaces' })
    const told = views.map(view => ({ ...usual, ...settle('drawFaces', view, ['person', ...Object.keys(usual)]) }))
    const strange = told.findIndex(({ person }) => !Number.isInteger(person))
    if (strange >= 0) throw new AtelierError('InvalidConfig', `View ${strange} names no person, which is a whole number.`, { reason: 'not_finite', field: `views[${strange}].person`, value: String(told[strange].person) })
    return this.#draw('drawFaces', told)
  }

  /** @param {string} call @param {any} args */
  async #draw(call, args) {
    const { worker } = await EngineWorker.start('cpu', { onLost: () => {} }, this.#onProgress)
    try {
      return await worker.call(call, args)
    } finally {
      worker.terminate()
    }
  }

  /** Frees all workers, memory and the GPU. Opening another atelier works. */
  async close() {
    if (this.#closed) return
    this.#closed = true
    await Promise.all([...this.#residents].map(resident => resident.close()))
    if (--openAteliers === 0) forgetModules()
  }
}

/**
 * Opens an atelier. Engines are fetched when the first task needs one.
 * @param {{ device?: Wish, onProgress?: OnProgress }} [options] @returns {Promise<Atelier>}
 */
export async function openAtelier(options) {
  const { device = 'auto', onProgress } = settle('openAtelier', options, ['device', 'onProgress'])
  if (typeof Worker === 'undefined' || typeof WebAssembly === 'undefined') {
    throw new AtelierError('Unsupported', 'An atelier needs a browser with workers and WebAssembly.', { reason: 'no_workers' })
  }
  // A wish that cannot be met is told now, not at the first task.
  if (device !== 'auto') await chooseDevice(device, 'heavy').catch(error => { throw asAtelierError(error) })
  return new Atelier(device, onProgress)
}

defineElements(openAtelier, kinds, openedWith)
