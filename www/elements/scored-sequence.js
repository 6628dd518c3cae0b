// One sequence before the appraiser, as a picture is: score, training label, and its class where it has one.
import { html, nothing } from 'lit'
import { className } from './class-choice.js'
import { ScoredPicture } from './scored-picture.js'
import './sequence-picture.js'

export class ScoredSequence extends ScoredPicture {
  static properties = { ...ScoredPicture.properties, sequences: { attribute: false }, ranges: { attribute: false }, of: {} }

  constructor() {
    super()
    /** @type {import('./draw/signal.js').Sequences | undefined} */
    this.sequences = undefined
    /** @type {[number, number][]} */
    this.ranges = []
    /** The class. @type {string | undefined} */
    this.of = undefined
  }

  /** @param {string} label */
  picture(label) {
    const said = this.of === undefined ? label : `${className(this.of)}. ${label}`
    return html`<sequence-picture label=${said} kind=${this.kind} .sequences=${this.sequences} .ranges=${this.ranges} .index=${this.index}></sequence-picture>
      ${this.of === undefined ? nothing : html`<span class="of small soft" aria-hidden="true">${className(this.of)}</span>`}`
  }
}

customElements.define('scored-sequence', ScoredSequence)
