// Keeps the training across reloads, in this browser only (IndexedDB).
import { del, get, set } from 'idb-keyval'

const key = 'gan-atelier-training'

/** @typedef {{ blob: Blob, step: number, dataset: string, config: Record<string, any>, points?: Float32Array, history: any, way?: any }} Kept */

/** @param {Kept} kept @returns {Promise<void>} rejects with code StorageFull */
export async function keep(kept) {
  try {
    await set(key, kept)
  } catch (error) {
    if (/** @type {any} */ (error)?.name === 'QuotaExceededError') throw Object.assign(new Error('storage is full'), { code: 'StorageFull' })
    // Storage that is forbidden altogether (private windows) is no failure: nothing is kept.
  }
}

/** @returns {Promise<Kept | undefined>} */
export const kept = () => get(key).catch(() => undefined)

export const forget = () => del(key).catch(() => undefined)
