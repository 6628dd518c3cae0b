// The photos of a visit, each with what became of it. Fires `choose`, `cancel`, `retry` and `remove`, each with { id }.
import { LitElement, css, html, nothing } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'
import './picture-thumb.js'

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {ImageBitmap | null} thumb
 * @property {'waiting' | 'painting' | 'done' | 'failed' | 'cancelled'} state
 * @property {string} [text] why it failed
 * @property {number} [share] how far it is, 0..1
 * @property {boolean} [retry] whether another attempt may help
 */

export class PhotoQueue extends LitElement {
  static properties = { rows: { attribute: false }, chosen: {} }

  static styles = [controls, css`
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); max-height: 26rem; overflow: auto; }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.5rem; align-items: center; border: 1px solid var(--rule); background: var(--sheet); }
    li[data-chosen] { border-color: var(--ink); box-shadow: inset 0 -3px 0 var(--ink); }
    .choose { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.7rem; justify-content: start; text-align: start; border: 0; background: none; padding: 0.4rem; min-height: 0; width: 100%; }
    .words { display: grid; }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .state { color: var(--ink-soft); display: block; }
    [data-state='failed'] .state { color: var(--made); }
    [data-state='failed'] { grid-template-columns: minmax(0, 1fr) auto; }
    .bar { display: block; height: 3px; margin-top: 0.25rem; background: var(--rule); }
    .bar i { display: block; height: 100%; background: var(--made); }
    @media (forced-colors: active) { li[data-chosen] { margin: 0; } .bar { height: 9px; border: 1px solid CanvasText; } .bar i { background: Highlight; } }
    .acts { display: flex; flex-wrap: wrap; justify-content: end; padding-inline-end: 0.35rem; }
    .acts button { min-height: 2.1rem; padding: 0 0.35rem; white-space: nowrap; }
    .acts [data-act='remove'] { text-decoration: none; min-width: 2.1rem; }
  `]

  constructor() {
    super()
    /** @type {Row[]} */
    this.rows = []
    this.chosen = ''
    this.localized = new Localized(this)
  }

  fire(name, id) {
    this.dispatchEvent(new CustomEvent(name, { detail: { id } }))
  }

  /** @param {string} name @param {Row} row @param {string} text */
  act(name, row, text) {
    return html`<button type="button" class="plain small" data-act=${name} aria-label=${`${t(`stylize.queue_${name}`)}: ${row.name}`} title=${t(`stylize.queue_${name}`)}
        @click=${() => this.fire(name, row.id)}>${text}</button>`
  }

  /** @param {Row} row */
  row(row) {
    const { id, name, state, thumb, text, share = 0, retry } = row
    const busy = state === 'painting' || state === 'waiting'
    const said = state === 'painting' && share > 0 ? t('stylize.state_painting_share', { share: percent(share) }) : t(`stylize.state_${state}`)
    return html`<li data-item=${name} data-state=${state} ?data-chosen=${id === this.chosen}>
      <button type="button" class="choose" aria-current=${id === this.chosen ? 'true' : nothing} @click=${() => this.fire('choose', id)}>
        <picture-thumb .picture=${thumb}></picture-thumb>
        <span class="words"><span class="name" title=${name}>${name}</span>
          <span class="state small" role="status">${text ?? said}</span>
          ${state === 'painting' ? html`<span class="bar"><i .style=${`width: ${Math.round(share * 100)}%`}></i></span>` : nothing}</span>
      </button>
      <span class="acts">
        ${busy ? this.act('cancel', row, t('stylize.cancel')) : nothing}
        ${retry ? this.act('retry', row, t(state === 'failed' ? 'error.retry' : 'stylize.paint')) : nothing}
        ${busy ? nothing : this.act('remove', row, '✕')}
      </span>
    </li>`
  }

  render() {
    return html`<ul aria-label=${t('stylize.queue')}>${repeat(this.rows, ({ id }) => id, row => this.row(row))}</ul>`
  }
}

customElements.define('photo-queue', PhotoQueue)
