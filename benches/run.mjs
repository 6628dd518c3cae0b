/** Every case in every column, round after round; within a round the engines take turns, each in a fresh page. */
import { columns } from './cases.js'
import { Pages, difference, tolerance } from './pages.mjs'
import { time } from './report.mjs'

/** @typedef {import('./cases.js').Case} Case */
/** @typedef {import('./report.mjs').Cell} Cell */
/** @typedef {import('./report.mjs').Result} Result */

/** A peer so many times slower than the fastest decides nothing: one round of it is enough. */
const hopeless = 4

/** How an output is another than ours, or nothing. @param {Result} result @param {string} engine @param {Cell} cell @param {Cell} [ours] */
function differs({ kase }, engine, cell, ours) {
  if (!ours || ours.failed) return undefined
  if (!kase.training) {
    cell.difference = difference(kase, engine)
    return cell.difference > tolerance.byte ? `differs by ${cell.difference} of 255` : undefined
  }
  const far = cell.losses.some((loss, at) => Math.abs(loss / ours.losses[at] - 1) > tolerance.loss)
  const said = (/** @type {number[]} */ losses) => losses.map(loss => loss.toFixed(3)).join(', ')
  return far ? `losses ${said(cell.losses)}, ours ${said(ours.losses)}` : undefined
}

/** @param {Pages} pages @param {Result} result @param {string} engine @param {keyof typeof columns} column @param {number} budget */
async function once(pages, result, engine, column, budget) {
  const { kase, engines } = result
  const cells = engines[engine] ??= {}
  const cell = cells[column] ??= { times: [] }
  try {
    const { times, losses, isolated } = await pages.measure(engine, kase, column, budget)
    if (isolated !== columns[column].isolated) throw new Error(`the page is ${isolated ? '' : 'not '}isolated`)
    cell.times.push(...times)
    cell.losses = losses
    if (engine !== 'ours') cell.differs ??= differs(result, engine, cell, engines.ours?.[column])
    console.log(`  ${column}, ${engine}: ${times.map(each => each.toPrecision(3)).slice(0, 8).join(' ')} ms${cell.differs ? `, ${cell.differs}` : ''}`)
  } catch (error) {
    if (!pages.alive) throw error
    ;[cell.failed] = error.message.replace(/^page\.evaluate: (Error: )?/, '').split('\n')
    cell.times = []
    console.log(`  ${column}, ${engine}: ${cell.failed}`)
  }
}

/** @param {Result} result @param {string} engine @param {keyof typeof columns} column */
function done({ engines }, engine, column) {
  const cell = engines[engine]?.[column]
  if (!cell) return false
  if (cell.failed) return true
  const best = Math.min(...Object.values(engines).map(cells => time(cells[column]) ?? Infinity))
  return engine !== 'ours' && Math.min(...cell.times) > hopeless * best
}

/** Paintings of our Monet whose memory is told. */
const large = [{ model: 'monet', side: 1024, size: 'working' }, { model: 'monet', side: 4096, size: 'exact' }]

/** @param {Pages} pages @returns {Promise<any[]>} */
async function holds(pages) {
  const found = []
  for (const painting of large) {
    const measured = await pages.memory(painting).catch(error => ({ failed: error.message.split('\n')[0] }))
    found.push({ ...painting, ...measured })
  }
  return found
}

/**
 * @param {{ cases: Case[], engines: string[], columns: (keyof typeof columns)[], rounds: number, budget: number, memory: boolean, gpu: boolean, late?: () => boolean }} wanted
 *   late: whether there is no time for another case
 * @returns {Promise<{ results: Result[], adapter: string | null, browser: string, memory?: any[] }>}
 */
export async function runBenches({ cases, engines, columns: pagesWanted, rounds, budget, memory, gpu, late = () => false }) {
  const pages = await Pages.open(gpu)
  try {
    const adapter = await pages.adapter()
    const results = []
    for (const kase of cases) {
      if (late()) {
        console.log(`\n${kase.said}: no time left`)
        continue
      }
      console.log(`\n${kase.said}`)
      /** @type {Result} */
      const result = { kase, multiplyAdds: null, engines: {} }
      results.push(result)
      try {
        result.multiplyAdds = await pages.prepare(kase)
      } catch (error) {
        if (!pages.alive) throw error
        // Minutes of the other cases are worth more than this one.
        console.log(`  not prepared: ${error.message.split('\n')[0]}`)
        result.engines.ours = { plain: { times: [], failed: 'not prepared' } }
        continue
      }
      const own = kase.device === 'cpu' ? pagesWanted : /** @type {const} */ (['plain'])
      const turns = ['ours', ...kase.peers].filter(engine => engine === 'ours' || engines.includes(engine))
      if (kase.device === 'webgpu' && !adapter) {
        for (const engine of turns) result.engines[engine] = { plain: { times: [], failed: 'no WebGPU adapter' } }
        continue
      }
      for (let round = 0; round < rounds; round++) {
        for (const column of own) {
          // Ours first: the others are compared with it. Then in turn from either end, so that nobody always follows the same one.
          const order = round % 2 ? [turns[0], ...turns.slice(1).toReversed()] : turns
          for (const engine of order) if (!done(result, engine, column)) await once(pages, result, engine, column, budget)
        }
      }
    }
    return { results, adapter, browser: pages.version(), ...(memory && { memory: await holds(pages) }) }
  } finally {
    await pages.close()
  }
}
