// One way for every canvas element to draw: at most once a frame, at the size it is shown in, again on a new theme.
import { onTheme } from './palette.js'

/** More pixels than this a side unit cost time that nobody sees. */
const densityCap = 2

/** A lit controller that owns the drawing of the host's canvas. */
export class CanvasPainter {
  /**
   * @param {import('lit').LitElement} host
   * @param {(context: CanvasRenderingContext2D, size: { width: number, height: number }) => void} paint in CSS pixels
   */
  constructor(host, paint) {
    this.host = host
    this.paint = paint
    /** @type {number} */
    this.frame = 0
    host.addController(this)
  }

  hostConnected() {
    this.stopTheme = onTheme(() => this.request())
    this.observer = new ResizeObserver(() => this.request())
    this.observer.observe(this.host)
  }

  hostDisconnected() {
    this.stopTheme?.()
    this.observer?.disconnect()
    cancelAnimationFrame(this.frame)
    this.frame = 0
  }

  hostUpdated() {
    this.request()
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      this.draw()
    })
  }

  draw() {
    const canvas = this.host.renderRoot?.querySelector('canvas')
    const box = canvas?.getBoundingClientRect()
    if (!canvas || !box?.width || !box.height) return
    const density = Math.min(devicePixelRatio || 1, densityCap)
    const [width, height] = [Math.round(box.width * density), Math.round(box.height * density)]
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
    context.setTransform(density, 0, 0, density, 0, 0)
    context.clearRect(0, 0, box.width, box.height)
    this.paint(context, { width: box.width, height: box.height })
  }
}
