// A drawn horse, the zebra that the shipped networks make of it, and what the way back makes of that: as the build has painted them
// (scripts/generate.mjs). With `linked` it leads to the rooms where one can do the same.
import { LitElement, css, html, nothing } from 'lit'
import { Localized, t } from '../i18n/translate.js'

/** @param {string} base64 */
function jpeg(base64) {
  return createImageBitmap(new Blob([Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))], { type: 'image/jpeg' }))
}

/** Decoded here, so that no policy about the addresses of pictures applies. @type {Promise<ImageBitmap[]> | undefined} */
let decoded

export class TurnedHorse extends LitElement {
  static properties = { linked: { type: Boolean } }

  static styles = css`
    :host { display: block; container-type: inline-size; }
    figure { margin: 0; display: grid; gap: 0.7rem; }
    .three { display: grid; gap: clamp(0.4rem, 1.5cqi, 1.2rem); grid-template-columns: repeat(3, minmax(0, 1fr)); }
    .three div { display: grid; gap: 0.3rem; align-content: start; min-width: 0; }
    canvas { display: block; box-sizing: border-box; width: 100%; aspect-ratio: 4 / 3; background: var(--well); border: 2px solid var(--made); }
    .three div:first-child canvas { border-color: var(--real); }
    .small { font-size: var(--step--1); line-height: 1.45; color: var(--ink-soft); }
    strong { font: 600 1.05rem/1.4 var(--serif); }
    figcaption { display: grid; gap: 0.3rem; }
    p { margin: 0; text-wrap: pretty; }
    .links { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; }
    a { color: inherit; font: 600 1rem/1.6 var(--serif); text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
    a::after { content: ' →'; }
  `

  constructor() {
    super()
    this.linked = false
    this.localized = new Localized(this)
  }

  async firstUpdated() {
    decoded ??= import('../generated/horse.json').then(({ default: { pictures } }) => Promise.all(pictures.map(jpeg)))
    // Without them the words still say what was to be seen.
    const bitmaps = await decoded.catch(() => [])
    for (const [at, canvas] of this.renderRoot.querySelectorAll('canvas').entries()) {
      if (!bitmaps[at]) continue
      Object.assign(canvas, { width: bitmaps[at].width, height: bitmaps[at].height })
      canvas.getContext('2d')?.drawImage(bitmaps[at], 0, 0)
    }
  }

  render() {
    return html`<figure><div class="three">${['drawn', 'zebra', 'back'].map(name => html`<div><canvas role="img" aria-label=${t(`horse.${name}`)}></canvas><span class="small">${t(`horse.${name}`)}</span></div>`)}</div>
      <figcaption><strong>${t('horse.title')}</strong><p class="small">${t('horse.note')}</p>
      ${this.linked ? html`<p class="links"><a href="#stylize?painter=horse2zebra">${t('horse.try')}</a><a href="#cycle">${t('horse.inside')}</a></p>` : nothing}</figcaption></figure>`
  }
}

customElements.define('turned-horse', TurnedHorse)
