/**
 * A worker's place among several that train the same networks, each on its part of every batch. All of them take every step; what is summed
 * over a batch is told over ports from each to each, and no memory is shared, so that this works on any page. In the middle of a step the
 * engine waits for the others: its stack is set aside meanwhile (WebAssembly's promise integration), which not every browser can.
 */
import { Mail, TeamLost } from './mail.js'

/** So long, ms, nobody is waited for. */
const patience = 20_000

/** A module that hands through a function which waits: only a WebAssembly function has room in the engine's table. */
const passing = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0,
  1, 6, 1, 96, 2, 127, 127, 0, // a function takes two numbers
  2, 7, 1, 1, 97, 1, 103, 0, 0, // and is imported as a.g
  7, 5, 1, 1, 103, 0, 0 // and exported as g
])

/** Whether this browser's engine can wait in the middle of a step. */
export const canWait = () => ['Suspending', 'promising'].every(name => typeof /** @type {any} */ (WebAssembly)[name] === 'function')

export class Replica {
  #engine
  #exports
  #index
  #mail
  /** @type {() => any} */
  #training
  #advance
  /** Letters so far. */
  #told = 0
  /** @type {Promise<void>} orders are carried out one after another */
  #work = Promise.resolve()
  /** @type {((error: TeamLost) => void) | null} */
  #onLost

  /**
   * @param {{ engine: any, exports: any, training: () => any, open: (bytes: Uint8Array) => void }} own the engine's module, what it exports as it is, and the training in it
   * @param {{ index: number, ports: (MessagePort | null)[] }} place
   * @param {(error: TeamLost) => void} onLost somebody is gone in the middle of a step: nothing in this worker may be called again
   */
  constructor({ engine, exports, training, open }, { index, ports }, onLost) {
    const { Suspending, promising } = /** @type {any} */ (WebAssembly)
    this.#engine = engine
    this.#exports = exports
    this.#index = index
    this.#training = training
    this.#onLost = onLost
    this.#mail = new Mail(ports, order => this.#obey(order, open))
    const wait = new WebAssembly.Instance(new WebAssembly.Module(passing), { a: { g: new Suspending((/** @type {number} */ pointer, /** @type {number} */ bytes) => this.#gather(pointer >>> 0, bytes >>> 0)) } })
    engine.joinReplicas(index, ports.length, wait.exports.g)
    this.#advance = promising(exports.training_advance)
  }

  /** @param {any} order @param {(bytes: Uint8Array) => void} open */
  #obey({ open: bytes, advance, tune }, open) {
    this.#work = this.#work.then(() => {
      if (bytes) open(bytes)
      if (tune) this.#training().tune(tune)
      if (advance) return this.#run(advance)
    }).catch(error => this.#fail(error))
  }

  /** @param {any} error */
  #fail(error) {
    if (!(error instanceof TeamLost)) throw error
    this.#onLost?.(error)
  }

  /** @param {[number, number]} order */
  #run([n, turn]) {
    return this.#advance(this.#training().__wbg_ptr, n, turn)
  }

  /** Everybody's numbers, each in its place. @param {number} pointer @param {number} bytes */
  async #gather(pointer, bytes) {
    const mail = this.#mail
    const each = bytes / mail.members
    // Memory may have been made larger meanwhile: then its buffer is another.
    const place = (/** @type {number} */ who) => new Uint8Array(this.#exports.memory.buffer, pointer + who * each, each)
    const about = String(this.#told++)
    const others = Array.from({ length: mail.members }, (_, who) => who).filter(who => who !== this.#index)
    for (const who of others) mail.send(who, about, place(this.#index).slice())
    const letters = await Promise.all(others.map(who => mail.receive(who, about, patience)))
    others.forEach((who, at) => {
      if (letters[at].length !== each) throw new TeamLost(`${letters[at].length} bytes instead of ${each} came from ${who}`)
      place(who).set(letters[at])
    })
  }

  /** The lead brings everybody to where it is. @param {Uint8Array} bytes */
  bring(bytes) {
    this.#order({ open: bytes })
  }

  /** @param {object} changes */
  tune(changes) {
    this.#order({ tune: changes })
  }

  /** Steps of all, told by the lead. @param {number} n @param {number} turn 0 of both networks, 1 of the discriminator, 2 of the generator */
  async advance(n, turn) {
    const order = /** @type {[number, number]} */ ([n, turn])
    this.#order({ advance: order })
    try {
      await this.#run(order)
    } catch (error) {
      this.#fail(error)
      // The worker is replaced: this call goes on in another.
      await new Promise(() => {})
    }
  }

  /** @param {object} order */
  #order(order) {
    for (let who = 0; who < this.#mail.members; who++) if (who !== this.#index) this.#mail.order(who, order)
  }

  /** @param {string} why */
  leave(why) {
    this.#mail.close(why)
    this.#engine.leaveReplicas()
  }
}
