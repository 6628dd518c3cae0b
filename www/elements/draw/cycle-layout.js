// Where the parts of the cycle's drawing stand: twice (once from A, once from B), folded into one, or between the two.
import { kindOf } from './cycle-graph.js'

/**
 * @typedef {{ half: 'a' | 'b', name: string, kind: string, x: number, y: number, width: number, height: number }} Part centre and size in pixels
 * @typedef {{ path: string, head: string, middle: { x: number, y: number, outward?: number } }} Line
 */

/** Column and row in the drawing of each half: domain A is always left, B right, the networks between. */
const apart = {
  a: {
    real_a: [0, 0], generator_ab: [1, 0], fake_b: [2, 0],
    rec_a: [0, 1], generator_ba: [1, 1], discriminator_b: [2, 1],
    idt_a: [0, 2], real_b: [2, 2],
  },
  b: {
    fake_a: [0, 0], generator_ba: [1, 0], real_b: [2, 0],
    discriminator_a: [0, 1], generator_ab: [1, 1], rec_b: [2, 1],
    real_a: [0, 2], idt_b: [2, 2],
  },
}

/** Column and row in the folded drawing: five columns where there is room, else three and the discriminators below. */
const folded = {
  wide: {
    discriminator_a: [0, 0.5], real_a: [1, 0], fake_a: [1, 1], rec_a: [1, 2], idt_a: [1, 3], generator_ab: [2, 0.6],
    generator_ba: [2, 2.4], real_b: [3, 0], fake_b: [3, 1], rec_b: [3, 2], idt_b: [3, 3], discriminator_b: [4, 0.5],
  },
  narrow: {
    discriminator_a: [0, 4], real_a: [0, 0], fake_a: [0, 1], rec_a: [0, 2], idt_a: [0, 3], generator_ab: [1, 0.6],
    generator_ba: [1, 2.4], real_b: [2, 0], fake_b: [2, 1], rec_b: [2, 2], idt_b: [2, 3], discriminator_b: [2, 4],
  },
}

/** Below this width in pixels the two halves stand one above the other. */
export const narrowBelow = 700
/** Room for the name under a picture, and for the heading over a half. */
const nameHeight = 20
const headingHeight = 34
const halfGap = 28

/** @param {number} width */
function measures(width) {
  const narrow = width < narrowBelow
  const column = narrow ? width / 3 : (width - halfGap) / 6
  const picture = Math.min(narrow ? column - 26 : column - 44, 132)
  return narrow
    ? { narrow, column, picture, row: picture * 0.75 + nameHeight + 26, network: { width: column - 12, height: 46 }, foldedColumn: column }
    : { narrow, column, picture, row: picture * 0.75 + nameHeight + 34, network: { width: column - 26, height: 58 }, foldedColumn: width / 5 }
}

/** @param {number} width */
export function heightFor(width) {
  const { narrow, row } = measures(width)
  return narrow ? 2 * (headingHeight + 3 * row) : headingHeight + 4 * row
}

/** Narrow, the folded drawing has five rows in the room of two times three. @param {number} width */
const foldedRowOf = width => (heightFor(width) - headingHeight) / (width < narrowBelow ? 5 : 4)

/** Upper left corner of a half's own drawing. @param {'a' | 'b'} half @param {number} width */
export function cornerOf(half, width) {
  const { narrow, column, row } = measures(width)
  if (half === 'a') return { x: 0, y: 0 }
  return narrow ? { x: 0, y: headingHeight + 3 * row } : { x: 3 * column + halfGap, y: 0 }
}

const between = (from, to, share) => from + (to - from) * share

/**
 * @param {number} width in pixels @param {number} fold 0 (drawn twice) to 1 (folded into one)
 * @returns {Part[]}
 */
export function place(width, fold) {
  const { narrow, column, picture, row, network, foldedColumn } = measures(width)
  const one = folded[narrow ? 'narrow' : 'wide']
  const foldedRow = foldedRowOf(width)
  return /** @type {('a' | 'b')[]} */ (['a', 'b']).flatMap(half => {
    const corner = cornerOf(half, width)
    // Twice three rows are lower than the four of the folded drawing: they share its height.
    const apartRow = narrow ? row : (heightFor(width) - headingHeight) / 3
    return Object.entries(apart[half]).map(([name, [atColumn, atRow]]) => {
      const kind = kindOf(name)
      const size = kind === 'picture' ? { width: picture, height: picture * 0.75 + nameHeight } : network
      const x = between(corner.x + (atColumn + 0.5) * column, (one[name][0] + 0.5) * foldedColumn, fold)
      const y = between(corner.y + headingHeight + (atRow + 0.5) * apartRow, headingHeight + (one[name][1] + 0.5) * foldedRow, fold)
      return { half, name, kind, x, y, ...size }
    })
  })
}

/** Where the way from a part's centre towards a point leaves its box. @param {Part} part */
function border(part, towards, gap) {
  const [dx, dy] = [towards.x - part.x, towards.y - part.y]
  const scale = Math.min((part.width / 2 + gap) / Math.abs(dx || 1e-9), (part.height / 2 + gap) / Math.abs(dy || 1e-9))
  return { x: part.x + dx * scale, y: part.y + dy * scale }
}

/** @param {{ x: number, y: number }} tip @param {number} angle @param {number} length */
function arrowHead(tip, angle, length = 9) {
  const side = turn => `${(tip.x - length * Math.cos(angle + turn)).toFixed(1)} ${(tip.y - length * Math.sin(angle + turn)).toFixed(1)}`
  return `M${tip.x.toFixed(1)} ${tip.y.toFixed(1)}L${side(0.42)}L${side(-0.42)}Z`
}

/** Past what stands between: out to the side of the domain, and in again. @param {Part} from @param {Part} to @returns {Line} */
function around(from, to, outward) {
  const start = { x: from.x + (outward * from.width) / 2, y: from.y }
  const end = { x: to.x + outward * (to.width / 2 + 3), y: to.y }
  const reach = Math.max(start.x * outward, end.x * outward) * outward + outward * 26
  const at = ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`
  return {
    path: `M${at(start)}C${at({ x: reach, y: start.y })} ${at({ x: reach, y: end.y })} ${at(end)}`,
    head: arrowHead(end, outward > 0 ? Math.PI : 0),
    // Beside the curve, which comes three quarters of the way to its handles.
    middle: { x: between(start.x, reach, 0.75) + outward * 6, y: (start.y + end.y) / 2, outward },
  }
}

/** Where a text of so many characters stands at a line's middle without leaving the drawing. @param {{ x: number, y: number, outward?: number }} middle */
export function labelAt({ x, y, outward = 0 }, characters, width) {
  const half = characters * 4
  return { x: Math.min(width - half, Math.max(half, x + outward * half)), y: y + 4 }
}

/**
 * @param {Part} from @param {Part} to @param {number} width of the drawing @param {boolean} [reversed] the arrow points back
 * @returns {Line}
 */
export function connect(from, to, width, reversed = false) {
  const [first, last] = reversed ? [to, from] : [from, to]
  const sameColumn = Math.abs(from.x - to.x) < 2
  const neighbours = Math.abs(from.y - to.y) < 1.5 * foldedRowOf(width)
  const outward = from.name.endsWith('_b') ? 1 : -1
  if (sameColumn && !neighbours) return around(first, last, outward)
  const [start, end] = [border(first, last, 2), border(last, first, 4)]
  const angle = Math.atan2(end.y - start.y, end.x - start.x)
  return {
    path: `M${start.x.toFixed(1)} ${start.y.toFixed(1)}L${end.x.toFixed(1)} ${end.y.toFixed(1)}`,
    head: arrowHead(end, angle),
    middle: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 },
  }
}
