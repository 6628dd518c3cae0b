// A photo with the square that the networks will see: pointers move, size and turn it, two fingers do all three; keys as well. Faces that
// were found are buttons. Fires `crop` with { crop, done }, `face` with { index }.
import { LitElement, css, html, svg, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, number, t } from '../i18n/translate.js'
import { cornersOf, drag, drawAligned, gripAt, knobOf, nudge, pinch, settle } from './draw/crop.js'
import { placeIn, shownScale } from './draw/place.js'

/** A finger this near a handle takes hold of it, pixels of the page. */
const reach = 22
/** A face that was found is framed by this share of its square, and never smaller than a finger's tip, CSS pixels. */
const [shownShare, leastButton] = [0.6, 24]
/** Of the preview: the networks' own. */
const previewSide = 96

export class FaceCrop extends LitElement {
  static properties = { photo: { attribute: false }, crop: { attribute: false }, faces: { attribute: false }, chosen: { type: Number }, width: { state: true } }

  static styles = [controls, css`
    :host { display: grid; gap: 0.75rem; }
    .frame { position: relative; touch-action: none; overflow: hidden; border: 1px solid var(--edge); background: var(--well); user-select: none; cursor: crosshair; max-width: 100%; justify-self: center; }
    .frame.move { cursor: move; } .frame.size { cursor: nwse-resize; } .frame.roll { cursor: grab; }
    canvas { display: block; width: 100%; height: auto; }
    svg { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
    .shade { fill: rgb(0 0 0 / 0.42); fill-rule: evenodd; }
    .square { fill: none; stroke: #fff; stroke-width: 2; paint-order: stroke; filter: drop-shadow(0 0 1.5px #000); }
    .handle { fill: #fff; stroke: #000; stroke-width: 1.25; }
    .axis { stroke: #fff; stroke-width: 2; filter: drop-shadow(0 0 1.5px #000); }
    .found { position: absolute; transform: translate(-50%, -50%) rotate(var(--roll)); border: 2px dashed #fff; background: none; padding: 0; min-height: 0; box-shadow: 0 0 0 1px rgb(0 0 0 / 0.55); border-radius: 2px; }
    .found:hover { border-style: solid; border-color: #fff; background: rgb(255 255 255 / 0.2); }
    .found:focus-visible { outline: 3px solid #fff; outline-offset: -5px; }
    .below { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.5rem 1rem; align-items: center; }
    .preview { width: 6rem; height: 6rem; border: 1px solid var(--edge); border-top: 3px solid var(--real); background: var(--well); }
    .sliders { display: grid; grid-template-columns: auto minmax(0, 1fr) 4.2rem; gap: 0.1rem 0.6rem; align-items: center; }
    output { font-variant-numeric: tabular-nums; text-align: end; white-space: nowrap; }
  `]

  constructor() {
    super()
    /** As it is shown, perhaps smaller than it is. @type {{ bitmap: ImageBitmap, width: number, height: number } | undefined} */
    this.photo = undefined
    /** @type {import('./draw/crop.js').Crop} */
    this.crop = { x: 0, y: 0, size: 1, roll: 0 }
    /** @type {import('./draw/crop.js').Crop[]} */
    this.faces = []
    this.chosen = -1
    this.width = 0
    /** Pixels of the page for one of the element's, as the last layout had it. */
    this.shown = 1
    /** @type {Map<number, import('./draw/crop.js').Point>} where each pointer was set down, and is */
    this.down = new Map()
    /** @type {Map<number, import('./draw/crop.js').Point>} */
    this.now = new Map()
    /** @type {'roll' | 'size' | 'move' | null} */
    this.grip = null
    this.held = this.crop
    /** Whether the pointers that are down have changed anything. */
    this.dragged = false
    this.localized = new Localized(this)
  }

  connectedCallback() {
    super.connectedCallback()
    this.observer = new ResizeObserver(([entry]) => {
      this.shown = shownScale(this)
      this.width = Math.round(entry.contentRect.width)
    })
    this.observer.observe(this)
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.observer?.disconnect()
  }

  /** CSS pixels for one of the photo; a tall photo leaves the controls on the screen. */
  get scale() {
    const { width, height } = this.photo ?? { width: 1, height: 1 }
    return Math.min(this.width / width, (0.62 * innerHeight) / this.shown / height)
  }

  /** In pixels of the photo. */
  get reach() { return reach / this.scale / this.shown }

  updated(changed) {
    const { photo } = this
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.renderRoot.querySelector('.frame canvas'))
    if (!photo || !canvas) return
    if (this.drawn !== photo) {
      this.drawn = photo
      Object.assign(canvas, { width: photo.bitmap.width, height: photo.bitmap.height })
      canvas.getContext('2d')?.drawImage(photo.bitmap, 0, 0)
    }
    if (!changed.has('crop') && !changed.has('photo') && !changed.has('width')) return
    const preview = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector('.preview'))
    const context = /** @type {CanvasRenderingContext2D} */ (preview.getContext('2d'))
    context.clearRect(0, 0, previewSide, previewSide)
    drawAligned(context, photo.bitmap, photo.bitmap.width / photo.width, this.crop, previewSide)
  }

  /** @param {import('./draw/crop.js').Crop} crop @param {boolean} done whether the hand has let go */
  change(crop, done) {
    this.crop = settle(crop, /** @type {any} */ (this.photo))
    this.dragged = true
    this.dispatchEvent(new CustomEvent('crop', { detail: { crop: this.crop, done } }))
  }

  /** @param {PointerEvent} event */
  pointOf(event) {
    const frame = /** @type {HTMLElement} */ (this.renderRoot.querySelector('.frame'))
    this.shown = shownScale(frame)
    const { x, y } = placeIn(event, frame)
    return { x: x / this.scale, y: y / this.scale }
  }

  /** @param {PointerEvent} event */
  pressed(event) {
    if (event.button > 0) return
    // A face that was found is chosen, not dragged.
    if (event.composedPath().some(each => each instanceof HTMLButtonElement)) return
    const point = this.pointOf(event)
    const frame = /** @type {HTMLElement} */ (event.currentTarget)
    frame.setPointerCapture(event.pointerId)
    this.down.set(event.pointerId, point)
    this.now.set(event.pointerId, point)
    this.held = this.crop
    if (this.down.size === 1) this.dragged = false
    if (this.down.size > 1) for (const [id, here] of this.now) this.down.set(id, here)
    this.grip = gripAt(this.crop, point, this.reach)
    if (this.grip || this.down.size > 1) return
    // Beside the square: it comes to the pointer, and goes along.
    this.grip = 'move'
    this.held = { ...this.crop, ...point }
    this.change(this.held, false)
  }

  /** @param {PointerEvent} event */
  moved(event) {
    const point = this.pointOf(event)
    const from = this.down.get(event.pointerId)
    if (!from) return this.hover(gripAt(this.crop, point, this.reach))
    this.now.set(event.pointerId, point)
    if (this.down.size === 2) {
      const pair = places => /** @type {[any, any]} */ ([...places.values()])
      return this.change(pinch(this.held, pair(this.down), pair(this.now)), false)
    }
    if (this.grip) this.change(drag(this.held, this.grip, from, point), false)
  }

  /** @param {string | null} grip */
  hover(grip) {
    const frame = this.renderRoot.querySelector('.frame')
    if (frame) frame.className = `frame ${grip ?? ''}`
  }

  /** @param {PointerEvent} event */
  released(event) {
    if (!this.down.delete(event.pointerId)) return
    this.now.delete(event.pointerId)
    this.held = this.crop
    for (const [id, here] of this.now) this.down.set(id, here)
    if (!this.down.size && this.dragged) this.change(this.crop, true)
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (event.composedPath()[0] !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const crop = nudge(this.crop, event.key, event.shiftKey)
    if (!crop) return
    event.preventDefault()
    this.change(crop, true)
  }

  overlay() {
    const { scale, photo } = this
    const at = ({ x, y }) => `${(x * scale).toFixed(1)} ${(y * scale).toFixed(1)}`
    const corners = cornersOf(this.crop)
    const knob = knobOf(this.crop)
    const top = { x: (corners[0].x + corners[1].x) / 2, y: (corners[0].y + corners[1].y) / 2 }
    const square = `M${corners.map(at).join('L')}Z`
    const [width, height] = [photo?.width ?? 0, photo?.height ?? 0].map(length => length * scale)
    return svg`<path class="shade" d="M0 0H${width}V${height}H0Z${square}" />
      <line class="axis" x1=${top.x * scale} y1=${top.y * scale} x2=${knob.x * scale} y2=${knob.y * scale} />
      <path class="square" d=${square} />
      ${corners.map(({ x, y }) => svg`<rect class="handle" x=${x * scale - 5} y=${y * scale - 5} width="10" height="10" />`)}
      <circle class="handle" cx=${knob.x * scale} cy=${knob.y * scale} r="7" />`
  }

  sliders() {
    const { photo, crop } = this
    const longest = Math.max(photo?.width ?? 1, photo?.height ?? 1)
    const size = t('faces.crop_pixels', { n: number(Math.round(crop.size)) })
    const roll = t('faces.degrees', { n: number(Math.round(crop.roll)) })
    return html`<div class="sliders small">
      <label for="size">${t('faces.crop_size')}</label>
      <input id="size" type="range" min="24" max=${Math.round(longest)} step="1" .value=${String(Math.round(crop.size))} aria-valuetext=${size}
        @input=${event => this.change({ ...crop, size: Number(event.target.value) }, false)} @change=${() => this.change(this.crop, true)}><output>${size}</output>
      <label for="roll">${t('faces.crop_roll')}</label>
      <input id="roll" type="range" min="-180" max="180" step="1" .value=${String(Math.round(crop.roll))} aria-valuetext=${roll}
        @input=${event => this.change({ ...crop, roll: Number(event.target.value) }, false)} @change=${() => this.change(this.crop, true)}><output>${roll}</output>
    </div>`
  }

  render() {
    const { photo, faces, chosen, scale } = this
    if (!photo) return nothing
    const [width, height] = [photo.width * scale, photo.height * scale]
    const side = (/** @type {import('./draw/crop.js').Crop} */ face) => Math.max(leastButton, face.size * scale * shownShare)
    // As properties: the page's policy refuses style attributes.
    const found = faces.map((face, index) => index === chosen ? nothing : html`<button type="button" class="found" data-face=${index} aria-label=${t('faces.found_one', { index: index + 1 })}
        .style=${`left: ${face.x * scale}px; top: ${face.y * scale}px; width: ${side(face)}px; height: ${side(face)}px; --roll: ${face.roll}deg`}
        @click=${() => this.dispatchEvent(new CustomEvent('face', { detail: { index } }))}></button>`)
    return html`<div class="frame" tabindex="0" role="group" aria-label=${t('faces.crop_label')} aria-describedby="keys" .style=${`width: ${width}px; height: ${height}px`}
        @pointerdown=${this.pressed} @pointermove=${this.moved} @pointerup=${this.released} @pointercancel=${this.released} @keydown=${this.keyed}>
        <canvas role="presentation"></canvas>
        <svg aria-hidden="true">${this.overlay()}</svg>${found}
      </div>
      <div class="below"><canvas class="preview" width=${previewSide} height=${previewSide} role="img" aria-label=${t('faces.crop_preview')}></canvas>${this.sliders()}</div>
      <p id="keys" class="small soft">${t('faces.crop_keys')}</p>`
  }
}

customElements.define('face-crop', FaceCrop)
