// The painting room: pictures come in, a CycleGAN paints them one after another, and each can be compared, tempered and taken along.
import { number, t } from '../i18n/translate.js'
import { cardText } from './card-text.js'
import { failure, notice, withdraw } from './notices.js'
import { tellRecovered } from './recovery.js'
import { subjectFor } from '../subjects.js'
import { openStage } from './stage.js'
import { Easel } from './stylize-easel.js'
import { LiveView } from './stylize-live.js'
import { OwnWeights } from './stylize-own.js'
import { Painters, sideFor } from './stylize-painters.js'
import { PainterAway, PaintingQueue } from './stylize-queue.js'
import { duration, styles, view } from './stylize-view.js'

const scene = { width: 768, height: 576 }
/** Fractions below this say little about the rest. */
const tellingFraction = 0.08

export class StylizeRoom {
  constructor({ mount, atelier, onLoad, visit }) {
    this.atelier = atelier
    this.visit = visit
    this.painters = new Painters(atelier)
    this.painters.onRecover = recovery => this.recovered(recovery)
    this.queue = new PaintingQueue((item, signal) => this.paint(item, signal))
    this.settings = {
      /** @type {'a' | 'b'} the domain to arrive in: b is the painting */
      direction: 'b',
      /** @type {number | null} null: the device's usual one */
      side: null,
      /** @type {'working' | 'photo' | 'exact'} */
      size: 'photo',
      luminance: 1, colour: 1, type: 'image/png', quality: 0.92,
    }
    /** @type {string} id of the photo on the easel */
    this.chosen = ''
    this.easel = new Easel(this)
    this.camera = false
    this.live = new LiveView(this)
    this.own = new OwnWeights(this)
    /** @type {{ text: () => string, share: number, remaining: () => string } | null} what is done outside the queue */
    this.work = null
    /** @type {{ seconds: number | null, bytes: number } | null} */
    this.estimated = null
    this.cards = new Map()
    this.ready = false
    /** @type {Promise<void> | undefined} */
    this.arriving = undefined
    this.visits = 0
    onLoad(progress => this.loading(progress))
    this.stage = openStage(mount, () => view(this), styles)
    this.wireQueue()
    this.typed = event => this.keyed(event)
  }

  wireQueue() {
    this.queue.addEventListener('change', () => this.draw())
    this.queue.addEventListener('painted', event => {
      const item = /** @type {CustomEvent} */ (event).detail
      if (item === this.item) this.easel.present()
      this.estimate()
    })
    this.queue.addEventListener('halted', () => failure(this.queue.halted, () => this.queue.resume()))
    this.watchHiding()
    // The photos have waited; the connection is back.
    addEventListener('online', () => {
      if (this.queue.halted?.code !== 'Network') return
      withdraw('error')
      this.queue.resume()
    })
  }

  draw() {
    this.stage.draw()
  }

  /** Painting goes on in a hidden tab; on coming back it is said how far. */
  watchHiding() {
    let before = -1
    document.addEventListener('visibilitychange', () => {
      const { busy, finished, items } = this.queue
      if (document.hidden) before = busy ? finished.length : -1
      else if (before >= 0 && finished.length > before) notice('hidden', () => t('stylize.hidden', { done: finished.length, count: items.length }), { passing: true })
    })
  }

  /** @param {URLSearchParams} [params] */
  async enter(params) {
    const visit = ++this.visits
    addEventListener('keydown', this.typed)
    this.arriving ??= this.ship()
    await this.arriving
    // Left meanwhile: nobody's camera is switched on.
    if (visit !== this.visits) return
    const wished = params?.get('painter')
    if (wished && this.painters.list.some(({ id }) => id === wished)) this.choosePainter(wished)
    if (params?.get('camera') === 'live') this.live.open()
  }

  /** Photos may be given before the painters are known: they wait for them. */
  async ship() {
    try {
      this.painters.ship(await (await this.atelier()).models())
      this.ready = true
      this.live.follow()
    } catch (error) {
      this.arriving = undefined
      failure(error, () => this.enter())
    }
    this.draw()
  }

  async leave() {
    this.visits++
    removeEventListener('keydown', this.typed)
    this.camera = false
    this.live.close()
    withdraw('error')
    this.draw()
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== 'z') return
    event.preventDefault()
    this.easel.step(event.shiftKey ? 1 : -1)
  }

  /** The photo on the easel. */
  get item() {
    return this.queue.find(this.chosen)
  }

  get side() {
    return this.settings.side ?? sideFor(this.painters.painter?.card, this.painters.device?.kind ?? 'cpu')
  }

  /** What a painting is painted with: two of the same key are the same. */
  get key() {
    const { direction, size } = this.settings
    return [this.painters.chosen, direction, this.side, size].join(' ')
  }

  /** Whether what hangs on the easel was painted with other settings than those chosen now. */
  get changed() {
    const painting = this.item?.paintings[this.item.at]
    return Boolean(painting && painting.key !== this.key)
  }

  /** @param {Partial<typeof this.settings>} changes */
  choose(changes) {
    Object.assign(this.settings, changes)
    this.live.follow()
    this.estimate()
    this.draw()
  }

  /** @param {string} id */
  choosePainter(id) {
    this.painters.chosen = id
    // Not every painter knows both ways.
    if (!this.painters.painter?.directions.includes(this.settings.direction)) this.settings.direction = 'b'
    this.choose({})
  }

  /** @param {{ luminance?: number, colour?: number }} strength */
  strengthen(strength) {
    Object.assign(this.settings, strength)
    this.draw()
    this.easel.temper()
  }

  // Pictures in

  /** @param {{ blob: Blob | ImageData, name: string, drawn?: boolean }[]} photos */
  take(photos) {
    withdraw('error')
    this.camera = false
    this.show(this.queue.add(photos)[0]?.id ?? '')
  }

  /** Of the live camera, which goes on. @param {{ blob: Blob, name: string }[]} photos */
  keep(photos) {
    this.chosen = this.queue.add(photos)[0].id
    this.easel.takeDown()
    notice('kept', () => t('live.kept'), { passing: true })
  }

  /** @param {boolean} camera */
  openCamera(camera) {
    this.camera = camera
    this.live.close()
    this.draw()
  }

  /** @param {string} id @param {(item: import('./stylize-queue.js').Item) => void} act */
  with(id, act) {
    const item = this.queue.find(id)
    if (item) act(item)
  }

  clear() {
    for (const item of this.queue.items) this.queue.remove(item)
    this.look('')
  }

  /** The other direction was meant. @param {import('./stylize-queue.js').Item} item @param {'a' | 'b'} direction */
  turnRound(item, direction) {
    this.choose({ direction })
    // One that is under way starts over; the others keep what they have.
    this.queue.cancel(item)
    this.queue.again(item)
  }

  /** @param {string} id */
  show(id) {
    this.live.close()
    this.look(id)
  }

  /** The camera goes on. @param {string} id */
  look(id) {
    this.chosen = id
    this.easel.takeDown()
    this.easel.present()
    this.estimate()
    this.draw()
  }

  /** What is drawn for the painter: something of the domain that it starts from. */
  get subject() {
    const [a, b] = this.painters.painter?.domains ?? []
    return subjectFor(this.settings.direction === 'b' ? a : b)
  }

  async tryScene() {
    this.tell(this, () => t('train.opening'), NaN)
    try {
      const atelier = await this.atelier()
      await this.arriving
      const image = await atelier.scene({ ...scene, subject: this.subject, seed: 1 + Math.floor(Math.random() * 1000) })
      this.take([{ blob: image, name: t('stylize.scene_file'), drawn: true }])
    } catch (error) {
      failure(error)
    }
    this.work = null
    this.draw()
  }

  /** @param {string} id */
  remove(id) {
    const item = this.queue.find(id)
    if (!item) return
    const at = this.queue.items.indexOf(item)
    this.queue.remove(item)
    if (this.chosen === id) this.look((this.queue.items[at] ?? this.queue.items[at - 1])?.id ?? '')
  }

  // Painting

  /** @param {{ work: any }} place of an item or of the room @param {() => string} text @param {number} share */
  tell(place, text, share, remaining = () => '') {
    place.work = { text, share, remaining }
    this.draw()
  }

  loading({ phase, what, loaded, total }) {
    const place = this.work ? this : this.queue.current
    if (!place) return
    const megabytes = bytes => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`
    if (phase === 'compile') return this.tell(place, () => t('stylize.stage_compile'), NaN)
    const engine = what === 'cpu' || what === 'webgpu'
    this.tell(place, () => t(engine ? 'stylize.stage_engine' : 'stylize.stage_download', { done: megabytes(loaded), total: megabytes(total) }), loaded / total)
  }

  /** @param {import('./stylize-queue.js').Item} item @param {AbortSignal} signal @returns {Promise<import('./stylize-queue.js').Painting>} */
  async paint(item, signal) {
    if (!this.painters.painter) await this.arriving
    this.tell(item, () => t('stylize.stage_decode'), NaN)
    const chosen = await this.painters.chosenTranslator(signal).catch(error => { throw signal.aborted ? error : new PainterAway(error) })
    if (!chosen) throw new PainterAway(new Error(t('stylize.no_model')))
    const { painter, translator } = chosen
    this.painters.tidy()
    this.suggest(item, painter, translator)
    const { side, key } = this
    const { direction, size } = this.settings
    const onProgress = progress => { if (!signal.aborted) this.working(item, progress) }
    const out = await translator.translate(item.image, { direction, side, size, signal, onProgress })
    this.easel.latest = { translator, image: out.image }
    return { original: out.original, full: out.image, key, direction, painter, ms: out.ms, device: out.device }
  }

  /** @param {import('./stylize-queue.js').Item} item */
  working(item, { phase, loaded, total, fraction, remaining_ms, original, preview }) {
    // The picture itself, upright and found sound, then a quick small painting of it: something to look at meanwhile.
    if (original) item.preview = { ...item.preview, original }
    if (preview) item.preview = { ...item.preview, painting: preview }
    const texts = {
      decode: () => t('stylize.stage_decode'),
      preview: () => t('stylize.stage_preview'),
      lift: () => t('stylize.stage_lift'),
    }
    const remaining = () => (remaining_ms === null || fraction < tellingFraction ? '' : t('stylize.left', { time: duration(remaining_ms) }))
    this.tell(item, texts[phase] ?? (() => t('stylize.stage_work', { layer: Math.min(loaded + 1, total), layers: total })), phase === 'decode' ? NaN : fraction, remaining)
  }

  /** Whether the other direction was meant; never waited for, and no harm if it fails. What we drew ourselves is what was meant. */
  suggest(item, painter, translator) {
    if (item.drawn || painter.directions.length < 2 || item.suggestion?.painter === painter.id) return
    translator.suggest(item.image).then(suggestion => {
      item.suggestion = { ...suggestion, painter: painter.id }
      this.draw()
    }, () => {}) // What is wrong with the picture, the painting of it will tell.
  }

  /** Time and memory that a painting with the present settings takes; known once a painter is there. */
  async estimate() {
    const { item, side } = this
    const translator = await this.painters.ready?.catch(() => null)
    const { width, height } = item ?? {}
    if (!translator || !item || !width || !height) return Object.assign(this, { estimated: null })
    const wanted = this.key + item.id
    const estimated = await translator.estimate({ width, height, size: this.settings.size, side }).catch(() => null)
    if (wanted !== this.key + this.chosen) return
    this.estimated = estimated
    this.draw()
  }

  recovered(recovery) {
    this.easel.latest = null
    tellRecovered(this.queue.current ? 'stylize.recovered' : 'note.recovered_idle', { passing: true })(recovery)
  }

  /** @param {any} card */
  async readCard(card) {
    if (!this.cards.has(card.id)) this.cards.set(card.id, await cardText(card))
    this.draw()
  }

  /** The picture goes along. Without one the link does all there is to do. @param {Event} event */
  toLaboratory(event) {
    const { item, painters: { painter } } = this
    if (!item) return
    event.preventDefault()
    const direction = item.paintings[item.at]?.direction ?? this.settings.direction
    this.visit('cycle', item.image, item.name, painter?.card ? painter.id : undefined, direction === 'a' ? 'b' : 'a').catch(failure)
  }
}
