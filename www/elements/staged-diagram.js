// A training step as a drawing that plays, or goes stage by stage. What is drawn is the subclass's. Fires `stage` with { id, names }: what
// the stage touches.
import { LitElement, css, html, nothing, svg } from 'lit'
import { Localized, t } from '../i18n/translate.js'

/** Long enough to read the stage's sentence. */
const stageMs = 4200

const icons = {
  play: svg`<path d="M5 3.5v13l11-6.5z" fill="currentColor"/>`,
  pause: svg`<path d="M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z" fill="currentColor"/>`,
  previous: svg`<path d="M12.5 4 6 10l6.5 6" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  next: svg`<path d="M7.5 4 14 10l-6.5 6" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
}

export const stagedStyles = css`
  :host { display: grid; gap: 0.9rem; }
  .bar { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
  .bar svg { width: 1.1rem; height: 1.1rem; }
  .bar .primary { min-width: 7rem; }
  .narrow-button { min-width: 2.6rem; padding-inline: 0.4rem; }
  .said { display: grid; gap: 0.2rem; min-height: 6.2rem; align-content: start; border-inline-start: 3px solid var(--ink); padding-inline-start: 0.9rem; }
  .said strong { font: 600 1.1rem/1.4 var(--serif); }
  .said code { font: 0.95rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
  .dots { display: flex; flex-wrap: wrap; gap: 0.15rem; list-style: none; margin: 0; padding: 0; }
  .dots button { min-height: 1.5rem; width: 1.5rem; padding: 0; border: 0; background: none; }
  .dots button::before { content: ''; width: 0.6rem; height: 0.6rem; border-radius: 50%; border: 1.5px solid var(--edge); }
  .dots button[aria-current]::before { background: var(--ink); border-color: var(--ink); }
  @media (forced-colors: active) { .dots button[aria-current]::before { background: Highlight; border-color: Highlight; } }
  @media (max-width: 46rem) { .said { min-height: 9.5rem; } }
`

/** @typedef {{ id: string, code: string[] }} Stage */

export class StagedDiagram extends LitElement {
  static properties = { stage: { type: Number }, playing: { type: Boolean, reflect: true }, width: { state: true } }

  constructor() {
    super()
    this.stage = 0
    this.playing = false
    this.width = 0
    this.localized = new Localized(this)
  }

  /** @returns {Stage[]} */
  get stages() { return [] }
  /** Where its texts are: `stage.ID` and `stage_name.ID`. */
  get texts() { return '' }
  /** @param {any} _stage @returns {string[]} */
  namesOf(_stage) { return [] }

  connectedCallback() {
    super.connectedCallback()
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.round(entry.contentRect.width)))
    this.observer.observe(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.observer?.disconnect()
    this.pause()
  }

  play() {
    this.playing = true
    clearInterval(this.timer)
    this.timer = setInterval(() => this.show(this.stage + 1), stageMs)
  }

  pause() {
    this.playing = false
    clearInterval(this.timer)
  }

  /** By hand: the clock stops, so that nothing runs away from the reader. @param {number} stage */
  turnTo(stage) {
    this.pause()
    this.show(stage)
  }

  /** @param {number} stage */
  show(stage) {
    this.stage = (stage + this.stages.length) % this.stages.length
    const now = this.stages[this.stage]
    this.dispatchEvent(new CustomEvent('stage', { detail: { id: now.id, names: this.namesOf(now) } }))
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {HTMLElement} */ (event.composedPath()[0])
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step || target instanceof HTMLInputElement) return
    event.preventDefault()
    this.turnTo(this.stage + step)
  }

  /** @param {unknown} [more] beside the buttons */
  controls(more = nothing) {
    const toggle = this.playing ? 'pause' : 'play'
    const step = (name, by) => html`<button type="button" class="narrow-button" data-command=${name} aria-label=${t(`cycle.${name}`)} title=${t(`cycle.${name}`)}
        @click=${() => this.turnTo(this.stage + by)}><svg viewBox="0 0 20 20" aria-hidden="true">${icons[name]}</svg></button>`
    return html`<div class="bar">
      <button type="button" class="primary" data-command="play" @click=${() => (this.playing ? this.pause() : this.play())}>
        <svg viewBox="0 0 20 20" aria-hidden="true">${icons[toggle]}</svg>${t(`play.${toggle}`)}</button>
      ${step('previous', -1)}${step('next', 1)}
      <ol class="dots">${this.stages.map(({ id }, index) => html`<li><button type="button" data-stage=${id} aria-current=${index === this.stage ? 'step' : nothing}
          aria-label=${t('cycle.stage_of', { index: index + 1, total: this.stages.length })} @click=${() => this.turnTo(index)}></button></li>`)}</ol>
      ${more}</div>`
  }

  /** The stage in words and in code. */
  said() {
    const { id, code } = this.stages[this.stage]
    return html`<div class="said" role="status"><strong>${t('cycle.stage_of', { index: this.stage + 1, total: this.stages.length })} · ${t(`${this.texts}.stage_name.${id}`)}</strong>
      ${code.map(line => html`<code>${line}</code>`)}<span>${t(`${this.texts}.stage.${id}`)}</span></div>`
  }
}
