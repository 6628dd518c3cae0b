// The plot of losses over damage as data: scales, ticks, and the way of each line.

/** @typedef {{ label: string, cycle: number, change: number }} DamagePoint both L1, in the networks' range */

const border = { left: 44, right: 14, top: 14, bottom: 46 }
export const plotHeight = 260

/** The least round number above all values; never below 0.2, so that small differences look small. @param {number[]} values */
export function ceiling(values) {
  return Math.max(0.2, Math.ceil(Math.max(0, ...values) * 10) / 10)
}

/** @param {DamagePoint[]} points @param {number} width in pixels */
export function plotOf(points, width) {
  const top = ceiling(points.flatMap(({ cycle, change }) => [cycle, change]))
  const right = width - border.right
  const bottom = plotHeight - border.bottom
  const x = index => border.left + ((right - border.left) * (index + 0.5)) / Math.max(1, points.length)
  const y = value => bottom - ((bottom - border.top) * value) / top
  const path = key => points.map((point, index) => `${index ? 'L' : 'M'}${x(index).toFixed(1)} ${y(point[key]).toFixed(1)}`).join('')
  const step = top > 0.5 ? 0.2 : top > 0.25 ? 0.1 : 0.05
  const ticks = Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, index) => ({ value: index * step, y: y(index * step) }))
  const marks = points.map((point, index) => ({ x: x(index), cycle: y(point.cycle), change: y(point.change), label: point.label }))
  return { left: border.left, right, bottom, ticks, marks, paths: { cycle: path('cycle'), change: path('change') } }
}
