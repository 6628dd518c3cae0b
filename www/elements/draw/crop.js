// The square of a photo that the networks see: around the head's middle, turned by its roll. Pure; lengths in pixels of the photo,
// angles in degrees, clockwise.

/**
 * @typedef {{ x: number, y: number, size: number, roll: number }} Crop centre, side, roll
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ width: number, height: number }} Size
 */

/** The networks' own side: a smaller square has fewer pixels than they see. */
const leastSide = 24
/** How far the knob that turns the square stands beyond its upper edge, in sides. */
const knobReach = 0.16

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180
const clamp = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) => Math.min(most, Math.max(least, value))

/** Where a place of the square lies in the photo. @param {Crop} crop @param {number} u from -0.5, left, to 0.5 @param {number} v the same, downwards @returns {Point} */
export function placeOf({ x, y, size, roll }, u, v) {
  const [cos, sin] = [Math.cos(radians(roll)), Math.sin(radians(roll))]
  return { x: x + size * (u * cos - v * sin), y: y + size * (u * sin + v * cos) }
}

/** The inverse of `placeOf`. @param {Crop} crop @param {Point} point @returns {{ u: number, v: number }} */
export function within({ x, y, size, roll }, point) {
  const [cos, sin] = [Math.cos(radians(roll)), Math.sin(radians(roll))]
  const [right, down] = [(point.x - x) / size, (point.y - y) / size]
  return { u: right * cos + down * sin, v: down * cos - right * sin }
}

/** @param {Crop} crop */
export const cornersOf = crop => [[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]].map(([u, v]) => placeOf(crop, u, v))

/** @param {Crop} crop */
export const knobOf = crop => placeOf(crop, 0, -0.5 - knobReach)

/** The centre stays in the photo, the square between what is worth seeing and twice the photo. @param {Crop} crop @param {Size} photo @returns {Crop} */
export function settle({ x, y, size, roll }, { width, height }) {
  return {
    x: clamp(x, 0, width), y: clamp(y, 0, height), size: clamp(size, Math.min(leastSide, width, height), 2 * Math.max(width, height)),
    // From -180 to 180, so that a turn goes on and on.
    roll: roll - 360 * Math.round(roll / 360),
  }
}

/** Where to begin when no face was found. @param {Size} photo @returns {Crop} */
export const middleOf = ({ width, height }) => ({ x: width / 2, y: height / 2, size: 0.75 * Math.min(width, height), roll: 0 })

/** What a pointer takes hold of. @param {Crop} crop @param {Point} point @param {number} reach @returns {'roll' | 'size' | 'move' | null} */
export function gripAt(crop, point, reach) {
  const near = (/** @type {Point} */ place) => Math.hypot(place.x - point.x, place.y - point.y) <= reach
  if (near(knobOf(crop))) return 'roll'
  if (cornersOf(crop).some(near)) return 'size'
  const { u, v } = within(crop, point)
  return Math.max(Math.abs(u), Math.abs(v)) <= 0.5 ? 'move' : null
}

/**
 * The crop after a pointer that took hold of it at `from` has come to `to`.
 * @param {Crop} crop as it was taken hold of @param {'roll' | 'size' | 'move'} grip @param {Point} from @param {Point} to @returns {Crop}
 */
export function drag(crop, grip, from, to) {
  if (grip === 'move') return { ...crop, x: crop.x + to.x - from.x, y: crop.y + to.y - from.y }
  const [before, after] = [from, to].map(point => ({ length: Math.hypot(point.x - crop.x, point.y - crop.y), angle: Math.atan2(point.y - crop.y, point.x - crop.x) }))
  if (grip === 'size') return { ...crop, size: (crop.size * after.length) / Math.max(before.length, 1e-6) }
  return { ...crop, roll: crop.roll + ((after.angle - before.angle) * 180) / Math.PI }
}

/** Two fingers: what lay between them stays between them. @param {Crop} crop @param {[Point, Point]} from @param {[Point, Point]} to @returns {Crop} */
export function pinch(crop, from, to) {
  const between = ([one, other]) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, length: Math.hypot(other.x - one.x, other.y - one.y), angle: Math.atan2(other.y - one.y, other.x - one.x) })
  const [before, after] = [between(from), between(to)]
  return {
    x: crop.x + after.x - before.x, y: crop.y + after.y - before.y, size: (crop.size * after.length) / Math.max(before.length, 1e-6),
    roll: crop.roll + ((after.angle - before.angle) * 180) / Math.PI,
  }
}

/** Steps of the keyboard: of the square's side, and degrees. */
const step = { move: 0.02, size: 1.04, roll: 2 }

/** @param {Crop} crop @param {string} key @param {boolean} [far] @returns {Crop | null} null: no key of ours */
export function nudge(crop, key, far = false) {
  const by = (far ? 5 : 1) * step.move * crop.size
  const [grown, turned] = [step.size ** (far ? 5 : 1), (far ? 5 : 1) * step.roll]
  switch (key) {
    case 'ArrowLeft': return { ...crop, x: crop.x - by }
    case 'ArrowRight': return { ...crop, x: crop.x + by }
    case 'ArrowUp': return { ...crop, y: crop.y - by }
    case 'ArrowDown': return { ...crop, y: crop.y + by }
    case '+': case '=': return { ...crop, size: crop.size * grown }
    case '-': case '_': return { ...crop, size: crop.size / grown }
    case '[': case '{': case ',': return { ...crop, roll: crop.roll - turned }
    case ']': case '}': case '.': return { ...crop, roll: crop.roll + turned }
    default: return null
  }
}

/**
 * The square as the networks see it, upright.
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context @param {CanvasImageSource} picture the photo, perhaps made smaller
 * @param {number} scale pixels of `picture` for one of the photo @param {Crop} crop @param {number} side of the drawing
 */
export function drawAligned(context, picture, scale, { x, y, size, roll }, side) {
  context.save()
  context.imageSmoothingQuality = 'high'
  context.translate(side / 2, side / 2)
  context.rotate(-radians(roll))
  context.scale(side / size / scale, side / size / scale)
  context.drawImage(picture, -x * scale, -y * scale)
  context.restore()
}
