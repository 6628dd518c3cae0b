/**
 * The two engines' compiled modules: each fetched and compiled at most once in a page, then shared by all workers.
 */
import { engines, locate } from 'virtual:engines'
import { openStore } from './kept.js'
import { openPart } from './parts.js'
import { AtelierError } from './protocol.js'

/**
 * @typedef {{ phase: 'download' | 'compile', what: string, loaded: number, total: number }} LoadProgress
 * @typedef {(progress: LoadProgress) => void} OnLoad
 */

/** @param {string} place */
export const engineUrl = place => locate(place)

/** @type {Map<string, { module: Promise<WebAssembly.Module>, listeners: Set<OnLoad> }>} */
const compiled = new Map()

/**
 * Passes a response's bytes on and reports how many have come.
 * @param {Response} response @param {number} total @param {(loaded: number, total: number) => void} report
 */
export function countBytes(response, total, report) {
  if (!response.body) return response
  let loaded = 0
  const counter = new TransformStream({
    transform(chunk, controller) {
      loaded += chunk.byteLength
      report(loaded, Math.max(total, loaded))
      controller.enqueue(chunk)
    }
  })
  return new Response(response.body.pipeThrough(counter), { headers: response.headers })
}

/** @param {string} url @param {RequestInit} [options] */
export async function fetchOrThrow(url, options) {
  const response = await openPart(url, options).catch(error => {
    if (error?.name === 'AbortError') throw new AtelierError('Aborted', 'The download was aborted.')
    throw new AtelierError('Network', `Could not reach ${url}: ${error?.message}`, { url })
  })
  if (!response.ok) throw new AtelierError('Network', `${url} answered ${response.status}.`, { url, status: response.status })
  return response
}

/** Storage may be forbidden, full or absent: then it is fetched again. @param {string} kind @param {string} url @returns {Promise<Response>} */
async function fetchEngine(kind, url) {
  const cache = await openStore()
  const kept = await cache?.match(url).catch(() => undefined)
  if (kept) return kept
  const response = await fetchOrThrow(url)
  if (cache) keepEngine(cache, kind, url, response.clone()).catch(() => {})
  return response
}

/** The page's own list keeps the small engine; the others are kept once they were used, for a day without a connection. The address holds the file's digest: another one is another version's, and of no more use. @param {Cache} cache @param {string} kind @param {string} url @param {Response} copy */
async function keepEngine(cache, kind, url, copy) {
  const older = (await cache.keys()).filter(key => key.url.includes(`engines/${kind}`))
  await Promise.all(older.map(key => cache.delete(key)))
  await cache.put(url, copy)
}

/** @param {string} kind @param {OnLoad} report */
async function compile(kind, report) {
  const url = engineUrl(engines[kind].wasm)
  const response = await (kind !== 'cpu' && engines[kind].bytes ? fetchEngine(kind, url) : fetchOrThrow(url))
  // Content-length counts compressed bytes where the server compresses: the build's own figure is exact.
  const total = engines[kind].bytes || Number(response.headers.get('content-length')) || 0
  report({ phase: 'download', what: kind, loaded: 0, total })
  const counted = countBytes(response, total, (loaded, all) => {
    report({ phase: 'download', what: kind, loaded, total: all })
    if (loaded >= all) report({ phase: 'compile', what: kind, loaded, total: all })
  })
  // Some static servers send .wasm as octet-stream, which streaming compilation refuses.
  const typed = new Response(counted.body, { headers: { 'content-type': 'application/wasm' } })
  try {
    return await WebAssembly.compileStreaming(typed)
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) throw new AtelierError('Unsupported', `This browser cannot run the engine: ${error.message}`, { reason: 'compile' })
    throw new AtelierError('Network', `The engine's download broke off: ${/** @type {Error} */ (error).message}`, { url })
  }
}

/**
 * @param {'cpu' | 'webgpu'} kind @param {OnLoad} [onLoad]
 * @returns {Promise<WebAssembly.Module>}
 */
export async function engineModule(kind, onLoad) {
  if (!engines[kind]) throw new AtelierError('Unsupported', `This build has no ${kind} engine.`, { reason: 'engine_missing' })
  let entry = compiled.get(kind)
  if (!entry) {
    /** @type {Set<OnLoad>} */
    const listeners = new Set()
    const module = compile(kind, progress => listeners.forEach(listener => listener(progress)))
    entry = { module, listeners }
    compiled.set(kind, entry)
    module.catch(() => compiled.delete(kind))
  }
  if (onLoad) entry.listeners.add(onLoad)
  try {
    return await entry.module
  } finally {
    if (onLoad) entry.listeners.delete(onLoad)
  }
}

/** A function of one relaxed instruction, `f32x4.relaxed_madd`: valid where the browser knows them. */
const relaxedProbe = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11
])

/** @type {Promise<WebAssembly.Module | null> | null} */
let kernels = null

/**
 * The painting kernels: of the two builds the one with fused multiplications, where the browser knows them. Null where there are none:
 * the engine has its own.
 */
export function kernelsModule() {
  const builds = engines.cpu?.kernels
  if (!builds) return Promise.resolve(null)
  const place = builds[WebAssembly.validate(relaxedProbe) ? 'relaxed' : 'exact']
  kernels ??= fetchOrThrow(engineUrl(place)).then(async response => WebAssembly.compile(await response.arrayBuffer())).catch(() => {
    kernels = null
    return null
  })
  return kernels
}

/** @param {'cpu' | 'webgpu'} kind */
export const glueUrl = kind => engineUrl(engines[kind].glue)

/** The engine's own address, which holds its digest. @param {'cpu' | 'webgpu'} kind */
export const versionOf = kind => engineUrl(engines[kind].wasm)

/** Gives the compiled code back once no atelier is open. */
export function forgetModules() {
  compiled.clear()
  kernels = null
}
