/**
 * The page's end of one worker: starts it, numbers the calls, and notices when the worker is gone.
 */
import { AtelierError, revive } from './protocol.js'
import { engineModule, glueUrl, versionOf } from './modules.js'
import { workerUrl } from './parts.js'

/**
 * @typedef {'killed' | 'panic' | 'device_lost' | 'webgpu_wrong' | 'webgpu_full'} Loss
 * @typedef {object} Hooks
 * @property {(loss: Loss, message: string) => void} onLost called once; the worker is terminated by then
 * @property {(bytes: Uint8Array, step: number) => void} [onCheckpoint]
 *
 * @typedef {object} Call
 * @property {string} call
 * @property {any} args
 * @property {(value: any) => void} resolve
 * @property {(error: Error) => void} reject
 * @property {((progress: any) => void)} [onProgress]
 * @property {AbortSignal} [signal]
 * @property {boolean} [replayed] a call is sent again at most once
 * @property {import('./protocol.js').WireError} [panicked] why its worker ended in the middle of it
 * @property {Transferable[]} [transfer]
 * @property {() => void} [answered] lets go of its signal
 */

/** A worker that has not even taken its lock by then was refused by the browser or the host page's policy. */
const startTimeoutMs = 30_000
/** Where locks are forbidden, silence for this long during a call counts as death; a layer of a large picture takes seconds. */
const silenceMs = 120_000
/** Both are counted in ticks of this: a tab that sleeps for an hour has neither waited nor been kept waiting. */
const tickMs = 1000

/** @param {Loss} loss */
export const codeOf = loss => (['killed', 'panic'].includes(loss) ? 'Internal' : 'DeviceLost')

/** @type {any} */
let policy

/**
 * A page with Trusted Types takes a worker's address only from a policy that it allows by name.
 * @param {string} url @returns {any}
 */
function trusted(url) {
  const { trustedTypes } = /** @type {any} */ (globalThis)
  if (!trustedTypes) return url
  try {
    policy ??= trustedTypes.createPolicy('gan-atelier', { createScriptURL: (/** @type {string} */ text) => text })
  } catch {
    // Not allowed, which matters only where plain addresses are not either.
    return url
  }
  return policy.createScriptURL(url)
}

/** @param {string} url @param {WorkerOptions} [options] */
function newWorker(url, options) {
  try {
    return new Worker(trusted(url), options)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new AtelierError('Unsupported', `This page does not let the worker start: ${error.message}`, { reason: 'trusted_types' })
  }
}

/**
 * Another origin's script cannot be a worker; a one-line blob that imports it can. In a sandboxed frame the document's own origin is
 * none, whatever its address says.
 * @param {string} url @param {'blob' | 'data'} carrier of that line
 */
function spawn(url, carrier) {
  // Whole, as text, where a build carries it so. Not a module worker, for the same frames' sake as below.
  if (url.startsWith('blob:')) return newWorker(url)
  if (new URL(url).origin === globalThis.origin) return newWorker(url, { type: 'module' })
  // Not a module worker: a frame without an origin may not start one from a blob. A dynamic import obeys the host page's script-src; a static one would need this origin in its worker-src too.
  const line = `import(${JSON.stringify(url)}).catch(error => setTimeout(() => { throw error }))`
  if (carrier === 'data') return newWorker(`data:text/javascript,${encodeURIComponent(line)}`)
  const blobUrl = URL.createObjectURL(new Blob([line], { type: 'text/javascript' }))
  const worker = newWorker(blobUrl)
  // The worker fetches its script after this turn; a URL taken back at once would be gone by then.
  setTimeout(() => URL.revokeObjectURL(blobUrl), startTimeoutMs)
  return worker
}

export class EngineWorker {
  /** @type {Map<number, Call>} */
  #calls = new Map()
  #nextId = 1
  #gone = false
  #hooks
  #worker
  #lock = `gan-atelier-${crypto.getRandomValues(new Uint32Array(4)).join('-')}`
  /** Ticks since the worker was heard last, with a call under way. */
  #silent = 0
  /** What is said before the worker listens; a blob's worker listens only once its import has arrived. @type {[any, Transferable[]][] | null} */
  #early = []
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #watch
  /** Whether it has said that it holds its lock, or may not. */
  #started = false

  /** @param {Hooks} hooks */
  constructor(hooks) {
    this.#hooks = hooks
    this.#worker = this.#spawned('blob')
    this.#watch = setInterval(() => this.#tick(), tickMs)
  }

  /** @param {'blob' | 'data'} carrier */
  #spawned(carrier) {
    const worker = spawn(workerUrl(), carrier)
    worker.onmessage = ({ data }) => this.#receive(data)
    worker.onerror = event => {
      event.preventDefault?.()
      const silent = this.#early && !event.message
      if (silent && carrier === 'blob' && globalThis.origin === 'null') return this.#carryOtherwise()
      this.#lose('killed', event.message || 'the worker could not start')
    }
    return worker
  }

  /** In a frame without an origin whose site asks for embedders' consent, WebKit starts no worker from a blob, and says nothing; from a data: address it does. */
  #carryOtherwise() {
    if (this.#gone) return
    this.#worker.terminate()
    try {
      this.#worker = this.#spawned('data')
    } catch (error) {
      this.#lose('killed', /** @type {Error} */ (error).message)
    }
  }

  /**
   * Starts a worker with an engine in it.
   * @param {'cpu' | 'webgpu'} kind @param {Hooks} hooks @param {import('./modules.js').OnLoad} [onLoad]
   * @returns {Promise<{ worker: EngineWorker, device: { kind: 'cpu' | 'webgpu', name: string } }>}
   */
  static async start(kind, hooks, onLoad) {
    const module = await engineModule(kind, onLoad)
    /** @type {AtelierError | null} */
    let early = null
    let started = false
    const worker = new EngineWorker({
      ...hooks,
      onLost: (loss, message) => {
        if (started) hooks.onLost(loss, message)
        else early = new AtelierError(codeOf(loss), `The worker ended while starting: ${message}`, { reason: loss })
      }
    })
    try {
      const device = await worker.call('start', { module, glue: glueUrl(kind), version: versionOf(kind), lock: worker.#lock })
      started = true
      return { worker, device }
    } catch (error) {
      worker.terminate()
      throw early ?? error
    }
  }

  /** A worker without an engine, to help others. @param {Hooks} hooks @returns {Promise<EngineWorker>} */
  static async hire(hooks) {
    const worker = new EngineWorker(hooks)
    await worker.call('hold', { lock: worker.#lock })
    return worker
  }

  /**
   * @param {string} call @param {any} [args]
   * @param {{ signal?: AbortSignal, onProgress?: (progress: any) => void, transfer?: Transferable[] }} [options]
   * @returns {Promise<any>}
   */
  call(call, args, { signal, onProgress, transfer } = {}) {
    return new Promise((resolve, reject) => this.send({ call, args, resolve, reject, onProgress, signal, transfer }))
  }

  /** Sends a call; also one that another worker did not live to answer. @param {Call} call */
  send(call) {
    if (this.#gone) return call.reject(new AtelierError('Internal', 'The worker is gone.', { reason: 'killed' }))
    const id = this.#nextId++
    this.#calls.set(id, call)
    this.#silent = 0
    const abort = () => { if (this.#calls.has(id)) this.#post({ abort: id }) }
    call.signal?.addEventListener('abort', abort, { once: true })
    // One signal may be given to many calls.
    call.answered = () => call.signal?.removeEventListener('abort', abort)
    try {
      this.#post({ id, call: call.call, args: call.args }, call.transfer)
      if (call.signal?.aborted) this.#post({ abort: id })
    } catch (error) {
      this.#calls.delete(id)
      call.reject(new AtelierError('InvalidData', `The arguments cannot be sent to a worker: ${/** @type {Error} */ (error).message}`))
    }
  }

  /** @param {object} message @param {Transferable[]} [transfer] */
  #post(message, transfer = []) {
    if (this.#early) this.#early.push([message, transfer])
    else this.#worker.postMessage(message, transfer)
  }

  #listening() {
    const early = this.#early ?? []
    this.#early = null
    for (const [message, transfer] of early) this.#post(message, transfer)
  }

  /** The calls without an answer, which whoever replaces this worker may send again. @returns {Call[]} */
  takePending() {
    const pending = [...this.#calls.values()]
    this.#calls.clear()
    return pending
  }

  terminate() {
    this.#gone = true
    clearInterval(this.#watch)
    this.#worker.terminate()
  }

  /** @param {any} message */
  #receive(message) {
    if (this.#gone) return
    this.#silent = 0
    if (message.listening) return this.#listening()
    if (message.locked !== undefined) return this.#watchLife(message.locked)
    if (message.checkpoint) return this.#hooks.onCheckpoint?.(message.checkpoint, message.step)
    if (message.lost) return this.#lose('device_lost', message.lost)
    if (message.fault) return this.#lose(message.fault.reason, message.fault.message)
    const call = this.#calls.get(message.id)
    if (message.progress) return call?.onProgress?.(message.progress)
    this.#calls.delete(message.id)
    call?.answered?.()
    if (!message.error) return call?.resolve(message.result)
    // The failed call is told first, so that it is not among those sent again.
    if (message.error.code === 'DeviceLost' && call) {
      this.#calls.set(message.id, call)
      return this.#lose('device_lost', message.error.message)
    }
    if (!message.fatal) return call?.reject(revive(message.error))
    // Whoever replaces the worker may send it once more.
    if (call) this.#calls.set(message.id, { ...call, panicked: message.error })
    this.#lose('panic', message.error.message)
  }

  /** @param {boolean} locked */
  #watchLife(locked) {
    this.#started = true
    if (!locked || !navigator.locks) return
    clearInterval(this.#watch)
    navigator.locks.request(this.#lock, () => this.#lose('killed', 'the worker was ended')).catch(() => {})
  }

  #tick() {
    this.#silent++
    if (!this.#started) {
      if (this.#silent * tickMs >= startTimeoutMs) this.#lose('killed', 'the worker did not start')
    } else if (!this.#calls.size) this.#silent = 0
    else if (this.#silent * tickMs > silenceMs) this.#lose('killed', 'the worker fell silent')
  }

  /** @param {Loss} loss @param {string} message */
  #lose(loss, message) {
    if (this.#gone) return
    this.terminate()
    this.#hooks.onLost(loss, message)
    // Whatever the owner did not take over must not hang.
    for (const call of this.takePending()) {
      call.reject(call.panicked ? revive(call.panicked) : new AtelierError(codeOf(loss), message, { reason: loss }))
    }
  }
}
