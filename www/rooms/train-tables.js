// Tables of the visitor's own in the training room: looked at by the module, before anything is learned from them.
import { csv } from './tables.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** Asks the module what a file holds; what was found before stays until it answers. @param {TrainRoom} room @param {File} file @param {Record<string, any>} wish */
export async function look(room, file, wish) {
  const before = room.table?.file === file && room.table.preview ? room.table : undefined
  const { sequence_length: length } = room.config
  const mine = { file, wish, length, preview: before?.preview, busy: true }
  room.table = mine
  room.stage.draw()
  const answer = await asked(room, atelier => atelier.table(file, { ...wish, length }))
  if (room.table !== mine) return
  // What it was read as before stays: a mark that is wrong for this file changes nothing.
  room.table = 'problem' in answer ? { file, wish, length, preview: undefined, ...before, busy: false, problem: answer.problem } : { file, wish, length, preview: answer.result }
  room.stage.draw()
}

/** Points are learned at once; where a table has more than two columns of numbers, it is asked which are meant. @param {TrainRoom} room @param {File} file @param {Record<string, any>} wish @param {boolean} swapped x stands behind y @param {(data: any) => any} learn */
export async function lookForPoints(room, file, wish, swapped, learn) {
  const { turn } = room
  const answer = await asked(room, atelier => atelier.tablePoints(file, wish))
  // Another dataset was chosen meanwhile.
  if (turn !== room.turn) return
  if (!('problem' in answer)) {
    room.table = null
    return learn(swapped ? exchanged(answer.result) : answer.result)
  }
  const { problem } = answer
  const several = problem.details?.reason === 'table_points' && problem.details.columns > 2
  const seen = several ? await asked(room, atelier => atelier.table(file)) : { problem }
  const columns = 'result' in seen ? seen.result.columns.map(({ name, role }) => ({ name, numbers: role === 'value' || role === 'id' })) : undefined
  room.table = { file, wish, problem, columns }
  room.stage.draw()
}

/** @param {TrainRoom} room @param {(atelier: any) => Promise<any>} ask @returns {Promise<{ result: any } | { problem: any }>} */
async function asked(room, ask) {
  try {
    return { result: await ask(await room.atelier()) }
  } catch (problem) {
    return { problem }
  }
}

/** x for y. @param {{ points: Float32Array, scale: any }} result */
function exchanged({ points, scale: { axes, names, ...scale } }) {
  return { points: points.map((_, at) => points[at ^ 1]), scale: { ...scale, axes: axes.toReversed(), names: names.toReversed() } }
}

const madePoints = 2000

/** Made points in the units of the table that was learned. @param {import('./trainer.js').Trainer} trainer */
export async function pointTable({ session, dataset }) {
  const { axes, names } = /** @type {any} */ (dataset?.scale)
  const { data } = await /** @type {any} */ (session).sample({ count: madePoints, seed: 2 })
  // Six digits of how far an axis reaches, however far from 0 it begins.
  const digits = axis => Math.min(100, Math.max(0, 5 - Math.floor(Math.log10(axes[axis][1]))))
  const along = axis => Array.from({ length: madePoints }, (_, index) => Number((axes[axis][0] + axes[axis][1] * data[2 * index + axis]).toFixed(digits(axis))))
  const quoted = name => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)
  const [x, y] = [names[0] || 'x', names[1] || 'y'].map(quoted)
  return new Blob([csv({ [x]: along(0), [y === x ? `${y} 2` : y]: along(1) })], { type: 'text/csv' })
}
