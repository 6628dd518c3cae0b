// One picture before the appraiser: the score it gets on a small scale from 0 to 1, and its training label in a seal.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import './pixel-picture.js'

export class ScoredPicture extends LitElement {
  static properties = {
    kind: {},
    score: { type: Number },
    index: { type: Number },
    position: { type: Number },
    pixels: { attribute: false },
    width: { type: Number },
    height: { type: Number },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 0.4rem; }
    .scale { position: relative; height: 0.5rem; border-bottom: 1px solid var(--edge); }
    .scale::before { content: ''; position: absolute; left: 50%; bottom: 0; height: 0.3rem; border-left: 1px solid var(--edge); }
    .mark { position: absolute; bottom: -0.3rem; left: 0; width: 0.6rem; height: 0.6rem; margin-left: -0.3rem; border-radius: 50%; background: var(--real); }
    .mark.made { border-radius: 0; rotate: 45deg; background: var(--made); }
    .line { display: flex; align-items: center; justify-content: space-between; font-variant-numeric: tabular-nums; margin-top: 0.25rem; gap: 0.25rem; }
    .seal { font-size: 0.8rem; }
  `]

  constructor() {
    super()
    /** @type {'real' | 'made'} */
    this.kind = 'real'
    this.score = NaN
    /** The picture's place in the batch. */
    this.index = 0
    /** Its place in the row that is shown, where that is another. @type {number | undefined} */
    this.position = undefined
    /** @type {Uint8ClampedArray | undefined} */
    this.pixels = undefined
    this.width = 28
    this.height = 28
    this.localized = new Localized(this)
  }

  get target() {
    return this.kind === 'real' ? 1 : 0
  }

  updated() {
    const mark = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.mark'))
    mark?.style.setProperty('left', `${Math.min(Math.max(this.score, 0), 1) * 100}%`)
  }

  /** @param {string} label @returns {unknown} */
  picture(label) {
    return html`<pixel-picture label=${label} .pixels=${this.pixels} .width=${this.width} .height=${this.height} .index=${this.index}></pixel-picture>`
  }

  render() {
    const score = number(this.score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    const words = { kind: t(`page.${this.kind}`), index: (this.position ?? this.index) + 1, score, label: this.target }
    return html`
      ${this.picture(t('train.row_item', words))}
      <div class="scale" aria-hidden="true"><span class="mark ${this.kind}"></span></div>
      <div class="line" aria-hidden="true"><span>${score}</span><span class="seal ${this.kind}">${this.target}</span></div>
    `
  }
}

customElements.define('scored-picture', ScoredPicture)
