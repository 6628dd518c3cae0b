/**
 * The workers that train one session's networks with its own, where steps take long and the browser can: the page hires them, has each
 * joined to each, and sends them home where they do not pay. Losses are the same to the last bit however many there are.
 */
import { EngineWorker } from './client.js'
import { meshOf, workersWanted } from './team.js'

/** Milliseconds that a step has to take. */
const longStep = 30
/** What a step by all may take of one by the lead alone. */
const worth = 0.9
/** Reports before anything is judged: the first ones find code that has not been made fast yet. */
const reportsToJudge = 4
/** A crew that was lost so often is not hired again. */
const mostLosses = 2

/** Two or four, as a batch has four shards. */
const membersWanted = () => (workersWanted() >= 4 ? 4 : workersWanted() >= 2 ? 2 : 1)

export class Crew {
  /** @type {EngineWorker | null} whose training this is */
  #lead = null
  /** @type {EngineWorker[]} */
  #helpers = []
  /** Whether the training in the lead can be shared. */
  #able = false
  /** @type {Promise<EngineWorker[]> | null} */
  #hiring = null
  /** @type {EngineWorker[] | null} hired, and not joined yet */
  #hired = null
  #losses = 0
  #turn = 0
  /** Milliseconds a step by the lead alone, and by all: the least so far. */
  #alone = Infinity
  #together = Infinity
  /** Since somebody came, or nobody did. */
  #reports = 0

  /** How many workers train. */
  get members() { return 1 + this.#helpers.length }

  /** Another worker leads, or none. @param {EngineWorker | null} lead @param {boolean} able */
  follow(lead, able) {
    this.#dismiss()
    this.#lead = lead
    this.#able = able
    this.#alone = Infinity
    this.#reports = 0
  }

  /** Before steps: whoever is hired by now joins. */
  async ready() {
    const [lead, hired, turn] = [this.#lead, this.#hired, this.#turn]
    if (!lead || !hired) return
    this.#hired = null
    const all = [lead, ...hired]
    const mesh = meshOf(all.length)
    this.#helpers = hired
    const join = (/** @type {EngineWorker} */ worker, /** @type {number} */ index) =>
      worker.call('joinReplicas', { index, ports: mesh[index] }, { transfer: mesh[index].flatMap(port => (port ? [port] : [])) })
    try {
      // The lead last: it tells the others where it is.
      await Promise.all(hired.map((worker, at) => join(worker, at + 1)))
      await join(lead, 0)
    } catch {
      if (turn !== this.#turn) return
      this.#losses++
      this.#dissolve()
    }
    this.#together = Infinity
    this.#reports = 0
  }

  /** After steps. @param {number} [ms] what one took without the report, where it could be shared */
  report(ms) {
    if (!this.#lead || !this.#able || !ms) return
    this.#reports++
    if (this.#helpers.length) {
      this.#together = Math.min(this.#together, ms)
      if (this.#reports === reportsToJudge && this.#together > worth * this.#alone) {
        this.#able = false
        this.#part()
      }
      return
    }
    this.#alone = Math.min(this.#alone, ms)
    if (this.#reports >= reportsToJudge && this.#alone > longStep && !this.#hiring && this.#losses < mostLosses && membersWanted() > 1) this.#hire(membersWanted() - 1)
  }

  /** @param {number} count */
  #hire(count) {
    const turn = this.#turn
    const hooks = {
      onLost: () => {
        if (turn !== this.#turn) return
        this.#losses++
        this.#dissolve()
      }
    }
    const one = () => EngineWorker.start('cpu', hooks).then(({ worker }) => worker)
    this.#hiring = Promise.allSettled(Array.from({ length: count }, one)).then(each => {
      const hired = each.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      if (turn === this.#turn && hired.length === count) this.#hired = hired
      else for (const worker of hired) worker.terminate()
      return hired
    })
  }

  /** In its turn: another step may be under way, which all of them end together. */
  async #part() {
    const [lead, helpers] = [this.#lead, this.#helpers.splice(0)]
    this.#dismiss()
    await lead?.call('leaveReplicas').catch(() => {})
    for (const helper of helpers) helper.terminate()
  }

  /** The lead is told at once, so that it waits for nobody. */
  #dissolve() {
    if (this.#helpers.length) this.#lead?.call('loseReplicas').catch(() => {})
    this.#dismiss()
  }

  #dismiss() {
    for (const helper of [...this.#helpers.splice(0), ...(this.#hired ?? [])]) helper.terminate()
    this.#hired = null
    this.#hiring = null
    this.#turn++
  }

  /** Bytes that the helpers hold. @returns {Promise<number>} */
  async memory() {
    const each = await Promise.all(this.#helpers.map(helper => helper.call('memory').catch(() => 0)))
    return each.reduce((sum, bytes) => sum + bytes, 0)
  }
}
