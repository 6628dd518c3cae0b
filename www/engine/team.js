/**
 * The workers that paint one translator's pictures with it. No page has to be isolated for this: they share no memory. Whoever is lost is not
 * waited for: the picture under way is painted alone, and the next by a new team.
 */
import { EngineWorker } from './client.js'
import { kernelsModule } from './modules.js'

/** More would wait for each other longer than they save. */
const most = 8
/** A team that paints nothing for so long, ms, gives its memory back. */
const idleMs = 60_000
/** A team that was lost so often is not made again. */
const mostLosses = 2

/** One core stays the page's, where there are more than two. */
export function workersWanted() {
  const cores = globalThis.navigator?.hardwareConcurrency || 2
  return Math.min(most, cores > 2 ? cores - 1 : cores)
}

/** A port from each to each: `[of][to]`. @param {number} count @returns {(MessagePort | null)[][]} */
export function meshOf(count) {
  /** @type {(MessagePort | null)[][]} */
  const mesh = Array.from({ length: count }, () => Array(count).fill(null))
  for (let one = 0; one < count; one++) {
    for (let other = one + 1; other < count; other++) {
      const { port1, port2 } = new MessageChannel()
      mesh[one][other] = port1
      mesh[other][one] = port2
    }
  }
  return mesh
}

export class Team {
  /** @type {EngineWorker | null} whose pictures these are */
  #lead = null
  /** @type {EngineWorker[]} */
  #helpers = []
  /** @type {Promise<void> | null} */
  #forming = null
  #losses = 0
  /** Counts teams, so that one that was given up while it formed is not taken for the next. */
  #turn = 0
  /** Pictures under way. */
  #busy = 0
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #idle

  /** Another worker leads, or none. @param {EngineWorker | null} lead */
  async follow(lead) {
    this.#dismiss()
    this.#lead = lead
    // A picture is under way, and is begun again as it was: by these kernels, whose last bits are not the engine's own.
    if (lead && this.#busy) await (this.#forming = this.#form(lead).catch(() => {}))
  }

  /**
   * A picture by the team, which is made at the first one. Where it cannot be, the lead paints alone.
   * @template T @param {() => Promise<T>} paint @returns {Promise<T>}
   */
  async during(paint) {
    clearTimeout(this.#idle)
    this.#busy++
    try {
      if (this.#lead) await (this.#forming ??= this.#form(this.#lead).catch(() => {}))
      return await paint()
    } finally {
      if (!--this.#busy) this.#idle = setTimeout(() => this.#dissolve(), idleMs)
    }
  }

  /** @param {EngineWorker} lead */
  async #form(lead) {
    const turn = this.#turn
    const module = await kernelsModule()
    if (!module || turn !== this.#turn) return
    const wanted = this.#losses < mostLosses ? workersWanted() - 1 : 0
    const hired = await Promise.allSettled(Array.from({ length: wanted }, () => this.#hire()))
    const helpers = hired.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
    if (turn !== this.#turn) return helpers.forEach(each => each.terminate())
    this.#helpers = helpers
    const mesh = meshOf(1 + helpers.length)
    const join = (/** @type {EngineWorker} */ worker, /** @type {number} */ index) =>
      worker.call('joinTeam', { module, index, ports: mesh[index] }, { transfer: mesh[index].flatMap(port => (port ? [port] : [])) })
    await Promise.all([lead, ...helpers].map(join))
  }

  #hire() {
    return EngineWorker.hire({
      onLost: () => {
        this.#losses++
        this.#dissolve()
      }
    })
  }

  /** The lead is told, so that it waits for nobody. */
  #dissolve() {
    if (this.#helpers.length || this.#forming) this.#lead?.call('leaveTeam').catch(() => {})
    this.#dismiss()
  }

  #dismiss() {
    clearTimeout(this.#idle)
    for (const helper of this.#helpers.splice(0)) helper.terminate()
    this.#forming = null
    this.#turn++
  }

  /** Bytes that the helpers hold. @returns {Promise<number>} */
  async memory() {
    const each = await Promise.all(this.#helpers.map(helper => helper.call('memory').catch(() => 0)))
    return each.reduce((sum, bytes) => sum + bytes, 0)
  }
}
