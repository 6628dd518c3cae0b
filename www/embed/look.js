// How an embedded element looks in somebody else's page: our tokens on its own host, so that neither page changes the other.
import tokens from '../styles/tokens.css?raw'

/** @typedef {'light' | 'dark'} Scheme */

/**
 * The page's tokens for one colour scheme. Registered properties and `light-dark` work on a document only.
 * @param {string} css @param {Scheme} scheme
 */
export function tokensFor(css, scheme) {
  return css
    .replace(/@property[^}]*\}/g, '')
    .replace(/:root\[data-theme[^}]*\}/g, '')
    .replace(/:root:lang\((\w+)\)/g, ':host(:lang($1))')
    .replace(/:root/g, ':host')
    .replace('color-scheme: light dark', `color-scheme: ${scheme}`)
    .replace(/light-dark\(\s*([^,]+?)\s*,\s*([^)]+?)\s*\)/g, scheme === 'dark' ? '$2' : '$1')
}

/**
 * What a page hands down, or gives every element by `*`, ends at the border: a page for Arabic, a headline in capitals, a slide in
 * centred white. Inside, where the page's own rules do not reach, everything starts anew; what hides an element stays in force.
 */
const text = `
  direction: ltr; writing-mode: horizontal-tb; text-align: start; text-align-last: auto; text-indent: 0; text-transform: none; text-shadow: none;
  letter-spacing: normal; word-spacing: normal; white-space: normal; word-break: normal; overflow-wrap: normal; line-break: auto; hyphens: manual; text-wrap: wrap;
  text-underline-offset: auto; quotes: auto; list-style: disc; border-collapse: separate; border-spacing: 0; cursor: auto; user-select: auto; accent-color: auto;
  fill: black; stroke: none; -webkit-text-fill-color: currentcolor; -webkit-text-stroke: 0; color: var(--ink); font: 400 1rem/1.6 var(--sans);
`

const frame = `
  :host {
    display: block; box-sizing: border-box; max-width: 72rem; min-height: 20rem; padding: clamp(0.75rem, 3vw / var(--zoom), 1.75rem);
    container-type: inline-size; border: 1px solid var(--rule); border-radius: 3px;
    background: var(--paper); ${text}
  }
  :host > * { ${text} }
  :host > .remark { margin: 0.75rem 0 0; color: var(--ink-soft); font-size: var(--step--1); }
  :host > .remark button { font: inherit; color: inherit; background: none; border: 0; padding: 0 0.25em; min-height: 1.5rem; text-decoration: underline; cursor: pointer; }
  :host([hidden]) { display: none; }
  .poster { display: grid; gap: 0.85rem; place-content: center; justify-items: center; text-align: center; min-height: 18rem; }
  .poster p { margin: 0; max-width: 30rem; text-wrap: balance; }
  .poster .title { font: 600 1.3rem/1.45 var(--serif); }
  .poster .soft { color: var(--ink-soft); font-size: var(--step--1); }
  .seals { display: inline-flex; font-size: 1.5rem; }
  .seals span { display: grid; place-items: center; width: 1.5em; height: 1.5em; border-radius: 0.16em; border: 1.5px solid; font: 700 1em/1 var(--serif); }
  .seals .real { background: var(--real); border-color: var(--real); color: var(--paper); }
  .seals .made { background: var(--paper); color: var(--made); border-color: var(--made); margin: 0.4em 0 -0.4em -0.4em; }
  .poster button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: 0.35rem 1.4rem; border: 1px solid var(--ink); border-radius: 3px; background: var(--ink); color: var(--paper); cursor: pointer; margin-top: 0.6rem; }
  .poster button:focus-visible { outline: 2px solid var(--ink); outline-offset: 3px; }
`

/** @type {Map<string, CSSStyleSheet>} */
const made = new Map()

/** @param {string} name @param {string} css */
function sheet(name, css) {
  const known = made.get(name)
  if (known) return known
  const fresh = new CSSStyleSheet()
  fresh.replaceSync(css)
  made.set(name, fresh)
  return fresh
}

/** @param {Element} element */
const letters = element => parseFloat(getComputedStyle(element).fontSize)

/**
 * Our sizes are in rem, which is the page's: many pages make it 10 pixels, to count in tens, some a hundred or a share of the window.
 * Measured against the letters that the reader has chosen, so that larger ones stay larger; a page that reads a little larger than
 * others is taken at its word.
 * @param {ShadowRoot} root
 */
export function zoomIn(root) {
  const probe = document.createElement('span')
  // Of fixed width letters a browser has smaller ones.
  Object.assign(probe.style, { font: 'medium serif', position: 'absolute' })
  root.append(probe)
  const zoom = letters(probe) / letters(document.documentElement)
  probe.remove()
  return Number.isFinite(zoom) && (zoom > 1.05 || zoom < 0.7) ? Number(zoom.toFixed(3)) : 1
}

/** @param {Scheme} scheme @param {number} zoom */
export const sheetsFor = (scheme, zoom) =>
  [sheet(scheme, tokensFor(tokens, scheme)), sheet('frame', frame), sheet(`zoom ${zoom}`, `:host { zoom: ${zoom}; --zoom: ${zoom}; }`)]

/** The page's own `color-scheme` comes through. */
export const unsaid = () => sheet('unsaid', ':host { color-scheme: inherit; }')

/** @param {string | null} wish the `theme` attribute @returns {Scheme} */
export function schemeFor(wish) {
  if (wish === 'light' || wish === 'dark') return wish
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
