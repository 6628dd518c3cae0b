// One small square picture, enlarged smoothly: a face as the networks see or make it.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'

export class FacePicture extends LitElement {
  static properties = { picture: { attribute: false }, label: {}, kind: { reflect: true }, plain: { type: Boolean } }

  static styles = [controls, css`
    :host { display: block; position: relative; width: 100%; border: 1px solid var(--edge); background: var(--well); aspect-ratio: 1; min-width: 0; }
    :host([kind])::before { content: ''; position: absolute; inset: 0 0 auto; height: 3px; z-index: 1; }
    :host([kind='real'])::before { background: var(--real); }
    :host([kind='made'])::before { background: var(--made); }
    canvas { display: block; width: 100%; height: 100%; }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.picture = undefined
    this.label = ''
    /** @type {'' | 'real' | 'made'} */
    this.kind = ''
    /** The words stand beside it. */
    this.plain = false
  }

  updated(changed) {
    const canvas = this.renderRoot.querySelector('canvas')
    const { picture } = this
    if (!canvas || !picture || !changed.has('picture')) return
    if (canvas.width !== picture.width) Object.assign(canvas, { width: picture.width, height: picture.height })
    canvas.getContext('2d')?.putImageData(picture, 0, 0)
  }

  render() {
    const { picture, label, plain } = this
    return html`<canvas ?hidden=${!picture} role=${plain ? 'presentation' : 'img'} aria-label=${label}></canvas>`
  }
}

customElements.define('face-picture', FacePicture)
