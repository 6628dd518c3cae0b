// How data flows between the two networks, and who learns now: `turn` is '', 'discriminator' or 'generator'.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, t } from '../i18n/translate.js'

export class ContestDiagram extends LitElement {
  static properties = { turn: {} }

  static styles = [controls, css`
    .flow { display: grid; grid-template-columns: minmax(0, 1fr) 1.6rem minmax(0, 1.15fr) 1.6rem minmax(0, 1fr) 1.6rem minmax(0, 1.25fr) 1.6rem minmax(0, 0.8fr); grid-template-rows: auto auto; gap: 0.9rem 0; align-items: center; text-align: center; font-size: var(--step--1); line-height: 1.3; }
    .box { display: grid; gap: 0.25rem; align-content: center; justify-items: center; min-height: 4.2rem; padding: 0.4rem 0.3rem; border: 1px solid var(--rule); background: var(--sheet); overflow-wrap: anywhere; }
    .network { border: 1.5px solid var(--ink); border-radius: 3px; min-height: 5rem; }
    .network strong { font: 600 1rem/1.2 var(--serif); }
    .learns { background: var(--ink); color: var(--paper); }
    .frozen { border-style: dashed; border-color: var(--edge); color: var(--ink-soft); background: repeating-linear-gradient(135deg, var(--sheet) 0 6px, var(--well) 6px 7px); }
    .state { font-weight: 600; min-height: 1.3em; }
    .arrow { height: 2px; background: currentColor; position: relative; color: var(--edge); }
    .arrow::after { content: ''; position: absolute; right: 0; top: -3px; border: 4px solid transparent; border-left: 6px solid currentColor; border-right: 0; }
    .seal { font-size: 0.85rem; }
    .random { grid-area: 1 / 1; } .a1 { grid-area: 1 / 2; } .generator { grid-area: 1 / 3; } .a2 { grid-area: 1 / 4; } .made-box { grid-area: 1 / 5; } .a3 { grid-area: 1 / 6; }
    .discriminator { grid-area: 1 / 7 / 3 / 8; align-self: stretch; } .a5 { grid-area: 1 / 8 / 3 / 9; } .score { grid-area: 1 / 9 / 3 / 10; }
    .real-box { grid-area: 2 / 5; } .a4 { grid-area: 2 / 6; }
    /* Not in use: still to be read. */
    .box.off { border-style: dashed; border-color: var(--rule); background: none; color: var(--ink-soft); }
    .box.off .seal, .arrow.off { opacity: 0.35; }
    @media (max-width: 34rem) {
      .flow { grid-template-columns: minmax(0, 1fr) 1.1rem minmax(0, 1fr); gap: 0.5rem 0; }
      .random { grid-area: 1 / 1; } .a1, .a3, .a5 { height: 1rem; width: 2px; justify-self: center; }
      .arrow.a1::after, .arrow.a3::after, .arrow.a5::after { right: auto; left: -3px; top: auto; bottom: 0; border: 4px solid transparent; border-top: 6px solid currentColor; border-bottom: 0; }
      .a1 { grid-area: 2 / 1; } .generator { grid-area: 3 / 1; } .a2 { grid-area: 4 / 1; height: 1rem; width: 2px; justify-self: center; }
      .arrow.a2::after { right: auto; left: -3px; top: auto; bottom: 0; border: 4px solid transparent; border-top: 6px solid currentColor; border-bottom: 0; }
      .made-box { grid-area: 5 / 1; } .real-box { grid-area: 5 / 3; } .a3 { grid-area: 6 / 1; } .a4 { grid-area: 6 / 3; height: 1rem; width: 2px; justify-self: center; }
      .arrow.a4::after { right: auto; left: -3px; top: auto; bottom: 0; border: 4px solid transparent; border-top: 6px solid currentColor; border-bottom: 0; }
      .discriminator { grid-area: 7 / 1 / 8 / 4; } .a5 { grid-area: 8 / 1 / 9 / 4; } .score { grid-area: 9 / 1 / 10 / 4; min-height: 3rem; }
    }
  `]

  constructor() {
    super()
    /** @type {'' | 'discriminator' | 'generator'} */
    this.turn = ''
    this.localized = new Localized(this)
  }

  /** @param {'discriminator' | 'generator'} name */
  condition(name) {
    if (!this.turn) return ''
    if (this.turn === name) return 'learns'
    return name === 'discriminator' ? 'frozen' : 'waits'
  }

  network(name, role) {
    const condition = this.condition(name)
    return html`<div class="box network ${name} ${condition === 'waits' ? 'frozen' : condition}"><strong>${t(`learn.d_${role}`)}</strong><span>${t(`learn.d_${name}`)}</span>
      ${condition ? html`<span class="state">${t(`learn.d_${condition}`)}</span>` : nothing}</div>`
  }

  sample(kind, seal, word, label) {
    return html`<div class="box ${kind}-box ${this.turn === 'generator' && kind === 'real' ? 'off' : ''}"><span>${t(`learn.d_${word}`)}</span><span class="row"><span class="seal ${kind}">${seal}</span>${label ?? nothing}</span></div>`
  }

  render() {
    const who = this.turn ? t(`learn.d_${this.turn}`) : t('learn.d_nobody')
    const target = { discriminator: '', generator: t('learn.d_target', { label: 1 }) }[this.turn]
    const labels = this.turn === 'discriminator' ? { real: html`<b>1</b>`, made: html`<b>0</b>` } : {}
    return html`<div class="flow" role="img" aria-label=${t('learn.diagram', { who })}>
      <div class="box random">${t('learn.d_random')}</div><span class="arrow a1"></span>${this.network('generator', 'forger')}<span class="arrow a2"></span>
      ${this.sample('made', '仿', 'made', labels.made)}<span class="arrow a3"></span>
      ${this.sample('real', '真', 'real', labels.real)}<span class="arrow a4 ${this.turn === 'generator' ? 'off' : ''}"></span>
      ${this.network('discriminator', 'appraiser')}<span class="arrow a5"></span>
      <div class="box score"><strong>${t('learn.d_score')}</strong><span>0…1</span>${target ? html`<span>${target}</span>` : nothing}</div>
    </div>`
  }
}

customElements.define('contest-diagram', ContestDiagram)
