// One way for every canvas element to draw: at most once a frame, at the size it is shown in, again on a new theme.
import { never, soon } from './frames.js'
import { onTheme } from './palette.js'
import { drawnScale } from './place.js'

/** More pixels than this for one of the page's cost time that nobody sees. */
const densityCap = 2
/** However far a page enlarges it, a side never has more. */
const sideCap = 4096
/** A slide that is enlarged tells nobody: asked for again now and then, while something is drawn anyway. */
const askEveryMs = 1000

/** A lit controller that owns the drawing of the host's canvas. */
export class CanvasPainter {
  /**
   * @param {import('lit').LitElement} host
   * @param {(context: CanvasRenderingContext2D, size: { width: number, height: number }) => void} paint in CSS pixels
   */
  constructor(host, paint) {
    this.host = host
    this.paint = paint
    /** What is drawn on. @type {HTMLCanvasElement | undefined} */
    this.canvas = undefined
    /** As the last layout left it: asking for it would mean another layout. */
    this.box = { width: 0, height: 0 }
    /** Pixels of the page for one of the canvas's, and when that was asked. */
    this.scale = 1
    this.asked = 0
    this.resized = () => {
      this.asked = 0
      this.request()
    }
    host.addController(this)
  }

  hostConnected() {
    this.stopTheme = onTheme(() => this.request())
    this.observer = new ResizeObserver(([{ contentRect: { width, height } }]) => {
      this.box = { width, height }
      this.asked = 0
      this.request()
    })
    // Another density of the screen, or a slide that follows its window.
    addEventListener('resize', this.resized)
    this.observe()
  }

  /** The host's canvas may be another one by now. */
  observe() {
    const canvas = this.host.renderRoot?.querySelector('canvas') ?? undefined
    if (canvas === this.canvas) return
    this.observer?.disconnect()
    this.canvas = canvas
    if (canvas) this.observer?.observe(canvas)
  }

  hostDisconnected() {
    this.stopTheme?.()
    this.observer?.disconnect()
    removeEventListener('resize', this.resized)
    this.canvas = undefined
    never(this)
  }

  hostUpdated() {
    // An update may come after the host has left; in a hidden tab no frame would come to let it go.
    if (!this.host.isConnected) return
    this.observe()
    this.request()
  }

  request() {
    soon(this)
  }

  /** @param {Map<Element, any>} known what other canvases found out in this frame */
  ask(known) {
    const now = performance.now()
    if (!this.canvas || !this.box.width || (this.asked && now - this.asked <= askEveryMs)) return
    this.asked = now
    this.scale = drawnScale(this.canvas, known)
  }

  density() {
    return Math.min(devicePixelRatio || 1, densityCap) * this.scale
  }

  draw() {
    const { canvas, box } = this
    if (!canvas || !box.width || !box.height) return
    const density = Math.min(this.density(), sideCap / Math.max(box.width, box.height))
    const [width, height] = [Math.round(box.width * density), Math.round(box.height * density)]
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
    context.setTransform(density, 0, 0, density, 0, 0)
    context.clearRect(0, 0, box.width, box.height)
    this.paint(context, box)
  }
}
