// Both losses over the steps (uPlot), with the same in words for those who do not see it.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'
import { LinePlot, plotStyles } from './draw/line-plot.js'

/** @typedef {{ step: number[], d: number[], g: number[] }} LossSeries */

const heightPx = 190

export class LossChart extends LitElement {
  static properties = { history: { attribute: false } }

  static styles = [controls, plotStyles, css`
    figure { margin: 0; min-width: 0; }
    figcaption { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; align-items: baseline; margin-bottom: 0.4rem; }
    .key { display: inline-flex; align-items: center; gap: 0.4rem; font-size: var(--step--1); }
    .key::before { content: ''; width: 1.4rem; border-top: 2px solid var(--real); }
    .key.made::before { border-top: 2px dashed var(--made); }
    .plot { min-height: ${heightPx}px; overflow: hidden; }
    .empty { display: grid; place-items: center; height: ${heightPx}px; border: 1px dashed var(--rule); text-align: center; padding: 1rem; }
  `]

  constructor() {
    super()
    /** @type {LossSeries} */
    this.history = { step: [], d: [], g: [] }
    this.localized = new Localized(this)
    this.plot = new LinePlot(this, heightPx, () => this.plotted())
  }

  /** @returns {import('./draw/line-plot.js').Plotted | undefined} */
  plotted() {
    const { step, d, g } = this.history
    if (!step.length) return undefined
    return { kind: 'losses', data: () => [step, d, g], options: ({ real, made }) => ({ series: [{ stroke: real }, { stroke: made, dash: [7, 4] }] }) }
  }

  text() {
    const { step, d, g } = this.history
    const last = step.length - 1
    const from = Math.floor(last * 0.75)
    const trend = series => {
      const change = series[last] - series[from]
      return t(Math.abs(change) < 0.05 * (Math.abs(series[from]) + 0.1) ? 'chart.flat' : change > 0 ? 'chart.up' : 'chart.down')
    }
    return t('chart.text', { step: step[last], d: d[last], g: g[last], span: step[last] - step[from], trend_d: trend(d), trend_g: trend(g) })
  }

  render() {
    const filled = this.history.step.length > 0
    return html`<figure>
      <figcaption><h3>${t('chart.title')}</h3><span class="key real">${t('chart.loss_d')}</span><span class="key made">${t('chart.loss_g')}</span></figcaption>
      ${filled ? html`<div class="plot" role="img" aria-label=${this.text()}></div>` : html`<p class="empty soft small">${t('chart.empty')}</p>`}
    </figure>`
  }
}

customElements.define('loss-chart', LossChart)
