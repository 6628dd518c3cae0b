// Two runs in one chart: losses or found modes over the steps, the first run in full lines, the second broken.
import { LitElement, css, html, unsafeCSS } from 'lit'
import uPlot from 'uplot'
import uplotStyles from 'uplot/dist/uPlot.min.css?inline'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import { onTheme, readPalette } from './draw/palette.js'

/** @typedef {{ losses: Record<string, (number | null)[]>, figures: Record<string, (number | null)[]> }} RunSeries each with `step` */

const heightPx = 210

/** What each kind of chart shows of a run: which series, in which of the two colours. */
const kinds = {
  modes: { of: 'figures', lines: [['modes', 'ink']] },
  high_quality: { of: 'figures', lines: [['high_quality', 'ink']] },
  losses: { of: 'losses', lines: [['d', 'real'], ['g', 'made']] },
}

export class RaceChart extends LitElement {
  static properties = { one: { attribute: false }, two: { attribute: false }, kind: { state: true } }

  static styles = [controls, unsafeCSS(uplotStyles), css`
    figure { margin: 0; min-width: 0; }
    figcaption { display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; align-items: center; margin-bottom: 0.4rem; }
    select { width: auto; }
    .key { display: inline-flex; align-items: center; gap: 0.4rem; font-size: var(--step--1); }
    .key::before { content: ''; width: 1.6rem; border-top: 2px solid var(--ink); }
    .key.two::before { border-top-style: dashed; }
    .plot { min-height: ${heightPx}px; overflow: hidden; }
  `]

  constructor() {
    super()
    /** @type {RunSeries | undefined} */
    this.one = undefined
    /** @type {RunSeries | undefined} */
    this.two = undefined
    this.kind = ''
    this.localized = new Localized(this)
    /** @type {uPlot | undefined} */
    this.chart = undefined
  }

  connectedCallback() {
    super.connectedCallback()
    this.stopTheme = onTheme(() => this.rebuild())
    this.observer = new ResizeObserver(([entry]) => this.chart?.setSize({ width: Math.floor(entry.contentRect.width), height: heightPx }))
    this.observer.observe(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.stopTheme?.()
    this.observer?.disconnect()
    this.rebuild()
  }

  rebuild() {
    this.chart?.destroy()
    this.chart = undefined
    this.requestUpdate()
  }

  /** Kinds that these runs have numbers for. */
  known() {
    const has = (of, key) => [this.one, this.two].some(run => run?.[of][key]?.some(value => value !== null))
    return Object.entries(kinds).filter(([, { of, lines }]) => lines.some(([key]) => has(of, key))).map(([name]) => name)
  }

  shown() {
    const known = this.known()
    return known.includes(this.kind) ? this.kind : known[0] ?? 'losses'
  }

  options(width) {
    const palette = readPalette(this)
    const { inkSoft, rule } = palette
    const axis = { stroke: inkSoft, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 }, font: '12px system-ui, sans-serif', values: (_, ticks) => ticks.map(tick => number(tick)) }
    const line = dash => ([, color]) => ({ stroke: palette[color], width: 1.75, ...(dash && { dash: [6, 4] }), points: { show: false }, spanGaps: true })
    const { lines } = kinds[this.shown()]
    return {
      width, height: heightPx, legend: { show: false }, cursor: { show: false }, padding: [8, 24, 0, 0],
      scales: { x: { time: false }, ...(this.shown() === 'losses' ? {} : { y: { range: (_, __, most) => [0, most * 1.05 || 1] } }) },
      axes: [{ ...axis, size: 30, space: 70 }, { ...axis, size: 48, space: 36 }],
      series: [{}, ...lines.map(line(false)), ...lines.map(line(true))],
    }
  }

  data() {
    const { of, lines } = kinds[this.shown()]
    const table = run => /** @type {any} */ ([run?.[of].step ?? [], ...lines.map(([key]) => run?.[of][key] ?? [])])
    return uPlot.join([table(this.one), table(this.two)])
  }

  updated() {
    const place = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('.plot'))
    if (!place?.clientWidth) return
    if (this.chart && this.drawn === this.shown()) return this.chart.setData(this.data())
    this.chart?.destroy()
    this.drawn = this.shown()
    this.chart = new uPlot(/** @type {any} */ (this.options(place.clientWidth)), this.data(), place)
  }

  text() {
    const { of, lines } = kinds[this.shown()]
    const last = run => lines.map(([key]) => number(run?.[of][key]?.findLast(value => value !== null) ?? NaN)).join(' / ')
    return t('race.chart_text', { kind: t(`race.kind_${this.shown()}`), one: last(this.one), two: last(this.two) })
  }

  render() {
    const shown = this.shown()
    return html`<figure>
      <figcaption><label class="row"><span class="small soft">${t('race.compare')}</span><select @change=${event => { this.kind = event.target.value }}>
        ${this.known().map(kind => html`<option value=${kind} ?selected=${kind === shown}>${t(`race.kind_${kind}`)}</option>`)}</select></label>
        <span class="key">${t('race.one')}</span><span class="key two">${t('race.two')}</span></figcaption>
      <div class="plot" role="img" aria-label=${this.text()}></div>
    </figure>`
  }
}

customElements.define('race-chart', RaceChart)
