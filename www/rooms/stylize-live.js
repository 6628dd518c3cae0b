// The live camera of the painting room: the chosen painter's quick generators, or the whole ones where there are none, and how large they paint.
import { withdraw, failure } from './notices.js'
import { Pace } from './live-pace.js'
import { tellRecovered } from './recovery.js'
import { t } from '../i18n/translate.js'

/** How often the figures change, ms: faster nobody reads. */
const toldMs = 500

export class LiveView {
  isOpen = false
  pace = new Pace()
  /** What is measured, as it was told last. @type {{ rate: number, side: number } | null} */
  figures = null
  /** Where it is painted. @type {any} */
  device = null
  /** @type {import('../engine/live.js').LivePainting | null} */
  #painting = null
  /** Whom `#painting` or its opening is of. */
  #painter = ''
  /** A quick painter is this view's own. @type {any} */
  #own = null
  /** Counts openings: one that comes late is not taken. */
  #turn = 0
  #told = 0
  /** Whether the room says that a painter is on its way. */
  #fetching = false

  /** @param {import('./stylize.js').StylizeRoom} room */
  constructor(room) {
    this.room = room
  }

  /** Whether the painter has a smaller self for this. */
  get quick() {
    return Boolean(this.room.painters.painter?.card?.quick)
  }

  open() {
    withdraw('error')
    this.room.camera = false
    this.isOpen = true
    this.follow()
    this.room.draw()
  }

  close() {
    if (!this.isOpen) return
    this.isOpen = false
    this.#leave()
    this.room.draw()
  }

  #leave() {
    this.#turn++
    this.#painter = ''
    this.#painting = null
    this.#own?.close()
    this.#own = null
    this.figures = null
    this.#arrived()
  }

  #arrived() {
    if (this.#fetching) this.room.work = null
    this.#fetching = false
  }

  /** The painter and the direction that are chosen now. */
  async follow() {
    const { painters, settings } = this.room
    const { painter } = painters
    if (!this.isOpen || !painter) return
    if (this.#painter === painter.id) {
      if (this.#painting) this.#painting.direction = settings.direction
      return
    }
    this.#leave()
    this.#painter = painter.id
    const turn = this.#turn
    this.pace = new Pace()
    this.#fetching = true
    this.room.tell(this.room, () => t('live.fetching'), NaN)
    try {
      const translator = this.quick ? await this.#quickly(painter.id, turn) : await painters.translator(painter)
      if (turn !== this.#turn) return
      this.device = translator.device
      this.#painting = translator.live({ direction: settings.direction, side: this.pace.side })
    } catch (error) {
      if (turn === this.#turn) this.#failed(error)
    } finally {
      if (turn === this.#turn) this.#arrived()
      this.room.draw()
    }
  }

  /** @param {string} id @param {number} turn */
  async #quickly(id, turn) {
    const translator = await (await this.room.atelier()).translator(id, { quick: true })
    if (turn !== this.#turn) {
      translator.close()
      return translator
    }
    this.#own = translator
    translator.onRecover = recovery => {
      this.device = recovery.device
      tellRecovered('note.recovered_idle', { passing: true })(recovery)
    }
    return translator
  }

  /** Nothing is seen by a camera that nobody paints. @param {any} error */
  #failed(error) {
    this.close()
    failure(error, () => this.open())
  }

  /** One picture of the camera. @param {HTMLVideoElement} video */
  paint = async video => {
    const painting = this.#painting
    if (!painting) return null
    const { pace, room } = this
    painting.side = pace.side
    try {
      const made = await painting.frame(video)
      if (!made || painting !== this.#painting) return null
      pace.painted(performance.now(), made.ms, !room.queue.busy)
      this.#tell()
      return made
    } catch (error) {
      if (painting === this.#painting) this.#failed(error)
      return null
    }
  }

  /** It goes on after a rest. */
  rested() {
    this.pace.rest()
  }

  #tell() {
    const now = performance.now()
    const { rate, side } = this.pace
    if (rate === null || (now - this.#told < toldMs && side === this.figures?.side)) return
    this.#told = now
    this.figures = { rate, side }
    this.room.draw()
  }
}
