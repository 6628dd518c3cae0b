// Points of the visitor's own from a table of two columns. Fires `look` with { file, wish, swapped }: swapped, where x stands behind y in the table.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, describeError, t } from '../i18n/translate.js'
import { filesOf } from './dropped.js'

export class OwnPoints extends LitElement {
  static properties = { found: { attribute: false }, over: { state: true }, chosen: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.6rem; margin-top: 1.25rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
    .drop { display: flex; flex-wrap: wrap; gap: 0.7rem; align-items: center; padding: 0.7rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
    .drop.over { border-style: solid; border-color: var(--ink); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    .axes { display: flex; flex-wrap: wrap; gap: 0.5rem 1.2rem; align-items: center; }
    .axes label { display: inline-flex; gap: 0.5rem; align-items: center; }
    .axes select { width: auto; }
    .bad { color: var(--made); }
  `]

  constructor() {
    super()
    /** The file, and where it has more than two columns of numbers, their names. @type {{ file: File, columns?: { name: string, numbers: boolean }[], problem?: any } | null} */
    this.found = null
    this.over = false
    /** Columns that were chosen for x and y; the first two until then. @type {{ x?: number, y?: number }} */
    this.chosen = {}
    this.localized = new Localized(this)
  }

  /** @param {File | undefined} file @param {object} [wish] @param {boolean} [swapped] */
  take(file, wish = {}, swapped = false) {
    if (file) this.dispatchEvent(new CustomEvent('look', { detail: { file, wish, swapped }, bubbles: true, composed: true }))
  }

  picked(event) {
    this.take(event.target.files[0])
    event.target.value = ''
  }

  async dragged(event) {
    event.preventDefault()
    event.stopPropagation()
    this.over = event.type === 'dragover'
    if (event.type === 'drop') this.take((await filesOf(event.dataTransfer))[0])
  }

  /** Which of several columns are meant. */
  axes() {
    const { file, columns = [] } = this.found ?? {}
    const able = columns.map((column, index) => ({ ...column, index })).filter(({ numbers }) => numbers)
    if (able.length < 2) return nothing
    const [x, y] = ['x', 'y'].map((axis, at) => (able.some(({ index }) => index === this.chosen[axis]) ? this.chosen[axis] : able[at].index))
    const select = (axis, chosen) => html`<label class="small">${t(`points.${axis}`)}<select data-axis=${axis} @change=${event => { this.chosen = { ...this.chosen, [axis]: Number(event.target.value) } }}>
      ${able.map(({ name, index }) => html`<option value=${index} .selected=${live(index === chosen)}>${name || t('table.column', { column: index + 1 })}</option>`)}</select></label>`
    const learn = () => this.take(file, { columns: columns.map((_, index) => (index === x || index === y ? 'value' : 'out')) }, x > y)
    return html`<div class="axes">${select('x', x)}${select('y', y)}<button type="button" data-command="points" ?disabled=${x === y} @click=${learn}>${t('train.draw_learn')}</button></div>`
  }

  render() {
    const { problem } = this.found ?? {}
    return html`<h3>${t('points.heading')}</h3><p class="small soft">${t('points.help')}</p>
      <div class="drop ${this.over ? 'over' : ''}" @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dragged}>
        <label class="button"><input type="file" data-input="points" @change=${this.picked}>${t('own.choose_file')}</label>
        ${problem ? html`<p class="small bad" role="alert">${describeError(problem)}</p>` : nothing}
      </div>${this.axes()}`
  }
}

customElements.define('own-points', OwnPoints)
