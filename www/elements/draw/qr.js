// A text as a QR code on a canvas. Black on white in every theme: readers expect it.
import { encode } from 'uqr'

/** @param {string} text @returns {boolean[][] | null} null: too long */
export function modulesOf(text) {
  try {
    return encode(text, { ecc: 'M', border: 3 }).data
  } catch {
    return null
  }
}

/** @param {boolean[][]} modules @param {number} side of a module, pixels @returns {HTMLCanvasElement} */
export function drawModules(modules, side) {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: modules.length * side, height: modules.length * side })
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#000'
  modules.forEach((row, y) => row.forEach((dark, x) => { if (dark) context.fillRect(x * side, y * side, side, side) }))
  return canvas
}

/** As one path of squares, a unit each: sharp at any size on paper. @param {boolean[][]} modules */
export const modulePath = modules => modules.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
