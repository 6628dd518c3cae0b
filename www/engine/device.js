/**
 * Which engine a task gets, and why. The reasons are names, translated by the page:
 * `asked`, `small_task`, `heavy_task`, and for the CPU in place of WebGPU `no_webgpu`, `no_adapter`, `software_adapter`,
 * `no_timestamps`, `engine_missing`, `webgpu_failed`, `webgpu_late`, `webgpu_lost`, `webgpu_wrong`, `webgpu_full`.
 *
 * @typedef {'cpu' | 'webgpu'} Kind
 * @typedef {{ kind: Kind, reason: string, report?: string }} Choice report: what was wrong, for somebody who can mend it
 */
import { engines } from 'virtual:engines'
import { AtelierError, inTime } from './protocol.js'
import { engineUrl } from './modules.js'
import { adapterMs } from './patience.js'

/** Adapters that compute on the CPU: slower than our CPU engine, so only for those who ask. */
const softwareNames = /swiftshader|llvmpipe|softpipe|lavapipe|basic render|warp|software/i

/** @param {any} adapter */
function isSoftware(adapter) {
  const info = adapter.info ?? {}
  if (adapter.isFallbackAdapter || info.isFallbackAdapter) return true
  return [info.vendor, info.architecture, info.device, info.description].some(name => softwareNames.test(name ?? ''))
}

/** Why a worker gave its device up for good: it never came, or was wrong; neither will be otherwise the next time. @type {{ reason: string, report?: string } | null} */
let unfit = null
/** @param {string} reason @param {string} [report] */
export const rememberUnfit = (reason, report) => { unfit = { reason, ...(report && { report }) } }

/** Questions without an answer so far: asked again, they would only make somebody wait again. @type {WeakSet<any>} */
const unanswered = new WeakSet()

/** @param {any} gpu @param {number} patience ms @returns {Promise<any>} the adapter, null, or 'late' */
async function adapterOf(gpu, patience) {
  if (unanswered.has(gpu)) return 'late'
  const answer = (async () => gpu.requestAdapter({ powerPreference: 'high-performance' }))().catch(() => null)
  answer.then(() => unanswered.delete(gpu))
  return inTime(answer, patience, () => {
    unanswered.add(gpu)
    return 'late'
  })
}

/** @param {any} gpu `navigator.gpu` @param {boolean} softwareToo @param {number} patience ms @returns {Promise<string | null>} why WebGPU cannot be used, or null */
export async function webgpuObstacle(gpu, softwareToo, patience = adapterMs) {
  if (!gpu) return 'no_webgpu'
  const adapter = await adapterOf(gpu, patience)
  if (adapter === 'late') return 'webgpu_late'
  if (!adapter) return 'no_adapter'
  if (isSoftware(adapter) && !softwareToo) return 'software_adapter'
  // Burn's WebGPU runtime cannot start on an adapter without timestamp queries.
  if (!adapter.features.has('timestamp-query')) return 'no_timestamps'
  return (await engineExists('webgpu')) ? null : 'engine_missing'
}

/** @param {Kind} kind */
async function engineExists(kind) {
  const engine = engines[kind]
  if (!engine) return false
  // A build knows its engines' sizes; beside the dev server an engine may still be compiling.
  if (engine.bytes) return true
  const answer = await fetch(engineUrl(engine.wasm), { method: 'HEAD' }).catch(() => null)
  return Boolean(answer?.ok)
}

/**
 * @param {'auto' | Kind} wish @param {'small' | 'heavy'} task
 * @param {{ gpu?: any, patience?: number }} [place] stands in for `navigator` in tests
 * @returns {Promise<Choice>}
 */
export async function chooseDevice(wish, task, place = /** @type {any} */ (globalThis.navigator) ?? {}) {
  if (wish === 'cpu') return { kind: 'cpu', reason: 'asked' }
  if (wish === 'auto' && task === 'small') return { kind: 'cpu', reason: 'small_task' }
  if (wish !== 'auto' && wish !== 'webgpu') {
    throw new AtelierError('InvalidConfig', `There is no device "${wish}".`, { field: 'device', value: String(wish) })
  }
  // Who asks for WebGPU by name is given another try.
  if (unfit && wish === 'auto') return { kind: 'cpu', ...unfit }
  const obstacle = await webgpuObstacle(place.gpu, wish === 'webgpu', place.patience)
  if (!obstacle) return { kind: 'webgpu', reason: wish === 'webgpu' ? 'asked' : 'heavy_task' }
  if (wish === 'webgpu') throw new AtelierError('Unsupported', `WebGPU cannot be used here: ${obstacle}.`, { reason: obstacle })
  return { kind: 'cpu', reason: obstacle }
}
