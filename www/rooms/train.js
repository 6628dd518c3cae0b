// The training room: wires the elements, the loop, the URL and what is kept across reloads.
import { has, number, t } from '../i18n/translate.js'
import { decodeExperiment, defaultsFor, encodeExperiment, plainFamily } from '../store.js'
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

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export class TrainRoom {
  /** @param {{ mount: HTMLElement, atelier: () => Promise<import('../gan-atelier.js').Atelier>, onLoad: (listener: (progress: any) => void) => void, rewriteHash: (hash: string) => void }} context */
  constructor({ mount, atelier, onLoad, rewriteHash }) {
    this.atelier = atelier
    this.rewriteHash = rewriteHash
    /** The families that this room trains. @type {Record<string, any>} */
    this.schemas = {}
    /** The present one's. @type {any} */
    this.schema = null
    /** @type {Record<string, any>} */
    this.config = {}
    /** @type {Float32Array | undefined} */
    this.points = undefined
    this.drawing = false
    /** The visitor's own two folders. @type {{ a: File[], b: File[] } | undefined} */
    this.folders = undefined
    this.collecting = false
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
    const { trainer, schema, config, drawing, collecting, shown, waiting } = this
    return {
      schema, config, drawing, collecting, shown, waiting, datasets: Object.values(this.schemas).flatMap(({ datasets }) => datasets),
      dataset: trainer.dataset, view: trainer.view, step: trainer.step, rate: trainer.rate, metrics: trainer.metrics, running: trainer.running, speed: trainer.speed,
      history: trainer.history.snapshot(), device: trainer.session?.device, ready: Boolean(trainer.session) && !waiting && !drawing && !collecting, busy: trainer.pausing,
      contest: this.broken ?? (trainer.step ? trainer.metrics.contest : null) ?? { state: trainer.step ? 'learning' : 'idle', remedy: null },
      fields: this.fields, defaults: this.defaults, drawnPoints: this.drawnPoints,
    }
  }

  actions() {
    this.bound ??= {
      pick: id => this.pick(id),
      learnDrawn: points => this.begin({ ...this.config, dataset: 'drawn' }, { points, play: true }),
      learnFolders: ({ a, b, side }) => this.begin({ ...this.config, dataset: 'own', side }, { folders: { a, b }, play: true }),
      otherFolders: () => this.begin(this.config),
      exportGenerator: direction => this.exportGenerator(direction),
      show: (key, on) => this.show(key, on),
      command: name => this.command(name),
      speed: name => { this.trainer.speed = name; this.stage.draw() },
      remedy: changes => this.change(rounded(changes), Boolean(this.broken)),
      change: changes => this.change(changes),
      defaults: () => this.begin({ ...defaultsFor(this.schema, this.config.dataset), seed: this.config.seed }, this.own()),
      share: () => this.share(),
      saveFile: () => this.saveFile(),
      openFile: input => this.openFile(input),
    }
    return this.bound
  }

  /** @param {URLSearchParams} params */
  async enter(params) {
    if (!this.schema) await this.readSchemas()
    if (this.trainer.session && ![...params].length) return this.rewrite()
    this.use(params.get('family') ?? plainFamily)
    const { config, points, ignored } = decodeExperiment(this.schema, params)
    if (this.trainer.session && encodeExperiment(this.schema, config, points) === encodeExperiment(this.schema, this.config, this.points)) return
    if (ignored.length) this.tellIgnored(ignored)
    const earlier = await kept()
    if (earlier && !this.trainer.session) this.offer(earlier)
    await this.begin(config, { points })
  }

  async readSchemas() {
    const atelier = await this.atelier()
    for (const family of ['gan', 'cyclegan']) this.schemas[family] = await atelier.schema(family)
  }

  /** @param {string} family an address may name one that there is not */
  use(family) {
    this.schema = this.schemas[family] ?? this.schemas[plainFamily]
    // The dataset has a picker of its own.
    this.fields = this.schema.fields.filter(({ key }) => key !== 'dataset')
  }

  /** What the visitor brought, for the same experiment again. */
  own() {
    return { points: this.points, folders: this.folders }
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
   * @param {Record<string, any>} config @param {{ points?: Float32Array, folders?: { a: File[], b: File[] }, play?: boolean }} [options]
   */
  async begin(config, { points, folders, play = false } = {}) {
    const [drawing, collecting] = [config.dataset === 'drawn' && !points, config.dataset === 'own' && !folders]
    Object.assign(this, { config, points, folders, drawing, collecting, broken: null, defaults: defaultsFor(this.schema, config.dataset) })
    if (points) this.drawnPoints = [...points]
    this.rewrite()
    if (drawing || collecting) {
      await this.trainer.release()
      return this.stage.draw()
    }
    const data = points ? { points } : folders
    const done = await this.exchange(atelier => atelier.train({ ...config, family: this.schema.family, data }))
    if (done && play) this.trainer.play()
    // Pictures that cannot be learned from: other ones are asked for.
    if (!done && folders && !this.trainer.session) this.collecting = true
    this.stage.draw()
  }

  /** Goes on from a file or from what was kept. @param {{ blob: Blob, config?: any, points?: Float32Array, history?: any }} from */
  async reopen({ blob, points, history }, say) {
    Object.assign(this, { drawing: false, collecting: false, broken: null, folders: undefined })
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
      this.use(session.config.family)
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
    this.use(Object.keys(this.schemas).find(family => this.schemas[family].datasets.some(set => set.id === id)) ?? plainFamily)
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
    else if (name === 'reset') await this.begin(this.config, this.own())
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
    await this.begin({ ...this.config, ...changes }, { ...this.own(), play: wasRunning || anew })
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
    download(now.blob, `${now.dataset}-${now.step}.gan`)
    notice('saved', () => t('train.saved', { step: now.step }), { passing: true })
  }

  /** @param {'a' | 'b'} direction the domain that the generator translates into */
  async exportGenerator(direction) {
    const { trainer, config } = this
    const blob = await trainer.attempt(() => trainer.session?.export(direction) ?? Promise.resolve(null))
    if (!blob) return
    const name = `${config.dataset}-${direction === 'b' ? 'ab' : 'ba'}-${trainer.step}.safetensors`
    download(blob, name)
    notice('saved', () => t('pairs.exported', { name }), { passing: true })
  }

  async openFile(input) {
    const [file] = input.files
    input.value = ''
    if (file) await this.reopen({ blob: file }, () => t('train.opened', { name: file.name, step: number(this.trainer.step) }))
  }
}
