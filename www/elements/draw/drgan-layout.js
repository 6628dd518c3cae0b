// Where the parts of DR-GAN's drawing stand: from left to right where there is room, else row under row.
import { parts } from './drgan-graph.js'

/** @typedef {{ name: string, kind: string, x: number, y: number, width: number, height: number }} Part centre and size in pixels */
/** @typedef {{ path: string, head: string, middle: { x: number, y: number } }} Line */

/** Below this width in pixels it is drawn row under row. */
export const narrowBelow = 700

/** Column and row of each part. @type {Record<'wide' | 'narrow', Record<string, [number, number]>>} */
const places = {
  wide: {
    x: [0, 1], encoder: [1, 1], confidence: [2, 0], identity_features: [2, 1], pose_code: [2, 2], noise: [2, 3], decoder: [3, 1.5], fake: [4, 1.5],
    discriminator: [5, 1.5], identity: [6, 0.5], yaw: [6, 1.5], real: [6, 2.5],
  },
  narrow: {
    x: [0, 0], encoder: [1, 0], confidence: [2, 0], identity_features: [0, 1], pose_code: [1, 1], noise: [2, 1], decoder: [1, 2], fake: [2, 2],
    discriminator: [1, 3], identity: [0, 4], yaw: [1, 4], real: [2, 4],
  },
}

/** Above the drawing the original goes over to the discriminator; narrow, it goes down the left edge. */
const margin = { wide: 26, narrow: 8 }
const nameHeight = 20

/** @param {number} width */
function measures(width) {
  const narrow = width < narrowBelow
  const column = narrow ? (width - margin.narrow) / 3 : width / 7
  const picture = Math.min(column - (narrow ? 18 : 26), 118)
  return { narrow, column, picture, row: narrow ? picture + nameHeight + 22 : 84, left: narrow ? margin.narrow : 0, top: narrow ? 4 : margin.wide }
}

/** @param {number} width */
export function heightFor(width) {
  const { narrow, row, top } = measures(width)
  return top + row * (narrow ? 5 : 4)
}

/** @param {number} width @returns {Part[]} */
export function place(width) {
  const { narrow, column, picture, row, left, top } = measures(width)
  return Object.entries(places[narrow ? 'narrow' : 'wide']).map(([name, [across, down]]) => {
    const kind = parts[name]
    const size = kind === 'picture' ? { width: picture, height: picture + nameHeight } : { width: column - (narrow ? 10 : 18), height: kind === 'vector' ? 68 : 60 }
    return { name, kind, x: left + (across + 0.5) * column, y: top + (down + 0.5) * row, ...size }
  })
}

/** @param {{ x: number, y: number }} tip @param {{ x: number, y: number }} way unit vector */
function headAt({ x, y }, way) {
  const [back, half] = [9, 5]
  const base = { x: x - way.x * back, y: y - way.y * back }
  return `M${x} ${y}L${base.x - way.y * half} ${base.y + way.x * half}L${base.x + way.y * half} ${base.y - way.x * half}Z`
}

/** Round the outside, where the networks between would be in the way. @param {Part} from @param {Part} to @param {boolean} narrow @param {boolean} back */
function around(from, to, narrow, back) {
  const corner = narrow ? `M${from.x - from.width / 2} ${from.y}H3V${to.y}H${to.x - to.width / 2}` : `M${from.x} ${from.y - from.height / 2}V8H${to.x}V${to.y - to.height / 2}`
  const head = narrow ? headAt({ x: to.x - to.width / 2, y: to.y }, { x: 1, y: 0 }) : headAt({ x: to.x, y: to.y - to.height / 2 }, { x: 0, y: 1 })
  return { path: corner, head: back ? '' : head, middle: narrow ? { x: 3, y: (from.y + to.y) / 2 } : { x: (from.x + to.x) / 2, y: 8 } }
}

/** @param {Part} from @param {Part} to @param {number} width @param {boolean} [back] the arrow points to where the line begins @returns {Line} */
export function connect(from, to, width, back = false) {
  const { narrow } = measures(width)
  if (from.name === 'x' && to.name === 'discriminator') return around(from, to, narrow, back)
  const level = narrow ? Math.abs(to.y - from.y) < from.height / 2 : Math.abs(to.x - from.x) > 1
  const sign = (/** @type {number} */ value) => (value < 0 ? -1 : 1)
  const way = level ? { x: sign(to.x - from.x), y: 0 } : { x: 0, y: sign(to.y - from.y) }
  const start = { x: from.x + (way.x * from.width) / 2, y: from.y + (way.y * from.height) / 2 }
  const end = { x: to.x - (way.x * to.width) / 2, y: to.y - (way.y * to.height) / 2 }
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }
  const path = level ? `M${start.x} ${start.y}C${middle.x} ${start.y} ${middle.x} ${end.y} ${end.x} ${end.y}` : `M${start.x} ${start.y}C${start.x} ${middle.y} ${end.x} ${middle.y} ${end.x} ${end.y}`
  return { path, head: back ? headAt(start, { x: -way.x, y: -way.y }) : headAt(end, way), middle }
}
