// The training room: the experiment, its loop, the URL and what is kept across reloads.
import { has, t } from '../i18n/translate.js'
import { addressed, decodeExperiment, decodeRival, defaultsFor, encodeExperiment, encodeRival, plainFamily } from '../store.js'
import { LossHistory } from './history.js'
import { kept } from './keeper.js'
import { failure, notice, withdraw } from './notices.js'
import { Race } from './race.js'
import { followRecoveries } from './recovery.js'
import { Score } from './score.js'
import { inParts, openStage } from './stage.js'
import * as anew from './train-anew.js'
import * as keeping from './train-keep.js'
import * as looks from './train-looks.js'
import * as past from './train-past.js'
import * as tables from './train-tables.js'
import { partCount, trainStyles, trainView } from './train-view.js'
import { actionsOf, stateOf } from './train-wiring.js'
import { Timeline } from './timeline.js'
import { Trainer } from './trainer.js'
import { Way } from './way.js'

/** Losing more than this to a reload would be felt. */
const keepEveryMs = 8000

const fieldName = key => (has(`config.${key}.label`) ? t(`config.${key}.label`) : key)

export class TrainRoom {
  /** @param {{ mount: HTMLElement, atelier: () => Promise<import('../gan-atelier.js').Atelier>, onLoad: (listener: (progress: any) => void) => void, rewriteHash: (hash: string) => void }} context */
  constructor({ mount, atelier, onLoad, rewriteHash }) {
    this.atelier = atelier
    this.rewriteHash = rewriteHash
    /** The families that this room trains. @type {Record<string, any>} */
    this.schemas = {}
    /** The present one's. @type {any} */
    this.schema = null
    /** Of the shipped models. @type {import('../gan-atelier.js').ModelCard[]} */
    this.cards = []
    /** @type {Record<string, any>} */
    this.config = {}
    /** What the visitor brought to learn from, as `atelier.train` takes it. @type {any} */
    this.data = undefined
    /** The visitor's file of a table that is looked at before it is learned. @type {{ file: File, wish: Record<string, any>, [key: string]: any } | null} */
    this.table = null
    /** The dataset is the visitor's own, and is still asked for. */
    this.collecting = false
    // What the form and the pad get keeps its identity from one report to the next, so that they draw only on a change.
    /** @type {any[]} */
    this.fields = []
    /** @type {Record<string, any>} */
    this.defaults = {}
    /** @type {number[]} */
    this.drawnPoints = []
    /** @type {{ text: () => string, share: number, stop: AbortController, stoppable?: boolean } | null} */
    this.waiting = null
    /** How made pictures are looked at. */
    this.pictureLook = 'contest'
    this.shown = { real: true, fake: true, heatmap: true, manifold: false, gradients: false, trail: true, other: true, rival: false }
    /** @type {{ state: string, remedy: Record<string, any> | null } | null} */
    this.broken = null
    this.keptAt = 0
    /** The browser's storage is full: nothing more is kept until the visitor asks for it. */
    this.full = false
    /** The moment that is looked at, instead of the present. @type {import('./train-way.js').Looking | null} */
    this.looking = null
    /** The way is being drawn as a film. @type {{ done: number, total: number, stop: AbortController } | null} */
    this.filming = null
    /** A run that stays for comparison. @type {import('./train-compare.js').KeptRun | null} */
    this.kept = null
    /** The second run's settings are being chosen: from step 0, or from a kept moment. @type {{ moment: import('./timeline.js').Moment | null } | null} */
    this.setup = null
    this.turn = 0
    /** What is being begun will play. */
    this.resuming = false
    this.timeline = new Timeline()
    this.trainer = new Trainer({}, this.timeline, new Way())
    this.race = new Race(this.trainer, atelier)
    this.score = new Score(atelier)
    this.listen()
    onLoad(progress => this.loading(progress))
    const parts = inParts(() => this.stage.draw(), partCount)
    // Made once: what is given to elements stays the same from one report to the next.
    const actions = actionsOf(this)
    this.stage = openStage(mount, () => trainView({ ...stateOf(this), parts: this.schema ? parts() : 0 }, actions), trainStyles)
  }

  listen() {
    const { trainer, race, score } = this
    for (const other of [race, score]) {
      other.addEventListener('change', () => this.stage.draw())
      other.addEventListener('failed', event => failure(/** @type {CustomEvent} */ (event).detail))
    }
    trainer.addEventListener('change', () => this.changed())
    trainer.addEventListener('failed', event => this.failed(/** @type {CustomEvent} */ (event).detail))
    trainer.addEventListener('rested', event => {
      const { step } = /** @type {CustomEvent} */ (event).detail
      notice('hidden', () => t('note.hidden', { step }), { passing: true })
    })
    // A hidden tab may never be shown again. The trainer has heard of it by then.
    document.addEventListener('visibilitychange', () => { if (trainer.resting) this.keep() })
    followRecoveries(trainer)
    followRecoveries(race, 'race.recovered')
  }

  /** @param {URLSearchParams} params */
  async enter(params) {
    if (!this.schema) await this.readSchemas()
    if (this.trainer.session && ![...params].length) return this.rewrite()
    this.use(params.get('family') ?? plainFamily)
    const { config, points, ignored } = decodeExperiment(this.schema, params)
    const rival = decodeRival(this.schema, config, params)
    if (this.trainer.session && encodeExperiment(this.schema, config, points) + encodeRival(rival) === this.address()) return
    if (ignored.length) this.tellIgnored(ignored)
    const earlier = await kept()
    if (earlier && !this.trainer.session) keeping.offer(this, earlier)
    await this.race.end()
    await this.begin(config, { data: points && { points } })
    if (rival && this.trainer.session) await past.startRace(this, rival)
  }

  async readSchemas() {
    const atelier = await this.atelier()
    for (const family of atelier.families) this.schemas[family] = await atelier.schema(family)
    this.cards = await atelier.models().catch(() => [])
  }

  /** @param {string} family an address may name one that there is not */
  use(family) {
    this.schema = this.schemas[family] ?? this.schemas[plainFamily]
    // The dataset has a picker of its own.
    this.fields = this.schema.fields.filter(({ key }) => key !== 'dataset')
  }

  /** What the visitor brought, for the same experiment again. */
  own() {
    return { data: this.data }
  }

  /** @param {string} id of a dataset of the present family */
  described(id) {
    return this.schema.datasets.find(dataset => dataset.id === id) ?? null
  }

  keep() {
    return keeping.keepNow(this)
  }

  async leave() {
    this.score.stop()
    withdraw('left_out', 'restarted', 'ignored', 'resume', 'opened', 'saved', 'share', 'error')
    await this.halt()
    await this.keep()
  }

  /** Both runs, where there are two. */
  async halt() {
    await Promise.all([this.trainer.pause(), this.race.pause()])
  }

  tellIgnored(ignored) {
    const sentence = ({ reason, ...values }) => t(`note.url_${reason}`, values)
    const versions = ignored.filter(({ reason }) => reason === 'version')
    const others = ignored.filter(({ reason }) => reason !== 'version')
    const list = () => others.map(sentence).join(t('note.separator'))
    notice('ignored', () => [...versions.map(sentence), ...(others.length ? [t('note.url_ignored', { list: list() })] : [])].join(' '))
  }

  /**
   * Starts an experiment from step 0.
   * @param {Record<string, any>} config @param {{ data?: any, play?: boolean }} [options]
   */
  async begin(config, { data, play = false } = {}) {
    // What was chosen stays in its place until it is known to be of use.
    const collecting = Boolean(this.described(config.dataset)?.own && (!data || this.collecting))
    Object.assign(this, { config, data, collecting, resuming: play, broken: null, defaults: defaultsFor(this.schema, config.dataset) })
    if (data?.points && !data.scale) this.drawnPoints = [...data.points]
    if (collecting && !data && this.table?.preview && this.table.length !== config.sequence_length) tables.look(this, this.table.file, this.table.wish)
    this.rewrite()
    if (collecting && !data) {
      // Whatever still opens was wished before this.
      this.turn++
      this.waiting?.stop.abort()
      Object.assign(this, { waiting: null, resuming: false })
      await this.trainer.release()
      return this.stage.draw()
    }
    const rival = this.race.rival?.from === 0 ? this.race.rival.changes : null
    await this.race.end()
    const family = this.schema.family
    const beginning = this.exchange((atelier, signal) => atelier.train({ ...config, family, data, signal }), { retry: () => this.begin(config, { data, play }) })
    const { turn } = this
    const done = await beginning
    if (turn !== this.turn) return
    this.resuming = false
    if (done) this.collecting = false
    if (done && rival) await this.race.begin({ ...config, family }, rival, data)
    if (done) keeping.tellLeftOut(this)
    if (done && play) this.play()
    // Data that cannot be learned from: other data are asked for.
    if (!done && data && !this.trainer.session) this.collecting = true
    this.rewrite()
    this.stage.draw()
  }

  /** Goes on from a file or from what was kept. @param {{ blob: Blob, step?: number, config?: any, points?: Float32Array, scale?: any, data?: any, history?: any, way?: any }} from */
  async reopen({ blob, step = 0, points, scale, data = points && { points, ...(scale && { scale }) }, history, way }, say) {
    await this.halt()
    const done = await this.exchange(atelier => atelier.open(blob), { history: LossHistory.from(history), way: Way.from(way, step), learns: data, first: true })
    if (!done) return
    await this.race.end()
    this.rewrite()
    notice('opened', say, { passing: true })
  }

  /**
   * Puts another session in the place of the present one; only the latest of several wishes is kept.
   * @param {(atelier: any, signal: AbortSignal) => Promise<any>} make
   * @param {{ history?: LossHistory, way?: Way, upTo?: number, learns?: any, first?: boolean, retry?: () => any }} [options] upTo: moments that stay; first: the present one stays until the other is open, since a file may be none; learns: its data, then
   */
  async exchange(make, options = {}) {
    const { history = new LossHistory(), way = new Way(), upTo = -1, first = false, learns, retry = () => this.exchange(make, options) } = options
    const turn = ++this.turn
    const stop = new AbortController()
    this.waiting?.stop.abort()
    Object.assign(this, { waiting: { text: () => t('train.starting'), share: NaN, stop }, looking: null, setup: null })
    this.filming?.stop.abort()
    this.stage.draw()
    try {
      if (first) await this.trainer.pause()
      else await this.trainer.release()
      const session = await make(await this.atelier(), stop.signal)
      if (turn !== this.turn) return await session.close()
      if (first) Object.assign(this, { collecting: false, broken: null, data: learns })
      this.use(session.config.family)
      this.defaults = defaultsFor(this.schema, session.config.dataset)
      this.config = { ...this.defaults, ...session.config }
      if (upTo < 0) this.timeline.clear()
      this.timeline.until(upTo)
      await this.trainer.adopt(session, history, way)
      this.rewrite()
      return true
    } catch (error) {
      if (turn === this.turn) this.failed(error, retry)
    } finally {
      if (turn === this.turn) this.waiting = null
      this.stage.draw()
    }
  }

  loading({ phase, loaded, total }) {
    if (!this.waiting) return
    const { stop } = this.waiting
    const texts = { compile: 'train.compiling', pictures: 'train.reading' }
    this.waiting = { text: () => t(texts[phase] ?? 'train.opening', { loaded, total }), share: phase === 'compile' ? NaN : loaded / total, stop, stoppable: phase === 'pictures' }
    this.stage.draw()
  }

  /** @param {string} family shows its first dataset, or the present one where it has that too */
  async pickFamily(family) {
    const { dataset } = this.config
    this.use(family)
    const id = this.described(dataset) ? dataset : this.schema.datasets[0].id
    this.config = defaultsFor(this.schema, id)
    // What has learned already has something to say at once.
    if (looks.trainedCard(this)) await looks.showTrained(this)
    else await this.pick(id)
  }

  async pick(id) {
    const { seed } = this.config
    const play = this.trainer.running || this.resuming
    this.resuming = play
    await this.race.end()
    this.table = null
    return this.begin({ ...defaultsFor(this.schema, id), seed }, { play })
  }

  show(key, on) {
    this.shown = { ...this.shown, [key]: on }
    looks.want(this, { heatmap: this.shown.heatmap, manifold: this.shown.manifold, gradients: this.shown.gradients })
  }

  /** @param {number | undefined} label a class to look at; none: all */
  choose(label) {
    for (const trainer of [this.trainer, this.race.trainer]) trainer?.choose(label)
    this.stage.draw()
  }

  play() {
    this.looking = null
    this.trainer.play()
    this.race.play()
  }

  setSpeed(name) {
    for (const trainer of [this.trainer, this.race.trainer]) if (trainer) trainer.speed = name
    this.stage.draw()
  }

  async command(name) {
    this.looking = null
    this.resuming = false
    if (name === 'reset' && anew.lacksData(this)) return
    if (name === 'play') this.play()
    else if (name === 'reset') await this.begin(this.config, this.own())
    else if (name === 'pause') await this.halt()
    else await Promise.all([this.trainer.single(name), this.race.single(name)])
    if (name !== 'play') await keeping.keepNow(this)
  }

  /** Live fields apply at once; any other begins anew, and can be taken back. */
  async change(changes, always = false) {
    const isLive = key => this.schema.fields.find(field => field.key === key)?.live
    const { session } = this.trainer
    if (session && !always && Object.keys(changes).every(isLive)) {
      const config = await this.trainer.attempt(() => session.tune(changes))
      this.config = { ...this.config, ...(config ?? {}) }
      this.rewrite()
      return this.stage.draw()
    }
    const fields = () => Object.keys(changes).map(fieldName).join(t('note.separator'))
    return anew.restart(this, { ...this.config, ...changes }, () => t('form.restarted', { fields: fields() }), always)
  }

  /** @param {any} error @param {() => void} [retry] */
  failed(error, retry) {
    if (error?.code === 'Aborted') return
    if (error?.code !== 'Diverged') return failure(error, ['Network', 'DeviceLost', 'OutOfMemory', 'Internal'].includes(error?.code) ? retry : undefined)
    this.broken = { state: 'diverged', remedy: error.details?.remedy ?? anew.gentler(this) }
    this.stage.draw()
  }

  changed() {
    this.stage.draw()
    if (this.trainer.running && performance.now() - this.keptAt > keepEveryMs) keeping.keepNow(this)
  }

  /** This experiment as the address has it. */
  address() {
    const rival = this.race.rival?.from === 0 ? this.race.rival.changes : null
    return encodeExperiment(this.schema, this.config, addressed(this.data)) + encodeRival(rival)
  }

  rewrite() {
    this.rewriteHash(`#train?${this.address()}`)
  }
}
