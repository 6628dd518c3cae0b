// What a graphics card did wrong, for somebody who can mend it: to read, and to copy.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export class DeviceReport extends LitElement {
  static properties = { text: {}, said: { state: true } }

  static styles = [controls, css`
    :host { display: block; min-width: 0; }
    summary { cursor: pointer; }
    pre { margin: 0.4rem 0; padding: 0.5rem 0.7rem; max-height: 9rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--rule); background: var(--sheet);
      font: 0.8125rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  `]

  constructor() {
    super()
    this.text = ''
    this.said = ''
    this.localized = new Localized(this)
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(this.text).then(() => true, () => false)
    this.said = done ? 'copied' : 'copy_failed'
  }

  render() {
    if (!this.text) return nothing
    return html`<details><summary class="small">${t('train.report')}</summary>
      <pre tabindex="0" role="region" aria-label=${t('train.report')}>${this.text}</pre>
      <div class="row"><button type="button" data-command="copy-report" @click=${() => this.copy()}>${t('share.embed_copy')}</button>
        <span role="status" class="small">${this.said ? t(`share.${this.said}`) : nothing}</span></div></details>`
  }
}

customElements.define('device-report', DeviceReport)
