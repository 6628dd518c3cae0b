/** What was measured, as a table for people and as JSON for programs. */
import { columns } from './cases.js'

/**
 * @typedef {object} Cell one engine on one case in one column
 * @property {number[]} times ms
 * @property {number[]} [losses]
 * @property {number} [difference] of a painting from ours, in bytes
 * @property {string} [differs] how its output is another than ours
 * @property {string} [failed] why there are no times
 *
 * @typedef {object} Result
 * @property {import('./cases.js').Case} kase
 * @property {number | null} multiplyAdds
 * @property {Record<string, Partial<Record<keyof typeof columns, Cell>>>} engines ours among them
 */

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2
}

const ms = (/** @type {number} */ value) => Number(value.toPrecision(4))

/** Median of what agrees with ours; what does not is shown, and not compared. @param {Cell} [cell] */
export const time = cell => (cell?.times.length && !cell.differs ? median(cell.times) : null)

/** @param {Result} result @param {keyof typeof columns} column @returns {number | null} */
function fastestPeer({ engines }, column) {
  const times = Object.entries(engines).filter(([engine]) => engine !== 'ours').map(([, cells]) => time(cells[column])).filter(each => each !== null)
  return times.length ? Math.min(...times) : null
}

/** @param {number | null} ours @param {number | null} theirs */
const ratio = (ours, theirs) => (ours === null || theirs === null ? null : Number((ours / theirs).toFixed(3)))

/** @param {Cell} [cell] */
function shown(cell) {
  if (!cell) return ''
  if (cell.failed) return cell.failed.replaceAll('|', '/').split('\n')[0].slice(0, 100)
  return `${ms(median(cell.times))} (${ms(Math.min(...cell.times))})${cell.differs ? ` **${cell.differs}**` : ''}`
}

/** Multiplications and additions in a second that the definition's count comes to: fast algorithms need fewer. @param {Result} result @param {keyof typeof columns} column */
function gigaflops({ multiplyAdds, engines }, column) {
  const ours = time(engines.ours?.[column])
  return multiplyAdds && ours ? Number((2 * multiplyAdds / ours / 1e6).toPrecision(3)) : null
}

/** @param {Result[]} results @param {string[]} engines in the order of their columns */
export function table(results, engines) {
  const head = ['case', 'page', ...engines.map(engine => `${engine}, ms`), 'ours / fastest peer', 'GMAC', 'our GFLOP/s']
  const rows = results.flatMap(result => /** @type {(keyof typeof columns)[]} */ (Object.keys(columns)).filter(column => Object.values(result.engines).some(cells => cells[column])).map(column => [
    result.kase.said, columns[column].said, ...engines.map(engine => shown(result.engines[engine]?.[column])),
    ratio(time(result.engines.ours?.[column]), fastestPeer(result, column)) ?? '–',
    result.multiplyAdds ? (result.multiplyAdds / 1e9).toPrecision(3) : '–', gigaflops(result, column) ?? '–'
  ]))
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

/** Peers by name; the name alone is the one thread, or where threads are not the matter. */
const suffix = { one: '', isolated: '-isolated', plain: '-plain' }

/** @param {Result} result */
export function caseJson({ kase, multiplyAdds, engines }) {
  const result = { kase, multiplyAdds, engines }
  const cpu = kase.device === 'cpu'
  const first = cpu ? 'one' : 'plain'
  const place = cpu ? 'wasm' : 'webgpu'
  const [peers, least, failed, differing] = [{}, {}, {}, {}]
  for (const [engine, cells] of Object.entries(engines)) {
    for (const [column, cell] of Object.entries(cells)) {
      const name = engine === 'ours' ? `ours${suffix[column]}` : `${engine}-${place}${column === first ? '' : suffix[column]}`
      if (cell.failed) failed[name] = cell.failed
      else least[name] = ms(Math.min(...cell.times))
      if (cell.differs) differing[name] = cell.differs
      if (engine !== 'ours' && cell.times.length) peers[name] = ms(median(cell.times))
    }
  }
  const ours = (/** @type {keyof typeof columns} */ column) => time(engines.ours?.[column])
  const rounded = (/** @type {number | null} */ value) => (value === null ? null : ms(value))
  return {
    case: kase.name, engine: kase.device, ours_ms: rounded(ours(first)), ours_isolated_ms: rounded(ours('isolated')), ours_workers_ms: rounded(ours('plain')), peers,
    ratio: ratio(ours(first), fastestPeer(result, first)), ratio_isolated: ratio(ours('isolated'), fastestPeer(result, 'isolated')),
    ratio_workers: ratio(ours('plain'), fastestPeer(result, cpu ? 'isolated' : 'plain')),
    least, failed, differing, multiply_adds: multiplyAdds, gflops: gigaflops(result, first)
  }
}
