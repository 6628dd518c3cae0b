// One picture of an experiment under glass: what it is called here, and what the code calls it.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'

export class PicturePanel extends LitElement {
  static properties = { picture: { attribute: false }, map: { attribute: false }, label: {}, code: {}, kind: {}, waiting: {}, lit: { type: Boolean, reflect: true } }

  static styles = [controls, css`
    figure { margin: 0; display: grid; gap: 0.45rem; }
    .glass { position: relative; border: 1px solid var(--edge); background: var(--well); padding: 0; outline: 0 solid var(--made); transition: outline-width 0.2s; }
    .glass::before { content: ''; position: absolute; inset: 0 0 auto; height: 3px; background: var(--edge); z-index: 1; }
    .real .glass::before { background: var(--real); }
    .made .glass::before { background: var(--made); }
    :host([lit]) .glass { outline: 3px solid var(--ink); outline-offset: 2px; }
    canvas { display: block; width: 100%; height: auto; }
    .empty { display: grid; place-items: center; aspect-ratio: 4 / 3; padding: 0.75rem; text-align: center; border: 0; color: var(--ink-soft); font-size: var(--step--1); }
    figcaption, .empty { overflow-wrap: anywhere; }
    figcaption { display: grid; gap: 0.1rem; }
    strong { font: 600 1.05rem/1.3 var(--serif); }
    code { font: 0.8125rem/1.4 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; color: var(--ink-soft); overflow-wrap: anywhere; }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.picture = undefined
    /** @type {{ draw: (context: CanvasRenderingContext2D, data: any, size: { width: number, height: number }) => void, data: any, width: number, height: number } | undefined} drawn instead of a picture */
    this.map = undefined
    this.label = ''
    this.code = ''
    /** @type {'' | 'real' | 'made'} */
    this.kind = ''
    /** What stands in the empty frame. */
    this.waiting = ''
    this.lit = false
  }

  updated() {
    const canvas = this.renderRoot.querySelector('canvas')
    const shown = this.map ?? this.picture
    if (!canvas || !shown || this.drawn === shown) return
    this.drawn = shown
    Object.assign(canvas, { width: shown.width, height: shown.height })
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    if (this.map) this.map.draw(context, this.map.data, this.map)
    else context.putImageData(/** @type {ImageData} */ (shown), 0, 0)
  }

  render() {
    const shown = this.map ?? this.picture
    if (!shown) this.drawn = undefined
    return html`<figure class=${this.kind}>
      <div class="glass">${shown ? html`<canvas role="img" aria-label=${this.label}></canvas>` : html`<div class="empty">${this.waiting}</div>`}</div>
      <figcaption><strong>${this.label}</strong>${this.code ? html`<code>${this.code}</code>` : nothing}<slot></slot></figcaption>
    </figure>`
  }
}

customElements.define('picture-panel', PicturePanel)
