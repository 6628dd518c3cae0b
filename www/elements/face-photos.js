// The photos of one person, each with its confidence, which can be set by hand, and how far its features are from the others'.
// Fires `choose` and `remove` with { id }, `weight` with { id, weight, done }; weight null: as the encoder says.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import './face-picture.js'
import { Localized, number, percent, t } from '../i18n/translate.js'

/**
 * @typedef {object} PhotoRow
 * @property {number} id
 * @property {string} name
 * @property {ImageData | undefined} picture as the networks see it
 * @property {number | undefined} confidence by the encoder, 0..1
 * @property {number | null} weight the visitor's own
 * @property {number} share of the fused features, 0..1
 * @property {number | undefined} distance mean distance to the other photos' features
 * @property {boolean} found whether the square is the detector's
 * @property {boolean} placed whether it is anywhere yet
 * @property {boolean} [kept] features without a photo: nothing to look at or to take away
 */

export class FacePhotos extends LitElement {
  static properties = { rows: { attribute: false }, chosen: { type: Number } }

  static styles = [controls, css`
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.6rem; }
    li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr) auto; gap: 0.3rem 0.75rem; align-items: start; border: 1px solid var(--rule); background: var(--sheet); padding: 0.5rem; }
    li[data-chosen] { border-color: var(--ink); box-shadow: inset 4px 0 0 var(--ink); padding-inline-start: 0.75rem; }
    .pick { padding: 0; border: 0; width: 4.5rem; min-height: 0; background: none; display: block; }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
    .weight { display: grid; grid-template-columns: auto minmax(3rem, 1fr) 2.6rem; gap: 0 0.5rem; align-items: center; }
    .weight input { height: 1.5rem; }
    output { text-align: end; font-variant-numeric: tabular-nums; }
    .remove { min-height: 1.9rem; min-width: 1.9rem; padding: 0; }
    .facts { display: flex; flex-wrap: wrap; gap: 0 0.9rem; font-variant-numeric: tabular-nums; }
    button.plain { min-height: 1.6rem; padding: 0; font-size: var(--step--1); }
  `]

  constructor() {
    super()
    /** @type {PhotoRow[]} */
    this.rows = []
    this.chosen = 0
    this.localized = new Localized(this)
  }

  fire(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }

  /** @param {PhotoRow} row */
  weight({ id, confidence, weight, share }) {
    const value = weight ?? confidence ?? 0
    return html`<label class="weight small"><span>${t('faces.confidence')}</span>
        <input type="range" min="0" max="1" step="0.01" .value=${value.toFixed(2)} ?disabled=${confidence === undefined} aria-valuetext=${number(value, { maximumFractionDigits: 2 })}
          @input=${event => this.fire('weight', { id, weight: Number(event.target.value), done: false })} @change=${event => this.fire('weight', { id, weight: Number(event.target.value), done: true })}>
        <output>${confidence === undefined ? '' : number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}</output></label>
      ${weight === null ? nothing : html`<button type="button" class="plain" data-command="own-confidence" @click=${() => this.fire('weight', { id, weight: null, done: true })}>${t('faces.confidence_reset', { value: number(confidence ?? 0, { maximumFractionDigits: 2 }) })}</button>`}
      ${this.rows.length > 1 && confidence !== undefined ? html`<span>${t('faces.share', { share: percent(share) })}</span>` : nothing}`
  }

  /** @param {PhotoRow} row */
  row(row) {
    const { id, name, picture, distance, found, placed, kept } = row
    const shown = html`<face-picture plain kind="real" .picture=${picture}></face-picture>`
    const chosen = !kept && id === this.chosen
    return html`<li data-photo=${id} ?data-chosen=${chosen}>
      ${kept ? html`<div class="pick">${shown}</div>` : html`<button type="button" class="pick" aria-pressed=${chosen ? 'true' : 'false'} aria-label=${t('faces.show_photo', { name })} @click=${() => this.fire('choose', { id })}>${shown}</button>`}
      <div><p class="name small">${name}</p>
        ${found || !placed ? nothing : html`<p class="small soft">${t('faces.by_hand')}</p>`}
        ${placed ? this.weight(row) : nothing}
        ${distance === undefined ? nothing : html`<span class="small soft">${t('faces.distance', { value: number(distance, { maximumFractionDigits: 2 }) })}</span>`}</div>
      ${kept ? nothing : html`<button type="button" class="remove" data-command="remove-photo" aria-label=${t('faces.remove_photo', { name })} title=${t('faces.remove_photo', { name })} @click=${() => this.fire('remove', { id })}>×</button>`}
    </li>`
  }

  render() {
    return html`<ul>${this.rows.map(row => this.row(row))}</ul>`
  }
}

customElements.define('face-photos', FacePhotos)
