// What is being done, how far it is, and a way out. Fires `cancel`.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export class WorkProgress extends LitElement {
  static properties = { text: {}, remaining: {}, share: { type: Number }, cancellable: { type: Boolean } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.5rem; }
    progress { appearance: none; width: 100%; height: 0.4rem; border: 0; background: var(--rule); accent-color: var(--made); }
    progress::-webkit-progress-bar { background: var(--rule); }
    progress::-webkit-progress-value { background: var(--made); }
    progress::-moz-progress-bar { background: var(--made); }
    @media (forced-colors: active) {
      progress { height: 0.7rem; border: 1px solid CanvasText; background: Canvas; }
      progress::-webkit-progress-bar { background: Canvas; }
      progress::-webkit-progress-value { background: Highlight; }
      progress::-moz-progress-bar { background: Highlight; }
    }
    .row { justify-content: space-between; }
  `]

  constructor() {
    super()
    this.text = ''
    this.remaining = ''
    /** 0..1; NaN while nobody can tell. */
    this.share = NaN
    this.cancellable = false
    this.localized = new Localized(this)
  }

  render() {
    const known = Number.isFinite(this.share)
    return html`
      <div class="row"><span role="status">${this.text}</span><span class="soft small">${this.remaining}</span></div>
      <progress max="1" value=${known ? this.share : nothing} aria-label=${this.text}></progress>
      ${this.cancellable ? html`<div><button type="button" data-command="cancel"
          @click=${() => this.dispatchEvent(new CustomEvent('cancel'))}>${t('stylize.cancel')}</button></div>` : nothing}`
  }
}

customElements.define('work-progress', WorkProgress)
