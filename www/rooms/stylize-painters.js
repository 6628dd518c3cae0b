// The painters of the room: those that the site ships, and those that visitors bring as files of weights.
import { has, t } from '../i18n/translate.js'
import { waitedFor } from './waiting.js'

/**
 * @typedef {object} Painter
 * @property {string} id
 * @property {[string, string]} domains
 * @property {any} [card] of a shipped one
 * @property {{ ab: Blob, ba?: Blob, pick?: { ab: string, ba?: string } }} [files] of a visitor's own
 * @property {string} [name] of a visitor's own
 * @property {('a' | 'b')[]} directions
 * @property {any} [architecture]
 */

const stem = (/** @type {string} */ name) => name.replace(/\.[^.]*$/, '')

/** As in `horse2zebra`, `monet_to_photo`. @param {string} name @returns {[string, string] | null} */
export function domainsIn(name) {
  const found = /(?:^|[^a-z])([a-z]{3,})(?:2|_to_|-to-)([a-z]{3,})/i.exec(stem(name))
  return found && [found[1].toLowerCase(), found[2].toLowerCase()]
}

const forwards = /(?:^|[^a-z])(?:(?:net)?_?g(?:en)?_?(?:a|ab|a2b)|ab|a2b|a_?to_?b)(?:[^a-z0-9]|$)/i
const backwards = /(?:^|[^a-z])(?:(?:net)?_?g(?:en)?_?(?:b|ba|b2a)|ba|b2a|b_?to_?a)(?:[^a-z0-9]|$)/i

/** @param {string} name @returns {'ab' | 'ba' | null} what a file of a pair calls itself */
function wayIn(name) {
  const [there, back] = [forwards.test(stem(name)), backwards.test(stem(name))]
  return there === back ? null : there ? 'ab' : 'ba'
}

/**
 * Which of two files goes forward, by their names: G_A and G_B, ab and ba, x2y and y2x.
 * @param {string} one @param {string} other @returns {0 | 1 | null} null: they do not tell
 */
export function forwardOf(one, other) {
  const [first, second] = [wayIn(one), wayIn(other)]
  if (first && second) return first === second ? null : first === 'ab' ? 0 : 1
  if (first || second) return (first ?? second) === 'ab' === Boolean(first) ? 0 : 1
  const [there, back] = [domainsIn(one), domainsIn(other)]
  // From the photo to the painting is forward here; any other pair of names has no such order, so the first stays first.
  if (there && back && there[0] === back[1] && there[1] === back[0]) return there[1] === 'photo' ? 1 : 0
  return null
}

/** @param {string} domain an unknown one has its own name @returns {string} */
export const domainName = domain => (has(`stylize.domain.${domain}`) ? t(`stylize.domain.${domain}`) : domain)

/** @param {{ domains: [string, string] }} painter @param {'a' | 'b'} direction */
export function wayName({ domains: [a, b] }, direction) {
  const [from, to] = (direction === 'b' ? [a, b] : [b, a]).map(domainName)
  return t('stylize.way', { from, to })
}

/** A painter has the name of what it paints; one that turns one thing into another is named after both. @param {[string, string]} domains */
export const painterName = domains => (domains[0] === 'photo' ? domainName(domains[1]) : wayName({ domains }, 'b'))

/** What each device paints in a few seconds, pixels of the longer side. */
const usualSide = { cpu: 256, webgpu: 512 }

/**
 * The brush size to begin with: a shipped pair may say what suits it, found by looking.
 * @param {import('../engine/weights.js').ModelCard | undefined} card @param {'cpu' | 'webgpu'} kind of device
 */
export const sideFor = (card, kind) => card?.sides?.[kind] ?? usualSide[kind]

export class Painters {
  /** @type {Painter[]} */
  list = []
  chosen = ''
  /** Of the translator that was opened last: where its paintings are computed. @type {import('../engine/resident.js').Device | null} */
  device = null
  /** @type {Map<string, Promise<import('../engine/translator.js').PhotoTranslator>>} */
  #open = new Map()
  /** Of those, which are there. @type {Map<string, import('../engine/translator.js').PhotoTranslator>} */
  #there = new Map()
  /** One that is not listed yet. */
  #arriving = ''
  #atelier
  #owned = 0

  /** @param {() => Promise<any>} atelier */
  constructor(atelier) {
    this.#atelier = atelier
    /** @type {(recovery: any) => void} */
    this.onRecover = () => {}
  }

  /** @param {any[]} cards */
  ship(cards) {
    const shipped = cards.filter(({ kind }) => kind === 'cyclegan').map(card => ({
      id: card.id, domains: card.domains, card, directions: /** @type {('a' | 'b')[]} */ (card.files.ba ? ['b', 'a'] : ['b']),
    }))
    this.list = [...shipped, ...this.list]
    this.chosen ||= this.list[0]?.id ?? ''
  }

  get painter() {
    return this.list.find(({ id }) => id === this.chosen)
  }

  /** The chosen painter's translator, where it is open already. */
  get ready() {
    return this.#open.get(this.chosen)
  }

  /** Any that is there already, the chosen one before others: what needs no network of its own is no reason to fetch one. */
  async any() {
    const opened = [this.chosen, ...this.#there.keys()].map(id => this.#there.get(id)).find(Boolean)
    return opened ?? (this.painter && this.translator(this.painter))
  }

  /** Opened once for all who want it. @param {Painter} painter */
  translator(painter) {
    const known = this.#open.get(painter.id)
    if (known) return known
    const opening = this.#begin(painter)
    this.#open.set(painter.id, opening)
    // One that was let go of meanwhile may have a successor.
    opening.then(translator => this.#open.get(painter.id) === opening && this.#there.set(painter.id, translator), () => {})
    opening.catch(() => this.#open.get(painter.id) === opening && this.#open.delete(painter.id))
    return opening
  }

  /** The translator of whom is chosen when it is there: the choice may change while one is on its way. @param {AbortSignal} signal */
  async chosenTranslator(signal) {
    for (;;) {
      const { painter } = this
      if (!painter) return null
      try {
        const translator = await waitedFor(this.translator(painter), signal)
        if (painter === this.painter) return { painter, translator }
      } catch (error) {
        // Nobody waits any more for one that failed after another was chosen.
        if (signal.aborted || painter === this.painter) throw error
      }
    }
  }

  /** @param {Painter} painter */
  async #begin(painter) {
    const translator = await (await this.#atelier()).translator(painter.card ? painter.id : painter.files)
    this.device = translator.device
    translator.onRecover = recovery => {
      this.device = recovery.device
      this.onRecover(recovery)
    }
    return translator
  }

  /**
   * Opens files of weights, and only then lists them: what does not open leaves everything as it was.
   * @param {{ ab: Blob, ba?: Blob, pick?: { ab: string, ba?: string } }} files @param {string} name the file's, or of whatever they come from
   * @param {[string, string]} [domains]
   */
  async adopt(files, name, domains = domainsIn(name) ?? ['a', 'b']) {
    /** @type {Painter} */
    const painter = { id: `own-${++this.#owned}`, domains, name: stem(name), files, directions: files.ba ? ['b', 'a'] : ['b'] }
    this.#arriving = painter.id
    try {
      const { architecture, directions } = /** @type {any} */ (await this.translator(painter))
      Object.assign(painter, { architecture, directions })
    } finally {
      this.#arriving = ''
    }
    this.list = [...this.list, painter]
    this.chosen = painter.id
    return painter
  }

  /** Closes those that nobody has chosen: each holds a worker and its memory. */
  tidy() {
    for (const [id, opening] of this.#open) {
      if (id === this.chosen || id === this.#arriving) continue
      this.#open.delete(id)
      this.#there.delete(id)
      opening.then(translator => translator.close()).catch(() => {})
    }
  }
}
