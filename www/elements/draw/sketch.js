// A small picture in white on black, as the stroke digits are: drawn by hand, or a sign written in a font of the visitor's system.
import { surface } from '../../files/canvas.js'

/** Pixels on a side: twice the largest that is learned from the processor's way, so that shrinking smooths it. */
export const sketchSide = 112
/** The pen's width as a share of the side: about two pixels of 28. */
const pen = 0.085
/** A sign's height as a share of the side; shaking it may not push it out. */
const signHeight = 0.72

/**
 * @param {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} context
 * @param {number[][][]} strokes points in 0..1
 * @param {{ width: number, height: number }} size
 */
export function draw(context, strokes, { width, height }) {
  context.fillStyle = '#000'
  context.fillRect(0, 0, width, height)
  context.strokeStyle = '#fff'
  context.lineWidth = pen * width
  context.lineCap = context.lineJoin = 'round'
  for (const stroke of strokes) {
    context.beginPath()
    for (const [x, y] of stroke) context.lineTo(x * width, y * height)
    // A dot is a stroke that goes nowhere.
    if (stroke.length === 1) context.lineTo(stroke[0][0] * width + 0.01, stroke[0][1] * height)
    context.stroke()
  }
}

/** @param {string} sign @param {string} font a family list @param {number} weight @returns {ImageData} */
export function signPicture(sign, font, weight) {
  const context = sketch()
  draw(context, [], { width: sketchSide, height: sketchSide })
  context.fillStyle = '#fff'
  context.textAlign = 'left'
  context.textBaseline = 'alphabetic'
  // Its ink fills the same square, whatever the font's own size and place.
  const wished = signHeight * sketchSide
  context.font = `${weight} ${wished}px ${font}`
  const measured = context.measureText(sign)
  const [width, height] = [measured.actualBoundingBoxLeft + measured.actualBoundingBoxRight, measured.actualBoundingBoxAscent + measured.actualBoundingBoxDescent]
  const scale = wished / Math.max(width, height, wished / 2)
  context.setTransform(scale, 0, 0, scale, (sketchSide - scale * width) / 2 + scale * measured.actualBoundingBoxLeft, (sketchSide - scale * height) / 2 + scale * measured.actualBoundingBoxAscent)
  context.fillText(sign, 0, 0)
  context.setTransform(1, 0, 0, 1, 0, 0)
  return context.getImageData(0, 0, sketchSide, sketchSide)
}

/** @param {number[][][]} strokes @returns {ImageData} */
export function sketchPicture(strokes) {
  const context = sketch()
  draw(context, strokes, { width: sketchSide, height: sketchSide })
  return context.getImageData(0, 0, sketchSide, sketchSide)
}

const sketch = () => /** @type {OffscreenCanvasRenderingContext2D} */ (surface(sketchSide, sketchSide).getContext('2d', { willReadFrequently: true }))
