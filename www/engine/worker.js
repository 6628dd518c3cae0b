/**
 * One worker holds one training session, one translator or one model of faces. Calls are served one after another, since a wasm object must not be
 * called while one of its promises is pending; between chunks of work the worker yields, so that an abort is heard. What touches no
 * such object is answered in between: a slider must not wait for the painting of the next photo.
 */
import { throwIfAborted, AtelierError, buffersOf, describe, inTime, isTrap } from './protocol.js'
import { loadGlue } from './glue.js'
import { Graphics, graphicsError } from './graphics.js'
import { Member } from './strips.js'
import { deviceMs } from './patience.js'
import { prove, report } from './proof.js'
import { facesCalls } from './worker-faces.js'
import { trainingCalls } from './worker-training.js'
import { translationCalls } from './worker-translation.js'

/**
 * @typedef {object} Context what a call may use besides its arguments
 * @property {() => Promise<void>} yieldToMessages lets waiting messages in, and throws if this call was aborted
 * @property {(progress: object) => void} progress
 * @property {(message: object, transfer?: Transferable[]) => void} post
 */

const scope = /** @type {any} */ (globalThis)
/** @type {any} the engine's wasm-bindgen module */
let engine
/** What it exports as it is. @type {any} */
let exports
/** @type {WebAssembly.Memory | undefined} */
let memory
/** @type {Set<number>} */
const aborted = new Set()
/** How each call that is being served fails. @type {Set<(error: any) => void>} */
const failing = new Set()
/** Calls that are served beside the others. */
const beside = ['blend', 'estimate', 'leaveTeam', 'loseReplicas']
let queue = Promise.resolve()

/** A macrotask, faster than a timer: microtasks would starve messages and garbage collection. */
const nextTask = () => new Promise(resolve => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => { port1.close(); resolve(undefined) }
  port2.postMessage(null)
})

/** @param {object} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => scope.postMessage(message, transfer)

/** The lock lives exactly as long as this worker: whoever gets it next knows that the worker is gone. @param {string} name */
function holdLock(name) {
  return new Promise(resolve => {
    if (!scope.navigator.locks) return resolve(false)
    scope.navigator.locks.request(name, () => { resolve(true); return new Promise(() => {}) }).catch(() => resolve(false))
  })
}

const graphics = new Graphics({ onLost: lost => post({ lost }), onFault: ({ reason, message }) => post({ fault: { reason, message: report(graphics, [message]) } }) })

/** What this worker is to others that paint the same picture. @type {Member | null} */
let member = null

const calls = {
  /** For a worker that only helps. @param {{ lock: string }} options */
  async hold({ lock }) {
    post({ locked: await holdLock(lock) })
  },
  /** @param {{ module: WebAssembly.Module, index: number, ports: (MessagePort | null)[] }} place */
  async joinTeam(place) {
    member?.leave('another team came')
    member = await Member.join(place)
  },
  leaveTeam() {
    member?.leave('the team was dissolved')
    member = null
  },
  /** @param {{ module: WebAssembly.Module, glue: string, version: string, lock: string }} options */
  async start({ module, glue, version, lock }) {
    post({ locked: await holdLock(lock) })
    graphics.watch(scope)
    try {
      engine = await loadGlue(glue)
    } catch (error) {
      throw new AtelierError('Network', `The engine's glue could not be loaded: ${describe(error).message}`, { url: glue })
    }
    exports = await engine.default({ module_or_path: module })
    memory = exports.memory
    // Neither the adapter nor the device need ever answer, and nothing but the clock tells.
    const device = await inTime(engine.openDevice(), deviceMs, () => graphicsError('webgpu_late', 'The graphics card did not answer in time.', report(graphics, [`no device within ${deviceMs} ms`])))
    return engine.checkDevice ? { ...device, proof: await prove(engine, graphics, version) } : device
  },
  ...trainingCalls(() => engine, () => exports),
  ...translationCalls(() => engine, () => (member?.lost ? null : member)),
  ...facesCalls(() => engine),
  memory: () => (memory?.buffer.byteLength ?? 0) + (member?.bytes ?? 0),
  /** @param {{ message: string }} options */
  provokePanic: ({ message }) => engine.provokePanic(message),
  destroyDevice: () => graphics.device?.destroy()
}

/** @param {any} error */
function describeFailure(error) {
  const wire = describe(error)
  // An allocation that fails ends in a trap without a panic's text; only the memory's size tells it from another trap.
  const full = Math.max(memory?.buffer.byteLength ?? 0, member?.bytes ?? 0) > 3e9
  return wire.code === 'Internal' && !wire.details.panic && full ? { ...wire, code: 'OutOfMemory' } : wire
}

/** @param {{ id: number, call: string, args: any }} request @param {boolean} [besides] in one go, or each pause would cost a layer of the painting under way */
async function serve({ id, call, args }, besides = false) {
  /** @type {Context} */
  const context = {
    post,
    progress: progress => post({ id, progress }),
    async yieldToMessages() {
      if (!besides) await nextTask()
      if (aborted.has(id)) throwIfAborted(AbortSignal.abort())
    }
  }
  // A panic inside a future leaves its promise pending for ever: the worker's error event answers in its place.
  let fail = (/** @type {any} */ _error) => {}
  const failure = new Promise((_, reject) => { fail = reject })
  failing.add(fail)
  try {
    await context.yieldToMessages()
    const work = Promise.resolve().then(() => /** @type {any} */ (calls)[call](args, context))
    const result = await Promise.race([work, failure])
    post({ id, result }, buffersOf(result))
  } catch (error) {
    // A lost device ends its calls with many faces; its own message, a task later at most, tells the truth first.
    if (graphics.device) await new Promise(resolve => setTimeout(resolve, 20))
    post({ id, error: describeFailure(error), fatal: isTrap(error) })
  } finally {
    failing.delete(fail)
    aborted.delete(id)
  }
}

/** @param {MessageEvent} event */
scope.onmessage = ({ data }) => {
  if (data.abort !== undefined) aborted.add(data.abort)
  else if (beside.includes(data.call)) serve(data, true)
  else queue = queue.then(() => serve(data))
}

/** @param {any} event */
function onUncaught(event) {
  event.preventDefault()
  const error = event.error ?? event.reason ?? new Error(event.message)
  if (failing.size) for (const fail of failing) fail(error)
  else if (isTrap(error)) post({ id: null, error: describeFailure(error), fatal: true })
}
scope.addEventListener('error', onUncaught)
scope.addEventListener('unhandledrejection', onUncaught)

post({ listening: true })
