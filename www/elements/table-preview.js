// A table before anything is learned from it: its first rows with what each column is for, and the ways to read it side by side. Fires
// `wish` with { wish } where the visitor says something else of the table, and `learn` with { wish }.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, describeError, t } from '../i18n/translate.js'
import './curve-sketch.js'
import { grouped } from './grouped.js'

const roles = ['value', 'class', 'id', 'time', 'out']
const separators = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' }
/** Columns that are shown: the first ones, and the last, where a class may stand. */
const mostColumns = 12
const lastColumns = 2

export class TablePreview extends LitElement {
  static properties = { name: {}, preview: { attribute: false }, wish: { attribute: false }, busy: { type: Boolean }, chosen: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 1rem; min-width: 0; }
    .scroll { overflow-x: auto; border: 1px solid var(--rule); }
    table { border-collapse: collapse; font-size: var(--step--1); line-height: 1.4; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.2rem 0.55rem; text-align: start; white-space: nowrap; max-width: 11rem; overflow: hidden; text-overflow: ellipsis; border-bottom: 1px solid var(--rule); }
    td { text-align: end; }
    .line { color: var(--ink-soft); text-align: end; }
    td[data-role=value] { color: var(--real); }
    td[data-role=out], td[data-role=id], td[data-role=time] { color: var(--ink-soft); }
    td[data-role=class] { font-weight: 600; }
    th select { min-height: 1.9rem; min-width: 5.5rem; }
    fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); }
    legend { padding: 0; margin-bottom: 0.5rem; font-weight: 600; }
    .way { display: grid; gap: 0.35rem; align-content: start; padding: 0.6rem; border: 1px solid var(--rule); border-radius: 3px; cursor: pointer; }
    .way:has(:checked) { border-color: var(--ink); box-shadow: inset 0 0 0 1px var(--ink); }
    .way:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    .title { display: flex; gap: 0.45rem; align-items: baseline; font-weight: 600; }
    .marks { display: flex; flex-wrap: wrap; gap: 0.5rem 1.2rem; }
    .marks label { display: inline-flex; gap: 0.5rem; align-items: center; }
    .marks select { width: auto; min-height: 2rem; }
    .bad { color: var(--made); }
  `]

  constructor() {
    super()
    this.name = ''
    /** What the module says of the file. @type {any} */
    this.preview = null
    /** What was said about it. @type {Record<string, any>} */
    this.wish = {}
    this.busy = false
    /** The visitor's choice of a way; none: the likeliest. */
    this.chosen = ''
    this.localized = new Localized(this)
  }

  get reading() {
    return this.chosen || this.preview.reading
  }

  get way() {
    return this.preview.ways.find(({ reading }) => reading === this.reading) ?? this.preview.ways[0]
  }

  /** @param {Record<string, any>} changes */
  say(changes) {
    this.dispatchEvent(new CustomEvent('wish', { detail: { wish: { ...this.wish, ...changes } }, bubbles: true, composed: true }))
  }

  /** Only what was said of columns is said again: the rest follows from the reading. @param {number} index @param {string} role */
  give(index, role) {
    const columns = this.preview.columns.map((_, at) => this.wish.columns?.[at] ?? null)
    columns[index] = role
    this.say({ columns, ...(this.chosen && { reading: this.chosen }) })
  }

  learn() {
    const wish = { ...this.wish, reading: this.reading, ...(this.way.roles.length && { columns: this.way.roles }) }
    this.dispatchEvent(new CustomEvent('learn', { detail: { wish }, bubbles: true, composed: true }))
  }

  /** What a column is called. @param {number} index */
  called(index) {
    return this.preview.columns[index].name || t('table.column', { column: index + 1 })
  }

  why() {
    const { preview } = this
    if (this.chosen && this.chosen !== preview.reading) return t('table.why_asked')
    const { why, count, column = 0 } = preview
    return t(`table.why_${why}`, { count, name: preview.columns.length ? this.called(column) : '' })
  }

  /** @param {any} way */
  card(way) {
    const { reading, count, steps, dims, classes, problem } = way
    const facts = () => [t('table.way_count', { count, steps }), ...(dims > 1 ? [t('table.way_values', { values: dims })] : []), ...(classes.length ? [t('card.classes', { count: classes.length })] : [])]
    const text = problem ? describeError({ code: 'InvalidData', details: problem }) : facts().join(t('note.separator'))
    return html`<label class="way tile"><span class="title"><input type="radio" name=${grouped('way')} value=${reading} .checked=${reading === this.reading}
        @change=${() => { this.chosen = reading }}>${t(`table.way_${reading}`)}</span>
      ${problem ? nothing : html`<curve-sketch label=${t('table.way_sketch', { count: way.drawn[0] })} .sequences=${{ data: way.sample, shape: way.drawn }} .ranges=${way.ranges}></curve-sketch>`}
      <span class="small ${problem ? 'bad' : 'soft'}">${text}</span></label>`
  }

  /** The columns that are shown; -1 stands for those between. */
  shown() {
    const count = this.preview.columns.length
    const all = Array.from({ length: count }, (_, index) => index)
    return count <= mostColumns ? all : [...all.slice(0, mostColumns - lastColumns - 1), -1, ...all.slice(count - lastColumns)]
  }

  rows() {
    const { head, lines, columns } = this.preview
    if (!columns.length) return nothing
    const shown = this.shown()
    const between = columns.length - shown.length + 1
    const role = index => this.way.roles[index]
    const choice = index => html`<select aria-label=${t('table.role_of', { name: this.called(index) })} data-column=${index} @change=${event => this.give(index, event.target.value)}>
      ${roles.map(each => html`<option value=${each} .selected=${live(each === role(index))}>${t(`table.role_${each}`)}</option>`)}</select>`
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('table.rows')}><table>
      <thead><tr><th class="line" scope="col">${t('table.line')}</th>${shown.map(index => (index < 0 ? html`<td>…</td>` : html`<th scope="col">${this.called(index)}</th>`))}</tr>
      <tr><td></td>${shown.map(index => (index < 0 ? html`<td class="soft">${t('table.between', { count: between })}</td>` : html`<th>${choice(index)}</th>`))}</tr></thead>
      <tbody>${head.map((cells, row) => html`<tr><td class="line">${lines[row]}</td>${shown.map(index => (index < 0 ? html`<td>…</td>` : html`<td data-role=${role(index)}>${cells[index] ?? ''}</td>`))}</tr>`)}</tbody>
    </table></div>`
  }

  marks() {
    const { separator, decimal, arrays, array } = this.preview
    const select = (name, value, values, text) => html`<label class="small">${t(`table.${name}`)}<select data-mark=${name} @change=${event => this.say({ [name]: event.target.value })}>
      ${values.map(each => html`<option value=${each} .selected=${live(each === value)}>${text(each)}</option>`)}</select></label>`
    if (arrays.length > 1) return html`<div class="marks">${select('array', array, arrays, name => name)}</div>`
    if (!separator) return nothing
    return html`<div class="marks">
      ${select('separator', separator, Object.keys(separators), mark => t(`table.mark_${separators[mark]}`))}
      ${select('decimal', decimal, ['.', ','], mark => t(mark === '.' ? 'table.mark_point' : 'table.mark_comma'))}</div>`
  }

  notes() {
    const { passed } = this.preview
    const { gaps } = this.way
    return [...(passed ? [t('table.passed', { count: passed })] : []), ...(gaps ? [t('table.gaps', { count: gaps })] : [])].join(t('note.space'))
  }

  render() {
    const { preview } = this
    if (!preview) return nothing
    const { rows, columns, sure } = preview
    const notes = this.notes()
    return html`<h3>${columns.length ? t('table.heading', { name: this.name, rows, columns: columns.length }) : this.name}</h3>
      ${this.rows()}${this.marks()}
      ${notes ? html`<p class="small soft">${notes}</p>` : nothing}
      <fieldset><legend>${t('table.ways')}</legend>${preview.ways.map(way => this.card(way))}</fieldset>
      <p class="small" role="status" data-part="why">${this.why()}${sure || this.chosen ? nothing : html` <strong>${t('table.unsure')}</strong>`}</p>
      <div class="row"><button type="button" class="primary" data-command="gather" ?disabled=${Boolean(this.way.problem) || this.busy} @click=${this.learn}>${t('table.learn')}</button>
        <button type="button" class="plain" data-command="other-table" @click=${() => this.dispatchEvent(new CustomEvent('other', { bubbles: true, composed: true }))}>${t('table.other')}</button></div>`
  }

  /** Another file begins with its own likeliest way. @param {Map<string, any>} changed */
  willUpdate(changed) {
    if (changed.has('name')) this.chosen = ''
    if (this.preview && this.chosen && !this.preview.ways.some(({ reading }) => reading === this.chosen)) this.chosen = ''
  }
}

customElements.define('table-preview', TablePreview)
