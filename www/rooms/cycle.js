// The cycle laboratory: a picture goes there and back again, and experiments show what each network makes of it.
import { differences, draw as drawErrors, inNetworkRange } from '../elements/draw/difference.js'
import { has, number, t } from '../i18n/translate.js'
import { subjectFor } from '../subjects.js'
import { cycleStyles, cycleView } from './cycle-view.js'
import { damages, degrade } from './degrade.js'
import { failure, withdraw } from './notices.js'
import { tellRecovered } from './recovery.js'
import { openStage } from './stage.js'
import { waitedFor } from './waiting.js'

const scene = { width: 768, height: 576 }
/** The noise is the same each time, so that a repeated experiment repeats. */
const noiseSeed = 1

/** What the code calls the pictures and networks of a run that starts in a domain. */
export const namesFrom = {
  a: { real: 'real_a', fake: 'fake_b', rec: 'rec_a', idt: 'idt_a', there: 'generator_ab', back: 'generator_ba', arrives: 'b' },
  b: { real: 'real_b', fake: 'fake_a', rec: 'rec_b', idt: 'idt_b', there: 'generator_ba', back: 'generator_ab', arrives: 'a' },
}

/** How far apart two pictures are: the map to draw, and its mean in the networks' range. @param {ImageData} one @param {ImageData} two */
function compare(one, two) {
  const { map, mean } = differences(one, two)
  return { map: { draw: drawErrors, data: map, width: one.width, height: one.height }, l1: inNetworkRange(mean), mean }
}

export class CycleRoom {
  constructor({ mount, atelier, onLoad }) {
    this.atelier = atelier
    /** @type {any[] | undefined} the pairs that have both directions; undefined until they are known */
    this.cards = undefined
    this.modelId = ''
    /** @type {'a' | 'b'} the domain that the picture comes from */
    this.start = 'a'
    this.side = 256
    /** @type {Record<string, { image: Blob | ImageData, name: string } | undefined>} by domain */
    this.sources = {}
    /** @type {Record<string, any>} the last round trip from each domain */
    this.runs = {}
    /** @type {'jpeg' | 'blur' | 'noise'} */
    this.damage = 'jpeg'
    /** Index into the damage's amounts. */
    this.amount = 3
    /** @type {'a' | 'b' | ''} whose discriminator judges; '': the domain of arrival */
    this.judge = ''
    /** @type {string[]} what the diagram's stage touches */
    this.lit = []
    /** @type {{ place: string, text: () => string, share: number } | null} */
    this.work = null
    /** @type {AbortController | undefined} */
    this.abort = undefined
    /** @type {Map<string, { ready: Promise<any>, stop: AbortController }>} by pair */
    this.translators = new Map()
    onLoad(progress => this.loading(progress))
    this.stage = openStage(mount, () => cycleView(this), cycleStyles)
  }

  async enter() {
    if (this.cards) return
    const cards = await (await this.atelier()).models()
    this.cards = cards.filter(({ kind, files }) => kind === 'cyclegan' && files.ab && files.ba)
    // Both halves of the drawing can be filled without a photo where both domains can be drawn.
    const drawable = this.cards?.find(({ domains }) => domains.every(domain => subjectFor(domain) !== 'lake'))
    this.modelId ||= (drawable ?? this.cards?.[0])?.id ?? ''
    this.side = this.card?.side ?? 256
    this.stage.draw()
  }

  async leave() {
    /** @type {import('../elements/cycle-diagram.js').CycleDiagram | null} */ (this.stage.root.querySelector('cycle-diagram'))?.pause()
    withdraw('error')
  }

  /**
   * The hand-over from another room: the picture, where there is one, starts in its own domain.
   * @param {Blob | ImageData} [image] @param {string} [name] @param {string} [modelId] @param {'a' | 'b'} [domain]
   */
  async open(image, name = '', modelId = '', domain = 'a') {
    await this.enter()
    if (this.cards?.some(({ id }) => id === modelId)) this.choosePair(modelId)
    if (!image || !this.cards?.length) return
    this.start = domain
    await this.take(image, name)
  }

  get card() {
    return this.cards?.find(({ id }) => id === this.modelId)
  }

  get names() {
    return namesFrom[this.start]
  }

  /** The round trip in view. */
  get run() {
    return this.runs[this.start]
  }

  /** @param {'a' | 'b'} domain @returns {string} what it is called */
  domain(domain) {
    const id = this.card?.domains?.[domain === 'a' ? 0 : 1] ?? domain.toUpperCase()
    return has(`cycle.domain.${id}`) ? t(`cycle.domain.${id}`) : id
  }

  /** What is drawn where there is no photo. @param {'a' | 'b'} domain */
  subject(domain) {
    return subjectFor(this.card?.domains[domain === 'a' ? 0 : 1])
  }

  /** Everything seen so far, by the code's names. */
  pictures() {
    const found = {}
    for (const [start, run] of Object.entries(this.runs)) {
      const { real, fake, rec, idt } = namesFrom[start]
      Object.assign(found, { [real]: run.original, [fake]: run.translation, [rec]: run.reconstruction, [idt]: run.identity?.image })
    }
    return found
  }

  choose(changes) {
    Object.assign(this, changes)
    this.stage.draw()
  }

  /** @param {string} id */
  choosePair(id) {
    if (id === this.modelId) return
    this.abort?.abort()
    // Its worker and memory go; the downloaded weights stay in the browser's cache.
    const open = this.translators.get(this.modelId)
    this.translators.delete(this.modelId)
    open?.stop.abort()
    open?.ready.then(translator => translator.close()).catch(() => {})
    Object.assign(this, { modelId: id, runs: {}, work: null, judge: '' })
    this.side = this.card?.side ?? 256
    this.stage.draw()
  }

  loading({ phase, what, loaded, total }) {
    if (!this.work) return
    const megabytes = bytes => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`
    if (phase === 'compile') return this.tell(() => t('cycle.work_compile'), NaN)
    const key = ['cpu', 'webgpu'].includes(what) ? 'cycle.work_engine' : 'cycle.work_download'
    this.tell(() => t(key, { done: megabytes(loaded), total: megabytes(total) }), loaded / total)
  }

  tell(text, share) {
    if (this.work) this.work = { ...this.work, text, share }
    this.stage.draw()
  }

  /** One task at a time: a new one ends the one before. @param {string} place @param {(signal: AbortSignal, report: (text: () => string, from?: number, span?: number) => (progress: any) => void) => Promise<void>} task */
  async attempt(place, task) {
    this.abort?.abort()
    const abort = new AbortController()
    this.abort = abort
    withdraw('error')
    this.work = { place, text: () => t('cycle.work_opening'), share: NaN }
    this.stage.draw()
    const report = (text, from = 0, span = 1) => ({ fraction = 0 }) => this.abort === abort && this.tell(text, from + span * fraction)
    try {
      await task(abort.signal, report)
    } catch (error) {
      if (this.abort === abort && /** @type {any} */ (error)?.code !== 'Aborted') failure(error)
    } finally {
      if (this.abort === abort) this.work = null
      this.stage.draw()
    }
  }

  cancel() {
    this.abort?.abort()
    this.work = null
    this.stage.draw()
  }

  /** Opened once for all tasks: one that ends does not take it from the next. @param {AbortSignal} signal */
  translator(signal) {
    const id = this.modelId
    let open = this.translators.get(id)
    if (!open) {
      const stop = new AbortController()
      const begun = { stop, ready: this.begin(id, stop.signal) }
      this.translators.set(id, begun)
      // What failed to arrive is asked for again next time.
      begun.ready.catch(() => this.translators.get(id) === begun && this.translators.delete(id))
      open = begun
    }
    return waitedFor(open.ready, signal)
  }

  /** @param {string} id @param {AbortSignal} signal */
  async begin(id, signal) {
    const translator = await (await this.atelier()).translator(id, { signal })
    translator.onRecover = tellRecovered('note.recovered_idle', { passing: true })
    return translator
  }

  /** @param {Blob | ImageData} image @param {string} name */
  async take(image, name) {
    this.sources[this.start] = { image, name }
    await this.travel()
  }

  /** @param {'a' | 'b'} [start] @param {string} [place] where the visitor looks meanwhile */
  async tryScene(start = this.start, place = 'cycle') {
    let drawn = false
    await this.attempt(place, async signal => {
      const image = await (await this.atelier()).scene({ ...scene, subject: this.subject(start), seed: 1 + Math.floor(Math.random() * 1000) })
      // Cancelled, or a picture of the visitor's own was given meanwhile.
      if (signal.aborted) return
      this.sources[start] = { image, name: 'scene' }
      drawn = true
    })
    if (drawn) await this.travel(start, place)
  }

  /** Experiment 1: there and back. @param {'a' | 'b'} [start] @param {string} [place] */
  travel(start = this.start, place = 'cycle') {
    const { side } = this
    const source = this.sources[start]
    if (!source) return
    return this.attempt(place, async (signal, report) => {
      const translator = await this.translator(signal)
      const options = { direction: namesFrom[start].arrives, cycle: true, side, signal, onProgress: report(() => t('cycle.work_trip')) }
      const out = await translator.translate(source.image, options).catch(error => {
        // What cannot be read is not offered for another trip.
        if (['UnsupportedImage', 'ImageTooLarge'].includes(error?.code)) this.sources[start] = this.runs[start]?.source
        throw error
      })
      const { map, mean } = compare(out.original, out.reconstruction)
      this.runs[start] = {
        source, start, side, original: out.original, translation: out.image, reconstruction: out.reconstruction, cycle_l1: out.cycle_l1,
        ms: out.ms, device: out.device, error: map, error_mean: mean,
        translation_l1: compare(out.original, out.image).l1, identity: null, realism: {}, damaged: new Map(),
      }
    })
  }

  /** Experiment 2: a picture through the generator that arrives where the picture already is. */
  identity() {
    const { run, start } = this
    return this.attempt('identity', async (signal, report) => {
      const translator = await this.translator(signal)
      report(() => t('cycle.work_identity'), NaN)({})
      const { image, l1 } = await translator.identity(run.original, { direction: start, side: sideOf(run.original), signal })
      run.identity = { image, l1, error: compare(run.original, image).map }
    })
  }

  /** Experiment 3: every patch's score. */
  readRealism() {
    const { run } = this
    const domain = this.judge || this.names.arrives
    return this.attempt('realism', async (signal, report) => {
      const translator = await this.translator(signal)
      const maps = {}
      for (const [index, key] of ['original', 'translation', 'reconstruction'].entries()) {
        report(() => t('cycle.work_realism'), index / 3, 1 / 3)({})
        maps[key] = await translator.realism(run[key], { domain, side: sideOf(run[key]), signal })
      }
      run.realism[domain] = maps
    })
  }

  /** B with the chosen damage, at once; whether it was sent back yet is another matter. */
  damaged(kind = this.damage, index = this.amount, run = this.run) {
    const key = `${kind} ${index}`
    if (!run.damaged.has(key)) {
      const entry = { kind, index, damaged: undefined, back: undefined, change: 0, cycle: 0, answer: 0 }
      run.damaged.set(key, entry)
      entry.ready = degrade(run.translation, kind, damages[kind][index], noiseSeed).then(damaged => {
        const { l1, map } = compare(run.translation, damaged)
        Object.assign(entry, { damaged, change: l1, done: map })
        this.stage.draw()
      }).catch(failure)
    }
    return run.damaged.get(key)
  }

  /** Experiment 4: damaged B goes back. @param {number[]} indices into the damage's amounts */
  sendBack(indices) {
    const { run, damage, start } = this
    return this.attempt('message', async (signal, report) => {
      const translator = await this.translator(signal)
      for (const [done, index] of indices.entries()) {
        const entry = this.damaged(damage, index, run)
        await entry.ready
        if (entry.back || !entry.damaged) continue
        const onProgress = report(() => t('cycle.work_back', { done: done + 1, total: indices.length }), done / indices.length, 1 / indices.length)
        const { image } = await translator.translate(entry.damaged, { direction: start, side: sideOf(entry.damaged), signal, onProgress })
        const answer = compare(run.reconstruction, image)
        Object.assign(entry, { back: image, cycle: compare(run.original, image).l1, answer: answer.l1, lost: answer.map })
        this.stage.draw()
      }
    })
  }
}

/** The picture's own: nothing is scaled once more. @param {ImageData} picture */
const sideOf = ({ width, height }) => Math.max(width, height)
