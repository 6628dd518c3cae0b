// The 2-D view: discriminator's heat map, generator's warped grid, points, gradient arrows. Pure functions.
import { finished, surface } from '../../files/canvas.js'
import { channels, faded } from './palette.js'

/**
 * @typedef {[number, number, number, number]} Extent x0, x1, y0, y1
 * @typedef {{ width: number, height: number }} Size
 */

/** Maps data to the canvas, y upwards. @param {Extent} extent @param {Size} size */
export function projection([x0, x1, y0, y1], { width, height }) {
  return {
    x: value => ((value - x0) / (x1 - x0)) * width,
    y: value => height - ((value - y0) / (y1 - y0)) * height,
  }
}

/** How much of the full colour certainty gets: points must stay readable on it. */
const fullWash = 0.26

/** Probability 0..1 as a wash: made's colour below one half, the bare sheet at one half, real's above. */
function washes({ sheet, real, made }, strength) {
  const [ground, high, low] = [sheet, real, made].map(channels)
  return value => {
    const lean = (value - 0.5) * 2
    const target = lean > 0 ? high : low
    return ground.map((from, index) => from + (target[index] - from) * Math.abs(lean) ** 0.7 * strength)
  }
}

/** Pixels a side of the smooth picture: as large as the eye can tell under points. */
const smoothSide = 160

/** The last heat map, smoothed: several frames are drawn before the next one comes. @type {{ of: object, key: string, canvas: OffscreenCanvas } | undefined} */
let smooth

/** @param {number} side @returns {[OffscreenCanvas, OffscreenCanvasRenderingContext2D]} held in main memory: the trip to the graphics card and back costs more than such a small picture */
function smallCanvas(side) {
  const canvas = surface(side, side)
  return [canvas, /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))]
}

/** One pixel a cell, then smoothed once to a size from which a plain enlargement looks the same as a costly one. */
function smoothed({ size: side, data }, palette, strength) {
  const [cells, small] = smallCanvas(side)
  const image = small.createImageData(side, side)
  const wash = washes(palette, fullWash * strength)
  data.forEach((value, index) => {
    const [r, g, b] = wash(value)
    image.data.set([r, g, b, 255], index * 4)
  })
  small.putImageData(image, 0, 0)
  const [canvas, large] = smallCanvas(smoothSide)
  large.imageSmoothingQuality = 'high'
  large.drawImage(cells, 0, 0, smoothSide, smoothSide)
  return canvas
}

/** @param {CanvasRenderingContext2D} context @param {{ size: number, data: Float32Array }} heatmap row 0 at the top */
export function drawHeatmap(context, heatmap, palette, size, strength = 1) {
  const key = `${strength} ${palette.sheet} ${palette.real} ${palette.made}`
  if (smooth?.of !== heatmap || smooth.key !== key) smooth = { of: heatmap, key, canvas: smoothed(heatmap, palette, strength) }
  context.imageSmoothingQuality = 'low'
  context.drawImage(smooth.canvas, 0, 0, size.width, size.height)
}

/** @param {CanvasRenderingContext2D} context @param {{ size: number, data: Float32Array }} manifold image of a regular latent grid */
export function drawManifold(context, manifold, extent, palette, size) {
  const { size: side, data } = manifold
  const at = projection(extent, size)
  const line = (start, stride) => {
    for (let index = 0; index < side; index++) {
      const node = (start + index * stride) * 2
      const [x, y] = [at.x(data[node]), at.y(data[node + 1])]
      index ? context.lineTo(x, y) : context.moveTo(x, y)
    }
  }
  context.beginPath()
  for (let index = 0; index < side; index++) {
    line(index * side, 1)
    line(index, side)
  }
  context.strokeStyle = faded(palette.made, 0.45)
  context.lineWidth = 1
  context.stroke()
}

/** @type {Map<string, ImageBitmap>} */
const stamps = new Map()

/**
 * A point's shape, drawn once and then stamped: hundreds of small outlines a frame would cost ten times as much.
 * @param {string} key @param {number} radius CSS pixels @param {(context: OffscreenCanvasRenderingContext2D) => void} paint around 0, 0
 */
function stampOf(key, radius, paint) {
  const known = stamps.get(key)
  if (known) return known
  const side = Math.ceil(radius * 2 + 4)
  const stamp = surface(side * stampDensity, side * stampDensity)
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (stamp.getContext('2d', { willReadFrequently: true }))
  context.scale(stampDensity, stampDensity)
  context.translate(side / 2, side / 2)
  paint(context)
  // Themes and window sizes come and go.
  if (stamps.size > 16) {
    stamps.clear()
    layers.clear()
  }
  // A finished picture: a canvas would be looked at for changes at every stamping.
  const bitmap = finished(stamp)
  stamps.set(key, bitmap)
  return bitmap
}

const stampDensity = 2
const halo = 2.6

/** @typedef {{ points: ArrayLike<number>, key: string, picture: OffscreenCanvas }} Layer */

/** By the shape that they are made of. @type {Map<ImageBitmap, Layer>} */
const layers = new Map()

/**
 * All stamps in one picture: a page goes once more through everything that its canvases drew. Points that stay are stamped once.
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} points x, y, x, y, ...
 * @param {Extent} extent @param {Size} size @param {ImageBitmap} stamp
 */
function stampAll(context, points, extent, size, stamp) {
  const density = context.getTransform().a
  const [width, height] = [size.width, size.height].map(length => Math.max(1, Math.round(length * density)))
  const key = `${extent} ${width} ${height} ${points.length}`
  const known = layers.get(stamp)
  const layer = known ?? { points, key, picture: surface(width, height) }
  if (!known || known.points !== points || known.key !== key) {
    Object.assign(layer, { points, key })
    const { picture } = layer
    if (picture.width !== width || picture.height !== height) Object.assign(picture, { width, height })
    const layered = /** @type {OffscreenCanvasRenderingContext2D} */ (picture.getContext('2d', { willReadFrequently: true }))
    layered.setTransform(density, 0, 0, density, 0, 0)
    layered.clearRect(0, 0, size.width, size.height)
    const at = projection(extent, size)
    const side = stamp.width / stampDensity
    for (let index = 0; index < points.length; index += 2) {
      layered.drawImage(stamp, at.x(points[index]) - side / 2, at.y(points[index + 1]) - side / 2, side, side)
    }
    layers.set(stamp, layer)
  }
  context.drawImage(layer.picture, 0, 0, size.width, size.height)
}

/** Discs for real points, each with a faint halo: where many lie together it shows behind the made points that hit them. @param {CanvasRenderingContext2D} context @param {ArrayLike<number>} points */
export function drawReal(context, points, extent, palette, size) {
  const radius = Math.max(1.7, size.width / 170)
  const stamp = stampOf(`real ${radius} ${palette.real}`, radius * halo, shape => {
    for (const [reach, alpha] of [[radius * halo, 0.06], [radius, 0.55]]) {
      shape.beginPath()
      shape.arc(0, 0, reach, 0, Math.PI * 2)
      shape.fillStyle = faded(palette.real, alpha)
      shape.fill()
    }
  })
  stampAll(context, points, extent, size, stamp)
}

/** Points whose whole way is drawn: all of them would hide one another. */
const followed = 3

/**
 * The way of every made point, fainter the longer ago; of a few all of it, from where they began.
 * @param {CanvasRenderingContext2D} context @param {ArrayLike<number>[]} trail the same points, moment after moment
 */
export function drawTrail(context, trail, extent, palette, size) {
  const at = projection(extent, size)
  const [first, last] = [trail[0], trail[trail.length - 1]]
  context.lineWidth = Math.max(0.75, size.width / 520)
  context.lineJoin = context.lineCap = 'round'
  for (let moment = 1; moment < trail.length; moment++) {
    const [from, to] = [trail[moment - 1], trail[moment]]
    context.beginPath()
    for (let index = 0; index < Math.min(from.length, to.length); index += 2) {
      context.moveTo(at.x(from[index]), at.y(from[index + 1]))
      context.lineTo(at.x(to[index]), at.y(to[index + 1]))
    }
    context.strokeStyle = faded(palette.made, 0.015 + 0.4 * (moment / (trail.length - 1)) ** 5)
    context.stroke()
  }
  const radius = Math.max(3, size.width / 120)
  for (let one = 0; one < followed; one++) {
    const index = 2 * Math.floor((one * last.length) / 2 / followed)
    context.beginPath()
    for (const points of trail) context.lineTo(at.x(points[index]), at.y(points[index + 1]))
    context.strokeStyle = faded(palette.ink, 0.7)
    context.lineWidth = Math.max(1, size.width / 400)
    context.stroke()
    for (const [points, fill] of /** @type {const} */ ([[first, palette.sheet], [last, palette.ink]])) {
      context.beginPath()
      context.arc(at.x(points[index]), at.y(points[index + 1]), fill === palette.ink ? radius * 1.5 : radius, 0, Math.PI * 2)
      context.fillStyle = fill
      context.fill()
      context.strokeStyle = palette.ink
      context.stroke()
    }
  }
}

/** Hollow triangles in ink for the made points of another run: told apart by shape, filling and lightness, not by hue alone. */
export function drawOther(context, points, extent, palette, size) {
  const radius = Math.max(3.2, size.width / 112)
  const stamp = stampOf(`other ${radius} ${palette.ink} ${palette.sheet}`, radius, shape => {
    for (const [x, y] of [[0, -radius], [radius * 0.9, radius * 0.7], [-radius * 0.9, radius * 0.7]]) shape.lineTo(x, y)
    shape.closePath()
    shape.fillStyle = faded(palette.sheet, 0.55)
    shape.fill()
    shape.strokeStyle = palette.ink
    shape.lineWidth = Math.max(1.1, radius / 3.2)
    shape.lineJoin = 'round'
    shape.stroke()
  })
  stampAll(context, points, extent, size, stamp)
}

/** Diamonds for made points, with a thin edge of the ground so that they stay apart. */
export function drawMade(context, points, extent, palette, size) {
  const radius = Math.max(2.8, size.width / 128)
  const stamp = stampOf(`made ${radius} ${palette.made} ${palette.sheet}`, radius, shape => {
    for (const [x, y] of [[0, -radius], [radius, 0], [0, radius], [-radius, 0]]) shape.lineTo(x, y)
    shape.closePath()
    shape.fillStyle = faded(palette.made, 0.9)
    shape.fill()
    shape.strokeStyle = faded(palette.sheet, 0.8)
    shape.lineWidth = 0.75
    shape.stroke()
  })
  stampAll(context, points, extent, size, stamp)
}

/** Arrows of at most a tenth of the view, the longest gradient setting the scale. */
export function drawGradients(context, { points, gradients }, extent, palette, size) {
  const at = projection(extent, size)
  let longest = 1e-12
  for (let index = 0; index < gradients.length; index += 2) longest = Math.max(longest, Math.hypot(gradients[index], gradients[index + 1]))
  const reach = size.width / 10
  context.beginPath()
  for (let index = 0; index < points.length; index += 2) {
    const [x, y] = [at.x(points[index]), at.y(points[index + 1])]
    const [dx, dy] = [(gradients[index] / longest) * reach, (-gradients[index + 1] / longest) * reach]
    if (Math.hypot(dx, dy) < 1.5) continue
    arrow(context, x, y, dx, dy)
  }
  context.strokeStyle = faded(palette.ink, 0.8)
  context.lineWidth = 1.25
  context.lineCap = 'round'
  context.stroke()
}

function arrow(context, x, y, dx, dy) {
  const head = Math.min(5, Math.hypot(dx, dy) * 0.4)
  const angle = Math.atan2(dy, dx)
  context.moveTo(x, y)
  context.lineTo(x + dx, y + dy)
  for (const side of [-0.5, 0.5]) {
    context.moveTo(x + dx, y + dy)
    context.lineTo(x + dx - head * Math.cos(angle + side), y + dy - head * Math.sin(angle + side))
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ extent: Extent, palette: import('./palette.js').Palette, real?: ArrayLike<number>, fake?: ArrayLike<number>,
 *   heatmap?: any, wash?: number, manifold?: any, gradients?: any, trail?: ArrayLike<number>[], other?: ArrayLike<number> }} data absent parts are not drawn;
 *   wash: 0..1, how far the heat map has faded in; trail: earlier places of the made points; other: made points of another run
 * @param {Size} size
 */
export function draw(context, data, size) {
  const { extent, palette } = data
  context.fillStyle = palette.sheet
  context.fillRect(0, 0, size.width, size.height)
  if (data.heatmap) drawHeatmap(context, data.heatmap, palette, size, data.wash)
  if (data.manifold) drawManifold(context, data.manifold, extent, palette, size)
  if (data.real) drawReal(context, data.real, extent, palette, size)
  if (data.trail) drawTrail(context, data.trail, extent, palette, size)
  if (data.other) drawOther(context, data.other, extent, palette, size)
  if (data.fake) drawMade(context, data.fake, extent, palette, size)
  if (data.gradients) drawGradients(context, data.gradients, extent, palette, size)
}
