// A picture of whatever hangs in a frame: all its canvases where they stand, on the frame's ground, with a line of text below.

/** Height of the caption, share of the width. */
const captionShare = 0.06

/** Canvases in a tree, shadow trees included, that can be seen. @param {Element | ShadowRoot} root @param {HTMLCanvasElement[]} [found] */
export function canvasesIn(root, found = []) {
  for (const element of root.children) {
    if (element instanceof HTMLCanvasElement && element.width && element.getClientRects().length) found.push(element)
    if (element.shadowRoot) canvasesIn(element.shadowRoot, found)
    canvasesIn(element, found)
  }
  return found
}

/**
 * @param {HTMLElement} frame @param {number} width pixels @param {{ left: string, right: string }} caption
 * @returns {HTMLCanvasElement}
 */
export function compose(frame, width, caption) {
  const box = frame.getBoundingClientRect()
  const style = getComputedStyle(frame)
  const scale = width / box.width
  const line = Math.round(width * captionShare)
  const picture = document.createElement('canvas')
  Object.assign(picture, { width, height: Math.round(box.height * scale) + line })
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d', { willReadFrequently: true }))
  context.fillStyle = style.backgroundColor
  context.fillRect(0, 0, picture.width, picture.height)
  context.imageSmoothingQuality = 'high'
  for (const canvas of canvasesIn(frame)) {
    const { left, top, width: wide, height: high } = canvas.getBoundingClientRect()
    // Few and large pixels are meant to be seen as such.
    context.imageSmoothingEnabled = getComputedStyle(canvas).imageRendering !== 'pixelated'
    context.drawImage(canvas, (left - box.left) * scale, (top - box.top) * scale, wide * scale, high * scale)
  }
  context.fillStyle = style.color
  context.font = `${Math.round(line * 0.5)}px ${style.getPropertyValue('--sans') || 'sans-serif'}`
  context.textBaseline = 'middle'
  const middle = picture.height - line * 0.6
  context.fillText(caption.left, line * 0.5, middle)
  context.textAlign = 'right'
  context.fillText(caption.right, width - line * 0.5, middle)
  return picture
}
