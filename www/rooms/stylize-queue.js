// The photos of a visit and what becomes of them: one after another is painted, and none is lost when another fails.
import { readHeader } from '../engine/picture.js'
import { decode, encode, thumbnail } from './stylize-files.js'

/**
 * @typedef {object} Painting
 * @property {ImageData | Blob} original
 * @property {ImageData | Blob} full the painting at full strength
 * @property {string} key of the settings it was painted with
 * @property {'a' | 'b'} direction
 * @property {import('./stylize-painters.js').Painter} painter
 * @property {number} ms
 * @property {any} device
 *
 * @typedef {object} Item
 * @property {string} id
 * @property {string} name
 * @property {Blob | ImageData} image
 * @property {boolean} drawn by us: it is what the painter starts from
 * @property {number} [width]
 * @property {number} [height]
 * @property {ImageBitmap | null} thumb
 * @property {'waiting' | 'painting' | 'done' | 'failed' | 'cancelled'} state
 * @property {any} error
 * @property {number} turn the least is painted next
 * @property {{ text: () => string, share: number, remaining: () => string } | null} work
 * @property {{ original?: ImageData, painting?: ImageData }} preview
 * @property {Painting[]} paintings
 * @property {number} at index of the painting that is shown; -1: none
 * @property {{ direction: 'a' | 'b', confident: boolean, painter: string } | null} suggestion `painter`: whose opinion it is
 */

/** Paintings kept of each photo, for undo. As compressed files they cost a few megabytes at most. */
const keptPaintings = 6

/** Pixels. Beyond this a thumbnail is not worth the memory that decoding takes, besides the painting's own. */
const thumbnailLimit = 50e6

/** Trying again cannot help these. */
const hopeless = ['UnsupportedImage', 'ImageTooLarge']

/** What went wrong is no photo's fault: the painter or the engine did not arrive. */
export class PainterAway extends Error {
  /** @param {any} cause */
  constructor(cause) {
    super(cause?.message, { cause })
  }
}

export class PaintingQueue extends EventTarget {
  /** @type {Item[]} */
  items = []
  /** Why nothing is begun although photos wait: what failed was no photo's fault. @type {any} */
  halted = null
  #running = false
  #count = 0
  #turn = 0
  /** @type {{ item: Item, abort: AbortController } | null} */
  #current = null
  #paint

  /** @param {(item: Item, signal: AbortSignal) => Promise<Painting>} paint */
  constructor(paint) {
    super()
    this.#paint = paint
  }

  changed(name = 'change', item) {
    this.dispatchEvent(new CustomEvent(name, { detail: item }))
    if (name !== 'change') this.dispatchEvent(new CustomEvent('change'))
  }

  /** @param {string} id */
  find(id) {
    return this.items.find(item => item.id === id)
  }

  /** The photo that is being painted. */
  get current() {
    return this.#current?.item
  }

  get busy() {
    return this.items.some(({ state }) => state === 'waiting' || state === 'painting')
  }

  /** Those that have a painting, in their order. */
  get finished() {
    return this.items.filter(({ at }) => at >= 0)
  }

  /** @param {Item} item */
  retryable({ state, error }) {
    return state === 'cancelled' || (state === 'failed' && !hopeless.includes(error?.code))
  }

  /** @param {{ blob: Blob | ImageData, name: string, drawn?: boolean }[]} photos @returns {Item[]} */
  add(photos) {
    const added = photos.map(photo => this.#item(photo))
    this.items = [...this.items, ...added]
    this.changed()
    this.#look(added)
    return added
  }

  /** @param {{ blob: Blob | ImageData, name: string, drawn?: boolean }} photo @returns {Item} */
  #item({ blob, name, drawn = false }) {
    return { id: `photo-${++this.#count}`, name, image: blob, drawn, thumb: null, state: 'waiting', error: null, turn: ++this.#turn, work: null, preview: {}, paintings: [], at: -1, suggestion: null }
  }

  /** A broken file is told at once, not when its turn comes; sizes are known before anything is decoded. @param {Item[]} items */
  async #look(items) {
    for (const item of items) {
      try {
        const { width, height } = item.image instanceof Blob ? await readHeader(item.image) : item.image
        Object.assign(item, { width, height })
      } catch (error) {
        Object.assign(item, { state: 'failed', error })
      }
      // The first can begin while the others are still looked at.
      this.run()
      item.thumb ??= await this.#thumbnail(item)
      this.changed()
    }
  }

  /** @param {Item} item */
  #thumbnail({ image, width = 0, height = 0 }) {
    // The browser decodes the whole picture for it. Whatever has no thumbnail may still have a painting.
    if (!width || width * height > thumbnailLimit) return null
    return thumbnail(image, { width, height }).catch(() => null)
  }

  async run() {
    if (this.#running) return
    this.#running = true
    for (let item = this.#next(); item; item = this.#next()) await this.#work(item)
    this.#running = false
    this.changed('idle')
  }

  #next() {
    if (this.halted) return undefined
    // Until its header was read a photo may still turn out to be none.
    return this.items.filter(({ state, width }) => state === 'waiting' && width).sort((one, other) => one.turn - other.turn)[0]
  }

  /** @param {Item} item */
  async #work(item) {
    const abort = new AbortController()
    this.#current = { item, abort }
    Object.assign(item, { state: 'painting', error: null, preview: {}, work: null })
    this.changed()
    try {
      const painting = await this.#paint(item, abort.signal)
      abort.signal.throwIfAborted()
      item.paintings = [...item.paintings.slice(0, item.at + 1), painting].slice(-keptPaintings)
      item.at = item.paintings.length - 1
      item.state = 'done'
      this.changed('painted', item)
      await this.#pack(item, painting)
    } catch (error) {
      this.#failed(item, error, abort.signal)
    } finally {
      Object.assign(item, { work: null, preview: {} })
      this.#current = null
      this.changed()
    }
  }

  /** @param {Item} item @param {any} error @param {AbortSignal} signal */
  #failed(item, error, signal) {
    // Whoever cancelled has set the state already.
    if (signal.aborted) return
    if (error?.code === 'Aborted') item.state = item.paintings.length ? 'done' : 'cancelled'
    else if (error instanceof PainterAway) {
      item.state = 'waiting'
      this.halted = error.cause
      this.changed('halted')
    } else Object.assign(item, { state: 'failed', error })
  }

  /** Raw pictures of many photos would fill the memory; as PNG they are a third, lose nothing, and may lie on disk. @param {Item} item @param {Painting} painting */
  async #pack(item, painting) {
    const [original, full] = [/** @type {ImageData} */ (painting.original), /** @type {ImageData} */ (painting.full)]
    item.thumb = await thumbnail(full, full).catch(() => item.thumb)
    this.changed()
    painting.original = await encode(original, 'image/png')
    painting.full = await encode(full, 'image/png')
  }

  /** @param {Painting} painting @returns {Promise<{ original: ImageData, full: ImageData }>} */
  static async unpack({ original, full }) {
    const open = picture => (picture instanceof Blob ? decode(picture) : picture)
    return { original: await open(original), full: await open(full) }
  }

  /** Paints again, before those that wait. @param {Item} item */
  again(item) {
    if (item.state === 'painting') return
    const turn = Math.min(0, ...this.items.map(each => each.turn)) - 1
    Object.assign(item, { state: 'waiting', error: null, turn })
    // One that could not even be read may be readable by now.
    if (!item.width) this.#look([item])
    this.resume()
  }

  /** @param {Item[]} items */
  everyAgain(items) {
    for (const item of items) Object.assign(item, { state: 'waiting', error: null, turn: ++this.#turn })
    this.#look(items.filter(({ width }) => !width))
    this.resume()
  }

  resume() {
    this.halted = null
    this.changed()
    this.run()
  }

  /** @param {Item} item */
  cancel(item) {
    if (item.state !== 'waiting' && item.state !== 'painting') return
    item.state = item.paintings.length ? 'done' : 'cancelled'
    Object.assign(item, { work: null, preview: {} })
    if (this.#current?.item === item) this.#current.abort.abort()
    this.changed()
  }

  cancelAll() {
    for (const item of this.items) this.cancel(item)
  }

  /** @param {Item} item */
  remove(item) {
    this.cancel(item)
    this.items = this.items.filter(each => each !== item)
    this.changed()
  }
}
