// What the shadow trees share: buttons, fields, seals, figures in columns. Colours come from tokens.css.
import { css } from 'lit'

export const controls = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  h2, h3 { font: 600 1.15rem/1.35 var(--serif); margin: 0; }
  /* Letters twice as large, on a telephone: a word longer than the line goes on in the next. */
  h2, h3, p, li, a { overflow-wrap: anywhere; }
  p { margin: 0; text-wrap: pretty; }
  a { color: inherit; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
  button, select, input { font: inherit; color: inherit; }
  button, .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5em; min-height: 2.6rem; padding: 0.35rem 0.95rem;
    border: 1px solid var(--edge); border-radius: 3px; background: var(--sheet); cursor: pointer; text-decoration: none; color: inherit;
  }
  button:hover:not(:disabled), .button:hover { border-color: var(--ink); }
  button:disabled { opacity: 0.5; cursor: not-allowed; }
  button.primary { background: var(--ink); color: var(--paper); border-color: var(--ink); font-weight: 600; }
  button.plain { border-color: transparent; background: none; padding-inline: 0.4rem; text-decoration: underline; text-underline-offset: 0.2em; text-decoration-thickness: 1px; }
  button.plain:hover:not(:disabled) { border-color: transparent; text-decoration-thickness: 2px; }
  :focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 3px; }
  input[type='number'], input[type='text'], select { width: 100%; min-height: 2.4rem; padding: 0.25rem 0.55rem; border: 1px solid var(--edge); border-radius: 3px; background: var(--sheet); }
  input[type='range'], input[type='checkbox'], input[type='radio'] { accent-color: var(--ink); }
  input[type='range'] { width: 100%; height: 1.8rem; margin: 0; }
  .soft { color: var(--ink-soft); }
  .small { font-size: var(--step--1); line-height: 1.45; }
  .row { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
  .seal { display: inline-grid; place-items: center; width: 1.5em; height: 1.5em; border-radius: 0.16em; border: 1.5px solid; font: 700 1em/1 var(--serif); }
  .seal.real { background: var(--real); border-color: var(--real); color: var(--paper); }
  .seal.made { color: var(--made); border-color: var(--made); }
  .hidden-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  /* Colours of the system's own take backgrounds and shadows away: what is chosen has a thicker edge, and moves nothing by it. */
  @media (forced-colors: active) {
    .seal { forced-color-adjust: none; }
    .tile:has(:checked), [data-chosen], button[aria-pressed='true'] { border: 3px solid Highlight !important; margin: -2px; }
  }
  @media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; animation: none !important; } }
`
