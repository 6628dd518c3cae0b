// Four ways to bring pictures of one's own: a folder, IDX files, a drawing pad, the system's fonts. Lets their `gather` through.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './own-folder.js'
import './own-idx.js'
import './own-signs.js'
import './own-sketch.js'
import { grouped } from './grouped.js'

const ways = {
  folder: classed => html`<own-folder ?classed=${classed}></own-folder>`,
  idx: () => html`<own-idx></own-idx>`,
  sketch: () => html`<own-sketch></own-sketch>`,
  signs: () => html`<own-signs></own-signs>`,
}

export class OwnPictures extends LitElement {
  static properties = { way: {}, classed: { type: Boolean } }

  static styles = [controls, css`
    :host { display: grid; gap: 1.1rem; }
    fieldset { border: 0; border-bottom: 1px solid var(--rule); margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.4rem; }
    .way { padding: 0.3rem 0 0.45rem; cursor: pointer; border-bottom: 3px solid transparent; }
    .way:has(:checked) { border-color: var(--ink); font-weight: 600; }
    .way:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    .way input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  `]

  constructor() {
    super()
    /** @type {keyof typeof ways} */
    this.way = 'folder'
    /** The networks learn classes. */
    this.classed = false
    this.localized = new Localized(this)
  }

  render() {
    return html`<h3>${t('own.heading')}</h3>
      <fieldset aria-label=${t('own.heading')}>${Object.keys(ways).map(way => html`<label class="way tile"><input type="radio" name=${grouped('way')} value=${way} .checked=${way === this.way}
        @change=${() => { this.way = /** @type {any} */ (way) }}>${t(`own.way_${way}`)}</label>`)}</fieldset>
      ${ways[this.way](this.classed)}
      <p class="small soft">${t('own.privacy')}</p>`
  }
}

customElements.define('own-pictures', OwnPictures)
