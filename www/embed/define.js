// The public custom elements. What every page gets at once is small: a poster and the rules of when to fetch the rest.
import { asAtelierError } from '../engine/protocol.js'
import { announceTheme } from '../elements/draw/palette.js'
import { keepKeys, openDataset, schemeAt, schemeProbe, watchSight } from './around.js'
import { explained, warnOnce } from './explain.js'
import { failed, invitation, waiting } from './poster.js'
import { schemeFor, sheetsFor, unsaid, zoomIn } from './look.js'
import { policyTells, watchPolicy, withPolicy } from './policy.js'
import { news, remark, unread } from './remarks.js'

/**
 * @typedef {object} Live what an opened element holds
 * @property {() => void} close
 * @property {(shown: boolean) => void} [attend] whether anybody can see it
 * @property {(name: string, ...args: any[]) => any} [command] what a frame's host may ask for
 * @property {any} [progress] how far a learner has come
 *
 * @typedef {object} Kind
 * @property {string} poster its texts
 * @property {string[]} attributes that start it anew when they change
 * @property {() => Promise<{ open: (host: Embedded, mount: HTMLElement) => Promise<Live> }>} module
 */


/** One atelier for all elements of a page, and so one download of each engine. @type {Promise<any> | undefined} */
let opening
/** @type {() => Promise<any>} */
let openAtelier
/** @type {Set<(progress: any) => void>} */
const loadListeners = new Set()

/** When the page's letters may have another size than before. */
const mayChangeLetters = ['resize', 'load']

/** Commands that take a step, and leave it at that. */
const single = ['step', 'discriminator', 'generator']

// A server has no elements: there the classes are never used, but the module can be read.
const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {})

export class Embedded extends Base {
  /** @type {Kind} */
  static kind
  /** @type {Live | null} */
  #live = null
  #state = 'poster'
  /** Ends the watch over whether it can be seen. */
  #unwatch = () => {}
  /** What watching told last: it tells changes alone. */
  #shown = true
  #turn = 0
  #asked = true
  /** Ends when what was begun last is open, or has failed. */
  #opening = Promise.resolve()
  /** What is to be told once it is open. @type {any} */
  #ready = undefined
  #restarting = false
  #zoom = 0
  /** The last thing that happened and is worth a line. @type {HTMLElement | undefined} */
  #news
  /** What else it was given and cannot use: a frame's address has parameters that are no attributes. @type {string[]} */
  unread = []
  /** @type {any} */
  #kept = null
  /** What had been reached before it was started anew. @type {any} */
  #reached = null
  /** Opened for single steps, which nothing else shall precede. */
  #held = false
  /** @type {MediaQueryList | undefined} */
  #system
  /** Where `theme` follows the page. @type {HTMLElement | undefined} */
  #probe

  static get observedAttributes() {
    return ['lang', 'theme', 'hide', 'autoplay', ...this.kind.attributes]
  }

  get kind() { return /** @type {typeof Embedded} */ (this.constructor).kind }

  /** One of ours: its own, or that of the page around it. */
  get language() {
    const wish = this.getAttribute('lang') ?? this.closest('[lang]')?.getAttribute('lang') ?? navigator.language
    return /^zh/i.test(wish) ? 'zh-Hant' : 'en'
  }

  /** @param {string} part @returns {boolean} */
  hides(part) { return (this.getAttribute('hide') ?? '').split(/[\s,]+/).includes(part) }

  /** Frameworks write `autoplay="false"` where they mean none. @param {string} name of an attribute that is there or not */
  wishes(name) { return this.hasAttribute(name) && this.getAttribute(name) !== 'false' }

  /** It began by itself, before somebody who asked for less motion, or for a single step: what moves waits for a click. */
  get still() { return this.#held || (!this.#asked && matchMedia('(prefers-reduced-motion: reduce)').matches) }

  /** What `progress` was on another day: a page that keeps it gives it back before the element is opened. @type {any} */
  get kept() { return this.#kept }
  set kept(kept) {
    this.#kept = kept
    this.#reached = null
  }

  /** What it begins with: what was reached here, or else on another day. The seed is the page's, or the lesson's own. */
  get carried() {
    const { lesson, goals, choice } = this.#reached ?? {}
    return lesson ? { ...(this.#kept?.lesson === lesson && this.#kept), lesson, goals, choice } : this.#kept
  }

  /** Of a lesson: its goals, seed and choice, as plain data; null until it is open. */
  get progress() { return this.#live?.progress ?? null }

  /** 'poster', 'opening', 'open' or 'failed'. */
  get state() { return this.#state }

  connectedCallback() {
    if (!this.shadowRoot) {
      this.attachShadow({ mode: 'open' })
      keepKeys(this)
    }
    // Given before the browser knew this element.
    if (Object.hasOwn(this, 'kept')) {
      const { kept } = this
      delete this.kept
      this.kept = kept
    }
    this.#system ??= matchMedia('(prefers-color-scheme: dark)')
    this.#system.addEventListener('change', this.#dress)
    for (const event of mayChangeLetters) addEventListener(event, this.#fit)
    this.#dress()
    if (this.#state === 'poster') this.#invite()
    this.#unwatch = watchSight(this, shown => this.#seen(shown))
  }

  disconnectedCallback() {
    this.#system?.removeEventListener('change', this.#dress)
    for (const event of mayChangeLetters) removeEventListener(event, this.#fit)
    this.#unwatch()
    // One that is only moved elsewhere is connected again at once.
    setTimeout(() => { if (!this.isConnected) this.#shut() })
  }

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    if (before === after || !this.shadowRoot) return
    if (name === 'theme') return this.#dress()
    if (this.#state === 'poster') return this.#invite()
    if (name === 'autoplay') return
    // Several attributes that change together start it once.
    if (!this.#restarting) queueMicrotask(() => { this.#restarting = false; this.#restart() })
    this.#restarting = true
  }

  #dress = () => {
    const root = /** @type {ShadowRoot} */ (this.shadowRoot)
    this.#zoom = zoomIn(root)
    root.adoptedStyleSheets = sheetsFor(this.#scheme(root), this.#zoom)
    if (this.#probe) root.adoptedStyleSheets.push(unsaid())
    announceTheme()
  }

  /** @param {ShadowRoot} root */
  #scheme(root) {
    const wish = this.getAttribute('theme')
    if (wish !== 'page') {
      this.#probe?.remove()
      this.#probe = undefined
      return schemeFor(wish)
    }
    this.#probe ??= schemeProbe(this.#dress)
    root.append(this.#probe)
    root.adoptedStyleSheets = [unsaid()]
    return schemeAt(this.#probe)
  }

  /** The page's styles may come late, and its letters follow the window. */
  #fit = () => { if (zoomIn(/** @type {ShadowRoot} */ (this.shadowRoot)) !== this.#zoom) this.#dress() }

  /** @param {Node[]} parts */
  #show(...parts) {
    const { observedAttributes } = /** @type {typeof Embedded} */ (this.constructor)
    const names = unread(this, observedAttributes, this.unread)
    if (names.length) warnOnce(`<${this.localName}> cannot use: ${names.join(', ')}`)
    const nodes = [...parts, ...(names.length ? [remark(this.language, names)] : []), ...(this.#news?.isConnected ? [this.#news] : [])]
    // Only what is gone is taken away: moving an element would end what runs in it.
    for (const child of [.../** @type {ShadowRoot} */ (this.shadowRoot).children]) if (child !== this.#probe && !nodes.includes(child)) child.remove()
    for (const node of nodes) if (!node.isConnected) this.shadowRoot?.append(node)
  }

  #invite() {
    this.#show(invitation(this.language, this.kind.poster, () => this.start()))
  }

  /** @param {boolean} shown */
  #seen(shown) {
    this.#shown = shown
    if (shown && this.#state === 'poster' && this.wishes('autoplay')) {
      this.start()
      this.#asked = false
    }
    this.#live?.attend?.(shown)
  }

  /** Fetches what is needed and begins; what a click on the poster does. @returns {Promise<void>} */
  start() {
    return this.#begin(false)
  }

  /** @param {boolean} held it shall not play by itself */
  #begin(held) {
    if (this.#state !== 'opening' && this.#state !== 'open') {
      this.#held = held
      this.#opening = this.#open()
    }
    return this.#opening
  }

  async #open() {
    const turn = ++this.#turn
    this.#asked = true
    this.#state = 'opening'
    this.#ready = undefined
    const mount = document.createElement('div')
    mount.lang = this.language
    mount.hidden = true
    mount.tabIndex = -1
    mount.style.outline = 'none'
    const focused = Boolean(this.shadowRoot?.activeElement)
    // In its place from the start: what is drawn there speaks this element's language.
    this.#show(waiting(this.language), mount)
    try {
      const { open } = await this.kind.module()
      const live = await open(this, mount)
      if (turn !== this.#turn) return live.close()
      this.#live = live
      this.#state = 'open'
      mount.hidden = false
      this.#show(mount)
      // Scrolled past while it was opened.
      live.attend?.(this.#shown)
      // The button that was pressed is gone.
      if (focused && document.activeElement === document.body) mount.focus({ preventScroll: true })
      if (this.#ready) this.fire('ready', this.#ready)
    } catch (error) {
      await policyTells()
      if (turn === this.#turn) await this.fail(error)
    }
  }

  /** Nothing works any more: says so in place. @param {any} cause */
  async fail(cause) {
    const error = this.report(cause)
    this.#shut()
    this.#state = 'failed'
    const turn = this.#turn
    const message = await explained(this.language, error)
    if (turn === this.#turn) this.#show(failed(this.language, message, () => this.start()))
  }

  /** @param {any} cause */
  report(cause) {
    const error = withPolicy(asAtelierError(cause))
    this.fire('error', { code: error.code, message: error.message, details: error.details })
    return error
  }

  /**
   * Its worker was lost, and another one has taken its place: told to the page, and said in one line below.
   * @param {{ reason: string, step?: number }} what @param {Parameters<typeof news>[2]} said
   */
  recovered(what, said) {
    this.fire('recovered', what)
    this.#news?.remove()
    this.#news = news(this.language, 'recovered', said)
    this.shadowRoot?.append(this.#news)
  }

  /** @param {'ready' | 'report' | 'recovered' | 'error'} name @param {any} detail */
  fire(name, detail) {
    // Whoever hears that it is ready may use it at once.
    if (name === 'ready' && this.#state === 'opening') this.#ready = detail
    else this.dispatchEvent(new CustomEvent(`atelier-${name}`, { detail, bubbles: true, composed: true }))
  }

  /** The atelier that all elements of this page share. */
  atelier() {
    opening ??= openAtelier()
    opening.catch(() => { opening = undefined })
    return opening
  }

  /** Hears how far a download is. @param {(progress: any) => void} listener @returns {() => void} stops listening */
  onLoad(listener) {
    loadListeners.add(listener)
    return () => loadListeners.delete(listener)
  }

  #restart() {
    if (!this.isConnected) return
    const asked = this.#asked
    // What was reached stays reached in another language, or with other parts shown.
    this.#reached = this.progress ?? this.#reached
    this.#shut()
    this.start()
    this.#asked = asked
  }

  #shut() {
    this.#turn++
    this.#news?.remove()
    this.#live?.close()
    this.#live = null
    this.#state = 'poster'
  }

  /** What the host of a frame may ask for, and a script beside the element as well. @param {string} name @param {any[]} args */
  async command(name, ...args) {
    if (name === 'start') return this.start()
    // On a poster there is nothing to pause yet, nor to begin anew; what is asked for one after the other is done so, attributes too.
    if (['opening', 'open'].includes(this.#state) || !['pause', 'reset'].includes(name)) {
      do await this.#begin(single.includes(name))
      while (this.#restarting || this.#state === 'opening')
    }
    return this.#live?.command?.(name, ...args)
  }

  play() { return this.command('play') }
  pause() { return this.command('pause') }
  reset() { return this.command('reset') }
}

openDataset(Embedded)

/**
 * Defines all of them, or none: beside another version of this module the first that came serves the whole page, so that no
 * element is made of two versions' parts.
 * @param {(options: any) => Promise<any>} open @param {Record<string, Kind>} kinds by tag @param {{ device?: string }} [options] of every atelier that they open
 */
export function defineElements(open, kinds, options = {}) {
  if (typeof customElements === 'undefined') return
  openAtelier = () => open({ ...options, onProgress: (/** @type {any} */ progress) => loadListeners.forEach(listener => listener(progress)) })
  if (Object.keys(kinds).some(tag => customElements.get(tag))) return
  watchPolicy()
  for (const [tag, kind] of Object.entries(kinds)) customElements.define(tag, class extends Embedded { static kind = kind })
}
