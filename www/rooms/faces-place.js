// A turned face where the person's own is in a photo, so that both can be compared.
import { cornersOf, placeOf } from '../elements/draw/crop.js'
import { setBack } from '../elements/draw/set-back.js'
import { surface } from '../files/canvas.js'
import { alignedPicture } from './faces-files.js'

/** @typedef {import('./faces-album.js').Shot} Shot */

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180

/** The photo that is looked at, or the first whose face has a place. @param {import('./faces.js').FacesRoom} room @returns {Shot | undefined} */
export function shotInPlace({ person, album }) {
  const placed = person?.shots.filter(each => each.placed) ?? []
  return placed.find(({ id }) => id === album.state.shot) ?? placed[0]
}

/** @param {ImageBitmap} bitmap */
function canvasOf(bitmap) {
  const canvas = surface(bitmap.width, bitmap.height)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  context.drawImage(bitmap, 0, 0)
  return context
}

/** @type {WeakMap<import('./faces-album.js').Source, ImageData>} */
const photos = new WeakMap()

/** As it is shown. @param {Shot} shot */
export function photoOf({ source }) {
  const known = photos.get(source) ?? canvasOf(source.bitmap).getImageData(0, 0, source.bitmap.width, source.bitmap.height)
  photos.set(source, known)
  return known
}

/** @type {{ shot: Shot, face: ImageData, made: ImageData } | null} */
let latest = null

/** The photo with the made face in its place. @param {Shot} shot @param {ImageData} face */
export function inPlace(shot, face) {
  if (latest?.shot === shot && latest.face === face) return latest.made
  const { source: { bitmap, width, height }, crop } = shot
  const known = (/** @type {number} */ u, /** @type {number} */ v) => {
    const { x, y } = placeOf(crop, u, v)
    return x >= 0 && y >= 0 && x < width && y < height
  }
  const piece = surface(face.width, face.height)
  piece.getContext('2d')?.putImageData(new ImageData(setBack(face, alignedPicture(shot), known), face.width, face.height), 0, 0)
  const context = canvasOf(bitmap)
  const scale = bitmap.width / width
  context.imageSmoothingQuality = 'high'
  context.translate(crop.x * scale, crop.y * scale)
  context.rotate(radians(crop.roll))
  context.drawImage(piece, (-crop.size * scale) / 2, (-crop.size * scale) / 2, crop.size * scale, crop.size * scale)
  const made = context.getImageData(0, 0, bitmap.width, bitmap.height)
  latest = { shot, face, made }
  return made
}

/** Whether there is more to be seen than the square itself. @param {Shot} shot */
export const hasSurroundings = ({ source: { width, height }, crop }) => cornersOf(crop).some(({ x, y }) => x > 1 && x < width - 1 && y > 1 && y < height - 1)

/** Where the line between both begins: left of the face. @param {Shot} shot */
export const besideFace = ({ source: { width }, crop: { x, size } }) => Math.min(1, Math.max(0, (x - size / 2) / width))
