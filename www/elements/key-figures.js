// A few numbers with names, as on the label beside a picture.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'

export class KeyFigures extends LitElement {
  static properties = { figures: { attribute: false } }

  static styles = [controls, css`
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); gap: 0.75rem 0.9rem; margin: 0; padding-block: 0.85rem; border-block: 1px solid var(--rule); }
    div { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    dt { font-size: var(--step--1); color: var(--ink-soft); line-height: 1.35; }
    dd { margin: 0; font: 600 1.35rem/1.3 var(--serif); font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
    .real dd { color: var(--real); }
    .made dd { color: var(--made); }
  `]

  constructor() {
    super()
    /** @type {{ key: string, name: string, value: string, kind?: string }[]} */
    this.figures = []
  }

  render() {
    return html`<dl>${this.figures.map(({ key, name, value, kind }) => html`<div class=${kind ?? ''}
        data-figure=${key}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
  }
}

customElements.define('key-figures', KeyFigures)
