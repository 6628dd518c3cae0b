/**
 * A worker's part in a painting that several make together: each has a strip of the rows. Before a convolution a worker borrows its
 * neighbours' nearest rows, after it everybody tells its moments; ports lead from each to each, and no memory is shared, so that this works
 * on any page.
 */
import { Kernels } from './kernels.js'
import { Mail, TeamLost } from './mail.js'

/**
 * @typedef {{ key: number, shape: import('./kernels.js').Shape, weights: Float32Array }} Plan
 * @typedef {{ first: number, end: number, all: number, width: number }} Part in quarters of the picture's rows
 */

/** Longer than this, ms, nobody is waited for, or than so many times the own longest convolution. */
const leastPatience = 15_000
const patienceTimes = 12
/** Multiplications below which a second worker's letters cost more than it saves. */
export const worthSharing = 1.5e8
const none = new Float32Array()

/** Rows for each of `count`, in quarters; whole tiles of four where that can be. @param {number} all @param {number} count @param {number} width @returns {Part[]} */
export function partsOf(all, count, width) {
  const tiles = Math.floor(all / 4)
  const members = Math.max(1, Math.min(count, Math.floor(tiles / 2)))
  const cut = (/** @type {number} */ at) => (at === members ? all : 4 * Math.round((tiles * at) / members))
  return Array.from({ length: members }, (_, at) => ({ first: cut(at), end: cut(at + 1), all, width }))
}

export class Member {
  #kernels
  #mail
  #index
  /** @type {Map<number, any>} */
  #networks = new Map()
  /** @type {Set<string>} whose weights which of the others have */
  #told = new Set()
  #job = 0
  /** Of the convolutions so far, ms. */
  #longest = 0
  /** Whether the team is gone. */
  lost = false

  /** @param {Kernels} kernels @param {number} index @param {(MessagePort | null)[]} ports */
  constructor(kernels, index, ports) {
    this.#kernels = kernels
    this.#index = index
    this.#mail = new Mail(ports, order => this.#obey(order))
  }

  /** @param {{ module: WebAssembly.Module, index: number, ports: (MessagePort | null)[] }} place */
  static async join({ module, index, ports }) {
    return new Member(await Kernels.start(module), index, ports)
  }

  get bytes() { return this.#kernels.exports.memory.buffer.byteLength }

  /** @param {any} order */
  #obey({ begin, stop, forget }) {
    if (forget !== undefined) this.#forget(forget)
    if (stop) this.#mail.stop('the lead stopped', stop)
    if (begin) this.#help(begin).catch(error => { if (!(error instanceof TeamLost)) throw error })
  }

  /** @param {number} key */
  #forget(key) {
    this.#networks.get(key)?.close()
    this.#networks.delete(key)
  }

  /** @param {{ job: number, members: number, key: number, plan?: Plan, part: Part, rows: Float32Array }} work */
  async #help({ job, members, key, plan, part, rows }) {
    this.#mail.start(job)
    if (plan) this.#networks.set(key, this.#kernels.open(plan.shape, plan.weights))
    const made = await this.#pass(this.#networks.get(key), part, rows, members)
    this.#mail.send(0, 'made', made)
  }

  /**
   * The own strip through a network.
   * @param {any} network @param {Part} part @param {Float32Array} rows @param {number} members @param {(done: number) => Promise<void>} [told]
   */
  async #pass(network, part, rows, members, told) {
    const strip = this.#kernels.begin(network, part, rows)
    const [index, mail] = [this.#index, this.#mail]
    const [upper, lower] = [index > 0, index < members - 1]
    try {
      for (let at = 0; at < network.convolutions; at++) {
        const { above, below } = network.reach(at)
        if (upper && below) mail.send(index - 1, `rows ${at}`, strip.rows(0, below))
        if (lower && above) mail.send(index + 1, `rows ${at}`, strip.rows(-above))
        const patience = Math.max(leastPatience, patienceTimes * this.#longest)
        const from = (/** @type {boolean} */ wanted, /** @type {number} */ who, about = `rows ${at}`) => (wanted ? mail.receive(who, about, patience) : Promise.resolve(none))
        const [top, bottom] = await Promise.all([from(upper && above > 0, index - 1), from(lower && below > 0, index + 1)])
        const started = performance.now()
        const moments = strip.convolve(top, bottom)
        this.#longest = Math.max(this.#longest, performance.now() - started)
        const others = Array.from({ length: members }, (_, who) => who)
        if (moments.length) for (const who of others) if (who !== index) mail.send(who, `moments ${at}`, moments, true)
        strip.settle(await Promise.all(others.map(who => (who === index || !moments.length ? moments : mail.receive(who, `moments ${at}`, patience)))))
        await told?.(at + 1)
      }
      return strip.rows(0)
    } finally {
      strip.close()
    }
  }

  /**
   * A whole picture through a network, by as many as it is worth.
   * @param {Plan} plan @param {Float32Array} picture `[4 all, width, 3]` @param {{ all: number, width: number, share: boolean }} size
   * @param {(done: number, total: number) => Promise<void>} told after each convolution @returns {Promise<Float32Array>} what the head made
   */
  async paint(plan, picture, { all, width, share }, told) {
    const { key } = plan
    if (!this.#networks.has(key)) this.#networks.set(key, this.#kernels.open(plan.shape, plan.weights))
    const network = this.#networks.get(key)
    const parts = partsOf(all, share ? this.#mail.members : 1, width)
    const rowsOf = (/** @type {Part} */ { first, end }) => picture.slice(first * 4 * width * 3, end * 4 * width * 3)
    const job = ++this.#job
    this.#mail.start(job)
    parts.forEach((part, who) => {
      if (!who) return
      const rows = rowsOf(part)
      this.#mail.order(who, { begin: { job, members: parts.length, key, part, rows, ...(!this.#told.has(`${key}/${who}`) && { plan }) } }, [rows.buffer])
      this.#told.add(`${key}/${who}`)
    })
    try {
      const top = await this.#pass(network, parts[0], rowsOf(parts[0]), parts.length, done => told(done, network.convolutions))
      const made = await Promise.all(parts.map((_, who) => (who ? this.#mail.receive(who, 'made', Math.max(leastPatience, patienceTimes * this.#longest)) : top)))
      const whole = new Float32Array(all * 4 * width * 3)
      let at = 0
      for (const part of made) {
        whole.set(part, at)
        at += part.length
      }
      return whole
    } catch (error) {
      for (let who = 1; who < parts.length; who++) this.#mail.order(who, { stop: job })
      this.#mail.stop('this painting was stopped', job)
      throw error
    }
  }

  /** A network that is painted with no more. @param {number} key */
  forget(key) {
    this.#forget(key)
    for (let who = 1; who < this.#mail.members; who++) {
      if (this.#told.delete(`${key}/${who}`)) this.#mail.order(who, { forget: key })
    }
  }

  /** The same kernels and networks without the others: a picture that was begun with them comes out as it would have. */
  alone() {
    const one = new Member(this.#kernels, 0, [null])
    one.#networks = this.#networks
    return one
  }

  /** @param {string} why */
  leave(why) {
    this.lost = true
    this.#mail.close(why)
  }
}
