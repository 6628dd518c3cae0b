// Points of the visitor's own from a table of two columns. Fires `look` with { file, wish }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, describeError, t } from '../i18n/translate.js'
import { filesOf } from './dropped.js'

export class OwnPoints extends LitElement {
  static properties = { found: { attribute: false }, over: { state: true } }

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
    this.localized = new Localized(this)
  }

  /** @param {File | undefined} file @param {object} [wish] */
  take(file, wish = {}) {
    if (file) this.dispatchEvent(new CustomEvent('look', { detail: { file, wish }, bubbles: true, composed: true }))
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
    const select = (axis, at) => html`<label class="small">${t(`points.${axis}`)}<select data-axis=${axis}>${able.map(({ name, index }, place) => html`<option value=${index} ?selected=${place === at}>${name || t('table.column', { column: index + 1 })}</option>`)}</select></label>`
    const learn = () => {
      const [x, y] = [...this.renderRoot.querySelectorAll('select')].map(({ value }) => Number(value))
      this.take(file, { columns: columns.map((_, index) => (index === x || index === y ? 'value' : 'out')) })
    }
    return html`<div class="axes">${select('x', 0)}${select('y', 1)}<button type="button" data-command="points" @click=${learn}>${t('train.draw_learn')}</button></div>`
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
