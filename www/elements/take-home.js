// A trained generator for other software: two kinds of file, and lines of Python that open each. Fires `take` with { format, way }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

/** Lines of Python by family, fetched when they are looked at. @type {Record<string, () => Promise<{ default: string }>>} */
const snippets = {
  onnx: () => import('../snippets/onnx.py?raw'),
  gan: () => import('../snippets/gan.py?raw'),
  dcgan: () => import('../snippets/dcgan.py?raw'),
  acgan: () => import('../snippets/dcgan.py?raw'),
  rgan: () => import('../snippets/rgan.py?raw'),
  cyclegan: () => import('../snippets/cyclegan.py?raw'),
  drgan: () => import('../snippets/drgan.py?raw'),
}

/** What the lines call the file, which has a name of its own on the visitor's disk. */
const placeholder = /generator\.(onnx|safetensors)/

export class TakeHome extends LitElement {
  static properties = { family: {}, ready: { type: Boolean }, names: { attribute: false }, ways: { attribute: false }, shown: { state: true }, lines: { state: true }, way: { state: true }, said: { state: true } }

  static styles = [controls, css`
    :host { display: block; min-width: 0; }
    details { border-block: 1px solid var(--rule); }
    summary { padding: 0.8rem 0; cursor: pointer; font: 600 1.15rem/1.35 var(--serif); }
    .parts { display: grid; gap: 0.75rem; padding-bottom: 1.4rem; justify-items: start; }
    p { margin: 0; max-width: 44rem; }
    pre { width: 100%; margin: 0; padding: 0.6rem 0.75rem; max-height: 22rem; overflow: auto; border: 1px solid var(--rule); background: var(--sheet);
      font: 0.8125rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  `]

  constructor() {
    super()
    this.family = 'gan'
    /** Something has been learned. */
    this.ready = false
    /** What the saved files are called. @type {(format: 'onnx' | 'safetensors', way?: string) => string} */
    this.names = () => ''
    /** Where there are several generators: which, and how each is called. @type {{ id: string, name: string }[]} */
    this.ways = []
    /** @type {'onnx' | 'safetensors'} */
    this.shown = 'onnx'
    /** The way whose file was taken last. @type {string | undefined} */
    this.way = undefined
    this.lines = ''
    this.said = ''
    this.localized = new Localized(this)
  }

  /** @param {'onnx' | 'safetensors'} format @param {string} [way] */
  async take(format, way) {
    this.way = way
    this.dispatchEvent(new CustomEvent('take', { detail: { format, way } }))
    await this.show(format)
  }

  /** @param {'onnx' | 'safetensors'} format */
  async show(format) {
    this.shown = format
    this.said = ''
    const { default: lines } = await snippets[format === 'onnx' ? 'onnx' : this.family]()
    if (this.shown === format) this.lines = lines
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    // Another family's lines would open its file wrongly.
    if (changed.has('family') && this.lines) void this.show(this.shown)
  }

  get code() {
    const way = this.ways.some(({ id }) => id === this.way) ? this.way : this.ways[0]?.id
    const name = this.names(this.shown, way)
    return name ? this.lines.replace(placeholder, () => name) : this.lines
  }

  async copy() {
    const done = await navigator.clipboard?.writeText(this.code).then(() => true, () => false)
    this.said = done ? 'copied' : 'copy_failed'
  }

  render() {
    const button = (/** @type {'onnx' | 'safetensors'} */ format, /** @type {{ id?: string, name?: string }} */ { id, name }) => html`<button type="button"
      data-command="take-${format}${id ? `-${id}` : ''}" ?disabled=${!this.ready} @click=${() => this.take(format, id)}>${t(`take.${format}`)}${name ? html` <span>(${name})</span>` : nothing}</button>`
    const ways = this.ways.length ? this.ways : [{}]
    return html`<details @toggle=${event => event.target.open && !this.lines && this.show(this.shown)}><summary>${t('take.heading')}</summary>
      <div class="parts"><p class="soft">${t('take.about')}</p>
        ${ways.map(way => html`<div class="row">${button('onnx', way)}${button('safetensors', way)}</div>`)}
        <p class="small soft">${t(`take.about_${this.shown}`)}</p>
        ${this.lines ? html`<pre tabindex="0" role="region" aria-label=${t('take.lines')}>${this.code}</pre>
          <div class="row"><button type="button" data-command="copy-lines" @click=${() => this.copy()}>${t('share.embed_copy')}</button>
            <span role="status" class="small">${this.said ? t(`share.${this.said}`) : nothing}</span></div>` : nothing}</div></details>`
  }
}

customElements.define('take-home', TakeHome)
