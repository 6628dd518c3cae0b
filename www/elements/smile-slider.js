// A smile carried to everybody: one latent direction, found here, moves all people at once. Fires `find`.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'
import './pixel-picture.js'

/** @typedef {{ people: number[][], threshold: number, explained: number }} Found people: each one's smile before and after, as it is read */

export class SmileSlider extends LitElement {
  static properties = { frames: { attribute: false }, found: { attribute: false }, busy: { type: Boolean }, unlearned: { type: Boolean }, at: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .people { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 0.5rem; }
    .ends { display: flex; justify-content: space-between; gap: 1rem; }
  `]

  constructor() {
    super()
    /** One batch of pictures a person, from sullen to merry. @type {{ data: Uint8ClampedArray, shape: number[] }[] | undefined} */
    this.frames = undefined
    /** @type {Found | null} */
    this.found = null
    this.busy = false
    /** No step was taken yet: what is made shows nobody. */
    this.unlearned = false
    /** The place on the way; none: the middle. @type {number | null} */
    this.at = null
    this.localized = new Localized(this)
  }

  find() {
    this.dispatchEvent(new CustomEvent('find', { bubbles: true, composed: true }))
  }

  people() {
    const { frames, found } = this
    if (!frames?.length || !found) return nothing
    const steps = frames[0].shape[0]
    const at = this.at ?? Math.floor(steps / 2)
    const smiling = end => found.people.filter(person => person[end] > found.threshold).length
    return html`<div class="people">${frames.map(({ data, shape: [, height, width] }, person) => html`<pixel-picture label=${t('acgan.smile_person', { person: person + 1 })}
        .pixels=${data} .width=${width} .height=${height} .index=${at}></pixel-picture>`)}</div>
      <div><input type="range" min="0" max=${steps - 1} step="1" .value=${String(at)} aria-label=${t('acgan.smile_slider')} @input=${event => { this.at = Number(event.target.value) }}>
      <span class="ends small soft" aria-hidden="true"><span>${t('acgan.smile_less')}</span><span>${t('acgan.smile_more')}</span></span></div>
      <p class="small" role="status">${t('acgan.smile_result', { before: smiling(0), after: smiling(1), people: found.people.length, explained: percent(Math.max(0, found.explained)) })}</p>`
  }

  render() {
    return html`<p class="small soft">${t('acgan.smile_note')}</p>
      ${this.people()}
      <div class="row"><button type="button" data-command="find-smile" ?disabled=${this.busy || this.unlearned} @click=${this.find}>${t(this.busy ? 'acgan.smile_finding' : this.found ? 'acgan.smile_again' : 'acgan.smile_find')}</button>${this.unlearned ? html`<span class="small soft">${t('acgan.smile_unlearned')}</span>` : nothing}</div>`
  }
}

customElements.define('smile-slider', SmileSlider)
