// A picture seen through a frame: where it lies and how large. Pure; lengths in CSS pixels of the frame.

/**
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ x: number, y: number, scale: number }} View a point p of the picture stands at p * scale + (x, y)
 */

/** One step of a button or a key. */
export const zoomStep = 1.4
/** Beyond this many screen pixels for one of the picture's there is nothing more to see. */
const largestMagnification = 12

/** The whole picture, as large as the frame allows. @param {Size} frame @param {Size} picture @returns {View} */
export function fit(frame, picture) {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  return settle({ x: 0, y: 0, scale }, frame, picture)
}

/**
 * No further out than the whole picture or one to one, whichever is smaller.
 * @param {Size} frame @param {Size} picture @param {number} density screen pixels in a CSS pixel
 */
export function zoomLimits(frame, picture, density) {
  const whole = fit(frame, picture).scale
  return { least: Math.min(whole, 1 / density), most: Math.max(largestMagnification / density, whole) }
}

/** A picture smaller than its frame stands in the middle; a larger one leaves no gap. @param {View} view @param {Size} frame @param {Size} picture @returns {View} */
export function settle({ x, y, scale }, frame, picture) {
  const along = (/** @type {number} */ at, /** @type {number} */ room, /** @type {number} */ length) =>
    (length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, at)))
  return { x: along(x, frame.width, picture.width * scale), y: along(y, frame.height, picture.height * scale), scale }
}

/**
 * Zooms so that what lies under `point` stays there.
 * @param {View} view @param {{ x: number, y: number }} point in the frame @param {number} scale the new one
 * @param {Size} frame @param {Size} picture @param {{ least: number, most: number }} limits @returns {View}
 */
export function zoomTo(view, point, scale, frame, picture, { least, most }) {
  const next = Math.min(most, Math.max(least, scale))
  const grown = next / view.scale
  return settle({ x: point.x - (point.x - view.x) * grown, y: point.y - (point.y - view.y) * grown, scale: next }, frame, picture)
}

/** The part of the frame's width that the picture covers. @param {View} view @param {Size} frame @param {Size} picture */
export function coveredWidth({ x, scale }, frame, picture) {
  const left = Math.max(0, x)
  return { left, width: Math.min(frame.width, x + picture.width * scale) - left }
}
