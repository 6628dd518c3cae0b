// What hangs on the easel: one painting beside its photo, at the strength the visitor likes, with the way back to earlier
// paintings and the ways out: file, clipboard, share sheet, zip.
import { asAtelierError } from '../engine/protocol.js'
import { t } from '../i18n/translate.js'
import { failure, notice, withdraw } from './notices.js'
import { apart, copy, encode, fileName, save, share, zip } from './stylize-files.js'
import { PaintingQueue } from './stylize-queue.js'

/** @typedef {{ painting: import('./stylize-queue.js').Painting, original: ImageData, full: ImageData, image: ImageData, tempered: string }} Shown `tempered`: the strength that `image` has */

export class Easel {
  /** @type {Shown | null} */
  shown = null
  /** What the translator painted last: it still has it at hand. @type {{ translator: any, image: ImageData } | null} */
  latest = null
  #tempering = false

  /** @param {import('./stylize.js').StylizeRoom} room */
  constructor(room) {
    this.room = room
  }

  get strength() {
    const { luminance, colour } = this.room.settings
    return { luminance, colour }
  }

  get strengthKey() {
    return `${this.strength.luminance} ${this.strength.colour}`
  }

  /** Hangs up the chosen photo's painting. */
  async present() {
    const { item } = this.room
    const painting = item?.paintings[item.at]
    if (!item || !painting) return
    try {
      const pictures = await PaintingQueue.unpack(painting)
      const tempered = this.strengthKey
      const image = await this.#blend(pictures)
      if (item !== this.room.item || painting !== item.paintings[item.at]) return
      this.shown = { painting, ...pictures, image, tempered }
      this.room.draw()
      await this.temper()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** A picture too large for the page's memory is a RangeError here; the engine's errors have their codes. @param {any} error */
  #failed(error) {
    const told = asAtelierError(error)
    // Aborted: the painter was changed meanwhile.
    if (told.code !== 'Aborted') failure(told)
  }

  takeDown() {
    this.shown = null
  }

  /** The painting at the present strength; a slider that moves on meanwhile is followed when this is done. */
  async temper() {
    if (this.#tempering) return
    this.#tempering = true
    try {
      while (this.shown && this.shown.tempered !== this.strengthKey) {
        const { shown, strengthKey } = this
        const image = await this.#blend(shown)
        if (this.shown === shown) this.shown = { ...shown, image, tempered: strengthKey }
        this.room.draw()
      }
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#tempering = false
    }
  }

  /** Without the networks, and beside a painting that is under way. @param {{ original: ImageData, full: ImageData }} pictures @returns {Promise<ImageData>} */
  async #blend({ original, full }, { luminance, colour } = this.strength) {
    const { painters, queue } = this.room
    const translator = luminance === 1 && colour === 1 ? null : /** @type {any} */ (await painters.any())
    if (!translator) return full
    // Its last painting a translator remembers, until the next is done; any other is given to it.
    const remembered = this.latest?.translator === translator && this.latest?.image === full && !queue.current
    const blended = async (/** @type {any} */ given) => (await translator.blend({ luminance, colour }, given)).image
    const given = { original, painting: full }
    // One that stands in for a translator that was lost has no last painting.
    const forgot = (/** @type {any} */ error) => { if (error.details?.reason !== 'no_translation') throw error; return blended(given) }
    // One that was let go of for another painter's.
    const gone = async (/** @type {any} */ error) => {
      const other = error.code === 'Aborted' ? /** @type {any} */ (await painters.any()) : null
      if (!other || other === translator) throw error
      return (await other.blend({ luminance, colour }, given)).image
    }
    return (remembered ? blended({}).catch(forgot) : blended(given)).catch(gone)
  }

  /** @param {-1 | 1} step */
  hasStep(step) {
    const { item } = this.room
    return Boolean(item && item.state !== 'painting' && item.paintings[item.at + step])
  }

  /** @param {-1 | 1} step to the earlier or later painting of the same photo */
  step(step) {
    const { item } = this.room
    if (!item || !this.hasStep(step)) return
    item.at += step
    this.present()
    this.room.draw()
  }

  /** @param {import('./stylize-queue.js').Item} item @param {string} [type] */
  nameOf(item, type = this.room.settings.type) {
    const { direction, painter } = item.paintings[item.at]
    const domain = painter.domains[direction === 'b' ? 1 : 0]
    // Weights that do not name their domains give their own name.
    return fileName(item.name, domain.length > 1 ? domain : `${painter.name}-${domain}`, type)
  }

  /** @param {() => Promise<any>} act */
  async #attempt(act) {
    withdraw('error')
    await act().catch(error => this.#failed(error))
  }

  /** @param {string} [type] */
  async #file(type = this.room.settings.type) {
    const { image } = /** @type {Shown} */ (this.shown)
    return encode(image, type, this.room.settings.quality)
  }

  download() {
    const name = this.nameOf(/** @type {import('./stylize-queue.js').Item} */ (this.room.item))
    return this.#attempt(async () => save(await this.#file(), name))
  }

  copy() {
    return this.#attempt(async () => {
      await copy(this.#file('image/png'))
      notice('copied', () => t('stylize.copied'), { passing: true })
    })
  }

  share() {
    const name = this.nameOf(/** @type {import('./stylize-queue.js').Item} */ (this.room.item))
    return this.#attempt(async () => share(await this.#file(), name))
  }

  async *#files() {
    const { room } = this
    const items = room.queue.finished
    // As they are now, whatever is chosen while they are packed.
    const [names, paintings] = [apart(items.map(item => this.nameOf(item))), items.map(item => item.paintings[item.at])]
    const { strength, room: { settings: { type, quality } } } = this
    for (const [index, painting] of paintings.entries()) {
      room.tell(room, () => t('stylize.zipping', { index: index + 1, count: items.length }), index / items.length)
      const image = await this.#blend(await PaintingQueue.unpack(painting), strength)
      yield { name: names[index], input: await encode(image, type, quality), lastModified: new Date() }
    }
  }

  async downloadAll() {
    await this.#attempt(async () => save(await zip(this.#files()), 'gan-atelier.zip'))
    this.room.work = null
    this.room.draw()
  }
}
