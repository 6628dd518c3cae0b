// Two runs in one chart: losses or found modes over the steps, the first run in full lines, the second broken.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import { LinePlot, plotStyles } from './draw/line-plot.js'

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

  static styles = [controls, plotStyles, css`
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
    this.plot = new LinePlot(this, heightPx, () => this.plotted())
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

  /** @returns {import('./draw/line-plot.js').Plotted} */
  plotted() {
    const kind = this.shown()
    const { of, lines } = kinds[kind]
    const table = run => /** @type {any} */ ([run?.[of].step ?? [], ...lines.map(([key]) => run?.[of][key] ?? [])])
    const line = (palette, more) => ([, color]) => ({ stroke: palette[color], spanGaps: true, ...more })
    return {
      kind,
      data: uPlot => uPlot.join([table(this.one), table(this.two)]),
      options: palette => ({
        scales: kind === 'losses' ? {} : { y: { range: (_, __, most) => [0, most * 1.05 || 1] } },
        series: [...lines.map(line(palette)), ...lines.map(line(palette, { dash: [6, 4] }))],
      }),
    }
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
