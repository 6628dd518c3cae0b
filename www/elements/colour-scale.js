// A strip of colours with numbers under it: what the colours of a map mean.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number } from '../i18n/translate.js'

/** More steps than anyone can tell apart. */
const steps = 256

export class ColourScale extends LitElement {
  static properties = { colour: { attribute: false }, ticks: { attribute: false }, text: {} }

  static styles = [controls, css`
    canvas { display: block; width: 100%; height: 0.7rem; border: 1px solid var(--edge); }
    .ticks { position: relative; height: 1.3rem; font-size: var(--step--1); font-variant-numeric: tabular-nums; margin-inline: 0.85rem; }
    .strip { margin-inline: 0.85rem; }
    .ticks span { position: absolute; translate: -50% 0; white-space: nowrap; }
    .ticks span::before { content: ''; position: absolute; left: 50%; top: -0.15rem; height: 0.25rem; border-left: 1px solid var(--edge); }
  `]

  constructor() {
    super()
    /** @type {(position: number) => number[]} position 0..1 to red, green, blue */
    this.colour = () => [0, 0, 0]
    /** @type {{ at: number, value: number | string }[]} `at`: 0..1 */
    this.ticks = []
    this.text = ''
    this.localized = new Localized(this)
  }

  updated() {
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector('canvas'))
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    const strip = context.createImageData(steps, 1)
    for (let index = 0; index < steps; index++) strip.data.set([...this.colour(index / (steps - 1)), 255], index * 4)
    context.putImageData(strip, 0, 0)
    const marks = /** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll('.ticks span'))
    marks.forEach((mark, index) => mark.style.setProperty('left', `${this.ticks[index].at * 100}%`))
  }

  render() {
    return html`<div class="strip"><canvas aria-hidden="true" width=${steps} height="1"></canvas></div>
      <div class="ticks" aria-hidden="true">${this.ticks.map(({ value }) => html`<span>${typeof value === 'number' ? number(value) : value}</span>`)}</div>
      <p class="small soft">${this.text}</p>`
  }
}

customElements.define('colour-scale', ColourScale)
