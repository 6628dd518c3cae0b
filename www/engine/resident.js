/**
 * Something that lives in a worker of its own and survives it: a training or a translator. When the worker ends, for whatever
 * reason, another one takes its place, is brought to the last known state, and gets the calls that had no answer yet.
 */
import { EngineWorker, codeOf } from './client.js'
import { AtelierError, asAtelierError, revive } from './protocol.js'
import { rememberUnfit } from './device.js'

/**
 * @typedef {import('./device.js').Kind} Kind
 * @typedef {{ kind: Kind, name: string, reason: string, report?: string }} Device report: what a graphics card did wrong, for somebody who can mend it
 * @typedef {import('./client.js').Call} Call
 * @typedef {{ reason: import('./client.js').Loss, message: string, step?: number, device: Device, moved: boolean }} Recovery
 *   moved: from the graphics card to the processor, whose numbers are others
 */

/** A GPU lost this often within a minute is given up for the CPU. */
const gpuLossLimit = 3
const gpuLossWindowMs = 60_000
/** What a graphics card is given up for at once, and for the page's life. */
const unfit = ['webgpu_late', 'webgpu_wrong', 'webgpu_full']

export class Resident {
  /** @type {EngineWorker | null} */
  #worker = null
  /** @type {Promise<void> | null} */
  #recovering = null
  /** @type {Call[]} */
  #waiting = []
  /** @type {number[]} */
  #gpuLosses = []
  #closed = false
  /** @type {(() => void)} */
  #onClose
  /** @type {import('./modules.js').OnLoad | undefined} */
  #onLoad
  /** @type {Device} where this runs, and why there */
  device = { kind: 'cpu', name: '', reason: '' }
  /** @type {((recovery: Recovery) => void) | null} told when a worker was replaced, so that a page can say so */
  onRecover = null

  /** @param {{ onClose: () => void, onLoad?: import('./modules.js').OnLoad }} options */
  constructor({ onClose, onLoad }) {
    this.#onClose = onClose
    this.#onLoad = onLoad
  }

  /**
   * Brings a new worker to the last known state. Every kind of resident has its own.
   * @param {EngineWorker} _worker @param {Kind} _kind @returns {Promise<void>}
   */
  async _settle(_worker, _kind) {}

  /** The step at which work goes on after a recovery. @returns {number | undefined} */
  _resumesAt() { return undefined }

  /** @param {Uint8Array} _bytes @param {number} _step */
  _keep(_bytes, _step) {}

  /** @param {import('./device.js').Choice} choice @param {boolean} mayFallBack */
  async _open(choice, mayFallBack) {
    try {
      await this.#move(choice.kind, choice.reason, choice.report)
      if (this.#closed) throw new AtelierError('Aborted', 'This was closed.', { reason: 'closed' })
    } catch (error) {
      const failed = asAtelierError(error)
      if (!mayFallBack || choice.kind === 'cpu' || !['Unsupported', 'DeviceLost', 'Internal', 'Network'].includes(failed.code)) {
        this.close()
        throw failed
      }
      await this.#toProcessor(failed, 'webgpu_failed').catch(again => { this.close(); throw asAtelierError(again) })
    }
  }

  /** For what the graphics card did. @param {any} error @param {string} otherwise the reason, where the error is nothing that a card is given up for at once */
  #toProcessor(error, otherwise) {
    const { reason, report } = asAtelierError(error).details
    const known = unfit.includes(reason)
    if (known) rememberUnfit(reason, report)
    return this.#move('cpu', known ? reason : otherwise, report)
  }

  /** @param {Kind} kind @param {string} reason @param {string} [report] */
  async #move(kind, reason, report) {
    /** @type {import('./client.js').Hooks} */
    const hooks = {
      onLost: (loss, message) => this.#recover(started, loss, message),
      onCheckpoint: (bytes, step) => this._keep(bytes, step)
    }
    /** @type {EngineWorker | null} */
    let started = null
    const { worker, device } = await EngineWorker.start(kind, hooks, this.#onLoad)
    started = worker
    if (this.#closed) return worker.terminate()
    try {
      await this._settle(worker, kind)
    } catch (error) {
      worker.terminate()
      throw error
    }
    if (this.#closed) return worker.terminate()
    this.#worker = worker
    this.device = { ...device, reason, ...(report && { report }) }
  }

  /**
   * @param {EngineWorker | null} lost @param {import('./client.js').Loss} loss @param {string} message
   */
  #recover(lost, loss, message) {
    // One that is lost before it was settled fails in #move; its pending call rejects there.
    if (!lost || lost !== this.#worker || this.#closed) return
    this.#worker = null
    for (const call of lost.takePending()) {
      if (call.replayed) call.reject(call.panicked ? revive(call.panicked) : new AtelierError(codeOf(loss), message, { reason: loss }))
      else this.#waiting.push({ ...call, replayed: true, panicked: undefined })
    }
    if (loss === 'device_lost') this.#gpuLosses.push(performance.now())
    this.#recovering = this.#replace(loss, message).finally(() => { this.#recovering = null })
  }

  /** @param {import('./client.js').Loss} loss @param {string} message */
  async #replace(loss, message) {
    const { kind, reason, report } = this.device
    const recent = this.#gpuLosses.filter(at => performance.now() - at < gpuLossWindowMs)
    try {
      if (unfit.includes(loss)) {
        rememberUnfit(loss, message)
        await this.#move('cpu', loss, message)
      } else if (kind === 'webgpu' && recent.length >= gpuLossLimit) await this.#move('cpu', 'webgpu_lost')
      else await this.#move(kind, reason, report).catch(error => {
        if (kind === 'cpu') throw error
        return this.#toProcessor(error, 'webgpu_lost')
      })
    } catch (error) {
      const failed = asAtelierError(error)
      for (const call of this.#waiting.splice(0)) call.reject(failed)
      return
    }
    if (this.#closed) return
    try {
      this.onRecover?.({ reason: loss, message, step: this._resumesAt(), device: this.device, moved: kind !== this.device.kind })
    } finally {
      for (const call of this.#waiting.splice(0)) this.#worker?.send(call)
    }
  }

  /**
   * @param {string} name @param {any} [args]
   * @param {{ signal?: AbortSignal, onProgress?: (progress: any) => void, replayed?: boolean, transfer?: Transferable[] }} [options] replayed: not to be sent again;
   *   transfer: what is given away, which cannot be sent again either
   * @returns {Promise<any>}
   */
  _call(name, args, { signal, onProgress, replayed, transfer } = {}) {
    if (this.#closed) return Promise.reject(new AtelierError('Aborted', 'This was closed.', { reason: 'closed' }))
    if (signal?.aborted) return Promise.reject(new AtelierError('Aborted', 'The caller aborted this call.'))
    return new Promise((resolve, reject) => {
      /** @type {Call} */
      const call = { call: name, args, resolve, reject, signal, onProgress, replayed: replayed || Boolean(transfer), transfer }
      if (this.#worker) return this.#worker.send(call)
      this.#waiting.push(call)
      // A recovery that failed is tried again by the next call: after any error the atelier still works.
      this.#recovering ??= this.#replace('killed', 'the worker could not be replaced').finally(() => { this.#recovering = null })
    })
  }

  /** Frees the worker and everything in it; what is still pending is rejected with `Aborted`. */
  async close() {
    if (this.#closed) return
    this.#closed = true
    const pending = [...(this.#worker?.takePending() ?? []), ...this.#waiting.splice(0)]
    this.#worker?.terminate()
    this.#worker = null
    for (const call of pending) call.reject(new AtelierError('Aborted', 'This was closed.', { reason: 'closed' }))
    this.#onClose()
  }

  /**
   * For tests of recovery: a Rust panic, or the loss of the GPU device.
   * @param {'panic' | 'device_lost'} what @param {string} [message]
   */
  provoke(what, message = 'provoked') {
    return what === 'panic' ? this._call('provokePanic', { message }, { replayed: true }) : this._call('destroyDevice')
  }

  /** Bytes of WebAssembly memory that the engine holds. @returns {Promise<number>} */
  memory() {
    return this._call('memory')
  }
}
