/**
 * The working size: the longer side becomes `side`, the shorter follows, and neither falls below what the networks need.
 * @param {number} width @param {number} height @param {number} side @param {number} [least] of the shorter side
 */
export function workingSize(width, height, side, least = 16) {
  const scale = side / Math.max(width, height)
  const fit = (/** @type {number} */ length) => Math.max(least, Math.round(length * scale))
  return { width: fit(width), height: fit(height) }
}
