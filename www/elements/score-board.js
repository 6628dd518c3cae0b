// A published protocol run here, beside the rows of the paper: each seed as it goes, mean and standard error, a table to take along.
// Fires `score` with { first, count, steps }, `stop`, `table`.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

/**
 * @typedef {{ modes: number, high_quality: number, reverse_kl: number | null }} Found
 * @typedef {{ seed: number, step: number, steps: number, seconds: number, done: boolean, found: Found | null }} Run
 * @typedef {{ mean: number, error: number }} Spread
 * @typedef {{ modes: Spread, high_quality: Spread, reverse_kl: Spread }} Scores
 * @typedef {{ name: string, scores: Scores }} Row
 */

const share = value => number(value * 100, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const decimals = places => value => number(value, { minimumFractionDigits: places, maximumFractionDigits: places })
const columns = /** @type {const} */ ([['modes', decimals(1)], ['high_quality', share], ['reverse_kl', decimals(3)]])

export class ScoreBoard extends LitElement {
  static properties = {
    total: { type: Number }, steps: { type: Number }, runs: { attribute: false }, scores: { attribute: false }, published: { attribute: false },
    running: { type: Boolean }, other: {}, first: { state: true }, count: { state: true }, budget: { state: true },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 1rem; }
    .ask { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: end; }
    .ask label { display: grid; gap: 0.2rem; }
    .ask input { width: 8rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums lining-nums; }
    th, td { text-align: end; padding: 0.4rem 0 0.4rem 0.9rem; border-bottom: 1px solid var(--rule); white-space: nowrap; font-weight: inherit; }
    th:first-child { text-align: start; padding-left: 0; white-space: normal; }
    thead th { color: var(--ink-soft); font-size: var(--step--1); vertical-align: bottom; white-space: normal; }
    tr.mean > * { font: 600 1.05rem/1.4 var(--serif); border-bottom-color: var(--edge); }
    tbody.published { color: var(--ink-soft); }
    tbody.published th[colspan] { max-width: 18rem; padding-top: 1.1rem; font-size: var(--step--1); }
    progress { width: 5rem; accent-color: var(--ink); vertical-align: middle; }
  `]

  constructor() {
    super()
    /** Modes there are to find. */
    this.total = 0
    /** The preset's own budget. */
    this.steps = 0
    /** @type {Run[]} */
    this.runs = []
    /** @type {Scores | null} over the runs that have ended */
    this.scores = null
    /** @type {Row[]} */
    this.published = []
    this.running = false
    /** The dataset that the protocol is running on, where that is another. */
    this.other = ''
    this.first = 101
    this.count = 3
    this.budget = 0
    this.localized = new Localized(this)
  }

  /** @param {'score' | 'stop' | 'table'} name @param {object} [detail] */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  start() {
    this.tell('score', { first: this.first, count: this.count, steps: this.budget || this.steps })
  }

  /** @param {'first' | 'count' | 'budget'} key @param {number} value @param {number} least @param {number} most */
  field(key, value, least, most) {
    const take = event => {
      const asked = Math.round(Number(event.target.value)) || least
      this[key] = Math.min(most, Math.max(least, asked))
      event.target.value = String(this[key])
    }
    return html`<label><span class="small soft">${t(`score.${key}`)}</span>
      <input type="number" data-field=${key} min=${least} max=${most} .value=${String(value)} ?disabled=${this.running} @change=${take}></label>`
  }

  /** @param {Run} run */
  runRow({ seed, step, steps, seconds, done, found }) {
    const cells = columns.map(([key, write]) => html`<td data-figure=${key}>${found ? (key === 'modes' ? number(found.modes) : write(found[key] ?? NaN)) : '–'}</td>`)
    return html`<tr data-seed=${seed}><th scope="row">${t('score.seed', { seed: String(seed) })} ${done ? nothing : html`<progress max=${steps} .value=${step} aria-label=${t('score.progress', { step, steps })}></progress>`}</th>
      ${cells}<td>${number(step)}</td><td>${number(seconds, { maximumFractionDigits: 0 })}</td></tr>`
  }

  /** @param {Scores} scores */
  spreads(scores) {
    return columns.map(([key, write]) => html`<td data-figure=${key}>${write(scores[key].mean)}${Number.isFinite(scores[key].error) ? ` ± ${write(scores[key].error)}` : nothing}</td>`)
  }

  render() {
    const ended = this.runs.filter(({ done }) => done).length
    return html`<div class="ask">${this.field('first', this.first, 0, 4_000_000)}${this.field('count', this.count, 1, 10)}${this.field('budget', this.budget || this.steps, 100, 1_000_000)}
        ${this.running ? html`<button type="button" data-command="stop-score" @click=${() => this.tell('stop')}>${t('score.stop')}</button>`
          : html`<button type="button" class="primary" data-command="score" ?disabled=${Boolean(this.other)} @click=${this.start}>${t('score.start')}</button>`}
        <button type="button" data-command="score-table" ?disabled=${!this.runs.length} @click=${() => this.tell('table')}>${t('score.table')}</button></div>
      ${this.other ? html`<p class="small soft">${t('score.other', { name: this.other })}</p>` : nothing}
      <p class="hidden-text" role="status">${this.running || ended ? t('score.said', { ended, count: this.runs.length }) : ''}</p>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('score.heading')}><table>
        <thead><tr><th scope="col"></th><th scope="col">${t('score.modes', { total: this.total })}</th><th scope="col">${t('score.high_quality')}</th>
          <th scope="col">${t('score.reverse_kl')}</th><th scope="col">${t('score.iterations')}</th><th scope="col">${t('score.seconds')}</th></tr></thead>
        <tbody class="ours">${this.runs.map(run => this.runRow(run))}
          ${this.scores ? html`<tr class="mean"><th scope="row">${t('score.mean', { count: ended })}</th>${this.spreads(this.scores)}<td></td><td></td></tr>` : nothing}</tbody>
        <tbody class="published"><tr><th scope="rowgroup" colspan="6">${t('score.published')}</th></tr>
          ${this.published.map(({ name, scores }) => html`<tr><th scope="row">${name}</th>${this.spreads(scores)}<td>${number(400_000)}</td><td></td></tr>`)}</tbody>
      </table></div>
      <details><summary>${t('score.protocol')}</summary><p class="small">${t('score.protocol_text')}</p></details>`
  }
}

customElements.define('score-board', ScoreBoard)
