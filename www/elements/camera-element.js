// What elements with a camera have in common: it is asked for when they come, let go of when they leave, and what is wrong is kept to be said.
import { LitElement } from 'lit'
import { Localized, has, t } from '../i18n/translate.js'
import { Lens } from './lens.js'

export class CameraElement extends LitElement {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = { problem: { state: true }, ready: { state: true }, several: { state: true } }

  /** Pixels, enough for a photo; asked for, not demanded: a camera gives the nearest it has. */
  wishedWidth = 2560

  constructor() {
    super()
    /** @type {string} a name of DOMException, 'ended', or '' */
    this.problem = ''
    /** Whether there is a picture. */
    this.ready = false
    this.several = false
    this.lens = new Lens()
    this.localized = new Localized(this)
    this.whenHidden = () => this.hide()
  }

  connectedCallback() {
    super.connectedCallback()
    document.addEventListener('visibilitychange', this.whenHidden)
    this.open()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    document.removeEventListener('visibilitychange', this.whenHidden)
    this.stop()
  }

  /** The page was hidden, or is shown again. */
  hide() {}

  /** There is a picture, the first or one of another size. */
  seen() {
    this.ready = true
  }

  stop() {
    this.lens.stop()
    this.ready = false
  }

  /** @param {string} problem */
  end(problem) {
    this.stop()
    if (this.isConnected) this.problem = problem
  }

  async open() {
    this.stop()
    this.problem = ''
    try {
      await this.updateComplete
      if (!this.isConnected) return
      await this.lens.open(this.video, this.wishedWidth, { seen: () => this.seen(), lost: () => this.end('ended') })
      this.several = this.lens.several
    } catch (error) {
      this.end(/** @type {DOMException} */ (error).name || 'unknown')
    }
  }

  /** What is wrong, in the visitor's language, or ''. */
  get said() {
    const key = `stylize.camera_${this.problem}`
    return this.problem && t(has(key) ? key : 'stylize.camera_problem')
  }

  async turn() {
    await this.lens.turn()
    this.open()
  }

  get video() {
    return /** @type {HTMLVideoElement} */ (this.renderRoot.querySelector('video'))
  }

  /** @param {string} name @param {object} [detail] */
  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}
