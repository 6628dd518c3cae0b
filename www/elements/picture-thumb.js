// A small picture in a square, cut to fill it.
import { LitElement, css, html } from 'lit'

export class PictureThumb extends LitElement {
  static properties = { picture: { attribute: false } }

  static styles = css`
    :host { display: block; width: 3.5rem; height: 3.5rem; background: var(--well); border: 1px solid var(--rule); overflow: hidden; }
    canvas { width: 100%; height: 100%; object-fit: cover; display: block; }
  `

  constructor() {
    super()
    /** @type {ImageBitmap | null} */
    this.picture = null
  }

  updated() {
    const canvas = this.renderRoot.querySelector('canvas')
    if (!canvas || !this.picture) return
    Object.assign(canvas, { width: this.picture.width, height: this.picture.height })
    canvas.getContext('2d')?.drawImage(this.picture, 0, 0)
  }

  render() {
    return html`<canvas ?hidden=${!this.picture} aria-hidden="true"></canvas>`
  }
}

customElements.define('picture-thumb', PictureThumb)
