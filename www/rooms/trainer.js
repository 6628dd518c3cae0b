// The loop of a training in the page: steps as many at a time as fill a report's time, looks at the networks in between,
// rests while the tab is hidden. Fires `change` at most once a frame's worth of news; pausing is not calling `step`.
import { FigureHistory, LossHistory } from './history.js'
import { classGrid, latentWalk, smiles } from './picture-looks.js'
import { Way } from './way.js'
import { firstOfRows } from './way-pack.js'

/** @typedef {import('../engine/training.js').TrainingSession} Session */
/** @typedef {Session['dataset']} Dataset */

/** A report this often looks alive and leaves the worker nearly all of its time. */
const reportMs = 90
/** The dearer looks (heat map, grid, arrows, scores) this often, and more rarely where they would take more than a fifth of the time. */
const lookMs = 150
const lookShare = 5
const mostSteps = 2000
/** One that has run ahead of its rival waits this long before it looks again. */
const waitMs = 15
/** Steps at a time and the pause after them. */
const paces = { slow: { steps: 1, pause: 700 }, walk: { steps: 1, pause: 60 }, run: { steps: 8, pause: 40 } }

/** People of the drawn faces whose way is kept: as many as a row shows. */
const keptPeople = 6

/** How much is looked at, and from which latents. */
const watched = { seed: 1, points: 220, real: 400, pictures: 16, pairs: 4, sequences: 36, label: /** @type {number | undefined} */ (undefined) }
const sizes = { heatmap: 40, manifold: 24, gradients: 48 }

const rest = ms => new Promise(resolve => setTimeout(resolve, ms))

export class Trainer extends EventTarget {
  /**
   * @param {Partial<typeof watched>} [watch] the same latents every time, so that a made point can be followed
   * @param {import('./timeline.js').Timeline} [timeline] keeps moments of the training, where there is somewhere to show them
   * @param {Way} [way] keeps what was seen of the same latents, likewise
   */
  constructor(watch = {}, timeline, way) {
    super()
    this.watch = { ...watched, ...watch }
    this.timeline = timeline
    this.way = way
    /** The step at which the scores of the usual latents were seen last. */
    this.gridStep = -1
    /** How far the training may go at present: two that race stay abreast. @type {() => number} */
    this.limit = () => Infinity
    /** @type {Promise<any> | undefined} */
    this.loop = undefined
    /** @type {Session | null} */
    this.session = null
    /** @type {Dataset | null} */
    this.dataset = null
    this.history = new LossHistory()
    this.figures = new FigureHistory()
    /** What the looks found. @type {Record<string, any>} */
    this.view = {}
    /** @type {any} */
    this.metrics = {}
    this.step = 0
    this.rate = 0
    this.lookedAt = 0
    this.lookCost = 0
    this.chunk = 1
    /** What a view wants drawn: no look is taken that nobody sees. @type {Record<string, boolean>} */
    this.wants = { heatmap: true, manifold: false, gradients: false }
    /** The ends of a walk between two latents, and its class. */
    this.walk = { from: 1, to: 2, label: 0 }
    /** The direction of a smile, once it was looked for. @type {{ found: any, busy: boolean }} */
    this.smile = { found: null, busy: false }
    /** @type {'slow' | 'walk' | 'run' | 'full'} */
    this.speed = 'full'
    this.running = false
    this.resting = false
    /** Asked to stop, with steps still under way. */
    this.pausing = false
    /** How often it was told to play or to pause. */
    this.wishes = 0
    /** That number when it went out of sight; 0: it is in sight. */
    this.unseen = 0
    /** A session that comes now is nobody's. */
    this.disposed = false
    this.visibility = () => this.hiddenOrShown()
    document.addEventListener('visibilitychange', this.visibility)
  }

  /** @param {Session} session @param {LossHistory} [history] @param {Way} [way] how far it is known already, where it is kept */
  async adopt(session, history = new LossHistory(), way = this.way && new Way()) {
    await this.release()
    if (this.disposed) return session.close()
    const dataset = /** @type {Dataset} */ (session.dataset)
    Object.assign(this, { session, dataset, history, way, gridStep: -1, figures: FigureHistory.of(way?.frames), view: {}, smile: { found: null, busy: false }, metrics: {}, step: session.steps, rate: 0, chunk: 1 })
    this.watch.label = undefined
    session.onRecover = recovery => this.recovered(recovery)
    this.view.real = dataset.kind === 'points' ? (await session.inspect({ what: 'real', count: this.watch.real, seed: this.watch.seed })).data : undefined
    if (['images', 'sequences'].includes(dataset.kind)) this.view.sample = await session.inspect({ what: 'real', count: this.watch.pictures, seed: this.watch.seed })
    await this.look(true)
    await this.remember()
  }

  /** A moment to come back to: the whole session, and what was seen of it. */
  async remember() {
    const { session, timeline, way, step } = this
    if (!session || !timeline || !way || timeline.has(step)) return
    const blob = await session.save()
    await this.trace(true, true)
    const frame = way.at(step)
    // It may have gone on meanwhile: then what was seen is of another step than what was saved.
    if (frame && this.step === step && this.session === session) timeline.add({ step, blob, frame, config: session.config })
  }

  /**
   * What was seen becomes part of the way: at most once a report, of what is looked at anyway, with nothing that the training would notice.
   * @param {boolean} closely everything was just looked at @param {boolean} [surely] also where the last frame is near
   */
  async trace(closely, surely = false) {
    const { session, dataset, way } = this
    if (!session || !dataset || !way || !(surely || way.due(this.step))) return
    if (dataset.kind !== 'points' && !closely) return
    const view = await this.traced(session, dataset.kind)
    if (session === this.session) way.add(this.step, view, this.metrics)
  }

  /** @param {Session} session @param {Dataset['kind'] | 'faces'} kind */
  async traced(session, kind) {
    const { wants, view: { fake, heatmap, manifold, gradients, classes, walk, smiles } } = this
    if (kind === 'points') return { fake, heatmap, manifold, gradients }
    const scores = this.gridStep === this.step ? this.view.scores : await this.grid(session)
    return { scores: kind === 'faces' ? firstOfRows(scores, keptPeople) : scores, ...(wants.classes ? { classes } : wants.walk ? { walk } : wants.smile && { smiles }) }
  }

  /** What is made of the usual latents, and its scores. @param {Session} session @param {number} [label] of one class */
  grid(session, label) {
    const { kind } = /** @type {Dataset} */ (this.dataset)
    const count = { pairs: this.watch.pairs, sequences: this.watch.sequences }[kind] ?? this.watch.pictures
    return session.inspect({ what: 'scores', count, seed: this.watch.seed, label })
  }

  async release() {
    await this.pause()
    const { session } = this
    this.session = null
    await session?.close()
  }

  async dispose() {
    this.disposed = true
    document.removeEventListener('visibilitychange', this.visibility)
    await this.release()
  }

  recovered(recovery) {
    this.step = recovery.step ?? this.step
    // The steps since the checkpoint are done once more: what was noted of them would stand there twice.
    const { step } = this
    Object.assign(this, { way: this.way?.until(step), history: this.history.until(step), figures: this.figures.until(step) })
    this.timeline?.until(step)
    this.dispatchEvent(new CustomEvent('recovered', { detail: recovery }))
  }

  news() {
    this.dispatchEvent(new Event('change'))
  }

  /** A look is optional: a view may be missing for a moment, training may not stop over it. */
  async look(everything = false) {
    const { session, dataset } = this
    if (!session || !dataset) return
    const began = performance.now()
    const due = everything || began - this.lookedAt > Math.max(lookMs, this.lookCost * lookShare)
    if (dataset.kind === 'images') {
      if (due) await this.lookAtPictures(session)
    } else if (dataset.kind !== 'points') {
      if (due) await this.lookAtScores(session)
    } else {
      this.view.fake = (await session.sample({ count: this.watch.points, seed: this.watch.seed })).data
      if (due) await this.lookClosely(session)
    }
    await this.trace(due)
    if (due) Object.assign(this, { lookedAt: performance.now(), lookCost: performance.now() - began })
    if (session === this.session) this.news()
  }

  /** Of all classes in turn, or of the one that was chosen. @param {Session} session */
  async lookAtScores(session) {
    const { label } = this.watch
    this.view.scores = await this.grid(session, this.dataset?.kind === 'images' ? undefined : label)
    this.gridStep = label === undefined ? this.step : -1
  }

  /** Only what is shown. @param {Session} session */
  async lookAtPictures(session) {
    const { wants, watch } = this
    this.gridStep = -1
    if (wants.classes) this.view.classes = await classGrid(session, watch.seed)
    else if (wants.walk) this.view.walk = await latentWalk(session, this.walk)
    else if (wants.smile && this.smile.found) this.view.smiles = await smiles(session, this.smile.found)
    else await this.lookAtScores(session)
  }

  /** Where in the latent space a smile lies; takes a second or two. */
  async findSmile() {
    const { session } = this
    if (!session || this.smile.busy) return
    this.smile = { ...this.smile, busy: true }
    this.news()
    const found = await this.attempt(() => session.inspect({ what: 'smile', seed: this.watch.seed }))
    this.smile = { found: found ?? this.smile.found, busy: false }
    await this.want({})
    this.news()
  }

  /** @param {Session} session */
  async lookClosely(session) {
    const questions = { heatmap: { size: sizes.heatmap }, manifold: { size: sizes.manifold }, gradients: { count: sizes.gradients, seed: this.watch.seed } }
    for (const [what, question] of Object.entries(questions)) {
      this.view[what] = this.wants[what] ? await session.inspect({ what: /** @type {any} */ (what), ...question }) : undefined
    }
  }

  /** Shows one class, or all in turn. @param {number | undefined} label */
  async choose(label) {
    this.watch.label = label
    if (!this.running) await this.attempt(() => this.look(true))
  }

  /** @param {Record<string, boolean>} wants */
  async want(wants) {
    Object.assign(this.wants, wants)
    if (!this.running) await this.attempt(() => this.look(true))
  }

  /** @param {any} report @param {'discriminator' | 'generator'} [_only] the network whose step it was, where it was one's alone */
  take(report, _only) {
    this.step = report.step
    this.metrics = report.metrics
    this.history.add(report.step, report.loss_d, report.loss_g)
    this.figures.add(report.step, report.metrics)
  }

  /** Smoothed, and with everything a report costs: what the visitor's clock would show. */
  measure(steps, elapsed) {
    const now = (steps * 1000) / Math.max(1, elapsed)
    this.rate = this.rate ? this.rate * 0.8 + now * 0.2 : now
  }

  /** One step of one network, or of both. @param {'discriminator' | 'generator'} [only] */
  single(only) {
    return this.attempt(async () => {
      if (!this.session || this.running) return
      this.take(await this.session.step(1, { only }), only)
      await this.look(true)
    })
  }

  play() {
    if (!this.session || this.running || this.pausing) return
    this.wishes++
    this.running = true
    this.rate = 0
    this.loop = this.attempt(() => this.train(/** @type {Session} */ (this.session)))
    this.news()
  }

  /** Resolves when the step under way has ended. */
  async pause() {
    const wasRunning = this.running
    this.wishes++
    this.running = false
    this.resting = false
    this.pausing = true
    await this.loop
    this.pausing = false
    if (wasRunning && this.session) await this.attempt(() => this.look(true).then(() => this.remember()))
    this.news()
  }

  /** Out of sight nothing is computed; what was paused or played meanwhile stays so. @param {boolean} shown */
  attend(shown) {
    if (!shown && this.running) {
      this.pause()
      this.unseen = this.wishes
    } else if (shown && this.unseen) {
      const asLeft = this.unseen === this.wishes
      this.unseen = 0
      if (asLeft) Promise.resolve(this.loop).then(() => this.play())
    }
  }

  /** @param {Session} session */
  async train(session) {
    while (this.running && session === this.session) {
      const began = performance.now()
      const pace = paces[this.speed]
      const steps = Math.min(pace?.steps ?? this.chunk, this.limit() - this.step)
      if (steps < 1) {
        await rest(waitMs)
        continue
      }
      const report = await session.step(steps)
      const elapsed = performance.now() - began
      this.chunk = Math.round(Math.min(mostSteps, steps * 2, Math.max(1, (steps * reportMs) / Math.max(1, elapsed))))
      if (session !== this.session) return
      this.take(report)
      const due = this.timeline?.due(this.step)
      await this.look(due)
      if (due) await this.remember()
      if (pace) await rest(pace.pause)
      this.measure(steps, performance.now() - began)
    }
  }

  /** Runs an action on the session; what goes wrong is told to the room, and ends the run. @param {() => Promise<any>} action */
  async attempt(action) {
    try {
      return await action()
    } catch (error) {
      this.running = false
      if (/** @type {any} */ (error)?.code !== 'Aborted') this.dispatchEvent(new CustomEvent('failed', { detail: error }))
      this.news()
    }
  }

  hiddenOrShown() {
    if (document.hidden && this.running) {
      this.running = false
      this.resting = true
      this.news()
    } else if (!document.hidden && this.resting) {
      this.resting = false
      this.dispatchEvent(new CustomEvent('rested', { detail: { step: this.step } }))
      Promise.resolve(this.loop).then(() => this.play())
    }
  }
}
