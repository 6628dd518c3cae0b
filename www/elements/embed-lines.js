// Lines to copy into a page of one's own: one for a page that may run scripts, one for a page that may only show frames.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export class EmbedLines extends LitElement {
  static properties = { codes: { attribute: false }, more: {}, copied: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.6rem; justify-items: start; min-width: 0; }
    h3 { font-size: 1rem; }
    pre { width: 100%; margin: 0; padding: 0.6rem 0.75rem; max-height: 9rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--rule); background: var(--sheet);
      font: 0.8125rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  `]

  constructor() {
    super()
    /** @type {{ element: string, frame: string }} */
    this.codes = { element: '', frame: '' }
    /** Where the examples are. */
    this.more = ''
    this.copied = ''
    this.localized = new Localized(this)
  }

  /** @param {'element' | 'frame'} what */
  async copy(what) {
    const done = await navigator.clipboard?.writeText(this.codes[what]).then(() => true, () => false)
    this.copied = `${what} ${done ? 'copied' : 'copy_failed'}`
  }

  /** @param {'element' | 'frame'} what */
  lines(what) {
    const [copied, said] = this.copied.split(' ')
    return html`<p class="small soft">${t(`share.embed_${what}`)}</p><pre tabindex="0" role="region" aria-label=${t(`share.embed_${what}`)}>${this.codes[what]}</pre>
      <div class="row"><button type="button" data-command="copy-${what}" @click=${() => this.copy(what)}>${t('share.embed_copy')}</button>
        <span role="status" class="small">${copied === what ? t(`share.${said}`) : nothing}</span></div>`
  }

  render() {
    return html`<h3>${t('share.embed')}</h3>${this.lines('element')}${this.lines('frame')}
      ${this.more ? html`<a class="small" href=${this.more}>${t('share.embed_more')}</a>` : nothing}`
  }
}

customElements.define('embed-lines', EmbedLines)
