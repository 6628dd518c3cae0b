/**
 * What stands around the page's workers while faults are provoked. Nothing of it is in the product: the first function runs in a page before
 * anything else does, the second in each of its workers, in front of the worker's own text.
 *
 * A worker is ended by `Worker.terminate`, as a browser does. A panic is Rust's own: the engine's `provokePanic`, asked for between two calls,
 * or called in the middle of one. A graphics card is lost by `device.destroy()`.
 */

/** @typedef {{ worker: Worker, role: '' | 'engine' | 'helper', alive: boolean, settled: boolean, calls: Map<number, { call: string, args: any }> }} Watched */

export function inPage() {
  const scope = /** @type {any} */ (globalThis)
  const Native = Worker
  const post = Native.prototype.postMessage
  /** FNV-1a of what an answer holds. @param {any} value */
  const digest = value => {
    let hash = 0x811c9dc5
    const take = byte => { hash = Math.imul(hash ^ byte, 0x01000193) >>> 0 }
    const walk = each => {
      if (each instanceof ArrayBuffer) for (const byte of new Uint8Array(each)) take(byte)
      else if (ArrayBuffer.isView(each)) for (const byte of new Uint8Array(each.buffer, each.byteOffset, each.byteLength)) take(byte)
      else if (each instanceof ImageData) walk(each.data)
      else if (each && typeof each === 'object') for (const key of Object.keys(each).sort()) walk(each[key])
      else for (const letter of String(each)) take(letter.charCodeAt(0) & 255)
    }
    walk(value)
    return hash.toString(16)
  }
  const watch = {
    /** @type {Watched[]} */
    workers: [],
    /** Losses by step, as bits. @type {Record<number, string>} */
    losses: {},
    /** Answers that follow from their question alone. @type {Record<string, string>} */
    answers: {},
    /** The same step or question, answered otherwise. @type {string[]} */
    odd: [],
    /** @type {{ name: string, text: string }[]} */
    sentences: [],
    step: 0, checkpoint: -1,
    /** Where each opened training stood, and what the page held by then. @type {{ step: number, checkpoint: number, reached: number }[]} */
    opened: [],
    answered: 0, painted: 0, settled: 0,
    /** Yaws at which a face was drawn. @type {number[]} */
    turned: [],
    /** Which engine each worker has opened. @type {string[]} */
    kinds: [],
    /** A call in whose middle the next fault is wanted. */
    trap: { call: '', kind: '', sprung: false },
    strike, alive, digest, mishaps: /** @type {string[]} */ ([])
  }
  scope.watch = watch
  const repeatable = ['turnFace', 'encodeFaces', 'blendFaces', 'judgeFace', 'faceCode']

  /** @param {Record<string, string>} list @param {string | number} key @param {string} value */
  const note = (list, key, value) => {
    if (list[key] !== undefined && list[key] !== value) watch.odd.push(String(key))
    list[key] ??= value
  }
  const bitsOf = numbers => new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)

  /** @param {Watched} record @param {any} message */
  function hear(record, message) {
    if (!record.alive) return
    if (message.checkpoint) watch.checkpoint = message.step
    const asked = record.calls.get(message.id)
    if (!asked || message.progress) return
    record.calls.delete(message.id)
    if (message.error) return
    const { result } = message
    watch.answered++
    if (asked.call === 'step') {
      const [d, g] = [bitsOf(result.loss_d), bitsOf(result.loss_g)]
      const count = Math.max(d.length, g.length)
      for (let index = 0; index < count; index++) note(watch.losses, result.step - count + 1 + index, `${d[index]} ${g[index]}`)
      watch.step = result.step
    }
    if (['startTraining', 'openTraining'].includes(asked.call)) {
      watch.opened.push({ step: result.steps, checkpoint: watch.checkpoint, reached: watch.step })
      watch.step = result.steps
    }
    if (['startTraining', 'openTraining', 'openTranslator', 'openFaces'].includes(asked.call)) {
      record.settled = true
      watch.settled++
    }
    if (asked.call === 'start') watch.kinds.push(result.kind)
    if (asked.call === 'translate') watch.painted++
    if (asked.call === 'turnFace') watch.turned.push(...asked.args.yaws)
    if (repeatable.includes(asked.call)) note(watch.answers, `${asked.call} ${digest(asked.args)}`, digest(result))
  }

  scope.Worker = class extends Native {
    constructor(...args) {
      super(.../** @type {[any]} */ (args))
      /** @type {Watched} */
      const record = { worker: this, role: '', alive: true, settled: false, calls: new Map() }
      this.record = record
      watch.workers.push(record)
      this.addEventListener('message', ({ data }) => hear(record, data))
    }

    postMessage(message, transfer) {
      const { record } = this
      if (message?.call === 'hold') record.role = 'helper'
      if (message?.call === 'joinReplicas' && message.args.index > 0) record.role = 'helper'
      // Whatever else an engine is asked for, it is somebody's own.
      if (message?.call && !['start', 'hold', 'joinReplicas', 'memory'].includes(message.call) && !record.role) record.role = 'engine'
      if (message?.call) record.calls.set(message.id, { call: message.call, args: repeatable.includes(message.call) ? message.args : null })
      super.postMessage(message, transfer)
      const { trap } = watch
      if (trap.call && trap.call === message?.call && record.role === 'engine') {
        watch.trap = { call: '', kind: '', sprung: true }
        // The worker has heard of it by then, and is not done.
        setTimeout(() => strike(trap.kind), 2)
      }
    }

    terminate() {
      this.record.alive = false
      watch.workers = watch.workers.filter(record => record !== this.record)
      super.terminate()
    }
  }

  /** @param {'engine' | 'helper'} [role] */
  function alive(role = 'engine') {
    return watch.workers.filter(record => record.alive && record.role === role)
  }

  /** @param {string} kind kill, helper, panic, panic-within or loss @returns {boolean} whether there was anything to strike */
  function strike(kind) {
    const record = alive(kind === 'helper' ? 'helper' : 'engine').at(-1)
    if (!record) return false
    if (kind === 'kill' || kind === 'helper') {
      record.alive = false
      Native.prototype.terminate.call(record.worker)
    } else if (kind === 'panic') post.call(record.worker, { id: -1, call: 'provokePanic', args: { message: 'provoked' } })
    else post.call(record.worker, { fault: kind })
    return true
  }

  addEventListener('error', event => { if (!/^ResizeObserver loop/.test(event.message)) watch.mishaps.push(String(event.message)) })
  addEventListener('unhandledrejection', event => watch.mishaps.push(String(event.reason?.message ?? event.reason)))
  addEventListener('DOMContentLoaded', () => {
    const place = document.getElementById('notices')
    if (!place) return
    new MutationObserver(changes => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        const said = /** @type {any} */ (node)
        if (said.localName === 'page-note') watch.sentences.push({ name: said.dataset.notice, text: said.text() })
      }
    }).observe(place, { childList: true })
  })
}

/**
 * A software adapter stands in for a graphics card: the page would otherwise rather compute on the processor. And its clock can be put on,
 * since a card that is lost three times within a minute is given up.
 */
export function asHardware() {
  const { watch } = /** @type {any} */ (globalThis)
  const { now } = performance
  watch.later = 0
  performance.now = () => now.call(performance) + watch.later
  const adapter = /** @type {any} */ (globalThis).GPUAdapter?.prototype
  if (!adapter) return
  Object.defineProperty(adapter, 'info', { configurable: true, get: () => ({ vendor: 'test', architecture: '', device: '', description: '', isFallbackAdapter: false }) })
  Object.defineProperty(adapter, 'isFallbackAdapter', { configurable: true, value: false })
}

function inWorker() {
  const scope = /** @type {any} */ (globalThis)
  /** @type {any} */
  let engine
  /** @type {any[]} */
  const devices = []
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = /** @type {any} */ (async (...args) => {
    const made = await /** @type {any} */ (instantiate)(...args)
    const { exports } = made.instance ?? made
    if (exports.provokePanic) engine = exports
    return made
  })
  // A software adapter takes a dozen times as long as a card to compile shaders, and meanwhile answers nobody else.
  const { setTimeout: inTime } = scope
  scope.setTimeout = (/** @type {any} */ work, ms = 0, ...rest) => inTime(work, ms >= 4000 ? 12 * ms : ms, ...rest)
  const adapter = scope.GPUAdapter?.prototype
  if (adapter) {
    const request = adapter.requestDevice
    adapter.requestDevice = async function (...args) {
      const device = await request.apply(this, args)
      devices.push(device)
      return device
    }
  }
  scope.addEventListener('message', (/** @type {MessageEvent} */ event) => {
    if (!event.data?.fault) return
    // The worker's own ear, which comes after this one, hears nothing.
    event.stopImmediatePropagation()
    if (event.data.fault === 'loss') for (const device of devices) device.destroy()
    // An empty text, so that nothing has to be put into the engine's memory.
    else if (event.data.fault === 'panic-within') engine?.provokePanic(1, 0)
  })
}

export const workerText = `(${inWorker})()`
