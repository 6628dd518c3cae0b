// Play, pause, one step of either network, start again, speed. Fires `command` with { name } and `speed` with { name }.
import { LitElement, css, html, svg } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export const speeds = ['slow', 'walk', 'run', 'full']

const icons = {
  play: svg`<path d="M5 3.5v13l11-6.5z" fill="currentColor"/>`,
  pause: svg`<path d="M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z" fill="currentColor"/>`,
  reset: svg`<path d="M4.2 10a5.8 5.8 0 1 0 2-4.4M6.6 2.2v3.9h3.9" fill="none" stroke="currentColor" stroke-width="1.6"/>`,
}

export class PlayControls extends LitElement {
  static properties = { running: { type: Boolean }, ready: { type: Boolean }, busy: { type: Boolean }, locked: { type: Boolean }, speed: {} }

  static styles = [controls, css`
    /* What has no room goes to the next line, also where letters are twice as large or words longer. */
    .bar, .steps { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
    .primary { min-width: 7rem; }
    .speed { flex: 1 1 9rem; display: grid; grid-template-columns: auto minmax(4rem, 1fr); gap: 0 0.75rem; align-items: center; }
    .speed output { grid-column: 1 / -1; text-align: end; }
    .steps { flex: 1 1 100%; }
    .steps button { flex: 1 1 10rem; padding-inline: 0.35rem; gap: 0.4em; }
    .steps .seal { font-size: 0.75rem; }
    svg { width: 1.1rem; height: 1.1rem; flex: none; }
    :host { container-type: inline-size; }
    /* Where there is width enough, one line: buttons as long as a page look like banners. */
    @container (min-width: 48rem) {
      .speed { flex-basis: 13rem; max-width: 26rem; margin-inline-end: auto; grid-template-columns: auto minmax(4rem, 1fr) minmax(5rem, max-content); }
      .speed output { grid-column: auto; text-align: start; }
      .steps { flex: 0 1 auto; }
      .steps button { flex: 0 1 auto; padding-inline: 0.6rem; }
    }
    @container (min-width: 62rem) { .speed { margin-inline-start: 0.75rem; } .speed output { min-width: 6.5rem; } .steps button { padding-inline: 1rem; } }
    /* On a telephone, and beside a picture. */
    @container (max-width: 30rem) { .bar > button { flex: 1 1 7rem; min-width: 0; } .speed { flex-basis: 100%; } }
    @container (max-width: 25rem) { .steps button { font-size: 0.92rem; } }
    @container (max-width: 20rem) { .bar > button, .steps button { flex-basis: auto; } }
  `]

  constructor() {
    super()
    this.running = false
    this.ready = false
    /** Pausing, with steps still under way: a button disabled for so short a time would lose the keyboard's focus. */
    this.busy = false
    /** Play and pause, and nothing else. */
    this.locked = false
    this.speed = 'full'
    this.localized = new Localized(this)
  }

  command(name) {
    if (this.busy) return
    this.dispatchEvent(new CustomEvent('command', { detail: { name }, bubbles: true, composed: true }))
  }

  changeSpeed(event) {
    const name = speeds[Number(event.target.value)]
    this.dispatchEvent(new CustomEvent('speed', { detail: { name }, bubbles: true, composed: true }))
  }

  button(name, icon, extra = '') {
    return html`<button type="button" class=${extra} data-command=${name} ?disabled=${!this.ready || (this.locked && name === 'reset')} aria-disabled=${this.busy} @click=${() => this.command(name)}>
      <svg viewBox="0 0 20 20" aria-hidden="true">${icons[icon]}</svg>${t(`play.${name}`)}</button>`
  }

  stepButton(name, kind, seal) {
    return html`<button type="button" data-command=${name} ?disabled=${!this.ready || this.running || this.locked} aria-disabled=${this.busy}
        title=${t(`play.${name}`)} aria-label=${t(`play.${name}`)} @click=${() => this.command(name)}>
      <span class="seal ${kind}" aria-hidden="true">${seal}</span>${t(`play.${name}_short`)}</button>`
  }

  render() {
    const speed = Math.max(0, speeds.indexOf(this.speed))
    const toggle = this.running ? 'pause' : 'play'
    return html`<div class="bar" role="group" aria-label=${t('play.label')}>
      ${this.button(toggle, toggle, 'primary')}
      ${this.button('reset', 'reset')}
      <label class="speed small"><span>${t('play.speed')}</span>
        <input type="range" ?disabled=${this.locked} min="0" max=${speeds.length - 1} step="1" .value=${String(speed)} aria-valuetext=${t(`play.${this.speed}`)} @input=${this.changeSpeed}>
        <output class="soft">${t(`play.${this.speed}`)}</output>
      </label>
      <div class="steps">
        ${this.stepButton('discriminator', 'real', '鑑')}
        ${this.stepButton('generator', 'made', '仿')}
      </div>
    </div>`
  }
}

customElements.define('play-controls', PlayControls)
