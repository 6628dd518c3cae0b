// The drawing of the cycle: paper, frames, boxes; what flows is ink, what learns is filled, what is frozen is hatched.
import { css } from 'lit'

export const diagramStyles = css`
  .whole { display: grid; gap: 0.9rem; }
  .drawing { display: block; width: 100%; height: auto; overflow: visible; }
  .drawing text { text-anchor: middle; fill: var(--ink); font: 13px/1 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  .drawing .heading { text-anchor: start; font: 600 17px/1 var(--serif); }
  .drawing .role { font: 12px/1 var(--sans); fill: var(--ink-soft); }
  .line { fill: none; stroke: var(--rule); stroke-width: 1.5; }
  .line.loss { stroke-dasharray: 2 4; }
  .frame { fill: var(--well); stroke-width: 2; }
  .frame.real { stroke: var(--real); }
  .frame.made { stroke: var(--made); }
  .frame.vacant { fill: var(--sheet); stroke-dasharray: 5 4; stroke-width: 1.25; }
  .box { fill: var(--sheet); stroke: var(--ink); stroke-width: 1.5; }
  .part .box, .part .frame { stroke-opacity: 0.55; }
  .part image { opacity: 0.6; transition: opacity 0.25s; }
  .part .name { fill: var(--ink-soft); }
  .here .box, .here .frame, .same .box, .same .frame, .learns .box, .frozen .box { stroke-opacity: 1; }
  .here image, .same image { opacity: 1; }
  .here .name { fill: var(--ink); }
  .here .frame { stroke-width: 4; }
  .here .box { stroke-width: 3; }
  .here .name { font-weight: 700; }
  .same:not(.here) .box, .same:not(.here) .frame { stroke-dasharray: 6 4; }
  .learns .box { fill: var(--ink); }
  .part.learns .name, .part.learns .role { fill: var(--paper); }
  .frozen .box { stroke: var(--edge); stroke-dasharray: 3 4; fill: var(--well); }
  .flow .line { stroke: var(--ink); stroke-width: 2.5; stroke-dasharray: 7 6; animation: flow 0.9s linear infinite; }
  .flow .head { fill: var(--ink); }
  .flow.loss .line { stroke-width: 2; stroke-dasharray: 2 5; animation: none; }
  .flow.real .line { stroke: var(--real); } .flow.real .head { fill: var(--real); }
  .flow.made .line { stroke: var(--made); } .flow.made .head { fill: var(--made); }
  .drawing .label { font-weight: 700; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
  .flow.real .label, .flow.made .label { font-size: 17px; }
  .flow.real .label { fill: var(--real); } .flow.made .label { fill: var(--made); }
  @keyframes flow { to { stroke-dashoffset: -13; } }
  @media (max-width: 46rem) { .drawing text { font-size: 11px; } .drawing .heading { font-size: 16px; } .drawing .role { font-size: 10.5px; } }
`
