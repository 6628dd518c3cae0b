// Where a widget stands in a notebook: a shadow root with our tokens, in the colours of whatever notebook is around it.
import { announceTheme } from '../elements/draw/palette.js'
import { sheetsFor, zoomIn } from '../embed/look.js'

/** @type {CanvasRenderingContext2D | null} */
let pixel = null

/** Any colour that CSS knows. @param {string} colour @returns {number[]} red, green, blue, opacity, 0 to 255 */
function channelsOf(colour) {
  pixel ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true })
  if (!pixel) return [255, 255, 255, 255]
  pixel.clearRect(0, 0, 1, 1)
  pixel.fillStyle = colour
  pixel.fillRect(0, 0, 1, 1)
  return [...pixel.getImageData(0, 0, 1, 1).data]
}

/** Behind an element: the first colour that covers what lies below. @param {Element} element @returns {number[] | null} red, green, blue, 0 to 255 */
function backgroundOf(element) {
  for (let at = /** @type {Node | null} */ (element); at; at = at.parentNode ?? /** @type {ShadowRoot} */ (at).host ?? null) {
    if (!(at instanceof Element)) continue
    const [red, green, blue, opacity] = channelsOf(getComputedStyle(at).backgroundColor)
    if (opacity > 127) return [red, green, blue]
  }
  return null
}

/** Notebooks name their themes each in its own way; all of them paint. @param {Element} element @returns {import('../embed/look.js').Scheme} */
export function schemeAround(element) {
  const background = backgroundOf(element)
  if (!background) return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const [red, green, blue] = background
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light'
}

/** What notebooks change when their theme does. */
const marks = ['class', 'style', 'theme', 'data-theme', 'data-jp-theme-name', 'data-jp-theme-light', 'data-vscode-theme-kind']

/**
 * @param {HTMLElement} el the notebook's @param {string} language @param {(shown: boolean) => void} attend whether anybody can see it
 * @returns {{ host: HTMLElement, mount: HTMLElement, close: () => void }}
 */
export function openPlace(el, language, attend) {
  const host = document.createElement('div')
  host.className = 'gan-atelier'
  host.lang = language
  // Beside the frame's own rules: a notebook's reset of every element (`*`) would win over them.
  Object.assign(host.style, { padding: 'clamp(0.75rem, 3vw, 1.5rem)', border: '1px solid var(--rule)' })
  const root = host.attachShadow({ mode: 'open' })
  const mount = document.createElement('div')
  mount.lang = language
  root.append(mount)
  el.append(host)
  const dress = () => {
    root.adoptedStyleSheets = sheetsFor(schemeAround(el), zoomIn(root))
    announceTheme()
  }
  dress()
  // The notebook's own style sheet for another theme may arrive after the mark has changed.
  const observer = new MutationObserver(() => { dress(); setTimeout(dress, 400) })
  for (const marked of [document.documentElement, document.body]) observer.observe(marked, { attributes: true, attributeFilter: marks })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', dress)
  const sight = new IntersectionObserver(([entry]) => attend(entry.isIntersecting), { rootMargin: '200px' })
  sight.observe(host)
  const close = () => {
    observer.disconnect()
    sight.disconnect()
    system.removeEventListener('change', dress)
    host.remove()
  }
  return { host, mount, close }
}
