// A second run beside the first: another setting from the same seed, or the same training from an earlier moment.
// Both have a worker of their own and share the controls; neither runs far ahead of the other.
import { Trainer } from './trainer.js'
import { Way } from './way.js'

/** So many steps one may be ahead: about a report of small networks. */
const leadSteps = 200

/**
 * @typedef {{ changes: Record<string, any>, from: number, config: Record<string, any> }} Rival
 *   changes: what is different from the first run; from: the step it began at
 */

export class Race extends EventTarget {
  /** @param {Trainer} first @param {() => Promise<import('../gan-atelier.js').Atelier>} atelier */
  constructor(first, atelier) {
    super()
    this.first = first
    this.atelier = atelier
    /** @type {Trainer | null} */
    this.trainer = null
    /** @type {Rival | null} */
    this.rival = null
    this.broken = false
    this.starting = false
    this.turn = 0
  }

  get on() {
    return Boolean(this.rival)
  }

  news() {
    this.dispatchEvent(new Event('change'))
  }

  /**
   * The same experiment with another setting, from step 0.
   * @param {Record<string, any>} config the first run's @param {Record<string, any>} changes @param {object} [data] the visitor's own
   */
  begin(config, changes, data) {
    const own = { ...config, ...changes }
    return this.put({ changes, from: 0, config: own }, { way: new Way() }, atelier => atelier.train({ .../** @type {any} */ (own), data }))
  }

  /**
   * The same training from an earlier moment, with live settings changed; what the first run was set to since then differs, too.
   * @param {import('./timeline.js').Moment} moment @param {Record<string, any>} config the first run's @param {Record<string, any>} changes
   */
  fork(moment, config, changes) {
    const known = { way: this.first.way?.until(moment.step), history: this.first.history.until(moment.step) }
    const own = { ...config, ...moment.config, ...changes }
    const other = Object.fromEntries(Object.entries(own).filter(([key, value]) => value !== config[key]))
    return this.put({ changes: other, from: moment.step, config: own }, known, async atelier => {
      const session = await atelier.open(moment.blob)
      if (Object.keys(changes).length) await session.tune(changes).catch(error => session.close().then(() => { throw error }))
      return session
    })
  }

  /** @param {Rival} rival @param {{ way?: Way, history?: import('./history.js').LossHistory }} known up to where it begins @param {(atelier: import('../gan-atelier.js').Atelier) => Promise<any>} make */
  async put(rival, { way, history }, make) {
    const turn = ++this.turn
    await this.stop()
    Object.assign(this, { rival, starting: true, broken: false })
    this.news()
    try {
      const session = await make(await this.atelier())
      if (turn !== this.turn) return await session.close()
      const trainer = new Trainer()
      trainer.addEventListener('change', () => this.news())
      trainer.addEventListener('failed', event => this.failed(/** @type {CustomEvent} */ (event).detail))
      trainer.addEventListener('recovered', event => this.dispatchEvent(new CustomEvent('recovered', { detail: /** @type {CustomEvent} */ (event).detail })))
      Object.assign(trainer.wants, this.first.wants)
      this.trainer = trainer
      await trainer.adopt(session, history, way)
      this.abreast()
      if (this.first.running) this.play()
      return true
    } catch (error) {
      if (turn !== this.turn) return
      await this.end()
      this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    } finally {
      if (turn === this.turn) this.starting = false
      this.news()
    }
  }

  /** A fork runs to where the first run stands, to be compared with it there. */
  async catchUp() {
    const { trainer } = this
    const target = this.first.step
    if (!trainer || trainer.step >= target) return
    trainer.limit = () => target
    const arrived = new Promise(resolve => trainer.addEventListener('change', () => (trainer.step >= target || !trainer.running) && resolve(undefined)))
    trainer.play()
    await arrived
    await trainer.pause()
    if (trainer !== this.trainer) return
    this.abreast()
    // Played while it caught up.
    if (this.first.running) this.play()
  }

  /** One that has stopped for good does not hold the other back. */
  abreast() {
    const [first, second] = [this.first, /** @type {Trainer} */ (this.trainer)]
    const behind = (/** @type {Trainer} */ other) => () => (other.running && other.session ? other.step + leadSteps : Infinity)
    first.limit = behind(second)
    second.limit = behind(first)
  }

  failed(error) {
    if (error?.code === 'Diverged') this.broken = true
    else this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    this.news()
  }

  play() {
    if (!this.trainer || this.broken) return
    this.trainer.speed = this.first.speed
    this.trainer.play()
  }

  async pause() {
    await this.trainer?.pause()
  }

  /** @param {'discriminator' | 'generator'} [only] */
  async single(only) {
    if (!this.broken) await this.trainer?.single(only)
  }

  async stop() {
    const { trainer } = this
    this.trainer = null
    this.first.limit = () => Infinity
    await trainer?.dispose()
  }

  async end() {
    this.turn++
    Object.assign(this, { rival: null, starting: false, broken: false })
    await this.stop()
    this.news()
  }

  /** The rival's session goes on as the first run; the race is over. */
  async hand() {
    const { trainer, rival } = this
    const blob = await trainer?.session?.save()
    await this.end()
    return blob && trainer && { blob, config: rival?.config, history: trainer.history.toJSON(), way: trainer.way?.frames, step: trainer.step }
  }
}
