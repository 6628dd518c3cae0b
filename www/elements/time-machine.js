// The recorded steps of a training on a slider: look at one, run the way through, save it as a film, go back, or let a second run fork.
// Fires `look` with { step } (null: the present), `back` and `fork` with { step } of a kept session, `film`, `stop-film`.
import { LitElement, css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'

/** The whole way in so many ms, but a step at least and at most so long. */
const pace = { whole: 9000, least: 45, most: 350 }
/** For those who asked for less motion: a few pictures, each long enough to be looked at. */
const calm = { pictures: 8, ms: 1200 }

export class TimeMachine extends LitElement {
  static properties = {
    steps: { attribute: false }, kept: { attribute: false }, index: { type: Number }, step: { type: Number }, ready: { type: Boolean }, forks: { type: Boolean },
    filming: { attribute: false }, playing: { state: true }, told: { state: true },
  }

  static styles = [controls, css`
    :host { display: grid; gap: 0.35rem; padding-top: 0.9rem; border-top: 1px solid var(--rule); }
    .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.2rem 1rem; }
    output { font-variant-numeric: tabular-nums; }
    .track { position: relative; padding-bottom: 0.5rem; }
    .ticks { position: absolute; inset: auto 0.5rem 0; height: 0.4rem; }
    .ticks i { position: absolute; bottom: 0; width: 1px; height: 100%; background: var(--edge); }
    .ticks i.chosen { background: var(--made); width: 3px; margin-inline-start: -1px; height: 150%; }
    @media (forced-colors: active) { .ticks i { background: CanvasText; } .ticks i.chosen { background: Highlight; } }
    .row { margin-block: 0.2rem; }
    svg { width: 1.1rem; height: 1.1rem; }
  `]

  constructor() {
    super()
    /** Every step that can be looked at, rising. @type {number[]} */
    this.steps = []
    /** Those of them that a session is kept of. @type {number[]} */
    this.kept = []
    /** The step that is looked at; beyond the last: the present. */
    this.index = 0
    this.step = 0
    this.ready = false
    /** Whether a second run can be started here. */
    this.forks = false
    /** @type {{ done: number, total: number } | null} */
    this.filming = null
    this.playing = false
    /** What was run through, said once it has ended. */
    this.told = ''
    this.timer = 0
    /** Where running through has got to, and whether it is shown yet. */
    this.asked = { index: 0, shown: false }
    this.localized = new Localized(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.halt()
  }

  get present() {
    return this.index >= this.steps.length
  }

  /** The session to go on from: the last one up to what is looked at. */
  get session() {
    return this.kept.findLast(step => step <= this.steps[this.index])
  }

  /** @param {string} name @param {number | null} [step] */
  fire(name, step = null) {
    this.dispatchEvent(new CustomEvent(name, { detail: { step }, bubbles: true, composed: true }))
  }

  /** @param {number} index */
  look(index) {
    this.fire('look', this.steps[index] ?? null)
  }

  moved(event) {
    this.halt()
    this.look(Number(event.target.value))
  }

  toggle() {
    if (this.playing) return this.halt()
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const { length } = this.steps
    const stride = still ? Math.max(1, Math.ceil(length / calm.pictures)) : 1
    this.playing = true
    this.told = ''
    this.go(this.index >= length - 1 ? 0 : this.index)
    this.timer = window.setInterval(() => this.advance(stride), still ? calm.ms : Math.min(pace.most, Math.max(pace.least, pace.whole / length)))
  }

  /** @param {number} index */
  go(index) {
    this.asked = { index, shown: false }
    this.look(index)
  }

  /** The training may have to come to rest first; somebody else may have gone elsewhere. @param {number} stride */
  advance(stride) {
    const { asked, index, steps } = this
    if (index === asked.index) asked.shown = true
    else if (asked.shown) return this.halt()
    if (!asked.shown) return
    if (index >= steps.length - 1) {
      this.halt()
      this.told = t('way.played', { step: steps[index] })
    } else this.go(Math.min(steps.length - 1, index + stride))
  }

  halt() {
    clearInterval(this.timer)
    this.playing = false
  }

  ticks() {
    const { steps, kept, index } = this
    const at = step => `left: ${(steps.indexOf(step) / Math.max(1, steps.length)) * 100}%`
    return kept.map(step => html`<i class=${step === steps[index] ? 'chosen' : ''} .style=${at(step)}></i>`)
  }

  /** What to do at the step that is looked at. */
  answers() {
    const { session, steps, index, kept } = this
    if (this.present) return html`<p class="small soft">${[t('machine.help'), ...(steps[0] > 0 ? [t('way.known', { step: steps[0] })] : [])].join(t('note.space'))}</p>`
    const here = session === steps[index]
    const name = key => (here ? t(`machine.${key}`) : t(`way.${key}_to`, { step: session }))
    return html`<div class="row">
      ${session === undefined ? html`<span class="small soft">${t('way.pictures_only', { step: kept[0] ?? 0 })}</span>` : html`
        <button type="button" data-command="back" ?disabled=${!this.ready} @click=${() => this.fire('back', session)}>${name('back')}</button>
        ${this.forks ? html`<button type="button" data-command="fork" ?disabled=${!this.ready} @click=${() => this.fire('fork', session)}>${name('fork')}</button>` : nothing}`}
      <button type="button" class="plain" data-command="present" @click=${() => this.fire('look')}>${t('machine.present')}</button>
    </div>`
  }

  tools() {
    const { filming, steps, playing } = this
    const few = steps.length < 2
    if (filming) {
      return html`<div class="row"><span class="small" role="status">${t('way.filming', filming)}</span>
        <button type="button" data-command="stop-film" @click=${() => this.fire('stop-film')}>${t('stylize.cancel')}</button></div>`
    }
    return html`<div class="row">
      <button type="button" data-command="run-through" ?disabled=${few} @click=${this.toggle}><svg viewBox="0 0 20 20" aria-hidden="true"><path fill="currentColor"
        d=${playing ? 'M5 5h10v10H5z' : 'M5 3.5v13l11-6.5z'}></path></svg>${t(playing ? 'way.stop' : 'way.play')}</button>
      <button type="button" data-command="way-film" ?disabled=${few || !this.ready} @click=${() => { this.halt(); this.fire('film') }}>${t('way.film')}</button></div>`
  }

  render() {
    const { steps, index, present, step, told } = this
    const where = present ? t('machine.now', { step }) : t('machine.then', { step: steps[index], now: step })
    // The slider says where it is to those who move it; an output that speaks at every report would never be silent.
    return html`
      <div class="head"><h3>${t('machine.title')}</h3><output class="small soft" aria-live="off">${where}</output></div>
      <div class="track"><input type="range" min="0" max=${steps.length} step="1" .value=${live(String(Math.min(index, steps.length)))}
          aria-label=${t('machine.title')} aria-valuetext=${where} ?disabled=${steps.length < 2} @input=${this.moved}>
        <div class="ticks" aria-hidden="true">${this.ticks()}</div></div>
      ${this.tools()}<span class="hidden-text" role="status">${told}</span>
      ${this.answers()}`
  }
}

customElements.define('time-machine', TimeMachine)
