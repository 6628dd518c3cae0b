// Pictures of two domains there and back: what went in, what became of it, what came back, with the discriminators' scores.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './pixel-picture.js'
import './scored-picture.js'

/** @typedef {{ data: Uint8ClampedArray, shape: number[], rows: string[], scores: Float32Array }} Rows shape: all pictures, h, w, 4 */

/** Both ways: the domain to start from, and the rows of the batch that show it. */
const ways = [
  { from: 'a', to: 'b', rows: ['a', 'fake_b', 'rec_a'] },
  { from: 'b', to: 'a', rows: ['b', 'fake_a', 'rec_b'] },
]

export class CycleRows extends LitElement {
  static properties = { rows: { attribute: false }, names: { attribute: false }, columns: { type: Number } }

  static styles = [controls, css`
    :host { display: grid; gap: 1.5rem; container-type: inline-size; }
    .ways { display: grid; gap: 1.75rem clamp(1rem, 4cqi, 2.5rem); grid-template-columns: minmax(0, 1fr); }
    @container (min-width: 34rem) { .ways { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
    section { display: grid; gap: 0.75rem; align-content: start; }
    h3 { font-size: 1rem; padding-bottom: 0.35rem; border-bottom: 1px solid var(--rule); }
    h4 { display: flex; align-items: center; gap: 0.4rem; margin: 0 0 0.3rem; font: 400 var(--step--1)/1.4 inherit; color: var(--ink-soft); }
    .pictures { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 0.4rem clamp(0.35rem, 1.2cqi, 0.7rem); }
    .waiting { aspect-ratio: 1; border: 1px dashed var(--rule); }
  `]

  constructor() {
    super()
    /** @type {Rows | undefined} */
    this.rows = undefined
    /** How both domains are called. @type {Record<'a' | 'b', string>} */
    this.names = { a: 'A', b: 'B' }
    /** Pictures in a row. */
    this.columns = 4
    this.localized = new Localized(this)
  }

  /** @param {string} row @param {number} column */
  picture(row, column) {
    const { rows } = this
    if (!rows) return html`<div class="waiting"></div>`
    const [count, height, width] = rows.shape
    const index = rows.rows.indexOf(row) * (count / rows.rows.length) + column
    if (row.startsWith('rec')) return html`<pixel-picture label=${t('pairs.back_item', { index: column + 1 })} .pixels=${rows.data} .width=${width} .height=${height} .index=${index}></pixel-picture>`
    return html`<scored-picture .kind=${row.startsWith('fake') ? 'made' : 'real'} .score=${rows.scores[index]} .position=${column} .index=${index}
        .pixels=${rows.data} .width=${width} .height=${height}></scored-picture>`
  }

  /** @param {string} row @param {string} title */
  row(row, title) {
    return html`<div data-row=${row}><h4>${title}</h4>
      <div class="pictures">${Array.from({ length: this.columns }, (_, column) => this.picture(row, column))}</div></div>`
  }

  way({ from, to, rows }) {
    const [here, there] = [this.names[from], this.names[to]]
    return html`<section aria-label=${t('pairs.way', { here, there })}><h3>${t('pairs.way', { here, there })}</h3>
      ${this.row(rows[0], t('pairs.row_real', { here }))}
      ${this.row(rows[1], t('pairs.row_fake', { there }))}
      ${this.row(rows[2], t('pairs.row_back', { here }))}
    </section>`
  }

  render() {
    return html`<div class="ways">${ways.map(way => this.way(way))}</div><p class="small soft">${t('pairs.rows_note')}</p>`
  }
}

customElements.define('cycle-rows', CycleRows)
