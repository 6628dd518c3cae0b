// Where a pointer is in an element, in the element's own CSS pixels, and how large those are shown. Pages zoom what is embedded in
// them, scale and turn their slides, or count their letters in tens: a bounding box alone tells of none of that.

/** @typedef {{ x: number, y: number }} Point */

/** Shadow trees and slots included. @param {Element} element @returns {Element | null} */
const around = element => element.assignedSlot ?? element.parentElement ?? /** @type {ShadowRoot} */ (element.getRootNode()).host ?? null

/** The properties `rotate` and `scale` as the functions that a matrix is read from. @param {string} name @param {string} value */
function asFunction(name, value) {
  if (!value || value === 'none') return ''
  const parts = value.split(' ')
  const plain = name === 'rotate' ? parts.length === 1 : parts.length < 3
  if (plain) return `${name}(${parts.join(', ')})`
  return parts.length === 2 ? `rotate${parts[0].toUpperCase()}(${parts[1]})` : `${name}3d(${parts.join(', ')})`
}

/** @typedef {{ a: number, b: number, c: number, d: number }} Matrix its columns, without any shift */

/** @param {Element} element @returns {DOMMatrixReadOnly | null} how it is turned, stretched and slanted within its parent; null: not at all */
function ownTurn(element) {
  const { display, transform, rotate, scale } = getComputedStyle(element)
  const text = [asFunction('rotate', rotate), asFunction('scale', scale), transform === 'none' ? '' : transform].filter(Boolean).join(' ')
  // Of a line of text no part is transformed.
  return !text || display === 'inline' || display === 'contents' ? null : new DOMMatrixReadOnly(text)
}

/**
 * How everything around an element turns, stretches and slants it.
 * @param {Element | null} element @param {Map<Element, Matrix>} known of others that stand in the same places @returns {Matrix}
 */
function turned(element, known) {
  if (!element) return { a: 1, b: 0, c: 0, d: 1 }
  const before = known.get(element)
  if (before) return before
  const { a, b, c, d } = turned(around(element), known)
  const m = ownTurn(element)
  const whole = m ? { a: a * m.m11 + c * m.m12, b: b * m.m11 + d * m.m12, c: a * m.m21 + c * m.m22, d: b * m.m21 + d * m.m22 } : { a, b, c, d }
  known.set(element, whole)
  return whole
}

/**
 * Client pixels for one of the element's own, along both axes. What the matrix does not know of (zoom, perspective) is in how large the
 * element's bounding box came out.
 * @param {HTMLElement} element @param {Map<Element, Matrix>} [known]
 */
function shown(element, known = new Map()) {
  const box = element.getBoundingClientRect()
  const [width, height] = [element.offsetWidth, element.offsetHeight]
  const { a, b, c, d } = turned(element, known)
  const right = box.width / (Math.abs(a) * width + Math.abs(c) * height)
  const down = box.height / (Math.abs(b) * width + Math.abs(d) * height)
  return { box, width, height, a: a * right, b: b * down, c: c * right, d: d * down }
}

/** How many client pixels one of the element's own is long; 1 where it is not shown at all. @param {HTMLElement} element @param {Map<Element, Matrix>} [known] */
export function shownScale(element, known) {
  const { a, b, c, d } = shown(element, known)
  return Math.sqrt(Math.abs(a * d - b * c)) || 1
}

/**
 * How much larger than its own CSS pixels something is worth drawing. A slide that is small now may be shown large at any time; a zoom
 * below 1 makes up for a page's large letters, and stays.
 * @param {HTMLElement} element @param {Map<Element, Matrix>} [known] asked for several elements in one go, places that they share are looked at once
 */
export const drawnScale = (element, known) => Math.max(shownScale(element, known), Math.min(1, /** @type {any} */ (element).currentCSSZoom ?? 1))

/**
 * From the inner edge of the element's border.
 * @param {{ clientX: number, clientY: number }} event @param {HTMLElement} element @returns {Point}
 */
export function placeIn({ clientX, clientY }, element) {
  const { box, width, height, a, b, c, d } = shown(element)
  const size = a * d - b * c
  if (!Number.isFinite(size) || !size) return { x: 0, y: 0 }
  // Whatever turns about whatever point, the middle of the element stays the middle of its bounding box.
  const [right, down] = [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2]
  return {
    x: (d * right - c * down) / size + width / 2 - element.clientLeft,
    y: (a * down - b * right) / size + height / 2 - element.clientTop,
  }
}

/** The same in shares of its width and height. @param {{ clientX: number, clientY: number }} event @param {HTMLElement} element @returns {Point} */
export function shareIn(event, element) {
  const { x, y } = placeIn(event, element)
  return { x: x / (element.clientWidth || 1), y: y / (element.clientHeight || 1) }
}
