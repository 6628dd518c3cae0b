/** The shipped models: their cards, and their weights, downloaded once where the browser lets us keep them. */
import { AtelierError, throwIfAborted } from './protocol.js'
import { countBytes, engineUrl, fetchOrThrow } from './modules.js'
import { keeps } from './parts.js'

/**
 * @typedef {{ url: string, bytes: number, sha256: string }} WeightFile
 * @typedef {object} ModelCard
 * @property {string} id
 * @property {string} kind
 * @property {string[]} domains
 * @property {Record<string, WeightFile>} files
 * @property {{ a: WeightFile, b: WeightFile }} [discriminators] fetched when somebody asks what they say
 * @property {{ ab: WeightFile, ba: WeightFile, quality: any }} [quick] smaller generators that were taught by these, for pictures of a stream
 * @property {{ cpu: number, webgpu: number }} [sides] working sides to begin with, where one suits the pair better than the device's usual one
 * @property {{ a: number, b: number }} [tells] what tells the direction that is meant (worker-translation.js)
 * @property {string} licence
 * @property {string} card
 * @property {any} quality figures of its own measurement
 * @property {number} [side]
 */

const modelsPlace = 'models/'
const cacheName = 'gan-atelier-weights'

/** @returns {Promise<ModelCard[]>} */
export async function modelCards() {
  const response = await fetchOrThrow(engineUrl(`${modelsPlace}models.json`))
  return response.json()
}

/** Storage may be forbidden, full or absent: then nothing is kept, and everything works. */
async function openCache() {
  try {
    return keeps ? await caches.open(cacheName) : null
  } catch {
    return null
  }
}

/** @param {ArrayBuffer} bytes @returns {Promise<string | null>} null where the page is not in a secure context */
async function sha256(bytes) {
  if (!globalThis.crypto?.subtle) return null
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** @param {ArrayBuffer} bytes @param {WeightFile} file */
async function intact(bytes, file) {
  if (bytes.byteLength !== file.bytes) return false
  const digest = await sha256(bytes)
  return digest === null || digest === file.sha256
}

/** Those that arrived otherwise than they were published: the browser's own cache has them so too. @type {Set<string>} */
const spoilt = new Set()

/**
 * @param {WeightFile} file
 * @param {{ signal?: AbortSignal, onBytes?: (loaded: number, total: number) => void }} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function downloadWeights(file, { signal, onBytes } = {}) {
  throwIfAborted(signal)
  // The digest is part of the key, so that weights of another version are never taken for these.
  const url = `${engineUrl(modelsPlace + file.url)}?${file.sha256.slice(0, 12)}`
  const cache = await openCache()
  const kept = await cache?.match(url).then(response => response?.arrayBuffer()).catch(() => undefined)
  if (kept && await intact(kept, file)) {
    onBytes?.(file.bytes, file.bytes)
    return new Uint8Array(kept)
  }
  const response = countBytes(await fetchOrThrow(url, { signal, ...(spoilt.has(url) && { cache: 'reload' }) }), file.bytes, (loaded, total) => onBytes?.(loaded, total))
  const bytes = await response.arrayBuffer().catch(error => {
    if (signal?.aborted) throw new AtelierError('Aborted', 'The download was aborted.')
    throw new AtelierError('Network', `The download broke off: ${error.message}`, { url })
  })
  if (!await intact(bytes, file)) {
    spoilt.add(url)
    throw new AtelierError('WeightsCorrupt', `${file.url} did not arrive as it was published.`, { file: file.url, bytes: bytes.byteLength })
  }
  spoilt.delete(url)
  await cache?.put(url, new Response(bytes.slice(0))).catch(() => {})
  return new Uint8Array(bytes)
}
