/** Letters between the workers of a team: each is awaited by what it is about, in whatever order they come. */

export class TeamLost extends Error {}

export class Mail {
  #ports
  /** @type {Map<string, any>} */
  #come = new Map()
  /** @type {Map<string, { resolve: (letter: any) => void, reject: (error: Error) => void }>} */
  #awaited = new Map()
  /** @type {number} */
  #job = 0
  #lost = false

  /**
   * @param {(MessagePort | null)[]} ports one a member; null in the own place
   * @param {(order: any) => void} onOrder what is no letter: the lead's orders
   */
  constructor(ports, onOrder) {
    this.#ports = ports
    ports.forEach((port, from) => {
      if (!port) return
      port.onmessage = ({ data }) => {
        if (data.job === undefined) return onOrder(data)
        if (data.job < this.#job) return
        const about = `${data.job}/${data.about}/${from}`
        const awaited = this.#awaited.get(about)
        this.#awaited.delete(about)
        if (awaited) awaited.resolve(data.numbers)
        else this.#come.set(about, data.numbers)
      }
    })
  }

  get members() { return this.#ports.length }

  /** What belongs to an earlier one is forgotten. @param {number} job */
  start(job) {
    this.#job = job
    for (const about of this.#come.keys()) if (Number(about.split('/')[0]) < job) this.#come.delete(about)
  }

  /** @param {number} to @param {object} order @param {Transferable[]} [transfer] */
  order(to, order, transfer = []) {
    this.#ports[to]?.postMessage(order, transfer)
  }

  /** @param {number} to @param {string} about @param {Float32Array | Float64Array} numbers given away @param {boolean} [keep] unless several get them */
  send(to, about, numbers, keep = false) {
    this.#ports[to]?.postMessage({ job: this.#job, about, numbers }, keep ? [] : [/** @type {ArrayBuffer} */ (numbers.buffer)])
  }

  /** @param {number} from @param {string} about @param {number} patience ms @returns {Promise<any>} */
  receive(from, about, patience) {
    const name = `${this.#job}/${about}/${from}`
    if (this.#come.has(name)) {
      const letter = this.#come.get(name)
      this.#come.delete(name)
      return Promise.resolve(letter)
    }
    if (this.#lost) return Promise.reject(new TeamLost('the team is gone'))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#awaited.delete(name)
        reject(new TeamLost(`nothing came of ${about} from ${from} in ${Math.round(patience)} ms`))
      }, patience)
      const done = () => clearTimeout(timer)
      this.#awaited.set(name, { resolve: letter => { done(); resolve(letter) }, reject: error => { done(); reject(error) } })
    })
  }

  /** Nobody waits any longer for what belongs to a job or an earlier one: letters of the next may have come before this. @param {string} why @param {number} [job] */
  stop(why, job = Infinity) {
    const over = (/** @type {string} */ name) => Number(name.split('/')[0]) <= job
    for (const [name, { reject }] of this.#awaited) {
      if (!over(name)) continue
      this.#awaited.delete(name)
      reject(new TeamLost(why))
    }
    for (const name of this.#come.keys()) if (over(name)) this.#come.delete(name)
  }

  /** @param {string} why */
  close(why) {
    this.#lost = true
    this.stop(why)
    for (const port of this.#ports) port?.close()
  }
}
