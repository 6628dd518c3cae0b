// What is made, picture by picture or curve by curve, of whatever family: the same place in the list is the same latent at every step.

/** @typedef {import('../elements/draw/grid.js').Tile} Tile */

/** Curves that are compared: as many as stand in a row. */
const mostCurves = 6

/** @param {any} batch @param {number} from @param {number} count @returns {Tile[]} */
const run = (batch, from, count) => Array.from({ length: count }, (_, index) => ({ batch, index: from + index }))

/** @type {Record<string, (view: any, look: string) => { tiles: Tile[], columns: number }>} */
const makers = {
  images: ({ scores, classes }, look) => {
    // One latent a row, one class a column.
    if (look === 'classes' && classes?.length) {
      const rows = classes[0].shape[0]
      return { tiles: Array.from({ length: rows * classes.length }, (_, at) => ({ batch: classes[at % classes.length], index: Math.floor(at / classes.length) })), columns: classes.length }
    }
    return scores ? { tiles: run(scores.fake, 0, scores.fake.shape[0]), columns: 4 } : nothing
  },
  sequences: ({ scores }) => (scores ? { tiles: run(scores.fake, 0, Math.min(mostCurves, scores.fake.shape[0])), columns: 3 } : nothing),
  pairs: ({ scores }) => rowsOf(scores, row => row.startsWith('fake')),
  faces: ({ scores }) => rowsOf(scores, row => row !== 'input'),
}

const nothing = { tiles: /** @type {Tile[]} */ ([]), columns: 1 }

/** @param {any} batch whose pictures come in rows @param {(row: string) => boolean} made */
function rowsOf(batch, made) {
  if (!batch) return nothing
  const columns = batch.shape[0] / batch.rows.length
  return { tiles: batch.rows.flatMap((row, at) => (made(row) ? run(batch, at * columns, columns) : [])), columns }
}

/** A few of them: of faces one look at each person, of two domains both ways. @param {string} kind @param {any} view @param {number} count */
export function fewOf(kind, view, count) {
  if (kind === 'faces' && view?.scores) return rowsOf(view.scores, row => row === '0').tiles.slice(0, count)
  const { tiles, columns } = tilesOf(kind, view)
  if (kind !== 'pairs') return tiles.slice(0, count)
  const half = Math.min(columns, count / 2)
  return [...tiles.slice(0, half), ...tiles.slice(columns, columns + half)]
}

/** @param {string} kind of sample @param {any} view @param {string} [look] how made pictures are looked at */
export const tilesOf = (kind, view, look = 'contest') => (view && makers[kind]?.(view, look)) || nothing
