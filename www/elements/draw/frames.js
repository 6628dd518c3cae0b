// The frames in which canvases are drawn, for all of them together. Each asks first how large it is shown, and none draws before all have
// asked: a canvas that was given another size in between would have the page laid out again for the next one's question. Then as many are
// drawn as a frame has time for, the others in the next ones.

/** Of a frame's 16 ms; the rest is the page's layout, and the browser's own. */
const shareMs = 8

/**
 * @typedef {object} Drawn
 * @property {(known: Map<Element, any>) => void} ask reads the page, and changes nothing; known: what others found out in this frame
 * @property {() => void} draw
 */

/** In the order in which they came. @type {Set<Drawn>} */
const waiting = new Set()
let frame = 0

function work() {
  frame = 0
  const now = [...waiting]
  const known = new Map()
  for (const one of now) one.ask(known)
  const late = performance.now() + shareMs
  try {
    for (const one of now) {
      // It may have left the page in the meantime.
      if (!waiting.delete(one)) continue
      one.draw()
      if (performance.now() >= late) break
    }
  } finally {
    if (waiting.size) frame ||= requestAnimationFrame(work)
  }
}

/** @param {Drawn} one to be drawn soon; once, however often it asks */
export function soon(one) {
  waiting.add(one)
  frame ||= requestAnimationFrame(work)
}

/** @param {Drawn} one */
export const never = one => { waiting.delete(one) }
