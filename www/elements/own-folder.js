// One folder of pictures, or a ZIP of one, by class where its folders name classes. Fires `gather` with { data: { images, labels }, classes }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { classesOf } from '../files/paths.js'
import { Localized, describeError, t } from '../i18n/translate.js'
import { filesOf, picturesIn } from './dropped.js'

/** More classes than this are none that somebody reads through, nor that a network here learns. */
const mostClasses = 64

export class OwnFolder extends LitElement {
  static properties = {
    least: { type: Number }, classed: { type: Boolean }, found: { state: true },
    busy: { state: true }, failed: { state: true }, over: { state: true },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .drop { display: grid; gap: 0.7rem; justify-items: center; align-content: center; text-align: center; min-height: 11rem; padding: 1.25rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
    .drop.over { border-style: solid; border-color: var(--ink); }
    label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    .bad { color: var(--made); }
    ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1rem; }
  `]

  constructor() {
    super()
    this.least = 8
    /** The networks learn classes. */
    this.classed = false
    /** @type {{ images: (File | import('../files/zip.js').Packed)[], labels?: string[], classes: { name: string, count: number }[], others: number } | null} */
    this.found = null
    this.busy = false
    /** Counts folders: the last one given is the one that counts. */
    this.turn = 0
    /** @type {any} */
    this.failed = null
    this.over = false
    this.localized = new Localized(this)
  }

  /** @param {() => Iterable<File> | Promise<Iterable<File>>} files */
  async take(files) {
    const turn = ++this.turn
    Object.assign(this, { busy: true, failed: null, found: null })
    try {
      const { pictures, others } = await picturesIn(await files())
      if (turn !== this.turn) return
      this.found = { images: pictures.map(({ picture }) => picture), ...classesOf(pictures.map(({ path }) => path)), others }
    } catch (error) {
      if (turn === this.turn) this.failed = error
    }
    if (turn === this.turn) this.busy = false
  }

  picked(event) {
    const files = [...event.target.files]
    event.target.value = ''
    this.take(() => files)
  }

  dragged(event) {
    event.preventDefault()
    event.stopPropagation()
    this.over = event.type === 'dragover'
    if (event.type === 'drop') this.take(() => filesOf(event.dataTransfer))
  }

  gather() {
    const { images, labels } = /** @type {NonNullable<typeof this.found>} */ (this.found)
    this.dispatchEvent(new CustomEvent('gather', { detail: { data: { images, ...(labels && { labels }) } }, bubbles: true, composed: true }))
  }

  findings() {
    if (this.busy) return html`<p class="small" role="status">${t('own.gathering')}</p>`
    if (this.failed) return html`<p class="small bad" role="alert">${describeError(this.failed)}</p>`
    if (!this.found) return nothing
    const { images, classes, others } = this.found
    const enough = images.length >= this.least
    return html`<p class="small ${enough ? '' : 'bad'}" role="status"><strong>${t(enough ? 'own.count' : 'own.count_few', { count: images.length, least: this.least })}</strong>
        ${enough ? this.said(classes) : nothing}</p>
      ${others ? html`<p class="small soft">${t('own.others', { count: others })}</p>` : nothing}
      ${classes.length && classes.length <= mostClasses ? html`<ul class="small">${classes.map(({ name, count }) => html`<li>${t('own.class_count', { name, count })}</li>`)}</ul>` : nothing}`
  }

  said({ length: count }) {
    if (!count) return t('own.no_class')
    if (count <= mostClasses) return t('own.by_class', { count })
    return t(this.classed ? 'own.many_classes' : 'own.unclassed', { count, most: mostClasses })
  }

  render() {
    return html`<p class="small soft">${t('own.folder_help')}</p>
      <div class="drop ${this.over ? 'over' : ''}" @dragover=${this.dragged} @dragleave=${this.dragged} @drop=${this.dragged}>
        <span class="row">
          <label class="button"><input type="file" webkitdirectory data-input="folder" @change=${this.picked}>${t('pairs.choose_folder')}</label>
          <label class="button"><input type="file" multiple accept="image/*,.zip" data-input="pictures" @change=${this.picked}>${t('pairs.choose_pictures')}</label>
        </span>
        ${this.findings()}
      </div>
      <div class="row"><button type="button" class="primary" data-command="gather" ?disabled=${(this.found?.images.length ?? 0) < this.least} @click=${this.gather}>${t('own.look')}</button></div>`
  }
}

customElements.define('own-folder', OwnFolder)
