// People as they were taken once, and below, row by row, turned to one side after another: one column a person.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './pixel-picture.js'

/** @typedef {{ data: Uint8ClampedArray, shape: number[], rows: string[] }} Rows shape: all pictures, h, w, 4; rows: `input`, then degrees */

export class TurnedRows extends LitElement {
  static properties = { rows: { attribute: false }, columns: { type: Number } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    table { border-collapse: separate; border-spacing: clamp(2px, 0.6vw, 6px); width: 100%; table-layout: fixed; }
    th { width: 3.2rem; padding: 0; font: 400 var(--step--1)/1.3 inherit; color: var(--ink-soft); text-align: end; font-variant-numeric: tabular-nums; }
    td { padding: 0; }
    tr.input td { padding-bottom: 0.6rem; }
  `]

  constructor() {
    super()
    /** @type {Rows | undefined} */
    this.rows = undefined
    /** People shown, of those in a row. */
    this.columns = 6
    this.localized = new Localized(this)
  }

  /** @param {string} row */
  name(row) {
    return row === 'input' ? t('turned.input') : t('turned.yaw', { yaw: row.replace('-', '−') })
  }

  render() {
    const { rows, columns } = this
    if (!rows) return html`<p class="small soft">${t('turned.waiting')}</p>`
    const [count, height, width] = rows.shape
    const people = count / rows.rows.length
    return html`<table aria-label=${t('turned.label')}><tbody>${rows.rows.map((row, at) => html`<tr class=${row === 'input' ? 'input' : 'made'}><th scope="row">${this.name(row)}</th>
      ${Array.from({ length: Math.min(columns, people) }, (_, person) => html`<td><pixel-picture label=${t('turned.item', { person: person + 1, row: this.name(row) })}
        .pixels=${rows.data} .width=${width} .height=${height} .index=${at * people + person}></pixel-picture></td>`)}</tr>`)}</tbody></table>
      <p class="small soft">${t('turned.note')}</p>`
  }
}

customElements.define('turned-rows', TurnedRows)
