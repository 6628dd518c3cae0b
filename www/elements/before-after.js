// Two pictures of one shape, one over the other, and a line between them that pointer or keys move. Both can be
// enlarged and shifted together: wheel, pinch, double click, buttons, or + - 0 1 and the arrow keys.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, percent, t } from '../i18n/translate.js'
import { placeIn, shownScale } from './draw/place.js'
import { coveredWidth, fit, settle, zoomLimits, zoomStep, zoomTo } from './draw/viewport.js'

/** A wheel that is scrolling the page must not begin to zoom when a picture comes under the pointer. */
const scrollRestMs = 250
/** A finger this near the line takes hold of it, pixels of the page. */
const reach = 26
/** Enlarged this far, pixels are shown as they are. */
const crispScale = 3

export class BeforeAfter extends LitElement {
  static properties = {
    original: { attribute: false }, painting: { attribute: false }, cut: { type: Number }, still: { type: Boolean }, mirrored: { type: Boolean }, smooth: { type: Boolean }, view: { state: true },
  }

  static styles = [controls, css`
    .frame { position: relative; touch-action: pan-y; cursor: ew-resize; border: 1px solid var(--edge); background: var(--well); overflow: hidden; user-select: none; aspect-ratio: var(--shape, 4 / 3); max-height: calc(75vh / var(--zoom, 1)); width: 100%; }
    .frame.close { touch-action: none; cursor: grab; }
    .frame.close:active { cursor: grabbing; }
    :host([still]) .frame { cursor: default; }
    .layer { position: absolute; inset: 0; overflow: hidden; }
    .layer.after { clip-path: inset(0 0 0 var(--line)); }
    canvas { position: absolute; left: 0; top: 0; display: block; transform-origin: 0 0; }
    .crisp canvas { image-rendering: pixelated; }
    .line { position: absolute; inset-block: 0; left: var(--line); width: 2px; margin-left: -1px; background: var(--paper); box-shadow: 0 0 0 1px rgb(0 0 0 / 0.35); pointer-events: none; }
    .line::after { content: '↔'; position: absolute; top: 50%; left: 50%; translate: -50% -50%; width: 2.2rem; height: 2.2rem; display: grid; place-items: center; border-radius: 50%; background: var(--paper); color: var(--ink); box-shadow: 0 0 0 1px rgb(0 0 0 / 0.35); }
    .tag { position: absolute; bottom: 0.6rem; padding: 0.1rem 0.5rem; background: var(--paper); color: var(--ink); font-size: var(--step--1); pointer-events: none; }
    .tag.before { left: 0.6rem; } .tag.after { right: 0.6rem; }
    .below { display: grid; grid-template-columns: minmax(6rem, 1fr) auto; gap: 0.3rem 1.2rem; align-items: center; margin-top: 0.6rem; }
    .zoom { display: flex; align-items: center; gap: 0.3rem; }
    .zoom button { min-height: 2.2rem; min-width: 2.2rem; padding: 0.1rem 0.55rem; white-space: nowrap; }
    output { min-width: 3.2rem; text-align: center; font-variant-numeric: tabular-nums; }
    @media (max-width: 30rem) { .below { grid-template-columns: minmax(0, 1fr); } .zoom { justify-content: space-between; } }
  `]

  constructor() {
    super()
    /** @type {ImageData | undefined} */
    this.original = undefined
    /** Shown as large as the original, whatever its own size: a quick preview has fewer pixels. @type {ImageData | undefined} */
    this.painting = undefined
    /** 0..1 of the visible width, where the painting begins. */
    this.cut = 0.5
    /** Only looked at: no line, no zoom. */
    this.still = false
    /** Both pictures the other way round. */
    this.mirrored = false
    /** However far it is enlarged. */
    this.smooth = false
    /** @type {import('./draw/viewport.js').View | null} null: as the frame has it, whole */
    this.view = null
    /** @type {Map<number, { x: number, y: number }>} */
    this.pointers = new Map()
    /** @type {'line' | 'shift' | 'pinch' | null} */
    this.grip = null
    /** Where the line was before it was taken hold of. */
    this.lastCut = this.cut
    this.lastScroll = -Infinity
    this.scrolled = () => (this.lastScroll = performance.now())
    this.localized = new Localized(this)
  }

  connectedCallback() {
    super.connectedCallback()
    this.observer = new ResizeObserver(() => this.requestUpdate())
    addEventListener('scroll', this.scrolled, { passive: true })
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.observer?.disconnect()
    removeEventListener('scroll', this.scrolled)
  }

  get frame() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector('.frame'))
  }

  get room() {
    return { width: this.frame.clientWidth || 1, height: this.frame.clientHeight || 1 }
  }

  /** Pixels of the screen for one of the frame's, whatever the page around does to its size. */
  get density() {
    return devicePixelRatio * shownScale(this.frame)
  }

  get picture() {
    return this.original ?? { width: 4, height: 3 }
  }

  get placed() {
    return this.view ? settle(this.view, this.room, this.picture) : fit(this.room, this.picture)
  }

  firstUpdated() {
    this.observer?.observe(this.frame)
    // Not as a template's listener: those are passive for wheels in some browsers, and the page would scroll along.
    this.frame.addEventListener('wheel', event => this.wheeled(event), { passive: false })
  }

  willUpdate(changed) {
    const before = changed.get('original')
    if (!before || !this.original || !this.view) return
    // The same picture in another resolution keeps its place; another picture begins whole.
    const ratio = before.width / this.original.width
    const alike = Math.abs(before.width / before.height - this.original.width / this.original.height) < 0.02
    this.view = alike ? { ...this.view, scale: this.view.scale * ratio } : null
  }

  updated(changed) {
    if (changed.has('original')) this.show('before', this.original)
    if (changed.has('painting') || changed.has('original')) this.show('after', this.painting)
    this.frame.style.setProperty('--shape', `${this.picture.width} / ${this.picture.height}`)
    const view = this.placed
    const { left, width } = coveredWidth(view, this.room, this.picture)
    this.frame.style.setProperty('--line', `${left + this.cut * width}px`)
    this.frame.classList.toggle('close', this.isClose(view))
    const { density } = this
    this.frame.classList.toggle('crisp', !this.smooth && view.scale * density >= crispScale)
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const [across, down] = [(view.scale * this.picture.width) / canvas.width, (view.scale * this.picture.height) / canvas.height]
      const x = this.mirrored ? view.x + view.scale * this.picture.width : view.x
      canvas.style.transform = `translate(${x}px, ${view.y}px) scale(${this.mirrored ? -across : across}, ${down})`
    }
    const output = this.renderRoot.querySelector('output')
    if (output) output.textContent = percent(view.scale * density)
  }

  /** Larger than the frame: then dragging shifts it. @param {import('./draw/viewport.js').View} view */
  isClose(view) {
    return view.scale > fit(this.room, this.picture).scale * 1.001
  }

  /** @param {string} side @param {ImageData | undefined} picture */
  show(side, picture) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector(`canvas.${side}`))
    if (!canvas || !picture) return
    if (canvas.width !== picture.width || canvas.height !== picture.height) Object.assign(canvas, { width: picture.width, height: picture.height })
    canvas.getContext('2d')?.putImageData(picture, 0, 0)
  }

  /** @param {number} scale @param {{ x: number, y: number }} [point] the middle, unless something is pointed at */
  zoom(scale, point = { x: this.room.width / 2, y: this.room.height / 2 }) {
    const limits = zoomLimits(this.room, this.picture, this.density)
    const view = zoomTo(this.placed, point, scale, this.room, this.picture, limits)
    // Back at the whole picture it follows the frame again.
    this.view = Math.abs(view.scale / fit(this.room, this.picture).scale - 1) < 0.001 ? null : view
  }

  zoomBy(factor, point) {
    this.zoom(this.placed.scale * factor, point)
  }

  shift(x, y) {
    const view = this.placed
    this.view = settle({ ...view, x: view.x + x, y: view.y + y }, this.room, this.picture)
  }

  pointIn(event) {
    return placeIn(event, this.frame)
  }

  moveLine({ x }) {
    const { left, width } = coveredWidth(this.placed, this.room, this.picture)
    this.cut = Math.min(1, Math.max(0, (x - left) / width))
  }

  pressed(event) {
    if (this.still || event.button > 0) return
    const point = this.pointIn(event)
    this.frame.setPointerCapture(event.pointerId)
    this.pointers.set(event.pointerId, point)
    const { left, width } = coveredWidth(this.placed, this.room, this.picture)
    const nearLine = Math.abs(point.x - left - this.cut * width) * shownScale(this.frame) < reach
    // The first of two fingers has moved the line without meaning to.
    if (this.pointers.size > 1 && this.grip === 'line') this.cut = this.lastCut
    this.lastCut = this.cut
    this.grip = this.pointers.size > 1 ? 'pinch' : nearLine || !this.isClose(this.placed) ? 'line' : 'shift'
    if (this.grip === 'line') this.moveLine(point)
  }

  moved(event) {
    const from = this.pointers.get(event.pointerId)
    if (!from) return
    const to = this.pointIn(event)
    if (this.grip === 'line') this.moveLine(to)
    if (this.grip === 'shift') this.shift(to.x - from.x, to.y - from.y)
    if (this.grip === 'pinch') this.pinch(event.pointerId, from, to)
    this.pointers.set(event.pointerId, to)
  }

  /** Two fingers: what lies between them stays between them. */
  pinch(id, from, to) {
    const other = [...this.pointers].find(([key]) => key !== id)?.[1]
    if (!other) return
    const distance = point => Math.hypot(point.x - other.x, point.y - other.y) || 1
    this.zoomBy(distance(to) / distance(from), { x: (from.x + other.x) / 2, y: (from.y + other.y) / 2 })
    this.shift((to.x - from.x) / 2, (to.y - from.y) / 2)
  }

  released(event) {
    this.pointers.delete(event.pointerId)
    // The finger that stays after a pinch goes on shifting, so that nothing jumps to it.
    this.grip = this.pointers.size ? 'shift' : null
  }

  wheeled(event) {
    if (this.still) return
    const outwards = event.deltaY > 0
    const deliberate = event.ctrlKey || performance.now() - this.lastScroll > scrollRestMs
    // Nothing further out: the wheel belongs to the page again.
    if (!deliberate || (outwards && !this.isClose(this.placed) && !event.ctrlKey)) return
    event.preventDefault()
    // Lines and pages (Firefox) as pixels; one notch of a mouse is about 100.
    const pixels = event.deltaY * [1, 33, 400][event.deltaMode]
    this.zoomBy(Math.exp(-Math.max(-240, Math.min(240, pixels)) / (event.ctrlKey ? 120 : 400)), this.pointIn(event))
  }

  doubleClicked(event) {
    if (this.still) return
    if (this.isClose(this.placed)) this.view = null
    else this.zoom(Math.max(1 / this.density, this.placed.scale * 2), this.pointIn(event))
  }

  typed(event) {
    if (this.still || event.ctrlKey || event.metaKey || event.altKey) return
    const far = 40
    const close = this.isClose(this.placed)
    const sideways = step => (close ? this.shift(-step * far, 0) : (this.cut = Math.min(1, Math.max(0, this.cut + step / 100))))
    const acts = {
      '+': () => this.zoomBy(zoomStep), '=': () => this.zoomBy(zoomStep), '-': () => this.zoomBy(1 / zoomStep), '_': () => this.zoomBy(1 / zoomStep),
      0: () => (this.view = null), 1: () => this.zoom(1 / this.density),
      ArrowLeft: () => sideways(-1), ArrowRight: () => sideways(1),
      // Without anything to shift, up and down scroll the page.
      ...(close && { ArrowUp: () => this.shift(0, far), ArrowDown: () => this.shift(0, -far) }),
    }
    if (!acts[event.key]) return
    event.preventDefault()
    acts[event.key]()
  }

  zoomButton(name, text, act) {
    return html`<button type="button" data-zoom=${name} title=${t(`stylize.zoom_${name}`)} aria-label=${t(`stylize.zoom_${name}`)} @click=${act}>${text}</button>`
  }

  below() {
    const shown = t('stylize.slider_value', { percent: percent(1 - this.cut) })
    return html`<div class="below">
      <input type="range" min="0" max="100" step="1" .value=${String(Math.round(this.cut * 100))} aria-label=${t('stylize.slider')} aria-valuetext=${shown}
          @input=${event => (this.cut = event.target.value / 100)}>
      <div class="zoom small" role="group" aria-label=${t('stylize.zoom')}>
        ${this.zoomButton('out', '−', () => this.zoomBy(1 / zoomStep))}
        <output aria-label=${t('stylize.zoom')}></output>
        ${this.zoomButton('in', '+', () => this.zoomBy(zoomStep))}
        ${this.zoomButton('fit', t('stylize.zoom_fit_short'), () => (this.view = null))}
        ${this.zoomButton('full', percent(1), () => this.zoom(1 / this.density))}
      </div></div>`
  }

  render() {
    const compared = Boolean(this.painting)
    return html`
      <div class="frame" role="group" tabindex=${this.still ? nothing : 0} aria-label=${t('stylize.viewer')} aria-describedby=${this.still ? nothing : 'keys'}
          @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released} @pointercancel=${this.released}
          @dblclick=${this.doubleClicked} @keydown=${this.typed}>
        <div class="layer"><canvas class="before" role="img" aria-label=${t('stylize.before')}></canvas></div>
        <div class="layer after" ?hidden=${!compared}><canvas class="after" role="img" aria-label=${t('stylize.after')}></canvas></div>
        <span class="line" ?hidden=${!compared}></span>
        <span class="tag before" aria-hidden="true" ?hidden=${!compared}>${t('stylize.before')}</span>
        <span class="tag after" aria-hidden="true" ?hidden=${!compared}>${t('stylize.after')}</span>
      </div>
      <p id="keys" class="hidden-text">${t('stylize.viewer_keys')}</p>
      ${this.still ? nothing : this.below()}`
  }
}

customElements.define('before-after', BeforeAfter)
