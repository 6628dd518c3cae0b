// Two runs in one chart: losses or a figure over the steps. The first run in full lines, the second in broken ones and, where a run has one line, in ink.
import { LitElement, css, html } from 'lit'
import { live } from 'lit/directives/live.js'
import { controls } from '../styles/controls.js'
import { Localized, has, number, t } from '../i18n/translate.js'
import { LinePlot, plotStyles } from './draw/line-plot.js'

/** @typedef {{ losses: Record<string, (number | null)[]>, figures: Record<string, (number | null)[]> }} RunSeries each with `step` */

const heightPx = 210

/** What each kind of chart shows of a run: which series, and in which colour where it has several. @type {Record<string, { of: 'figures' | 'losses', lines: [string, string?][], from0?: boolean }>} */
const kinds = {
  modes: { of: 'figures', lines: [['modes']], from0: true },
  high_quality: { of: 'figures', lines: [['high_quality']], from0: true },
  right_person: { of: 'figures', lines: [['right_person']], from0: true },
  mmd2: { of: 'figures', lines: [['mmd2']], from0: true },
  cycle: { of: 'figures', lines: [['cycle']], from0: true },
  losses: { of: 'losses', lines: [['d', 'real'], ['g', 'made']] },
  loss_d: { of: 'losses', lines: [['d']] },
  loss_g: { of: 'losses', lines: [['g']] },
  reverse_kl: { of: 'figures', lines: [['reverse_kl']] },
  identity: { of: 'figures', lines: [['identity']], from0: true },
  yaw_error: { of: 'figures', lines: [['yaw_error']], from0: true },
  reconstruction: { of: 'figures', lines: [['reconstruction']], from0: true },
  score_real: { of: 'figures', lines: [['score_real']], from0: true },
  score_fake: { of: 'figures', lines: [['score_fake']], from0: true },
}

/** Colours of the runs, where each has one line. */
const runColours = ['made', 'ink']

export class RaceChart extends LitElement {
  static properties = { one: { attribute: false }, two: { attribute: false }, names: { attribute: false }, kind: { state: true } }

  static styles = [controls, plotStyles, css`
    figure { margin: 0; min-width: 0; }
    figcaption { display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; align-items: center; margin-bottom: 0.4rem; }
    select { width: auto; }
    .key { display: inline-flex; align-items: center; gap: 0.4rem; font-size: var(--step--1); }
    .key::before { content: ''; width: 1.6rem; border-top: 2px solid var(--ink); }
    .key.two::before { border-top-style: dashed; }
    .single .key.one::before { border-color: var(--made); }
    .key.d::before { border-color: var(--real); } .key.g::before { border-color: var(--made); }
    .plot { min-height: ${heightPx}px; overflow: hidden; }
  `]

  constructor() {
    super()
    /** @type {RunSeries | undefined} */
    this.one = undefined
    /** @type {RunSeries | undefined} */
    this.two = undefined
    /** How the runs are called, where they are not the first and the second. @type {[string, string] | undefined} */
    this.names = undefined
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
    const { of, lines, from0 } = kinds[kind]
    const table = run => /** @type {any} */ ([run?.[of].step ?? [], ...lines.map(([key]) => run?.[of][key] ?? [])])
    const line = (palette, run, more) => ([, color = runColours[run]]) => ({ stroke: palette[color], spanGaps: true, ...more })
    return {
      kind,
      data: uPlot => uPlot.join([table(this.one), table(this.two)]),
      options: palette => ({
        scales: from0 ? { y: { range: (_, __, most) => [0, most * 1.05 || 1] } } : {},
        series: [...lines.map(line(palette, 0)), ...lines.map(line(palette, 1, { dash: [6, 4] }))],
      }),
    }
  }

  text() {
    const { of, lines } = kinds[this.shown()]
    const last = run => lines.map(([key]) => number(run?.[of][key]?.findLast(value => value !== null) ?? NaN)).join(' / ')
    const words = { kind: this.name(this.shown()), one: last(this.one), two: last(this.two) }
    return this.names ? t('compare.chart_text', { ...words, run_one: this.names[0], run_two: this.names[1] }) : t('race.chart_text', words)
  }

  /** @param {string} kind */
  name(kind) {
    return has(`race.kind_${kind}`) ? t(`race.kind_${kind}`) : has(`compare.kind_${kind}`) ? t(`compare.kind_${kind}`) : t(`train.${kind}`)
  }

  render() {
    const shown = this.shown()
    const [one, two] = this.names ?? [t('race.one'), t('race.two')]
    const networks = shown === 'losses' ? html`<span class="key d">${t('chart.loss_d')}</span><span class="key g">${t('chart.loss_g')}</span>` : ''
    return html`<figure>
      <figcaption class=${shown === 'losses' ? '' : 'single'}><label class="row"><span class="small soft">${t('race.compare')}</span><select @change=${event => { this.kind = event.target.value }}>
        ${this.known().map(kind => html`<option value=${kind} .selected=${live(kind === shown)}>${this.name(kind)}</option>`)}</select></label>
        <span class="key one">${one}</span><span class="key two">${two}</span>${networks}</figcaption>
      <div class="plot" role="img" aria-label=${this.text()}></div>
    </figure>`
  }
}

customElements.define('race-chart', RaceChart)
