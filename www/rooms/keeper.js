// Keeps the training across reloads, in this browser only (IndexedDB). Each open tab has a place of its own, so that two tabs never write
// over each other; a place is a tab's for as long as it holds the place's lock.
import { del, get, set } from 'idb-keyval'
import { inTime } from '../engine/protocol.js'

const first = 'gan-atelier-training'
/** More tabs than that train at the same time in no browser. */
const places = [first, ...Array.from({ length: 7 }, (_, index) => `${first}-${index + 2}`)]
/** This tab's place before a reload, whose lock the page before may hold for another moment. */
const mark = 'gan-atelier-place'
const handOverMs = 1500
/** No disk takes as long for what one tab has learned. */
const patienceMs = 20_000

/**
 * @typedef {{ blob: Blob, step: number, dataset: string, config: Record<string, any>, points?: Float32Array, history: any, way?: any, order?: number }} Kept
 *   order: the greatest was kept last; a clock may be set back
 */

/** What was found where. @type {Map<string, Kept | 'unreadable'>} */
let found = new Map()
/** @type {Promise<string> | null} */
let claiming = null
let order = 0
/** Whether this browser has kept something since the page was opened. */
let works = false

/** @param {any} error whether it says that something is there, and cannot be read */
const isBroken = error => ['DataError', 'NotReadableError', 'NotFoundError', 'UnknownError', 'DataCloneError'].includes(error?.name)

/** As it was kept, to its last byte. @param {any} record @returns {Promise<boolean>} */
async function isWhole(record) {
  const { blob, step, dataset } = record ?? {}
  if (!(blob instanceof Blob) || !blob.size || !Number.isInteger(step) || typeof dataset !== 'string') return false
  // Of a file that was cut, Chromium 156 refuses the whole, and never answers who asks for its end.
  return inTime(blob.arrayBuffer().then(() => true, () => false), patienceMs, () => false)
}

/** @param {string} place @returns {Promise<Kept | 'unreadable' | undefined>} */
async function read(place) {
  try {
    const record = await get(place)
    return record === undefined ? undefined : (await isWhole(record)) ? record : 'unreadable'
  } catch (error) {
    // Storage that is forbidden altogether (private windows) is no failure: nothing was kept.
    return isBroken(error) ? 'unreadable' : undefined
  }
}

/** @param {string} place @param {number} patience ms @returns {Promise<boolean>} whether it is this tab's now, for as long as it lives */
function take(place, patience) {
  const { locks } = navigator
  if (!locks) return Promise.resolve(place === first)
  const asked = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true }
  return new Promise(resolve => {
    locks.request(place, asked, lock => {
      resolve(Boolean(lock))
      return lock ? new Promise(() => {}) : undefined
    }).catch(() => resolve(false))
  })
}

/** Storage may be forbidden. @param {string} [place] */
function marked(place) {
  try {
    if (place) sessionStorage.setItem(mark, place)
    return sessionStorage.getItem(mark)
  } catch {
    return null
  }
}

/** @param {string} place */
const orderOf = place => {
  const record = found.get(place)
  return record && record !== 'unreadable' ? record.order ?? 0 : -1
}

/** The place with what was kept last, of those that no other tab has. */
async function claim() {
  for (const place of places) {
    const record = await read(place)
    if (record) found.set(place, record)
  }
  order = Math.max(0, ...places.map(orderOf))
  const before = marked()
  if (before && places.includes(before) && await take(before, handOverMs)) return before
  const filled = places.filter(place => found.has(place)).sort((one, other) => orderOf(other) - orderOf(one))
  for (const place of [...filled, ...places.filter(each => !found.has(each))]) {
    if (place !== before && await take(place, 0)) {
      marked(place)
      return place
    }
  }
  return first
}

const own = () => (claiming ??= claim())

/** @param {Omit<Kept, 'order'>} kept @returns {Promise<void>} rejects with code StorageFull, or StorageGone where it was kept before */
export async function keep(kept) {
  try {
    await set(await own(), { ...kept, order: ++order })
    works = true
  } catch (error) {
    if (/** @type {any} */ (error)?.name === 'QuotaExceededError') throw Object.assign(new Error('storage is full'), { code: 'StorageFull' })
    if (works) throw Object.assign(new Error('storage is gone'), { code: 'StorageGone' })
    // Forbidden from the beginning, which is no failure: nothing is kept.
  }
}

/** What an earlier visit left, and no other tab has. @returns {Promise<Kept | 'unreadable' | undefined>} */
export async function kept() {
  return found.get(await own())
}

export async function forget() {
  const place = await own()
  found.delete(place)
  await del(place).catch(() => undefined)
}
