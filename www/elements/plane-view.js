// The 2-D view of a training: points in a plane, and on request what either network makes of that plane.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { CanvasPainter } from './draw/canvas.js'
import { readPalette } from './draw/palette.js'
import { draw } from './draw/plane.js'

export class PlaneView extends LitElement {
  static properties = {
    label: {},
    extent: { attribute: false },
    real: { attribute: false },
    fake: { attribute: false },
    heatmap: { attribute: false },
    wash: { type: Number },
    manifold: { attribute: false },
    gradients: { attribute: false },
    trail: { attribute: false },
    other: { attribute: false },
  }

  static styles = [controls, css`
    :host { aspect-ratio: 1; }
    canvas { display: block; width: 100%; height: 100%; }
  `]

  constructor() {
    super()
    this.label = ''
    /** @type {import('./draw/plane.js').Extent} */
    this.extent = [-1.5, 1.5, -1.5, 1.5]
    /** @type {ArrayLike<number> | undefined} */
    this.real = undefined
    /** @type {ArrayLike<number> | undefined} */
    this.fake = undefined
    /** @type {any} */
    this.heatmap = undefined
    this.wash = 1
    /** @type {any} */
    this.manifold = undefined
    /** @type {any} */
    this.gradients = undefined
    /** Where the made points were before, moment after moment. @type {ArrayLike<number>[] | undefined} */
    this.trail = undefined
    /** Made points of another run. @type {ArrayLike<number> | undefined} */
    this.other = undefined
    this.painter = new CanvasPainter(this, (context, size) => draw(context, { ...this.parts(), palette: readPalette(this) }, size))
  }

  parts() {
    const { extent, real, fake, heatmap, wash, manifold, gradients, trail, other } = this
    return { extent, real, fake, heatmap, wash, manifold, gradients, trail, other }
  }

  render() {
    return html`<canvas role="img" aria-label=${this.label}></canvas>`
  }
}

customElements.define('plane-view', PlaneView)
