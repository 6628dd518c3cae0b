// A training in a notebook: the look of <gan-trainer>, steps that the kernel asks for, data that it brings.
import { LiveTrainer, ToldTrainer, styles } from '../embed/live-trainer.js'
import { AtelierError } from '../engine/protocol.js'
import { defaultsFor } from '../store.js'
import { Host } from './studio.js'

/** Kept by the kernel, so that a page that is opened again goes on; what is larger would make every rest slow. */
const mostKept = 4e6

class DrivenTrainer extends ToldTrainer {
  /** A kernel waits for it: neither a hidden tab nor a scrolled page holds it up. */
  driven = false
  /** @type {Promise<void> | undefined} */
  stopping = undefined
  /** @type {(report: any) => void} */
  onReport = () => {}
  onRest = () => {}

  hiddenOrShown() {
    if (!this.driven) super.hiddenOrShown()
  }

  /** @param {any} report */
  take(report) {
    // Told first: the last report before a rest comes before the rest.
    this.onReport(report)
    super.take(report)
  }

  pause() {
    const ran = this.running
    this.stopping = super.pause().then(() => { if (ran && !this.driven) this.onRest() })
    return this.stopping
  }

  /** @param {'discriminator' | 'generator'} [only] */
  async single(only) {
    await super.single(only)
    if (!this.running) this.onRest()
  }
}

/** @param {DataView} view @param {any} type */
const typed = (view, type) => new type(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength))

/** Grey or coloured bytes, picture after picture, as pictures. @param {DataView} view @param {number[]} shape */
function pictures(view, [count, height, width, channels = 1]) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const pixels = height * width
  return Array.from({ length: count }, (_, picture) => {
    const rgba = new Uint8ClampedArray(4 * pixels).fill(255)
    for (let pixel = 0, from = picture * pixels * channels; pixel < pixels; pixel++, from += channels) {
      for (let channel = 0; channel < 3; channel++) rgba[4 * pixel + channel] = bytes[from + (channels === 3 ? channel : 0)]
    }
    return new ImageData(rgba, width, height)
  })
}

/** What the kernel brought, as `atelier.train` takes it. @param {any} about @param {DataView | undefined} view */
function dataOf(about, view) {
  if (!about || !view) return undefined
  const { kind, shape, labels, scale } = about
  if (kind === 'points') return { points: typed(view, Float32Array), scale }
  if (kind === 'sequences') return { sequences: typed(view, Float32Array), shape, ...(labels && { labels }) }
  return { images: pictures(view, shape), ...(labels && { labels }) }
}

export class NotebookTrainer extends LiveTrainer {
  /** @type {any} */
  data = undefined
  /** A saved training that it begins with. @type {Uint8Array | undefined} */
  bytes = undefined
  /** @type {{ loss_d: number[], loss_g: number[], metrics: any, step: number } | null} */
  unsent = null
  /** A report that the kernel has not answered yet. */
  unheard = false
  /** What ended the last run. @type {any} */
  failure = null

  /** @param {import('./kernel.js').Kernel} kernel @param {Host} host @param {{ draw: () => void }} studio @param {number} count samples at every rest */
  constructor(kernel, host, studio, count) {
    const trainer = new DrivenTrainer(host)
    super(host, null, trainer)
    this.driver = trainer
    this.kernel = kernel
    this.count = count
    this.stage = { draw: studio.draw, close: () => {} }
    trainer.onReport = report => this.tell(report)
    trainer.addEventListener('recovered', () => this.setBack())
    trainer.onRest = () => { this.rest().catch(error => { if (error?.code !== 'Aborted') this.failed(error) }) }
  }

  async make() {
    const { bytes, config, data } = this
    const { family } = this.schema
    const atelier = await this.host.atelier()
    const session = bytes ? await atelier.open(bytes) : await atelier.train({ ...config, family, data })
    return { session, schema: await atelier.schema(session.config.family) }
  }

  async renew() {
    if (!await super.renew()) return false
    const session = /** @type {import('../rooms/trainer.js').Session} */ (this.trainer.session)
    this.unsent = null
    this.kernel.tell('begun', { config: session.config, dataset: session.dataset, step: session.steps })
    // Begun anew meanwhile: what comes rests in its turn.
    await this.rest().catch(error => { if (error?.code !== 'Aborted') throw error })
    return true
  }

  /** With other settings than a saved training has, it begins anew. @param {Record<string, any>} [changes] @param {boolean} [play] */
  again(changes = {}, play = false) {
    if (Object.keys(changes).length) this.bytes = undefined
    return super.again(changes, play)
  }

  /** Gathers while the kernel is busy: one report is under way at a time. @param {any} report */
  tell({ step, loss_d, loss_g, metrics }) {
    this.unsent ??= { loss_d: [], loss_g: [], metrics, step }
    const count = Math.max(loss_d.length, loss_g.length)
    for (let at = 0; at < count; at++) {
      this.unsent.loss_d.push(loss_d[at] ?? NaN)
      this.unsent.loss_g.push(loss_g[at] ?? NaN)
    }
    Object.assign(this.unsent, { metrics, step })
    if (!this.unheard) this.flush()
  }

  /** A lost worker's training goes on from another step: a report ends there, and of steps that nobody saw it has no losses. */
  setBack() {
    const { unsent, trainer: { step, running } } = this
    if (unsent) {
      const count = Math.max(0, unsent.loss_d.length + step - unsent.step)
      for (const losses of [unsent.loss_d, unsent.loss_g]) {
        while (losses.length < count) losses.push(NaN)
        losses.length = count
      }
      unsent.step = step
      if (!count) this.unsent = null
    }
    // Otherwise the next report tells it.
    if (!running && !this.driver.driven) this.driver.onRest()
  }

  flush() {
    if (!this.unsent) return
    const { loss_d, loss_g, ...rest } = this.unsent
    this.unsent = null
    this.unheard = true
    this.kernel.tell('report', rest, [Float32Array.from(loss_d), Float32Array.from(loss_g)])
  }

  /** It stands still: the kernel gets what it may be asked for, and what a page that is opened again goes on from. */
  async rest() {
    const { session } = this.trainer
    if (!session) return
    this.flush()
    const saved = new Uint8Array(await (await session.save()).arrayBuffer())
    const { value, buffers } = await this.sample({ count: this.count })
    this.kernel.tell('rested', { step: this.trainer.step, sample: value }, [...buffers, ...(saved.length > mostKept ? [] : [saved])])
    this.kernel.change({ steps: this.trainer.step })
  }

  /** @param {{ count: number, seed?: number, label?: number }} options */
  async sample({ count, seed = 1, label }) {
    const { data, ...value } = await /** @type {any} */ (this.trainer.session).sample({ count, seed, ...(label !== undefined && { label }) })
    return { value: { ...value, labels: value.labels && Array.from(value.labels), step: this.trainer.step, count, seed, label: label ?? null }, buffers: [data] }
  }

  /** @type {Promise<any>} */
  turn = Promise.resolve()

  /** One after another: two at a time would end each other. @param {number} target */
  until(target) {
    const reach = () => this.reach(target)
    this.turn = this.turn.then(reach, reach)
    return this.turn
  }

  /** @param {number} target */
  async reach(target) {
    const { driver } = this
    await driver.pause()
    try {
      if (driver.step < target) await this.drive(target)
    } catch (error) {
      await this.rest().catch(() => {})
      throw error
    }
    await this.rest()
    return { value: { step: driver.step } }
  }

  /** @param {number} target */
  async drive(target) {
    const { driver } = this
    const { speed, limit } = driver
    Object.assign(driver, { driven: true, speed: 'full', last: target, limit: () => target })
    Object.assign(this, { broken: null, error: null, failure: null })
    try {
      driver.play()
      await driver.loop
      await driver.stopping
    } finally {
      Object.assign(driver, { driven: false, speed, limit, last: driver.step < driver.wished ? driver.wished : Infinity })
    }
    if (this.failure) throw this.failure
    if (driver.step < target) throw new AtelierError('Aborted', `The training was stopped in the page, at step ${driver.step} of ${target}.`, { step: driver.step, target })
  }

  /** @param {any} error */
  failed(error) {
    this.failure = error
    super.failed(error)
  }

  /** @param {boolean} shown */
  attend(shown) {
    if (!this.driver.driven) super.attend(shown)
  }

  calls = {
    /** @param {{ step: number }} args */
    until: ({ step }) => this.until(step),
    /** @param {any} args */
    sample: args => this.sample(args),
    save: async () => ({ buffers: [await (await /** @type {any} */ (this.trainer.session).save()).arrayBuffer()] }),
    play: async () => { this.trainer.play(); return {} },
    pause: async () => { await this.trainer.pause(); return {} },
    reset: async () => { await this.again(); if (this.error) throw this.error; return {} },
    seen: async () => { this.unheard = false; this.flush(); return {} },
    abort: async () => { await this.trainer.pause(); return {} },
  }

  styles = styles
}

/** @param {import('./kernel.js').Kernel} kernel @param {any} begin @param {DataView[]} buffers @param {{ draw: () => void }} studio */
export async function trainerIn(kernel, { language, config, own, saved, limit, autoplay, count }, buffers, studio) {
  const host = new Host(kernel, language, ['datasets', 'link'], limit ? { steps: String(limit) } : {})
  const work = new NotebookTrainer(kernel, host, studio, count)
  const atelier = await host.atelier()
  const { family, ...settings } = config
  work.schema = await atelier.schema(family)
  work.config = settings
  const [first, second] = buffers
  work.data = dataOf(own, own && first)
  work.bytes = saved ? typed(own ? second : first, Uint8Array) : undefined
  try {
    await work.begin()
  } catch (error) {
    work.close()
    throw error
  }
  // One that was saved where it should rest rests.
  if (work.trainer.step >= work.driver.wished) work.driver.last = Infinity
  else if (autoplay) work.trainer.play()
  return work
}
