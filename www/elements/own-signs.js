// Signs written in the fonts of the visitor's system, Han characters too: each sign a class. Fires `gather` with { data: { images, labels } }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { signPicture } from './draw/sketch.js'
import './pixel-picture.js'

/** What systems call their fonts for Chinese; where none is there, the browser takes what it has. */
const fonts = {
  serif: '"Songti TC", "Noto Serif CJK TC", "Noto Serif TC", PMingLiU, Georgia, serif',
  sans: '"PingFang TC", "Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei", Arial, sans-serif',
  brush: '"BiauKaiTC", "DFKai-SB", "Kaiti TC", "TW-Kai", KaiTi, cursive',
  mono: '"Noto Sans Mono CJK TC", Menlo, Consolas, monospace',
}
const weights = [400, 700]
/** As many classes as the networks tell apart at this size. */
const mostSigns = 24
const leastSigns = 1

export class OwnSigns extends LitElement {
  static properties = { text: { state: true }, chosen: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; align-items: center; }
    legend { float: left; padding: 0; margin-inline-end: 0.6rem; }
    .choice { display: inline-flex; gap: 0.4rem; align-items: center; min-height: 1.9rem; cursor: pointer; }
    label.text { display: grid; gap: 0.3rem; max-width: 24rem; }
    .written { display: grid; grid-template-columns: repeat(auto-fill, 2.6rem); gap: 0.35rem; }
  `]

  constructor() {
    super()
    this.text = '天地人山水火'
    this.chosen = ['serif', 'sans', 'brush']
    this.localized = new Localized(this)
  }

  /** Each once, as the visitor's language divides them. @returns {string[]} */
  get signs() {
    const divided = [...new Intl.Segmenter().segment(this.text)].map(({ segment }) => segment)
    return [...new Set(divided.filter(sign => sign.trim()))].slice(0, mostSigns)
  }

  /** @returns {{ sign: string, picture: ImageData }[]} */
  written() {
    return this.signs.flatMap(sign => this.chosen.flatMap(font => weights.map(weight => ({ sign, picture: signPicture(sign, fonts[font], weight) }))))
  }

  choose(font, on) {
    this.chosen = on ? Object.keys(fonts).filter(name => name === font || this.chosen.includes(name)) : this.chosen.filter(name => name !== font)
  }

  gather() {
    const written = this.written()
    const images = written.map(({ picture }) => picture)
    const data = this.signs.length > 1 ? { images, labels: written.map(({ sign }) => sign) } : { images }
    this.dispatchEvent(new CustomEvent('gather', { detail: { data, shake: true }, bubbles: true, composed: true }))
  }

  render() {
    const written = this.written()
    return html`<p class="small soft">${t('own.signs_help', { most: mostSigns })}</p>
      <label class="text"><span>${t('own.signs_text')}</span><input type="text" .value=${this.text} @input=${event => { this.text = event.target.value }}></label>
      <fieldset><legend class="small">${t('own.signs_fonts')}</legend>${Object.keys(fonts).map(font => html`<label class="choice"><input type="checkbox" value=${font} .checked=${this.chosen.includes(font)}
        @change=${event => this.choose(font, event.target.checked)}>${t(`own.font_${font}`)}</label>`)}</fieldset>
      <div class="written">${written.map(({ sign, picture }) => html`<pixel-picture label=${sign} .pixels=${picture.data} .width=${picture.width} .height=${picture.height}></pixel-picture>`)}</div>
      <div class="row"><button type="button" class="primary" data-command="gather" ?disabled=${written.length < 2 || this.signs.length < leastSigns} @click=${this.gather}>${t('own.look')}</button>
        <output class="small soft">${t('own.signs_count', { signs: this.signs.length, count: written.length })}</output></div>`
  }
}

customElements.define('own-signs', OwnSigns)
