// How much of the painting covers the photo, its light and its colours apart. Fires `strength` with the one that moved: { luminance } or { colour }, 0..1.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'

export class StrengthSliders extends LitElement {
  static properties = { luminance: { type: Number }, colour: { type: Number } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.35rem clamp(1rem, 3vw, 2rem); grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); align-items: center; }
    label.slider { display: grid; grid-template-columns: 1fr auto; align-items: baseline; gap: 0 0.75rem; }
    label.slider input { grid-column: 1 / -1; }
    output { font-variant-numeric: tabular-nums; }
    .keep { grid-column: 1 / -1; display: flex; align-items: center; gap: 0.5rem; min-height: 1.9rem; cursor: pointer; }
  `]

  constructor() {
    super()
    this.luminance = 1
    this.colour = 1
    /** What the painter's colours come back to when the box is cleared. */
    this.lastColour = 1
    this.localized = new Localized(this)
  }

  /** Only what was moved: the other's present value may not have come back from the room yet. @param {{ luminance?: number, colour?: number }} changes */
  give(changes) {
    if (changes.colour) this.lastColour = changes.colour
    this.dispatchEvent(new CustomEvent('strength', { detail: changes }))
  }

  slider(key) {
    const value = this[key]
    return html`<label class="slider"><span>${t(`stylize.strength_${key}`)}</span><output class="small soft">${percent(value)}</output>
      <input type="range" min="0" max="100" step="1" data-strength=${key} .value=${String(Math.round(value * 100))} aria-valuetext=${percent(value)}
          @input=${event => this.give({ [key]: event.target.value / 100 })}></label>`
  }

  render() {
    return html`${this.slider('luminance')}${this.slider('colour')}
      <label class="keep"><input type="checkbox" data-command="keep-colours" .checked=${this.colour === 0}
          @change=${event => this.give({ colour: event.target.checked ? 0 : this.lastColour })}>${t('stylize.keep_colours')}</label>`
  }
}

customElements.define('strength-sliders', StrengthSliders)
