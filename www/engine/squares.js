/** Pictures, some hundreds of them, as squares of one size. Runs in a worker. */
import { isPacked, unpacker } from '../files/zip.js'
import { squares } from './picture.js'
import { AtelierError } from './protocol.js'

/** @typedef {import('./chosen.js').Picture} Picture */
/** @typedef {{ pause?: () => Promise<void>, progress?: (progress: { phase: string, loaded: number, total: number }) => void }} Work lets an abort in; tells how far it is */
/** @typedef {{ name: string, number: number, error: any }} LeftOut number: its place among those that were looked at, from 1 */

/** The browser decodes on threads of its own: so many at a time keep them busy. */
const atOnce = 16
/** Between two looks at what the page has to say, milliseconds. */
const pauseMs = 60

/** A file that was moved or changed since it was chosen fails with an error of the browser's. @param {any} error */
const named = error => (typeof error?.code === 'string' ? error : new AtelierError('UnsupportedImage', String(error?.message ?? error), { reason: 'unreadable' }))

/** @param {any} picture @param {number} number */
const nameOf = (picture, number) => picture?.path ?? picture?.name ?? String(number)

/**
 * What cannot be decoded is left out.
 * @param {Picture[]} pictures @param {number} side
 * @param {Work & { counts?: { loaded: number, total: number }, enough?: (square: Uint8ClampedArray) => boolean }} [work] counts: of several calls together; enough: ends it
 * @returns {Promise<{ squares: (Uint8ClampedArray | null)[], leftOut: LeftOut[] }>} RGBA, and null for what was left out
 */
export async function decodeSquares(pictures, side, { pause, progress, counts = { loaded: 0, total: pictures.length }, enough } = {}) {
  const unpack = unpacker()
  const square = squares(side)
  /** @type {(Uint8ClampedArray | null)[]} */
  const done = new Array(pictures.length).fill(null)
  /** @type {LeftOut[]} */
  const leftOut = []
  let next = 0
  let told = performance.now()
  const one = async () => {
    while (next < pictures.length) {
      const at = next++
      const picture = pictures[at]
      try {
        const { data } = await square(isPacked(picture) ? await unpack(picture) : picture)
        done[at] = data
        if (enough?.(data)) next = pictures.length
      } catch (error) {
        // Memory that is not there is nothing that a picture did.
        if (error instanceof RangeError) throw error
        leftOut.push({ name: nameOf(picture, at + 1), number: at + 1, error: named(error) })
      }
      counts.loaded++
      if (performance.now() - told > pauseMs) {
        told = performance.now()
        progress?.({ phase: 'pictures', ...counts })
        await pause?.()
      }
    }
  }
  // One that ends early, by an abort, ends the others too.
  const all = Array.from({ length: atOnce }, () => one().catch(error => { next = pictures.length; throw error }))
  await Promise.all(all)
  return { squares: done, leftOut: leftOut.sort((a, b) => a.number - b.number) }
}

/** One after another in one array. @param {Uint8ClampedArray[]} pictures @param {number} side */
export function joined(pictures, side) {
  const length = side * side * 4
  const rgba = new Uint8Array(length * pictures.length)
  pictures.forEach((picture, index) => rgba.set(picture, index * length))
  return rgba
}
