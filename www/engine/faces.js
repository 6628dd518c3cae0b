/** The shipped DR-GAN as the page holds it: the networks are in a worker, a person is plain numbers here. */
import { Resident } from './resident.js'
import { AtelierError } from './protocol.js'
import { finite, floats, settle, within } from './options.js'
import { sendable } from './translator.js'

/**
 * @typedef {import('./translator.js').Picture} Picture
 * @typedef {{ x: number, y: number, size: number, roll: number }} Crop a square of the photo: centre and side in pixels, degrees clockwise
 * @typedef {Crop & { yaw: number, score: number }} Found yaw: degrees, positive where the nose points to the picture's right
 *
 * @typedef {object} Person
 * @property {Float32Array} features of each photo, one after another
 * @property {Float32Array} weights how far each photo is to be trusted, 0 to 1: the encoder's confidence
 * @property {number[][]} distances how unlike each two photos are: 1 less the cosine of their features
 *
 * @typedef {object} Verdict
 * @property {number} real probability that the picture is real
 * @property {number} yaw degrees
 * @property {Float32Array} identity cosine with each of the people it learned from
 */

/** Photos of one person, and yaws in one call. */
const most = 64
const yawLimit = 90

/** @param {number | number[]} yaw */
function yawsOf(yaw) {
  const yaws = Array.isArray(yaw) ? yaw : [yaw]
  if (!yaws.length || yaws.length > most) throw new AtelierError('InvalidConfig', `One to ${most} yaws at a time.`, { field: 'yaw', value: yaws.length })
  for (const each of yaws) within('yaw', each, -yawLimit, yawLimit)
  return yaws
}

/** As `detect` gives it, or by hand. @param {any} crop @returns {Crop} */
function cropOf(crop) {
  const { x, y, size, roll = 0 } = crop ?? {}
  for (const [field, value] of Object.entries({ x, y, size, roll })) finite(`crop.${field}`, value)
  settle('crop', crop, ['x', 'y', 'size', 'roll', 'yaw', 'score'])
  within('crop.size', size, 1, 1e5)
  return { x, y, size, roll }
}

/** @param {Person} person @param {ArrayLike<number>} [weights] */
function weighed(person, weights = person.weights) {
  if (!(person?.features instanceof Float32Array)) throw new AtelierError('InvalidData', 'A person is what `encode` or `load` gave.')
  return { features: person.features, weights: floats(weights, 'weights', 'InvalidConfig') }
}

/** @param {number} seed */
const whole = seed => Math.trunc(seed) >>> 0

export class FacesModel extends Resident {
  #files
  #fetchJudge
  /** A discriminator that a worker in this one's place must get again. @type {Uint8Array | null} */
  #judge = null

  /**
   * @param {{ files: { encoder: Uint8Array, decoder: Uint8Array, finder: Uint8Array }, discriminator?: () => Promise<Uint8Array> }} model
   * @param {{ onClose: () => void, onLoad?: import('./modules.js').OnLoad }} options
   */
  constructor({ files, discriminator }, options) {
    super(options)
    this.#files = files
    this.#fetchJudge = discriminator
  }

  /** @param {import('./client.js').EngineWorker} worker */
  async _settle(worker) {
    await worker.call('openFaces', this.#files)
    if (this.#judge) await worker.call('openFaceJudge', { file: this.#judge })
  }

  /**
   * The faces of a photo, the likeliest first; none where none is found. Squares are in the photo's own pixels, tilted as the faces are; `score` says how sure the finder is, 0.47 to 1.
   * @param {Picture} image @param {{ signal?: AbortSignal }} [options] @returns {Promise<Found[]>}
   */
  async detect(image, options) {
    return (await this.find(image, options)).faces
  }

  /**
   * The same, and the photo's size, pixels: upright, as its squares count them.
   * @param {Picture} image @param {{ signal?: AbortSignal }} [options] @returns {Promise<{ width: number, height: number, faces: Found[] }>}
   */
  async find(image, options) {
    const { signal } = settle('detect', options, ['signal'])
    return this._call('detectFaces', { image: await sendable(image) }, { signal })
  }

  /**
   * One person from one or more photos; `crop` as `detect` gives it, or by hand.
   * @param {{ image: Picture, crop: Crop }[]} photos
   * @param {{ signal?: AbortSignal, onProgress?: (progress: { loaded: number, total: number }) => void }} [options] @returns {Promise<Person>}
   */
  async encode(photos, options) {
    const { signal, onProgress } = settle('encode', options, ['signal', 'onProgress'])
    if (!photos?.length || photos.length > most) throw new AtelierError('InvalidConfig', `One to ${most} photos of a person.`, { field: 'photos', value: photos?.length ?? 0 })
    const sent = await Promise.all(photos.map(async photo => {
      const { image, crop } = settle('encode photo', photo, ['image', 'crop'])
      return { image: await sendable(image), crop: cropOf(crop) }
    }))
    return this.#measured(await this._call('encodeFaces', { photos: sent }, { signal, onProgress }))
  }

  /** @param {{ features: Float32Array, weights: Float32Array }} person @returns {Promise<Person>} */
  async #measured(person) {
    return { ...person, distances: await this._call('faceDistances', person) }
  }

  /**
   * The person at a yaw in degrees, -90 (nose to the picture's left) to 90; for an array of yaws an array of pictures, all with the same noise.
   * @template {number | number[]} Y
   * @param {Person} person @param {Y} yaw @param {{ weights?: ArrayLike<number>, seed?: number, signal?: AbortSignal }} [options] weights: instead of the person's own
   * @returns {Promise<Y extends number ? ImageData : ImageData[]>}
   */
  async rotate(person, yaw, options) {
    const { weights, seed = 1, signal } = settle('rotate', options, ['weights', 'seed', 'signal'])
    const made = await this._call('turnFace', { ...weighed(person, weights), yaws: yawsOf(yaw), seed: whole(seed) }, { signal })
    return Array.isArray(yaw) ? made : made[0]
  }

  /**
   * What the decoder draws that person at that yaw from.
   * @param {Person} person @param {number} yaw @param {{ weights?: ArrayLike<number>, seed?: number, signal?: AbortSignal }} [options]
   * @returns {Promise<{ identity_features: Float32Array, pose_code: Float32Array, noise: Float32Array }>}
   */
  async code(person, yaw, options) {
    const { weights, seed = 1, signal } = settle('code', options, ['weights', 'seed', 'signal'])
    const [one] = yawsOf(yaw)
    return this._call('faceCode', { ...weighed(person, weights), yaw: one, seed: whole(seed) }, { signal })
  }

  /**
   * Somebody between two people, at a yaw or at several; `mix` 0 is the first, 1 the second.
   * @template {number | number[]} Y
   * @param {Person} one @param {Person} other @param {number} mix @param {Y} yaw
   * @param {{ weights?: [ArrayLike<number> | undefined, ArrayLike<number> | undefined], seed?: number, signal?: AbortSignal }} [options]
   * @returns {Promise<Y extends number ? ImageData : ImageData[]>}
   */
  async blend(one, other, mix, yaw, options) {
    const { weights = [undefined, undefined], seed = 1, signal } = settle('blend', options, ['weights', 'seed', 'signal'])
    within('mix', mix, 0, 1)
    const people = { one: weighed(one, weights[0]), other: weighed(other, weights[1]) }
    const made = await this._call('blendFaces', { ...people, mix, yaws: yawsOf(yaw), seed: whole(seed) }, { signal })
    return Array.isArray(yaw) ? made : made[0]
  }

  /**
   * What the discriminator's three heads say of a face: of a made picture as it is, of a photo within `crop`. Its file is fetched at the first use.
   * @param {Picture} image @param {{ crop?: Crop, signal?: AbortSignal }} [options] @returns {Promise<Verdict>}
   */
  async judge(image, options) {
    const { crop, signal } = settle('judge', options, ['crop', 'signal'])
    if (!this.#fetchJudge) throw new AtelierError('Unsupported', 'This model has no discriminator.', { reason: 'no_discriminator' })
    if (!crop && image instanceof Blob) throw new AtelierError('InvalidConfig', 'A file needs a `crop`.', { field: 'crop' })
    if (!this.#judge) {
      const file = await this.#fetchJudge()
      await this._call('openFaceJudge', { file })
      this.#judge = file
    }
    return this._call('judgeFace', { image: await sendable(image), crop: crop && cropOf(crop) }, { signal })
  }

  /** A person as a file: features, no picture. @param {Person} person @param {{ weights?: ArrayLike<number> }} [options] @returns {Promise<Blob>} */
  async save(person, options) {
    const { weights } = settle('save', options, ['weights'])
    return new Blob([await this._call('saveFace', weighed(person, weights))], { type: 'application/octet-stream' })
  }

  /** The person that `save` wrote. @param {Blob} file @returns {Promise<Person>} */
  async load(file) {
    if (!(file instanceof Blob)) throw new AtelierError('InvalidData', 'A person is loaded from a Blob.')
    return this.#measured(await this._call('loadFace', { bytes: new Uint8Array(await file.arrayBuffer()) }))
  }
}
