// From one latent vector to another: every made picture on the way, one of them large. Fires `walk` for other ends, `label` with { label }.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import './pixel-picture.js'

/** Once there or back, ms. */
const tripMs = 4000

export class LatentWalk extends LitElement {
  static properties = { frames: { attribute: false }, classes: { attribute: false }, label: { type: Number }, at: { state: true }, moving: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.9rem; }
    .large { width: min(100%, 18rem); justify-self: center; }
    .strip { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 2px; }
    .strip pixel-picture[data-here] { outline: 2px solid var(--ink); outline-offset: 1px; }
    select { width: auto; }
  `]

  constructor() {
    super()
    /** @type {{ data: Uint8ClampedArray, shape: number[] } | undefined} */
    this.frames = undefined
    /** @type {string[]} */
    this.classes = []
    this.label = 0
    this.at = 0
    this.moving = false
    this.timer = 0
    this.localized = new Localized(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.halt()
  }

  get count() {
    return this.frames?.shape[0] ?? 0
  }

  halt() {
    clearInterval(this.timer)
    this.moving = false
  }

  toggle() {
    if (this.moving) return this.halt()
    this.moving = true
    let way = 1
    this.timer = window.setInterval(() => {
      if (this.at + way < 0 || this.at + way >= this.count) way = -way
      this.at = Math.min(this.count - 1, Math.max(0, this.at + way))
    }, tripMs / Math.max(1, this.count))
  }

  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }

  render() {
    const { frames, classes, label } = this
    if (!frames) return nothing
    const [count, height, width] = frames.shape
    const picture = index => html`<pixel-picture ?data-here=${index === this.at} label=${t('acgan.walk_item', { index: index + 1, count })} .pixels=${frames.data} .width=${width} .height=${height} .index=${index}></pixel-picture>`
    const shown = Array.from({ length: Math.min(count, 12) }, (_, index) => Math.round((index * (count - 1)) / (Math.min(count, 12) - 1)))
    return html`<pixel-picture class="large" label=${t('acgan.walk_item', { index: this.at + 1, count })} .pixels=${frames.data} .width=${width} .height=${height} .index=${Math.min(this.at, count - 1)}></pixel-picture>
      <div class="strip" aria-hidden="true">${shown.map(picture)}</div>
      <input type="range" min="0" max=${count - 1} step="1" .value=${String(this.at)} aria-label=${t('acgan.walk_slider')} @input=${event => { this.halt(); this.at = Number(event.target.value) }}>
      <div class="row"><button type="button" data-command="walk" @click=${this.toggle}>${t(this.moving ? 'acgan.walk_stop' : 'acgan.walk_go')}</button>
        <button type="button" data-command="elsewhere" @click=${() => this.fire('walk')}>${t('acgan.walk_other')}</button>
        ${classes.length ? html`<label for="label">${t('acgan.walk_class')}</label><select id="label" @change=${event => this.fire('label', { label: Number(event.target.value) })}>${classes.map((name, index) => html`<option value=${index} .selected=${live(index === label)}>${name}</option>`)}</select>` : nothing}</div>
      <p class="small soft">${t('acgan.walk_note')}</p>`
  }
}

customElements.define('latent-walk', LatentWalk)
