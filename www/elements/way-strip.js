// A few latents over time: one a row, a recorded step a column.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import './made-grid.js'

/** @typedef {{ step: number, tiles: import('./draw/grid.js').Tile[] }} Column as many tiles in each */

export class WayStrip extends LitElement {
  static properties = { columns: { attribute: false }, most: { type: Number }, ranges: { attribute: false }, given: { type: Boolean } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.35rem; }
    h3 { font-size: 1rem; }
    .steps { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); text-align: center; font-variant-numeric: tabular-nums; }
  `]

  constructor() {
    super()
    /** @type {Column[]} */
    this.columns = []
    /** Columns that fill the width. */
    this.most = 6
    /** Each row is a picture that was given, instead of a latent. */
    this.given = false
    /** @type {[number, number][]} */
    this.ranges = []
    this.localized = new Localized(this)
  }

  render() {
    const { columns, ranges, most, given } = this
    const rows = columns[0]?.tiles.length ?? 0
    if (!rows) return nothing
    const tiles = Array.from({ length: rows * columns.length }, (_, at) => columns[at % columns.length].tiles[Math.floor(at / columns.length)])
    const steps = columns.map(({ step }) => number(step))
    return html`<h3>${t('way.strip')}</h3>
      <div class="rows" .style=${`max-width: ${(100 * columns.length) / most}%`}><made-grid label=${t('way.strip_text', { count: rows, steps: steps.join(t('note.separator')) })} .tiles=${tiles} columns=${columns.length} .ranges=${ranges}></made-grid>
      <div class="steps small soft" aria-hidden="true">${steps.map(step => html`<span>${step}</span>`)}</div></div>
      <p class="small soft">${t(given ? 'way.strip_given' : 'way.strip_note')}</p>`
  }
}

customElements.define('way-strip', WayStrip)
