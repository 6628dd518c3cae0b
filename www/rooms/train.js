// The training room: wires the elements, the loop, the URL and what is kept across reloads.
import { has, number, t } from '../i18n/translate.js'
import { decodeExperiment, defaultsFor, encodeExperiment } from '../store.js'
import { LossHistory } from './history.js'
import { forget, keep, kept } from './keeper.js'
import { failure, notice, withdraw } from './notices.js'
import { openStage } from './stage.js'
import { trainStyles, trainView } from './train-view.js'
import { Trainer } from './trainer.js'

/** Losing more than this to a reload would be felt. */
const keepEveryMs = 8000

const fieldName = key => (has(`config.${key}.label`) ? t(`config.${key}.label`) : key)
const datasetName = id => (has(`dataset.${id}`) ? t(`dataset.${id}`) : id)

/** A third of a learning rate need not fill a line of the address. @param {Record<string, any>} changes */
const rounded = changes => Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(3)) : value]))

export class TrainRoom {
  /** @param {{ mount: HTMLElement, atelier: () => Promise<import('../gan-atelier.js').Atelier>, onLoad: (listener: (progress: any) => void) => void, rewriteHash: (hash: string) => void }} context */
  constructor({ mount, atelier, onLoad, rewriteHash }) {
    this.atelier = atelier
    this.rewriteHash = rewriteHash
    /** @type {any} */
    this.schema = null
    /** @type {Record<string, any>} */
    this.config = {}
    /** @type {Float32Array | undefined} */
    this.points = undefined
    this.drawing = false
    // What the form and the pad get keeps its identity from one report to the next, so that they draw only on a change.
    /** @type {any[]} */
    this.fields = []
    /** @type {Record<string, any>} */
    this.defaults = {}
    /** @type {number[]} */
    this.drawnPoints = []
    /** @type {{ text: () => string, share: number } | null} */
    this.waiting = null
    this.shown = { real: true, fake: true, heatmap: true, manifold: false, gradients: false }
    /** @type {{ state: string, remedy: Record<string, any> | null } | null} */
    this.broken = null
    this.keptAt = 0
    /** @type {Record<string, (...args: any[]) => any> | undefined} */
    this.bound = undefined
    this.turn = 0
    this.trainer = new Trainer()
    this.listen()
    onLoad(progress => this.loading(progress))
    this.stage = openStage(mount, () => trainView(this.state(), this.actions()), trainStyles)
  }

  listen() {
    const { trainer } = this
    trainer.addEventListener('change', () => this.changed())
    trainer.addEventListener('failed', event => this.failed(/** @type {CustomEvent} */ (event).detail))
    trainer.addEventListener('rested', event => {
      const { step } = /** @type {CustomEvent} */ (event).detail
      notice('hidden', () => t('note.hidden', { step }), { passing: true })
    })
    trainer.addEventListener('recovered', event => {
      const { reason, step } = /** @type {CustomEvent} */ (event).detail
      notice('recovered', () => t('note.recovered', { reason: t(`note.recovered_reason.${reason}`), step }))
    })
  }

  state() {
    const { trainer, schema, config, drawing, shown, waiting } = this
    return {
      schema, config, drawing, shown, waiting,
      dataset: trainer.dataset, view: trainer.view, step: trainer.step, rate: trainer.rate, metrics: trainer.metrics, running: trainer.running, speed: trainer.speed,
      history: trainer.history.snapshot(), device: trainer.session?.device, ready: Boolean(trainer.session) && !waiting && !drawing, busy: trainer.pausing,
      contest: this.broken ?? (trainer.step ? trainer.metrics.contest : null) ?? { state: trainer.step ? 'learning' : 'idle', remedy: null },
      fields: this.fields, defaults: this.defaults, drawnPoints: this.drawnPoints,
    }
  }

  actions() {
    this.bound ??= {
      pick: id => this.pick(id),
      learnDrawn: points => this.begin({ ...this.config, dataset: 'drawn' }, { points, play: true }),
      show: (key, on) => this.show(key, on),
      command: name => this.command(name),
      speed: name => { this.trainer.speed = name; this.stage.draw() },
      remedy: changes => this.change(rounded(changes), Boolean(this.broken)),
      change: changes => this.change(changes),
      defaults: () => this.begin({ ...defaultsFor(this.schema, this.config.dataset), seed: this.config.seed }, { points: this.points }),
      share: () => this.share(),
      saveFile: () => this.saveFile(),
      openFile: input => this.openFile(input),
    }
    return this.bound
  }

  /** @param {URLSearchParams} params */
  async enter(params) {
    if (!this.schema) await this.readSchema()
    if (this.trainer.session && ![...params].length) return this.rewrite()
    const { config, points, ignored } = decodeExperiment(this.schema, params)
    if (this.trainer.session && encodeExperiment(this.schema, config, points) === encodeExperiment(this.schema, this.config, this.points)) return
    if (ignored.length) this.tellIgnored(ignored)
    const earlier = await kept()
    if (earlier && !this.trainer.session) this.offer(earlier)
    await this.begin(config, { points })
  }

  async readSchema() {
    this.schema = await (await this.atelier()).schema('gan')
    // The dataset has a picker of its own.
    this.fields = this.schema.fields.filter(({ key }) => key !== 'dataset')
  }

  async leave() {
    withdraw('restarted', 'ignored', 'resume', 'opened', 'saved', 'share', 'error')
    await this.trainer.pause()
    await this.keep()
  }

  tellIgnored(ignored) {
    const sentence = ({ reason, ...values }) => t(`note.url_${reason}`, values)
    const versions = ignored.filter(({ reason }) => reason === 'version')
    const others = ignored.filter(({ reason }) => reason !== 'version')
    const list = () => others.map(sentence).join(t('note.separator'))
    notice('ignored', () => [...versions.map(sentence), ...(others.length ? [t('note.url_ignored', { list: list() })] : [])].join(' '))
  }

  offer(earlier) {
    notice('resume', () => t('note.resume', { dataset: datasetName(earlier.dataset), step: earlier.step }), {
      answers: {
        resume: { text: () => t('note.resume_yes'), act: () => this.reopen(earlier, () => t('note.resumed', { step: earlier.step })) },
        discard: { text: () => t('note.resume_no'), act: () => forget() },
      },
    })
  }

  /**
   * Starts an experiment from step 0.
   * @param {Record<string, any>} config @param {{ points?: Float32Array, play?: boolean }} [options]
   */
  async begin(config, { points, play = false } = {}) {
    Object.assign(this, { config, points, broken: null, drawing: config.dataset === 'drawn' && !points, defaults: defaultsFor(this.schema, config.dataset) })
    if (points) this.drawnPoints = [...points]
    this.rewrite()
    if (this.drawing) {
      await this.trainer.release()
      return this.stage.draw()
    }
    await this.exchange(atelier => atelier.train({ ...config, family: 'gan', data: points && { points } }))
    if (play) this.trainer.play()
  }

  /** Goes on from a file or from what was kept. @param {{ blob: Blob, config?: any, points?: Float32Array, history?: any }} from */
  async reopen({ blob, points, history }, say) {
    this.drawing = false
    this.broken = null
    const done = await this.exchange(atelier => atelier.open(blob), LossHistory.from(history), points)
    if (done) notice('opened', say, { passing: true })
  }

  /** Puts another session in the place of the present one; only the latest of several wishes is kept. */
  async exchange(make, history = new LossHistory(), points = this.points) {
    const turn = ++this.turn
    this.waiting = { text: () => t('train.starting'), share: NaN }
    this.stage.draw()
    try {
      await this.trainer.release()
      const session = await make(await this.atelier())
      if (turn !== this.turn) return await session.close()
      this.defaults = defaultsFor(this.schema, session.config.dataset)
      this.config = { ...this.defaults, ...session.config }
      this.points = points
      const dataset = this.schema.datasets.find(({ id }) => id === session.config.dataset)
      await this.trainer.adopt(session, dataset, history)
      this.rewrite()
      return true
    } catch (error) {
      this.failed(error, () => this.exchange(make, history, points))
    } finally {
      if (turn === this.turn) this.waiting = null
      this.stage.draw()
    }
  }

  loading({ phase, loaded, total }) {
    if (!this.waiting) return
    this.waiting = { text: () => t(phase === 'compile' ? 'train.compiling' : 'train.opening'), share: phase === 'compile' ? NaN : loaded / total }
    this.stage.draw()
  }

  pick(id) {
    const wasRunning = this.trainer.running
    const { seed } = this.config
    if (id === 'drawn') return this.begin({ ...defaultsFor(this.schema, id), seed })
    return this.begin({ ...defaultsFor(this.schema, id), seed }, { play: wasRunning })
  }

  show(key, on) {
    this.shown = { ...this.shown, [key]: on }
    this.trainer.want({ heatmap: this.shown.heatmap, manifold: this.shown.manifold, gradients: this.shown.gradients })
    this.stage.draw()
  }

  async command(name) {
    if (name === 'play') this.trainer.play()
    else if (name === 'reset') await this.begin(this.config, { points: this.points })
    else if (name === 'pause') await this.trainer.pause()
    else await this.trainer.single(name)
    if (name !== 'play') await this.keep()
  }

  /** Live fields apply at once; any other begins anew, and can be taken back. */
  async change(changes, anew = false) {
    const isLive = key => this.schema.fields.find(field => field.key === key)?.live
    const { session } = this.trainer
    if (session && !anew && Object.keys(changes).every(isLive)) {
      const config = await this.trainer.attempt(() => session.tune(changes))
      this.config = { ...this.config, ...(config ?? {}) }
      this.rewrite()
      return this.stage.draw()
    }
    const wasRunning = this.trainer.running
    await this.trainer.pause()
    const before = this.trainer.step && !this.broken ? await this.snapshot() : null
    await this.begin({ ...this.config, ...changes }, { points: this.points, play: wasRunning || anew })
    if (before) this.offerUndo(before, Object.keys(changes))
  }

  offerUndo(before, keys) {
    notice('restarted', () => t('form.restarted', { fields: keys.map(fieldName).join(t('note.separator')) }), {
      answers: {
        undo: { text: () => t('form.undo'), act: () => this.reopen(before, () => t('form.undone', { step: before.step })) },
        dismiss: { text: () => t('note.dismiss'), act: () => {} },
      },
    })
  }

  /** @param {any} error @param {() => void} [retry] */
  failed(error, retry) {
    if (error?.code === 'Aborted') return
    if (error?.code !== 'Diverged') return failure(error, ['Network', 'DeviceLost', 'OutOfMemory', 'Internal'].includes(error?.code) ? retry : undefined)
    this.broken = { state: 'diverged', remedy: error.details?.remedy ?? this.gentler() }
    this.stage.draw()
  }

  /** A fifth of the learning rates, within what the schema allows. */
  gentler() {
    const rates = this.schema.fields.filter(({ key }) => key.startsWith('learning_rate'))
    return Object.fromEntries(rates.map(({ key, min }) => [key, Math.max(min ?? 0, Number((this.config[key] / 5).toPrecision(2)))]))
  }

  changed() {
    this.stage.draw()
    if (this.trainer.running && performance.now() - this.keptAt > keepEveryMs) this.keep()
  }

  /** @returns {Promise<any>} */
  async snapshot() {
    const { trainer, config, points } = this
    const blob = await trainer.attempt(() => trainer.session?.save() ?? Promise.resolve(null))
    return blob && { blob, step: trainer.step, dataset: config.dataset, config, points, history: trainer.history.toJSON() }
  }

  /** What an earlier visit left is not replaced before this one has learned something. */
  async keep() {
    this.keptAt = performance.now()
    if (!this.trainer.session || this.broken || this.trainer.step === 0) return
    const now = await this.snapshot()
    if (!now) return
    withdraw('resume')
    await keep(now).catch(error => failure(error))
  }

  rewrite() {
    this.rewriteHash(`#train?${encodeExperiment(this.schema, this.config, this.points)}`)
  }

  async share() {
    this.rewrite()
    await navigator.clipboard?.writeText(location.href).catch(() => undefined)
    notice('share', () => t('train.share_done'), { passing: true })
  }

  async saveFile() {
    const now = await this.snapshot()
    if (!now) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(now.blob)
    link.download = `${now.dataset}-${now.step}.gan`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    notice('saved', () => t('train.saved', { step: now.step }), { passing: true })
  }

  async openFile(input) {
    const [file] = input.files
    input.value = ''
    if (file) await this.reopen({ blob: file }, () => t('train.opened', { name: file.name, step: number(this.trainer.step) }))
  }
}
