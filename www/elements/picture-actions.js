// What can be done with a finished picture. Fires `download`, `copy`, `share`, `undo`, `redo`, and `format` with { type, quality }.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'

const formats = { 'image/png': 'PNG', 'image/jpeg': 'JPEG' }

export class PictureActions extends LitElement {
  static properties = { type: {}, quality: { type: Number }, undo: { type: Boolean }, redo: { type: Boolean }, sharing: { type: Boolean }, copying: { type: Boolean } }

  static styles = [controls, css`
    .row { gap: 0.5rem; }
    .file { display: inline-flex; }
    .file button { border-start-end-radius: 0; border-end-end-radius: 0; }
    .file select { width: auto; min-height: 2.6rem; border-start-start-radius: 0; border-end-start-radius: 0; border-inline-start: 0; }
    .quality { display: inline-flex; align-items: center; gap: 0.5rem; }
    .quality input { width: 7rem; }
    .steps { margin-inline-start: auto; display: inline-flex; gap: 0.3rem; }
    .steps button { padding-inline: 0.6rem; }
    @media (max-width: 30rem) { .row { gap: 0.35rem; } button { padding-inline: 0.7rem; } .steps { gap: 0.2rem; } .steps button { padding-inline: 0.35rem; } .quality { order: 1; } }
    svg { width: 1.15rem; height: 1.15rem; }
  `]

  constructor() {
    super()
    this.type = 'image/png'
    this.quality = 0.92
    this.undo = false
    this.redo = false
    this.sharing = false
    this.copying = false
    this.localized = new Localized(this)
  }

  fire(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }

  /** @param {'undo' | 'redo'} name */
  step(name) {
    const path = { undo: 'M7.5 4.5 3.5 8.5l4 4M3.5 8.5h8a4.5 4.5 0 0 1 0 9H8', redo: 'm12.5 4.5 4 4-4 4M16.5 8.5h-8a4.5 4.5 0 0 0 0 9H12' }[name]
    return html`<button type="button" data-command=${name} ?disabled=${!this[name]} title=${t(`stylize.${name}`)} aria-label=${t(`stylize.${name}`)} @click=${() => this.fire(name)}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="1.6"/></svg></button>`
  }

  render() {
    const { type, quality } = this
    return html`<div class="row">
      <span class="file"><button type="button" class="primary" data-command="download" @click=${() => this.fire('download')}>${t('stylize.download')}</button>
        <select aria-label=${t('stylize.format')} data-command="format" @change=${event => this.fire('format', { type: event.target.value, quality })}>
          ${Object.entries(formats).map(([value, name]) => html`<option value=${value} .selected=${value === type}>${name}</option>`)}</select></span>
      ${type === 'image/jpeg' ? html`<label class="quality small"><span class="soft">${t('stylize.quality')}</span>
        <input type="range" min="50" max="100" step="1" .value=${String(Math.round(quality * 100))} aria-valuetext=${percent(quality)}
            @input=${event => this.fire('format', { type, quality: event.target.value / 100 })}><output>${percent(quality)}</output></label>` : nothing}
      ${this.copying ? html`<button type="button" data-command="copy" @click=${() => this.fire('copy')}>${t('stylize.copy')}</button>` : nothing}
      ${this.sharing ? html`<button type="button" data-command="share" @click=${() => this.fire('share')}>${t('stylize.share')}</button>` : nothing}
      <span class="steps">${this.step('undo')}${this.step('redo')}</span></div>`
  }
}

customElements.define('picture-actions', PictureActions)
