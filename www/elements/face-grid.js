// Made faces in rows and columns: one person a row, one yaw a column; under each, what was read back from it.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import './face-picture.js'
import { Localized } from '../i18n/translate.js'

/** @typedef {{ picture: ImageData | undefined, label: string, lines?: string[] }} Cell */

export class FaceGrid extends LitElement {
  static properties = { columns: { attribute: false }, rows: { attribute: false }, label: {} }

  static styles = [controls, css`
    .wide { overflow-x: auto; }
    table { border-collapse: separate; border-spacing: 0.35rem; width: 100%; table-layout: fixed; min-width: 21rem; }
    th { font-weight: 600; font-size: var(--step--1); padding: 0.1rem; overflow-wrap: anywhere; }
    th[scope='row'] { text-align: start; width: 5.5rem; }
    td { padding: 0; vertical-align: top; }
    .line { font-size: 0.75rem; line-height: 1.35; text-align: center; color: var(--ink-soft); font-variant-numeric: tabular-nums; display: block; }
    @media (max-width: 30rem) { table { border-spacing: 0.15rem; } th[scope='row'] { width: 3.6rem; } }
  `]

  constructor() {
    super()
    /** @type {string[]} */
    this.columns = []
    /** @type {{ name: string, cells: Cell[] }[]} */
    this.rows = []
    this.label = ''
    this.localized = new Localized(this)
  }

  render() {
    return html`<div class="wide" tabindex="0" role="group" aria-label=${this.label}><table aria-label=${this.label}>
      <thead><tr><td></td>${this.columns.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${this.rows.map(({ name, cells }) => html`<tr><th scope="row">${name}</th>${cells.map(({ picture, label, lines = [] }) => html`<td>
        <face-picture kind="made" .picture=${picture} label=${label}></face-picture>${lines.length ? lines.map(line => html`<span class="line">${line}</span>`) : nothing}</td>`)}</tr>`)}</tbody></table></div>`
  }
}

customElements.define('face-grid', FaceGrid)
