// Where two pictures of one size differ, on a scale that is the same for every picture.

/** The scale's root: small errors, which are most of them, get half of the colours. */
const levels = 255
/** From ink to pale gold; lightness rises all the way, so that it also reads in grey. */
const stops = [[11, 15, 22], [16, 62, 70], [72, 122, 72], [205, 172, 58], [255, 246, 214]]

/**
 * Mean absolute difference of the three colours of each pixel.
 * @param {ImageData} one @param {ImageData} two @returns {{ map: Float32Array, mean: number }} 0..255
 */
export function differences(one, two) {
  const map = new Float32Array(one.width * one.height)
  let sum = 0
  for (let pixel = 0, at = 0; pixel < map.length; pixel++, at += 4) {
    const difference = Math.abs(one.data[at] - two.data[at]) + Math.abs(one.data[at + 1] - two.data[at + 1]) + Math.abs(one.data[at + 2] - two.data[at + 2])
    map[pixel] = difference / 3
    sum += map[pixel]
  }
  return { map, mean: sum / Math.max(1, map.length) }
}

/** A mean difference of 0..255 in the networks' range, -1 to 1, as losses are given. @param {number} mean */
export const inNetworkRange = mean => mean / 127.5

/** Where a difference stands on the scale, 0..1. @param {number} difference 0..255 */
export const positionOf = difference => Math.sqrt(Math.min(levels, Math.max(0, difference)) / levels)

/** @param {number} position 0..1 @returns {number[]} red, green, blue */
export function colourAt(position) {
  const place = Math.min(1, Math.max(0, position)) * (stops.length - 1)
  const index = Math.min(stops.length - 2, Math.floor(place))
  return stops[index].map((value, channel) => Math.round(value + (stops[index + 1][channel] - value) * (place - index)))
}

/**
 * @param {CanvasRenderingContext2D} context @param {Float32Array} map 0..255, a value a pixel
 * @param {{ width: number, height: number }} size of the map
 */
export function draw(context, map, { width, height }) {
  const picture = context.createImageData(width, height)
  const table = Array.from({ length: 256 }, (_, index) => colourAt(index / 255))
  for (let pixel = 0, at = 0; pixel < map.length; pixel++, at += 4) {
    picture.data.set(table[Math.round(positionOf(map[pixel]) * 255)], at)
    picture.data[at + 3] = 255
  }
  context.putImageData(picture, 0, 0)
}
