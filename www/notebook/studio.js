// What one widget is in the page: it works as long as the widget lives, in as many places as show it, also in none.
import { openAtelier } from '../gan-atelier.js'
import { asAtelierError } from '../engine/protocol.js'
import { failed, waiting } from '../embed/poster.js'
import { describeError, speak, within } from '../i18n/translate.js'
import { openStage } from '../rooms/stage.js'
import { Kernel } from './kernel.js'
import { openPlace } from './place.js'

/** @type {Set<(progress: any) => void>} */
const loadListeners = new Set()
/** One atelier for all widgets of a page, and so one engine. @type {Promise<import('../gan-atelier.js').Atelier> | undefined} */
let opening

/** Stands where an embedded element's host would: no attributes, and events go to the kernel. */
export class Host {
  still = false

  /** @param {Kernel} kernel @param {'en' | 'zh-Hant'} language @param {string[]} hidden parts of the view @param {Record<string, string>} [attributes] */
  constructor(kernel, language, hidden, attributes = {}) {
    this.kernel = kernel
    this.language = language
    this.hidden = hidden
    this.attributes = attributes
  }

  /** @param {string} name */
  getAttribute(name) { return this.attributes[name] ?? null }
  /** @param {string} name */
  hasAttribute(name) { return name in this.attributes }
  /** @param {string} part */
  hides(part) { return this.hidden.includes(part) }
  fire() {}
  /** @param {any} cause */
  report(cause) { return asAtelierError(cause) }
  atelier() { return (opening ??= openAtelier({ device: 'cpu', onProgress: progress => loadListeners.forEach(listener => listener(progress)) })) }
  /** @param {(progress: any) => void} listener */
  onLoad(listener) {
    loadListeners.add(listener)
    return () => loadListeners.delete(listener)
  }
}

/**
 * @typedef {object} Work what a kind of widget does
 * @property {() => unknown} view
 * @property {import('lit').CSSResult} styles
 * @property {Record<string, (args: any, buffers: DataView[]) => Promise<{ value?: any, buffers?: (ArrayBufferView | ArrayBuffer)[] }>>} calls what the kernel may ask for
 * @property {(shown: boolean) => void} [attend]
 * @property {() => void} close
 */

/** @param {string} [wish] @returns {'en' | 'zh-Hant'} */
const languageFor = wish => (/^zh/i.test(wish || navigator.language) ? 'zh-Hant' : 'en')

export class Studio {
  /** @type {Work | null} */
  #work = null
  /** @type {any} */
  #failure = null
  /** What begins now is nobody's. */
  #closed = false
  /** @type {Map<ReturnType<typeof openPlace>, { stage: ReturnType<typeof openStage> | null, shown: boolean }>} */
  #places = new Map()
  #language = languageFor()
  #make
  #kernel

  /** @param {import('./kernel.js').Wire} wire @param {(kernel: Kernel, begin: any, buffers: DataView[], studio: Studio) => Promise<Work>} make */
  constructor(wire, make) {
    this.#make = make
    this.#kernel = new Kernel(wire, (content, buffers) => this.#hear(content, buffers))
    this.#kernel.tell('hello')
  }

  /** @param {any} content @param {DataView[]} buffers */
  #hear(content, buffers) {
    if (content.type === 'begin') this.#begin(content, buffers)
    else if (content.type === 'overtaken') this.#rest()
    else if (content.type === 'call') this.#kernel.answer(content.call, () => this.#serve(content, buffers))
    else this.#work?.calls[content.type]?.(content, buffers)
  }

  /** @param {any} content @param {DataView[]} buffers */
  async #serve({ name, args }, buffers) {
    await this.#beginning
    if (this.#failure) throw this.#failure
    return /** @type {Work} */ (this.#work).calls[name](args ?? {}, buffers)
  }

  /** @type {Promise<void> | undefined} */
  #beginning

  /** @param {any} content @param {DataView[]} buffers */
  #begin(content, buffers) {
    this.#language = languageFor(content.language)
    const beginning = this.#make(this.#kernel, { ...content, language: this.#language }, buffers, this).then(
      work => {
        if (this.#closed) work.close()
        else this.#work = work
      },
      error => { this.#failure = asAtelierError(error); this.#kernel.fault(error) })
    this.#beginning = beginning.then(() => { for (const place of this.#places.keys()) this.#furnish(place) })
  }

  /** Another page computes: what this one would do is not heard any more. */
  async #rest() {
    this.#kernel.leave()
    await this.#beginning
    await this.#work?.calls.abort({}, [])
  }

  draw = () => { for (const { stage } of this.#places.values()) stage?.draw() }

  /** @param {any} place */
  async #furnish(place) {
    const { host, mount } = place
    host.lang = mount.lang = this.#language
    await speak(host, this.#language)
    const kept = this.#places.get(place)
    if (!kept || kept.stage || this.#closed) return
    if (this.#failure) {
      const message = within(mount, () => describeError(this.#failure))
      // What went wrong in the settings or data is mended in a cell: there is nothing to try again here.
      const poster = failed(this.#language, message, () => {})
      poster.querySelector('button')?.remove()
      return mount.replaceChildren(poster)
    }
    const work = /** @type {Work} */ (this.#work)
    const fresh = document.createElement('div')
    fresh.lang = this.#language
    mount.replaceChildren(fresh)
    kept.stage = openStage(fresh, () => work.view(), work.styles)
  }

  /** @param {HTMLElement} el @returns {() => void} takes it away again */
  show(el) {
    const place = openPlace(el, this.#language, shown => this.#attend(place, shown))
    this.#places.set(place, { stage: null, shown: true })
    place.mount.append(waiting(this.#language))
    if (this.#work || this.#failure) this.#furnish(place)
    return () => {
      this.#places.get(place)?.stage?.close()
      this.#places.delete(place)
      place.close()
      this.#look()
    }
  }

  /** Out of sight nothing runs by itself. @param {any} place @param {boolean} shown */
  #attend(place, shown) {
    const kept = this.#places.get(place)
    if (!kept) return
    kept.shown = shown
    this.#look()
  }

  #look() {
    this.#work?.attend?.([...this.#places.values()].some(each => each.shown))
  }

  close() {
    this.#closed = true
    for (const place of this.#places.keys()) place.close()
    this.#work?.close()
  }
}
