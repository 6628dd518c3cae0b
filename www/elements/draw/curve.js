// From a stroke of a pen to a curve over time: one height for each of a number of steps.

/** Steps of a drawn curve; the engine takes it at the length that is trained. */
export const curveSteps = 64

/**
 * @param {number[][]} stroke points x, y in 0..1, y downwards
 * @returns {number[]} heights -1..1, upwards; before the stroke's first and after its last place they stay as they are there
 */
export function curveOf(stroke) {
  const heights = Array.from({ length: curveSteps }, () => NaN)
  const column = x => Math.round(Math.min(1, Math.max(0, x)) * (curveSteps - 1))
  stroke.forEach(([x, y], index) => {
    const [fromX, fromY] = stroke[Math.max(0, index - 1)]
    const [from, to] = [column(fromX), column(x)]
    for (let at = from; ; at += Math.sign(to - from)) {
      const share = to === from ? 1 : (at - from) / (to - from)
      heights[at] = 1 - 2 * (fromY + (y - fromY) * share)
      if (at === to) break
    }
  })
  const known = heights.findIndex(height => !Number.isNaN(height))
  let last = heights[known] ?? 0
  return heights.map(height => (last = Number.isNaN(height) ? last : height))
}

/** How much of the time a stroke covers, 0..1. @param {number[][]} stroke */
export const reach = stroke => Math.max(0, ...stroke.map(([x]) => x)) - Math.min(1, ...stroke.map(([x]) => x))
