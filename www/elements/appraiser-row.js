// The appraiser at work: a row of real and a row of made pictures, each with its score and its label.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './scored-picture.js'

/** @typedef {{ data: Uint8ClampedArray, shape: number[], scores: Float32Array }} ScoredBatch shape: n, h, w, 4 */

export class AppraiserRow extends LitElement {
  static properties = { real: { attribute: false }, fake: { attribute: false } }

  static styles = [controls, css`
    :host { display: grid; gap: 1.25rem; container-type: inline-size; }
    h3 { display: flex; align-items: center; gap: 0.5rem; font-size: 1rem; margin-bottom: 0.5rem; }
    h3 .seal { font-size: 0.85rem; }
    .pictures { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); gap: 0.75rem clamp(0.4rem, 1.2cqi, 0.9rem); }
    @container (max-width: 27rem) { .pictures { grid-template-columns: repeat(4, minmax(0, 1fr)); } scored-picture:nth-child(n + 9) { display: none; } }
    .waiting { aspect-ratio: 1 / 1.45; border: 1px dashed var(--rule); }
  `]

  constructor() {
    super()
    /** @type {ScoredBatch | undefined} */
    this.real = undefined
    /** @type {ScoredBatch | undefined} */
    this.fake = undefined
    this.localized = new Localized(this)
  }

  /** @param {ScoredBatch | undefined} batch @param {string} kind */
  pictures(batch, kind) {
    if (!batch) return Array.from({ length: 8 }, () => html`<div class="waiting"></div>`)
    const [count, height, width] = batch.shape
    return Array.from({ length: count }, (_, index) => html`
      <scored-picture .kind=${kind} .score=${batch.scores[index]} .index=${index} .pixels=${batch.data} .width=${width} .height=${height}></scored-picture>`)
  }

  /** @param {string} kind */
  heading(kind) {
    return t(kind === 'real' ? 'train.real_row' : 'train.fake_row')
  }

  note() {
    return t('train.row_note')
  }

  row(batch, kind, seal, heading) {
    return html`<section aria-label=${heading}>
      <h3><span class="seal ${kind}" aria-hidden="true">${seal}</span>${heading}</h3>
      <div class="pictures">${this.pictures(batch, kind)}</div>
    </section>`
  }

  render() {
    return html`
      ${this.row(this.real, 'real', '真', this.heading('real'))}
      ${this.row(this.fake, 'made', '仿', this.heading('made'))}
      <p class="small soft">${this.note()}</p>
    `
  }
}

customElements.define('appraiser-row', AppraiserRow)
