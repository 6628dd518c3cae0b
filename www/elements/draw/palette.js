// The theme's colours for canvases, read from the custom properties that tokens.css registers.

/** @typedef {{ paper: string, sheet: string, ink: string, inkSoft: string, rule: string, real: string, made: string }} Palette */

const names = { paper: '--paper', sheet: '--sheet', ink: '--ink', inkSoft: '--ink-soft', rule: '--rule', real: '--real', made: '--made' }

/** @param {Element} element @returns {Palette} */
export function readPalette(element) {
  const style = getComputedStyle(element)
  const entries = Object.entries(names).map(([name, property]) => [name, style.getPropertyValue(property).trim()])
  return /** @type {Palette} */ (Object.fromEntries(entries))
}

/** @param {string} color as computed: rgb(r, g, b), or #rrggbb where the property is not registered @returns {number[]} */
export function channels(color) {
  if (color.startsWith('#')) return [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16))
  return (color.match(/[\d.]+/g) ?? ['0', '0', '0']).slice(0, 3).map(Number)
}

/** @param {string} color @param {number} alpha 0..1 */
export function faded(color, alpha) {
  return `rgb(${channels(color).join(' ')} / ${alpha})`
}

/** @type {Set<() => void>} */
const listeners = new Set()

/** An embedded element has changed its theme by itself. */
export const announceTheme = () => listeners.forEach(redraw => redraw())

/** Calls back when the theme changes, by the page's own switch, an embedded element's or the system's. @param {() => void} redraw */
export function onTheme(redraw) {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const observer = new MutationObserver(redraw)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  system.addEventListener('change', redraw)
  listeners.add(redraw)
  return () => {
    listeners.delete(redraw)
    observer.disconnect()
    system.removeEventListener('change', redraw)
  }
}
