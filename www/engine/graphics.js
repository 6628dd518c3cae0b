/**
 * The graphics card as the browser hands it to the engine. wgpu keeps its device to itself, so it is caught on its way: who waits for an answer
 * hears of its loss and of every error from the first moment: those that nobody looked at, and those that cubecl looks at, which in a browser logs a
 * refused shader and goes on with what its output happened to hold (tracel-ai/cubecl#1641).
 *
 * @typedef {{ reason: 'webgpu_wrong' | 'webgpu_full', message: string }} Fault
 */
import { AtelierError } from './protocol.js'

/** Some browsers look only now and then whether a buffer has been read: each submission makes them look. */
const nudgeMs = 8

/** @param {any} info `GPUAdapterInfo` */
const nameOf = info => ['vendor', 'architecture', 'device', 'description'].map(key => info?.[key]).filter(Boolean).join(' ') || 'unknown'

export class Graphics {
  /** @type {any} `GPUDevice` */
  device = null
  /** Vendor, architecture and what else the browser tells. */
  card = ''
  /** What went wrong before anybody relied on it. @type {Fault[]} */
  faults = []
  /** Buffers that are being read. */
  #reading = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #nudging

  /** @param {{ onLost: (message: string) => void, onFault: (fault: Fault) => void }} told a fault: once `rely` was called */
  constructor({ onLost, onFault }) {
    this.onLost = onLost
    this.onFault = onFault
    this.relied = false
  }

  /** @param {any} scope the worker's */
  watch(scope) {
    const graphics = this
    const { GPUAdapter, GPUBuffer, GPUDevice } = scope
    if (!GPUAdapter) return
    const { requestDevice } = GPUAdapter.prototype
    GPUAdapter.prototype.requestDevice = async function (/** @type {any[]} */ ...args) {
      const device = await requestDevice.apply(this, args)
      graphics.#take(device, this.info)
      return device
    }
    const { popErrorScope } = GPUDevice.prototype
    GPUDevice.prototype.popErrorScope = function (/** @type {any[]} */ ...args) {
      const found = popErrorScope.apply(this, args)
      found.then((/** @type {any} */ error) => error && graphics.#fail(error), () => {})
      return found
    }
    const { mapAsync } = GPUBuffer.prototype
    GPUBuffer.prototype.mapAsync = function (/** @type {any[]} */ ...args) {
      const read = mapAsync.apply(this, args)
      graphics.#nudgeUntil(read)
      return read
    }
  }

  /** @param {any} device @param {any} info */
  #take(device, info) {
    this.device = device
    this.card = nameOf(info)
    device.lost.then((/** @type {any} */ lost) => this.onLost(lost.message || lost.reason || 'unknown'))
    device.addEventListener('uncapturederror', (/** @type {any} */ event) => this.#fail(event.error))
  }

  /** A shader that was refused leaves numbers behind that were never computed, so what is known by now cannot be trusted. @param {any} error `GPUError` */
  #fail(error) {
    const kind = error?.constructor?.name ?? 'GPUError'
    /** @type {Fault} */
    const fault = { reason: kind === 'GPUOutOfMemoryError' ? 'webgpu_full' : 'webgpu_wrong', message: `${kind}: ${String(error?.message).slice(0, 2000)}` }
    if (this.relied) this.onFault(fault)
    else this.faults.push(fault)
  }

  /** From here on a fault is told at once. */
  rely() {
    this.relied = true
  }

  /** @param {Promise<void>} read */
  #nudgeUntil(read) {
    this.#reading++
    this.#nudging ??= setInterval(() => this.device?.queue.submit([]), nudgeMs)
    const done = () => {
      if (--this.#reading) return
      clearInterval(this.#nudging)
      this.#nudging = undefined
    }
    read.then(done, done)
  }
}

/** @param {string} reason @param {string} message @param {string} report */
export const graphicsError = (reason, message, report) => new AtelierError('Unsupported', message, { reason, report })
