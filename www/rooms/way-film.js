// A training's way as a film: what is made of the same latents, step by step, with the number of the step.
import { Film } from '../elements/draw/film.js'
import { drawGrid, gridHeight } from '../elements/draw/grid.js'
import { readPalette } from '../elements/draw/palette.js'
import { draw as drawPlane } from '../elements/draw/plane.js'
import { tilesOf } from './train-tiles.js'
import { seen, trailTo } from './way.js'

/** Pixels, frames, and ms: the whole way in some ten seconds, then a rest on its end. */
const film = { width: 420, frames: 64, wholeMs: 10_000, least: 50, most: 400, lastMs: 2500 }
/** Margin and caption, share of the width. */
const [margin, line] = [0.03, 0.07]

/** The page answers in between. */
const breath = () => new Promise(resolve => setTimeout(resolve))

/**
 * @typedef {object} Scene
 * @property {import('./way.js').Way} way
 * @property {any} dataset
 * @property {ArrayLike<number>} [real] points
 * @property {Record<string, boolean>} shown what is drawn in the plane
 * @property {string} look how made pictures are looked at
 * @property {HTMLElement} place for the theme's colours and letters
 * @property {(step: number) => string} caption
 */

/** @param {Scene} scene @returns {{ height: number, paint: (context: any, frame: import('./way.js').Frame, palette: any) => void, has: (frame: any) => boolean }} */
function painter({ way, dataset, real, shown, look }, side) {
  if (dataset.kind === 'points') {
    const paint = (context, frame, palette) => drawPlane(context, {
      extent: dataset.extent, palette, real: shown.real ? real : undefined, fake: seen(frame).fake, heatmap: seen(frame).heatmap, trail: shown.trail ? trailTo(way, frame) : undefined,
    }, { width: side, height: side })
    return { height: side, paint, has: () => true }
  }
  const tiles = frame => tilesOf(dataset.kind, seen(frame), look)
  // A look that was chosen late is known from there on.
  const known = tiles(way.frames.at(-1)).columns
  const has = frame => tiles(frame).columns === known && tiles(frame).tiles.length > 0
  const first = tiles(/** @type {any} */ (way.frames.find(has)))
  const height = Math.round(gridHeight(first.tiles, first.columns, side))
  const paint = (context, frame, palette) => drawGrid(context, { ...tiles(frame), ranges: dataset.range ?? [], color: palette.made, palette }, { width: side, height })
  return { height, paint, has }
}

/**
 * @param {Scene} scene @param {(done: number, total: number) => void} report @param {AbortSignal} signal
 * @returns {Promise<{ blob: Blob, count: number } | null>} null where it was stopped
 */
export async function wayFilm(scene, report, signal) {
  const { way, place, caption } = scene
  const [edge, words] = [Math.round(film.width * margin), Math.round(film.width * line)]
  const side = film.width - 2 * edge
  const { height, paint, has } = painter(scene, side)
  const frames = way.chosen(film.frames).filter(has)
  const picture = Object.assign(document.createElement('canvas'), { width: film.width, height: height + edge + words })
  const context = /** @type {CanvasRenderingContext2D} */ (picture.getContext('2d', { willReadFrequently: true }))
  const palette = readPalette(place)
  const { fontFamily } = getComputedStyle(place)
  const reel = new Film(Math.round(Math.min(film.most, Math.max(film.least, film.wholeMs / frames.length))))
  for (const [index, frame] of frames.entries()) {
    report(index, frames.length)
    await breath()
    if (signal.aborted) return null
    context.fillStyle = palette.sheet
    context.fillRect(0, 0, picture.width, picture.height)
    context.save()
    context.translate(edge, edge)
    context.beginPath()
    context.rect(0, 0, side, height)
    context.clip()
    paint(context, frame, palette)
    context.restore()
    context.fillStyle = palette.ink
    context.textBaseline = 'middle'
    context.font = `${Math.round(words * 0.55)}px ${fontFamily}`
    context.textAlign = 'left'
    context.fillText(caption(frame.step), edge, edge + height + words * 0.52)
    context.textAlign = 'right'
    context.fillText('GAN Atelier', film.width - edge, edge + height + words * 0.52)
    reel.add(picture, index === frames.length - 1 ? film.lastMs : undefined)
  }
  return { blob: reel.end(), count: reel.count }
}
