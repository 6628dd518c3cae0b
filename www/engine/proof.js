/**
 * The graphics card is asked for what is known before anything relies on it: once whole, and after that, as long as card and engine are the same,
 * for as little as shows that it answers. Where nothing can be kept, it is asked for everything each time.
 */
import { graphicsError } from './graphics.js'
import { openStore } from './kept.js'
import { answerMs } from './patience.js'
import { inTime } from './protocol.js'

/** @typedef {{ work: string, error: number | null, allowed: number, at: number, made: number | null, right: number, holds: boolean }} Finding no number travels as null */

/** An address that nothing answers, under which this card and this engine are known. @param {string} version the engine's address @param {string} card */
const mark = (version, card) => `${version}?proven=${encodeURIComponent(card)}`

/** For somebody who can mend it: the card, the browser, what was wrong. @param {import('./graphics.js').Graphics} graphics @param {string[]} lines */
export const report = (graphics, lines) => [
  `GAN Atelier, WebGPU, ${new Date().toISOString().slice(0, 10)}`, `card: ${graphics.card}`, `browser: ${globalThis.navigator?.userAgent ?? 'unknown'}`, ...lines,
  .../** @type {any} */ (globalThis).ganAtelierLog ?? []
].join('\n')

/** Single precision has no more digits to show. @param {number | null} value */
const digits = value => (value === null ? 'NaN' : String(Number(value.toPrecision(6))))

/** @param {Finding} finding */
const line = ({ work, error, allowed, at, made, right }) =>
  `${work}: ${digits(made)} where ${digits(right)} is right (place ${at}), off by ${digits(error)}, allowed ${digits(allowed)}`

/**
 * Throws unless the card answers in time and is right.
 * @param {any} engine @param {import('./graphics.js').Graphics} graphics @param {string} version the engine's address, which holds its digest
 * @returns {Promise<{ whole: boolean, ms: number }>}
 */
export async function prove(engine, graphics, version, patience = answerMs) {
  const kept = await openStore()
  const address = mark(version, graphics.card)
  const whole = !(await kept?.match(address).catch(() => undefined))
  const began = performance.now()
  const found = await inTime(/** @type {Promise<Finding[]>} */ (engine.checkDevice(whole)), patience, () => graphicsError('webgpu_late', 'The graphics card did not answer in time.', report(graphics, [`no answer within ${patience} ms`])))
  const wrong = found.filter(finding => !finding.holds).map(line)
  const lines = [...wrong, ...graphics.faults.map(({ message }) => message)]
  // Where there is no room, numbers may be wrong for that alone.
  if (graphics.faults.some(({ reason }) => reason === 'webgpu_full')) throw graphicsError('webgpu_full', 'The graphics card has no memory left.', report(graphics, lines))
  if (lines.length) throw graphicsError('webgpu_wrong', 'The graphics card computes wrong numbers here.', report(graphics, lines))
  if (whole) await kept?.put(address, new Response('')).catch(() => {})
  graphics.rely()
  return { whole, ms: performance.now() - began }
}
