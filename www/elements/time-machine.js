// The moments of a training on a slider: look at one, go back to it, or let a second run fork from it.
// Fires `look` with { index } (null: the present), `back` and `fork` with { index }.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

export class TimeMachine extends LitElement {
  static properties = { steps: { attribute: false }, index: { type: Number }, step: { type: Number }, ready: { type: Boolean }, forks: { type: Boolean } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.35rem; padding-top: 0.9rem; border-top: 1px solid var(--rule); }
    .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.2rem 1rem; }
    .track { position: relative; padding-bottom: 0.5rem; }
    .ticks { position: absolute; inset: auto 0.5rem 0; height: 0.4rem; }
    .ticks i { position: absolute; bottom: 0; width: 1px; height: 100%; background: var(--edge); }
    .ticks i.chosen { background: var(--made); width: 3px; margin-inline-start: -1px; height: 150%; }
  `]

  constructor() {
    super()
    /** The steps of the kept moments, rising. @type {number[]} */
    this.steps = []
    /** The moment that is looked at; beyond the last: the present. */
    this.index = 0
    this.step = 0
    this.ready = false
    /** Whether a second run can be started here. */
    this.forks = false
    this.localized = new Localized(this)
  }

  get present() {
    return this.index >= this.steps.length
  }

  /** @param {string} name @param {number | null} [index] */
  fire(name, index = this.index) {
    this.dispatchEvent(new CustomEvent(name, { detail: { index }, bubbles: true, composed: true }))
  }

  moved(event) {
    const index = Number(event.target.value)
    this.fire('look', index >= this.steps.length ? null : index)
  }

  ticks() {
    const last = this.steps.length
    return this.steps.map((_, index) => html`<i class=${index === this.index ? 'chosen' : ''} .style=${`left: ${(index / Math.max(1, last)) * 100}%`}></i>`)
  }

  answers() {
    if (this.present) return html`<p class="small soft">${t('machine.help')}</p>`
    return html`<div class="row">
      <button type="button" data-command="back" ?disabled=${!this.ready} @click=${() => this.fire('back')}>${t('machine.back')}</button>
      ${this.forks ? html`<button type="button" data-command="fork" ?disabled=${!this.ready} @click=${() => this.fire('fork')}>${t('machine.fork')}</button>` : nothing}
      <button type="button" class="plain" data-command="present" @click=${() => this.fire('look', null)}>${t('machine.present')}</button>
    </div>`
  }

  render() {
    const { steps, index, present, step } = this
    const where = present ? t('machine.now', { step: number(step) }) : t('machine.then', { step: number(steps[index]), now: number(step) })
    return html`
      <div class="head"><h3>${t('machine.title')}</h3><output class="small soft">${where}</output></div>
      <div class="track"><input type="range" min="0" max=${steps.length} step="1" .value=${live(String(Math.min(index, steps.length)))}
          aria-label=${t('machine.title')} aria-valuetext=${where} ?disabled=${steps.length < 2} @input=${this.moved}>
        <div class="ticks" aria-hidden="true">${this.ticks()}</div></div>
      ${this.answers()}`
  }
}

customElements.define('time-machine', TimeMachine)
