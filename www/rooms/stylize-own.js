// The visitor's own painters: files of weights come in, and where they do not tell which network goes which way, the visitor is asked.
import { describeError, t } from '../i18n/translate.js'
import { notice, withdraw } from './notices.js'
import { forwardOf } from './stylize-painters.js'

/** @typedef {{ ab: Blob, ba?: Blob, pick?: { ab: string, ba?: string } }} Files */

export class OwnWeights {
  /** Files of weights, or networks of one file, whose order only the visitor knows. @type {{ names: string[], open: (forward: number) => any } | null} */
  asked = null

  /** @param {import('./stylize.js').StylizeRoom} room */
  constructor(room) {
    this.room = room
  }

  /** @param {File[]} files */
  async bring(files) {
    this.asked = null
    if (files.length > 2) return notice('error', () => t('stylize.own_too_many'), { tone: 'error' })
    if (files.length === 1) return this.open({ ab: files[0] }, files[0].name)
    const forward = forwardOf(files[0].name, files[1].name)
    const order = (/** @type {number} */ first) => this.open({ ab: files[first], ba: files[1 - first] }, files[first].name)
    if (forward !== null) return order(forward)
    this.asked = { names: files.map(({ name }) => name), open: order }
    this.room.draw()
  }

  /** Which network of a file paints: of two the other is the way back. @param {Blob} file @param {string} name @param {string[]} names */
  #ask(file, name, names) {
    const picked = (/** @type {number} */ forward) => ({ ab: names[forward], ...(names.length === 2 && { ba: names[1 - forward] }) })
    this.asked = { names: names.map(label => label || name), open: forward => this.open({ ab: file, pick: picked(forward) }, name) }
  }

  /** @param {Files} files @param {string} name */
  async open(files, name) {
    const { room } = this
    this.asked = null
    withdraw('error')
    room.tell(room, () => t('stylize.own_opening', { name }), NaN)
    try {
      await room.painters.adopt(files, name)
      room.choosePainter(room.painters.chosen)
      if (room.queue.halted) room.queue.resume()
    } catch (error) {
      const { reason, names } = /** @type {any} */ (error)?.details ?? {}
      if (reason === 'several' && !files.ba && !files.pick) {
        this.#ask(files.ab, name, names)
      } else {
        console.warn(error)
        notice('error', () => t('stylize.own_failed', { name, why: describeError(error) }), { tone: 'error' })
      }
    }
    room.work = null
    room.draw()
  }
}
