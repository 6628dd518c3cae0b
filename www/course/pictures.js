// Where a line is pasted, drawn: a window of a course platform with the place marked. Words come from the texts; they are short.
import { css, html, nothing, svg } from 'lit'

export const pictureStyles = css`
  .pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); }
  .pictures figure { margin: 0; display: grid; gap: 0.4rem; align-content: start; }
  .pictures svg { width: 100%; height: auto; display: block; }
  .pictures figcaption { font-size: var(--step--1); line-height: 1.5; color: var(--ink-soft); }
  .w { fill: var(--sheet); stroke: var(--edge); }
  .bar, .quiet { fill: var(--well); stroke: none; }
  .mark { fill: none; stroke: var(--made); stroke-width: 2; }
  .drop { fill: var(--well); stroke: var(--made); stroke-width: 2; stroke-dasharray: 6 4; }
  .say { fill: var(--ink); font: 13px var(--sans); }
  .mono { fill: var(--ink); font: 12px ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  .real { fill: var(--real); }
  .made { fill: var(--paper); stroke: var(--made); stroke-width: 1.5; }
`

const text = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ said, kind = 'say') => svg`<text class=${kind} x=${x} y=${y}>${said}</text>`
const quiet = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ width) => svg`<rect class="quiet" x=${x} y=${y} width=${width} height="8" rx="2"/>`

const frame = (/** @type {unknown} */ inside) => svg`<rect class="w" x="1" y="1" width="318" height="168" rx="6"/><rect class="bar" x="2" y="2" width="316" height="22" rx="5"/>
  ${[14, 28, 42].map(x => svg`<circle class="w" cx=${x} cy="13" r="4"/>`)}${inside}`

const lesson = (/** @type {number} */ x, /** @type {number} */ y) => svg`<rect class="w" x=${x} y=${y} width="148" height="60" rx="3"/><circle class="real" cx=${x + 24} cy=${y + 22} r="9"/><rect class="made" x=${x + 34} y=${y + 24} width="17" height="17" rx="2"/>
  ${quiet(x + 64, y + 16, 70)}${quiet(x + 64, y + 32, 52)}`

/** @type {Record<string, (words: string[]) => unknown>} */
const kinds = {
  // A menu with one entry, and where the archive is dropped.
  upload: ([entry, file]) => frame(svg`${quiet(14, 40, 70)}<rect class="mark" x="8" y="54" width="124" height="24" rx="3"/>${text(14, 71, entry)}${quiet(14, 90, 80)}${quiet(14, 106, 60)}
    <rect class="drop" x="144" y="40" width="162" height="112" rx="4"/><path class="w" d="M208 62h20l10 10v26h-30z"/>${text(156, 128, file, 'mono')}`),
  // A field that takes an address.
  field: ([entry, line, button]) => frame(svg`${text(16, 52, entry)}<rect class="mark" x="14" y="64" width="292" height="30" rx="3"/>${text(22, 83, line, 'mono')}${quiet(16, 112, 150)}
    <rect class="w" x="226" y="124" width="80" height="28" rx="3"/>${text(236, 143, button)}`),
  // A text with its source showing.
  code: ([entry, line]) => frame(svg`<rect class="bar" x="14" y="34" width="292" height="26" rx="3"/>${[0, 1, 2].map(at => quiet(24 + at * 22, 43, 12))}<rect class="mark" x="104" y="36" width="196" height="22" rx="3"/>${text(110, 52, entry)}
    <rect class="w" x="14" y="68" width="292" height="86" rx="3"/>${quiet(24, 80, 200)}<rect class="mark" x="20" y="96" width="280" height="26" rx="3"/>${text(26, 113, line, 'mono')}${quiet(24, 134, 160)}`),
  // A line typed on the page, and what becomes of it.
  block: ([entry, line]) => frame(svg`${quiet(20, 38, 170)}<rect class="mark" x="16" y="54" width="288" height="26" rx="3"/>${text(24, 71, entry, 'mono')}${text(24, 96, line, 'mono')}${lesson(20, 102)}`),
  // Source on the left, page on the right.
  split: ([line]) => frame(svg`<line x1="160" x2="160" y1="24" y2="168" stroke="currentColor" stroke-opacity="0.3"/>${quiet(14, 38, 110)}<rect class="mark" x="10" y="56" width="142" height="26" rx="3"/>${text(16, 73, line, 'mono')}${quiet(14, 98, 90)}
    ${quiet(172, 38, 110)}${lesson(164, 58)}${quiet(172, 136, 90)}`),
}

/** @param {{ kind: string, words: string[], caption: string }[]} list */
export const pictures = list => (list.length ? html`<div class="pictures">${list.map(({ kind, words, caption }) => html`<figure><svg viewBox="0 0 320 170" role="img" aria-label=${caption}>${kinds[kind](words)}</svg><figcaption>${caption}</figcaption></figure>`)}</div>` : nothing)
