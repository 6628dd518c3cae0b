/**
 * The page's end of one widget's channel to its kernel. From the kernel: `begin` after `hello`, `call` and `abort`, `seen` after a
 * `report`, `overtaken` when another page computes from now on. To it: `hello`, `begun`, `report`, `rested`, `answer`, `fault`, `alive`
 * while it waits, and `piece` where a buffer is too large for one message (a notebook's server closes the channel on messages above 10 MB).
 *
 * @typedef {object} Wire what the loader (python/src/gan_atelier/loader.js) gives
 * @property {string} page which of the pages that may show the widget this is
 * @property {(content: object, buffers?: ArrayBuffer[]) => void} send
 * @property {(listener: (content: any, buffers: DataView[]) => void) => void} listen
 * @property {(state: Record<string, any>) => void} change traits
 */
import { describe } from '../engine/protocol.js'

const pieceBytes = 4e6
/** A kernel that waits must be able to tell a long call from a page that is gone. */
const aliveMs = 2000

/** @param {ArrayBufferView | ArrayBuffer} bytes */
const own = bytes => /** @type {ArrayBuffer} */ (bytes instanceof ArrayBuffer ? bytes : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))

export class Kernel {
  #wire
  #waiting = 0
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #pulse
  #left = false

  /** @param {Wire} wire @param {(content: any, buffers: DataView[]) => void} hear what is meant for this page */
  constructor(wire, hear) {
    this.#wire = wire
    wire.listen((content, buffers) => { if (content.to === wire.page) hear(content, buffers) })
  }

  /** @param {string} type @param {object} [content] @param {(ArrayBufferView | ArrayBuffer)[]} [buffers] */
  tell(type, content, buffers = []) {
    const whole = buffers.map(own).map((buffer, place) => {
      if (buffer.byteLength <= pieceBytes) return buffer
      for (let at = 0; at < buffer.byteLength; at += pieceBytes) this.#send('piece', { place }, [buffer.slice(at, at + pieceBytes)])
      return new ArrayBuffer(0)
    })
    this.#send(type, content, whole)
  }

  /** @param {string} type @param {object} [content] @param {ArrayBuffer[]} [buffers] */
  #send(type, content, buffers) {
    if (!this.#left) this.#wire.send({ ...content, type, page: this.#wire.page }, buffers)
  }

  /** @param {Record<string, any>} state */
  change(state) {
    if (!this.#left) this.#wire.change(state)
  }

  /** From here on it says nothing: another page is the one that computes. */
  leave() {
    this.#left = true
  }

  /**
   * Answers a call, with what was asked for or with why not.
   * @param {number} call @param {() => Promise<{ value?: any, buffers?: (ArrayBufferView | ArrayBuffer)[] }>} serve
   */
  async answer(call, serve) {
    if (this.#waiting++ === 0) this.#pulse = setInterval(() => this.tell('alive'), aliveMs)
    try {
      const { value = null, buffers } = await serve()
      this.tell('answer', { call, value }, buffers)
    } catch (error) {
      this.fault(error, call)
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#pulse)
      // A trait, and not only a message: marimo runs cells again when a trait changes.
      this.change({ _answered: performance.now() })
    }
  }

  /** @param {any} error @param {number | null} [call] */
  fault(error, call = null) {
    const { code, message, details } = describe(error)
    this.tell('fault', { call, code, message, details })
  }
}
