// One latent a row, one class a column: what is common to a row is the latent's, what is common to a column is the class's.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './pixel-picture.js'

/** @typedef {{ name: string, data: Uint8ClampedArray, shape: number[] }} Column shape: rows, h, w, 4 */

export class ClassGrid extends LitElement {
  static properties = { columns: { attribute: false } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.8rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: separate; border-spacing: 0.3rem; width: 100%; table-layout: fixed; }
    th { font: 600 1rem/1.3 var(--serif); padding: 0; overflow: hidden; text-overflow: ellipsis; }
    td { padding: 0; min-width: 1.6rem; }
    table.wide { width: auto; }
    .wide td, .wide th { width: 2.2rem; }
  `]

  constructor() {
    super()
    /** @type {Column[]} */
    this.columns = []
    this.localized = new Localized(this)
  }

  render() {
    const { columns } = this
    const rows = columns[0]?.shape[0] ?? 0
    /** @type {(column: Column, row: number) => unknown} */
    const cell = ({ name, data, shape: [, height, width] }, row) => html`<td><pixel-picture label=${t('acgan.cell', { name, row: row + 1 })} .pixels=${data} .width=${width} .height=${height} .index=${row}></pixel-picture></td>`
    return html`<div class="scroll" tabindex=${columns.length > 12 ? 0 : -1} role="group" aria-label=${t('acgan.classes')}><table class=${columns.length > 12 ? 'wide' : ''}>
        <thead><tr>${columns.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${Array.from({ length: rows }, (_, row) => html`<tr>${columns.map(column => cell(column, row))}</tr>`)}</tbody></table></div>
      <p class="small soft">${t('acgan.classes_note')}</p>`
  }
}

customElements.define('class-grid', ClassGrid)
