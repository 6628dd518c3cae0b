/** The faces' side of the worker: photos decoded, faces found in them, encoded, and drawn again. */
import { openPicture, workingSize } from './picture.js'

/**
 * @typedef {import('./worker.js').Context} Context
 * @typedef {Blob | ImageData | ImageBitmap} Image
 * @typedef {{ x: number, y: number, size: number, roll: number }} Crop centre and side of a square, in pixels of the photo; degrees clockwise
 * @typedef {{ features: Float32Array, weights: Float32Array }} Person features of each picture, one after another
 */

/** Pixels of the photo that faces are looked for in, whatever its shape: of 24 megapixels faces of 76 pixels are left with 24, which are found. */
const detectionPixels = 2_400_000
/** A face is sampled from about this many pixels a side: twice those that the networks see. */
const sampledSide = 192
export const faceSide = 96

/** @param {Uint8ClampedArray} rgba pictures after one another */
function facesOf(rgba) {
  const bytes = 4 * faceSide * faceSide
  return Array.from({ length: rgba.length / bytes }, (_, index) => new ImageData(/** @type {any} */ (rgba.slice(index * bytes, (index + 1) * bytes)), faceSide, faceSide))
}

/** The crop in a picture that begins at `left`, `top` and is `scale` times as large. @param {Crop} crop @param {number} left @param {number} top @param {number} scale */
const within = ({ x, y, size, roll = 0 }, left, top, scale) => ({ x: (x - left) * scale, y: (y - top) * scale, size: size * scale, roll })

/**
 * The part of a photo that a tilted square may reach, as small as it may be, and the square in it. The photo's border stays a border.
 * @param {Image} image @param {Crop} crop
 */
async function cutOut(image, crop) {
  const picture = await openPicture(image)
  try {
    const reach = Math.max(1, crop.size) * Math.SQRT1_2 + 2
    const clamp = (/** @type {number} */ at, /** @type {number} */ most) => Math.min(Math.max(Math.round(at), 0), most)
    const [left, top] = [clamp(crop.x - reach, picture.width - 1), clamp(crop.y - reach, picture.height - 1)]
    const [right, bottom] = [Math.max(left + 1, clamp(crop.x + reach, picture.width)), Math.max(top + 1, clamp(crop.y + reach, picture.height))]
    const scale = Math.min(1, sampledSide / crop.size)
    const size = { width: Math.max(1, Math.round((right - left) * scale)), height: Math.max(1, Math.round((bottom - top) * scale)) }
    const part = await picture.part({ left, top, width: right - left, height: bottom - top }, size)
    return { part, crop: within(crop, left, top, scale) }
  } finally {
    picture.close()
  }
}

/** The whole of a square picture. @param {{ width: number, height: number }} image @returns {Crop} */
const whole = ({ width, height }) => ({ x: width / 2, y: height / 2, size: Math.min(width, height), roll: 0 })

/** @param {() => any} engine */
export function facesCalls(engine) {
  /** @type {any} */
  let faces = null

  return {
    /** @param {{ encoder: Uint8Array, decoder: Uint8Array, finder: Uint8Array }} files */
    openFaces({ encoder, decoder, finder }) {
      const fresh = new (engine().Faces)(encoder, decoder, finder)
      faces?.free()
      faces = fresh
    },

    /** @param {{ file: Uint8Array }} options */
    openFaceJudge: ({ file }) => faces.openDiscriminator(file),

    /** @param {{ image: Image }} options */
    async detectFaces({ image }) {
      const picture = await openPicture(image)
      try {
        const scale = Math.min(1, Math.sqrt(detectionPixels / (picture.width * picture.height)))
        const longer = Math.max(picture.width, picture.height)
        const small = scale < 1 ? workingSize(picture.width, picture.height, Math.round(longer * scale)) : picture
        const { data, width, height } = await picture.at({ width: small.width, height: small.height })
        const found = await faces.detect(data, width, height)
        const { width: whole, height: tall } = picture
        return { width: whole, height: tall, faces: found.map((/** @type {any} */ face) => ({ ...face, ...within(face, 0, 0, 1 / scale) })) }
      } finally {
        picture.close()
      }
    },

    /** @param {{ photos: { image: Image, crop: Crop }[] }} options @param {Context} context */
    async encodeFaces({ photos }, context) {
      const found = []
      for (const { image, crop } of photos) {
        const cut = await cutOut(image, crop)
        found.push(await faces.encode(cut.part.data, cut.part.width, cut.part.height, cut.crop))
        context.progress({ loaded: found.length, total: photos.length })
        await context.yieldToMessages()
      }
      const width = found[0].features.length
      const features = new Float32Array(width * found.length)
      found.forEach((each, index) => features.set(each.features, width * index))
      return { features, weights: Float32Array.from(found, each => each.confidence) }
    },

    /** @param {Person} person */
    faceDistances({ features, weights }) {
      const flat = faces.distances(features, weights)
      return Array.from(weights, (_, row) => [...flat.subarray(row * weights.length, (row + 1) * weights.length)])
    },

    /** @param {Person & { yaws: number[], seed: number }} options */
    turnFace: async ({ features, weights, yaws, seed }) => facesOf(await faces.turn(features, weights, Float32Array.from(yaws), seed)),

    /** @param {Person & { yaw: number, seed: number }} options */
    faceCode: ({ features, weights, yaw, seed }) => faces.code(features, weights, yaw, seed),

    /** @param {{ one: Person, other: Person, mix: number, yaws: number[], seed: number }} options */
    blendFaces: async ({ one, other, mix, yaws, seed }) =>
      facesOf(await faces.blend(one.features, one.weights, other.features, other.weights, mix, Float32Array.from(yaws), seed)),

    /** @param {{ image: Image, crop?: Crop }} options */
    async judgeFace({ image, crop }) {
      const { part, crop: inPart } = await cutOut(image, crop ?? whole(/** @type {any} */ (image)))
      return faces.judge(part.data, part.width, part.height, inPart)
    },

    /** @param {Person} person */
    saveFace: ({ features, weights }) => faces.save(features, weights),

    /** @param {{ bytes: Uint8Array }} options */
    loadFace: ({ bytes }) => faces.load(bytes)
  }
}
