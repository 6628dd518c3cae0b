// Many made pictures or curves in one canvas, row by row. Pure functions.
import { draw as drawPicture } from './pictures.js'
import { drawSequence } from './sequences.js'

/** One of a batch: of pictures (n, h, w, 4) or of sequences (n, steps, values). @typedef {{ batch: { data: any, shape: number[] }, index: number }} Tile */

/** Between tiles, share of the width; height of a curve's tile, share of its own. */
const gap = 0.012
const curveHeight = 0.75

const isPicture = ({ batch }) => batch.shape.length === 4

/** @param {Tile[]} tiles @param {number} columns @param {number} width */
function cellsOf(tiles, columns, width) {
  const between = width * gap
  const wide = (width - between * (columns - 1)) / columns
  return { between, wide, high: tiles.length && isPicture(tiles[0]) ? wide : wide * curveHeight }
}

/** @param {Tile[]} tiles @param {number} columns @param {number} width */
export function gridHeight(tiles, columns, width) {
  const { between, high } = cellsOf(tiles, columns, width)
  const rows = Math.max(1, Math.ceil(tiles.length / columns))
  return rows * high + (rows - 1) * between
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ tiles: Tile[], columns: number, ranges: [number, number][], color: string, palette: import('./palette.js').Palette, dash?: number[] }} grid dash: of curves
 * @param {{ width: number, height: number }} size
 */
export function drawGrid(context, { tiles, columns, ranges, color, palette, dash = [] }, size) {
  const { between, wide, high } = cellsOf(tiles, columns, size.width)
  for (const [at, tile] of tiles.entries()) {
    const { data, shape } = tile.batch
    context.save()
    context.translate((at % columns) * (wide + between), Math.floor(at / columns) * (high + between))
    if (isPicture(tile)) drawPicture(context, { pixels: data, width: shape[2], height: shape[1], index: tile.index }, { width: wide, height: high })
    else {
      context.strokeStyle = palette.rule
      context.lineWidth = 1
      context.strokeRect(0.5, 0.5, wide - 1, high - 1)
      context.setLineDash(dash)
      drawSequence(context, { sequences: /** @type {any} */ (tile.batch), index: tile.index, ranges, color, palette }, { width: wide, height: high })
    }
    context.restore()
  }
}
