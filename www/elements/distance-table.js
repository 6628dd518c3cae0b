// How far apart things are, each from each: a table of numbers on cells that darken with the distance.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import './face-picture.js'
import { Localized, number, t } from '../i18n/translate.js'

export class DistanceTable extends LitElement {
  static properties = { names: { attribute: false }, pictures: { attribute: false }, distances: { attribute: false }, most: { type: Number }, label: {} }

  static styles = [controls, css`
    .wide { overflow-x: auto; }
    table { border-collapse: separate; border-spacing: 2px; font-variant-numeric: tabular-nums; }
    th { padding: 0; width: 2.6rem; }
    td { width: 2.6rem; height: 2.6rem; text-align: center; font-size: var(--step--1); background: color-mix(in srgb, var(--made) calc(var(--share) * 45%), var(--sheet)); border: 1px solid var(--rule); }
    td.same { background: var(--well); color: var(--ink-soft); }
  `]

  constructor() {
    super()
    /** @type {string[]} */
    this.names = []
    /** @type {(ImageData | undefined)[]} */
    this.pictures = []
    /** @type {number[][]} */
    this.distances = []
    /** The distance of the darkest cell. */
    this.most = 1
    this.label = ''
    this.localized = new Localized(this)
  }

  head(index, scope) {
    return html`<th scope=${scope}><face-picture label=${this.names[index]} .picture=${this.pictures[index]}></face-picture></th>`
  }

  render() {
    const { distances, most } = this
    return html`<div class="wide"><table aria-label=${this.label}><thead><tr><td class="same"><span class="hidden-text">${t('faces.photo')}</span></td>${distances.map((_, index) => this.head(index, 'col'))}</tr></thead>
      <tbody>${distances.map((row, index) => html`<tr>${this.head(index, 'row')}${row.map((value, column) => column === index
          ? html`<td class="same">–</td>` : html`<td .style=${`--share: ${Math.min(1, value / most)}`}>${number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</td>`)}</tr>`)}</tbody></table></div>`
  }
}

customElements.define('distance-table', DistanceTable)
