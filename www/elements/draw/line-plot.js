// One way for every line chart: uPlot, as wide as its host, made anew on a new theme.
import { css, unsafeCSS } from 'lit'
import uplotStyles from 'uplot/dist/uPlot.min.css?inline'
import { number } from '../../i18n/translate.js'
import { onTheme, readPalette } from './palette.js'
import { drawnScale } from './place.js'

/** @typedef {import('./palette.js').Palette} Palette */
/** @typedef {typeof import('uplot')} UPlot */
/**
 * @typedef {object} Plotted what a host shows
 * @property {string} kind another kind needs another chart
 * @property {(uPlot: UPlot) => import('uplot').AlignedData} data
 * @property {(palette: Palette) => { series: { dash?: number[], [key: string]: any }[], scales?: object }} options lengths in CSS pixels
 */

/** The numbers on the axes stand in letters that the page already shows: a size of their own would have to be fetched, and waited for. */
export const plotStyles = [unsafeCSS(uplotStyles), css`.plot { font-size: var(--step--1); }`]

/** A chart of thousands of steps says no more when it is drawn more often. */
const paceMs = 200

/** By itself, in a task of its own: as it loads it asks for the time zone, and that alone takes tens of milliseconds. @type {Promise<UPlot> | undefined} */
let library

/** A lit controller that owns the chart in the host's `.plot`. */
export class LinePlot {
  /** @param {import('lit').LitElement} host @param {number} height CSS pixels @param {() => Plotted | undefined} plotted nothing: no chart */
  constructor(host, height, plotted) {
    this.host = host
    this.height = height
    this.plotted = plotted
    /** @type {UPlot | undefined} */
    this.uPlot = undefined
    /** @type {{ kind: string, large: number, chart: uPlot } | undefined} */
    this.drawn = undefined
    /** As the last layout left it; none while the host is hidden. */
    this.width = 0
    /** How far the page around enlarges it: uPlot knows the screen's density alone, so it draws that much larger, and is zoomed back. */
    this.large = 1
    /** @type {any} */
    this.timer = 0
    this.drawnAt = 0
    host.addController(this)
  }

  hostConnected() {
    this.stopTheme = onTheme(() => this.rebuild())
    this.observer = new ResizeObserver(([entry]) => this.resize(Math.floor(entry.contentRect.width), drawnScale(this.host)))
    this.observer.observe(this.host)
    library ??= import('uplot').then(module => /** @type {any} */ (module.default))
    library.then(uPlot => {
      this.uPlot = uPlot
      this.host.requestUpdate()
    }, () => {
      // A connection that failed: its text says what the chart would show, and the next chart asks again.
      library = undefined
    })
  }

  hostDisconnected() {
    this.stopTheme?.()
    this.observer?.disconnect()
    clearTimeout(this.timer)
    this.timer = 0
    this.discard()
  }

  /** @param {number} width @param {number} scale pixels of the page for one of the host's */
  resize(width, scale) {
    this.width = width
    this.large = (CSS.supports('zoom', '2') && Number(scale.toFixed(2))) || 1
    if (!width) this.discard()
    else if (this.drawn?.large === this.large) this.drawn.chart.setSize({ width: width * this.large, height: this.height * this.large })
    else this.host.requestUpdate()
  }

  /** Never in the task that updates the host: that one has enough to do. */
  hostUpdated() {
    // An update may come after the host has left: a chart made then would never be destroyed, and uPlot listens at the window.
    if (!this.host.isConnected) return
    this.timer ||= setTimeout(() => {
      this.timer = 0
      this.drawnAt = performance.now()
      this.draw()
    }, Math.max(0, this.drawnAt + paceMs - performance.now()))
  }

  draw() {
    const { uPlot } = this
    const place = /** @type {HTMLElement | null | undefined} */ (this.host.renderRoot?.querySelector('.plot'))
    const plotted = this.width ? this.plotted() : undefined
    if (!uPlot || !place || !plotted) return this.discard()
    if (this.drawn?.kind === plotted.kind && this.drawn.large === this.large && place.contains(this.drawn.chart.root)) return this.drawn.chart.setData(plotted.data(uPlot))
    this.discard()
    this.drawn = { kind: plotted.kind, large: this.large, chart: new uPlot(this.options(place, plotted), plotted.data(uPlot), place) }
    this.drawn.chart.root.style.zoom = String(1 / this.large)
  }

  discard() {
    this.drawn?.chart.destroy()
    this.drawn = undefined
  }

  rebuild() {
    this.discard()
    this.host.requestUpdate()
  }

  /** @param {HTMLElement} place @param {Plotted} plotted @returns {import('uplot').Options} */
  options(place, { options }) {
    const { fontSize, fontFamily } = getComputedStyle(place)
    const palette = readPalette(this.host)
    const { large } = this
    const { inkSoft, rule } = palette
    const own = options(palette)
    const axis = { stroke: inkSoft, grid: { stroke: rule, width: large }, ticks: { stroke: rule, width: large, size: 10 * large }, gap: 5 * large, font: `${parseFloat(fontSize) * large}px ${fontFamily}`, values: (_, ticks) => ticks.map(tick => number(tick)) }
    return {
      width: this.width * large, height: this.height * large, legend: { show: false }, cursor: { show: false }, padding: [8 * large, 24 * large, 0, 0],
      axes: [{ ...axis, size: 30 * large, space: 70 * large }, { ...axis, size: 48 * large, space: 36 * large }],
      ...own,
      scales: { x: { time: false }, ...own.scales },
      series: [{}, ...own.series.map(line => ({ width: 1.75 * large, points: { show: false }, ...line, ...(line.dash && { dash: line.dash.map(length => length * large) }) }))],
    }
  }
}
