// How much of A comes back, over the damage done to B; the first point is the exact B.
import { LitElement, css, html, nothing, svg } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import { plotHeight, plotOf } from './draw/damage-plot.js'

const fixed = value => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 })

export class DamageCurve extends LitElement {
  static properties = { points: { attribute: false }, chosen: { type: Number }, axis: {}, ends: { attribute: false }, width: { state: true } }

  static styles = [controls, css`
    .key { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-bottom: 0.4rem; font-size: var(--step--1); }
    .key span { display: inline-flex; align-items: center; gap: 0.4rem; }
    .key span::before { content: ''; width: 1.4rem; border-top: 2.5px solid var(--made); }
    .key .change::before { border-top: 2.5px dashed var(--ink-soft); }
    svg { display: block; width: 100%; height: auto; }
    text { fill: var(--ink-soft); font: 12px/1 var(--sans); font-variant-numeric: tabular-nums; text-anchor: middle; }
    text.tick { text-anchor: end; }
    .grid { stroke: var(--rule); stroke-width: 1; }
    .cycle { fill: none; stroke: var(--made); stroke-width: 2.5; }
    .change { fill: none; stroke: var(--ink-soft); stroke-width: 2; stroke-dasharray: 6 4; }
    circle { fill: var(--made); } rect.dot { fill: var(--ink-soft); }
    .chosen { fill: var(--well); }
  `]

  constructor() {
    super()
    /** @type {import('./draw/damage-plot.js').DamagePoint[]} */
    this.points = []
    /** Index of the point that is shown above; -1 for none. */
    this.chosen = -1
    this.axis = ''
    /** The domains of the photo and of what was damaged, in letters. @type {{ here: string, there: string }} */
    this.ends = { here: 'A', there: 'B' }
    this.width = 0
    this.localized = new Localized(this)
  }

  connectedCallback() {
    super.connectedCallback()
    this.observer = new ResizeObserver(([entry]) => (this.width = Math.round(entry.contentRect.width)))
    this.observer.observe(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.observer?.disconnect()
  }

  words() {
    return this.points.map(({ label, cycle, change }) => t('cycle.curve_point', { label, cycle: fixed(cycle), change: fixed(change) })).join(' ')
  }

  plot() {
    const { left, right, bottom, ticks, marks, paths } = plotOf(this.points, this.width)
    const band = marks[this.chosen]
    const half = marks.length > 1 ? (marks[1].x - marks[0].x) / 2 : 0
    return html`<svg viewBox="0 0 ${this.width} ${plotHeight}" height=${plotHeight} role="img" aria-label="${t('cycle.curve_heading')} ${this.words()}">
      ${band ? svg`<rect class="chosen" x=${band.x - half} y="8" width=${2 * half} height=${bottom - 8} />` : nothing}
      ${ticks.map(({ value, y }) => svg`<line class="grid" x1=${left} x2=${right} y1=${y} y2=${y} /><text class="tick" x=${left - 6} y=${y + 4}>${number(value, { maximumFractionDigits: 2 })}</text>`)}
      <path class="change" d=${paths.change} /><path class="cycle" d=${paths.cycle} />
      ${marks.map(({ x, cycle, change, label }) => svg`<rect class="dot" x=${x - 3} y=${change - 3} width="6" height="6" /><circle cx=${x} cy=${cycle} r="4.5" /><text x=${x} y=${bottom + 18}>${label}</text>`)}
      <text x=${(left + right) / 2} y=${plotHeight - 6}>${this.axis}</text>
    </svg>`
  }

  render() {
    return html`<p class="key"><span>${t('cycle.curve_cycle', this.ends)}</span><span class="change">${t('cycle.curve_change', this.ends)}</span></p>
      ${this.points.length && this.width ? this.plot() : nothing}`
  }
}

customElements.define('damage-curve', DamageCurve)
