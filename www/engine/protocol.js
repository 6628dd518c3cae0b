/**
 * What travels between the page and its workers. A request is `{ id, call, args }`, an abort `{ abort: id }`; a worker answers
 * `{ id, result }` or `{ id, error, fatal }`, and meanwhile `{ id, progress }`, `{ checkpoint, step }`, `{ lost }` and `{ fault }`. Its first words are
 * `{ listening }`, and `{ locked }` once it holds the lock by which its death is noticed.
 *
 * @typedef {{ code: string, message: string, details: Record<string, any> }} WireError
 */

/** Every code that an error of this module can carry; each has its text in every language. */
export const errorCodes = /** @type {const} */ ([
  'UnsupportedImage', 'ImageTooLarge', 'InvalidData', 'InvalidConfig', 'InvalidSession', 'WeightsMismatch', 'WeightsCorrupt', 'Diverged',
  'DeviceLost', 'OutOfMemory', 'StorageFull', 'Aborted', 'Network', 'Unsupported', 'Internal'
])

/** The one error type of this module: `code` is stable, `details` holds numbers and names for a translated sentence. */
export class AtelierError extends Error {
  /** @param {string} code @param {string} message @param {Record<string, any>} [details] */
  constructor(code, message, details = {}) {
    super(message)
    this.name = 'AtelierError'
    this.code = code
    this.details = details
  }
}

/** What the Rust panic hook leaves behind before a trap ends the engine. @returns {string | undefined} */
const panicText = () => /** @type {any} */ (globalThis).ganAtelierPanic

/**
 * Anything that was thrown, as plain data with one of the codes.
 * @param {any} error @returns {WireError}
 */
export function describe(error) {
  const message = String(error?.message ?? error)
  if (/** @type {readonly string[]} */ (errorCodes).includes(error?.code)) return { code: error.code, message, details: { ...error.details } }
  if (error?.name === 'AbortError') return { code: 'Aborted', message, details: {} }
  if (error?.name === 'QuotaExceededError') return { code: 'StorageFull', message, details: {} }
  // A trap's own text is "unreachable": message and place are in what the panic hook noted.
  const panic = panicText()
  if (panic) return { code: 'Internal', message: panic, details: { panic } }
  if (error instanceof RangeError) return { code: 'OutOfMemory', message, details: {} }
  return { code: 'Internal', message, details: error?.stack ? { stack: String(error.stack) } : {} }
}

/** @param {WireError} wire */
export const revive = wire => new AtelierError(wire.code, wire.message, wire.details)

/** @param {any} error @returns {AtelierError} */
export const asAtelierError = error => (error instanceof AtelierError ? error : revive(describe(error)))

/** A trap leaves the engine's memory in an unknown state: nothing may be called in that worker again. @param {any} error */
export const isTrap = error => Boolean(panicText()) || error instanceof WebAssembly.RuntimeError

/** @param {AbortSignal} [signal] */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw new AtelierError('Aborted', 'The caller aborted this call.')
}

/**
 * What a promise brings, unless it takes longer than this.
 * @template T @param {Promise<T>} promise @param {number} ms @param {() => T | Error} late an error is thrown @returns {Promise<T>}
 */
export function inTime(promise, ms, late) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const instead = late()
      if (instead instanceof Error) reject(instead)
      else resolve(instead)
    }, ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * The buffers in an answer that may be handed over instead of copied.
 * @param {any} value @param {Set<ArrayBuffer>} [found] @returns {ArrayBuffer[]}
 */
export function buffersOf(value, found = new Set()) {
  if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer))
  else if (typeof ImageData !== 'undefined' && value instanceof ImageData) return buffersOf(value.data, found)
  else if (value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    for (const part of Object.values(value)) buffersOf(part, found)
  } else if (Array.isArray(value)) for (const part of value) buffersOf(part, found)
  return [...found]
}
