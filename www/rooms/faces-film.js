// A face that turns from side to side and back, as a file.
import { Film } from '../elements/draw/film.js'
import { surface } from '../files/canvas.js'
import { drawn, turned } from './faces-plan.js'

/** Pixels of the film, degrees and ms a frame. */
const film = { side: 288, step: 6, delay: 60 }

/** @param {string} name @param {string} ending */
export const nameForFiles = (name, ending) => `${name.replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, '-')}.${ending}`

/** @param {ImageData} picture @param {OffscreenCanvas} small @param {HTMLCanvasElement} canvas */
function enlarge(picture, small, canvas) {
  small.getContext('2d')?.putImageData(picture, 0, 0)
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  context.imageSmoothingQuality = 'high'
  context.drawImage(small, 0, 0, canvas.width, canvas.height)
}

/** Of who is chosen now, whatever is chosen and changed while it is made. @param {import('./faces.js').FacesRoom} room @param {import('./faces-album.js').Somebody} person @param {(done: number, total: number) => void} report */
export async function filmOf(room, person, report) {
  const there = Array.from({ length: 180 / film.step + 1 }, (_, index) => -90 + index * film.step)
  const yaws = [...there, ...there.slice(1, -1).reverse()]
  const faces = yaws.map(yaw => turned(room, person, yaw))
  const reel = new Film(film.delay)
  const canvas = Object.assign(document.createElement('canvas'), { width: film.side, height: film.side })
  /** @type {OffscreenCanvas | null} */
  let small = null
  for (const [index, yaw] of yaws.entries()) {
    report(index, yaws.length)
    const picture = await drawn(room, faces[index])
    small ??= surface(picture.width, picture.height)
    enlarge(picture, small, canvas)
    // At either side the head rests a moment.
    reel.add(canvas, Math.abs(yaw) === 90 ? 6 * film.delay : film.delay)
  }
  return reel.end()
}
