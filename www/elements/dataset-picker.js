// What to learn: one radio button a dataset, with a sketch, grouped by kind where there are several kinds. Fires `pick` with { id }.
import { LitElement, css, html } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'
import './dataset-mark.js'
import { grouped } from './grouped.js'

export class DatasetPicker extends LitElement {
  static properties = { datasets: { attribute: false }, value: {} }

  static styles = [controls, css`
    fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
    legend { font: 600 1.15rem/1.35 var(--serif); padding: 0; margin-bottom: 0.35rem; }
    .kinds { display: flex; flex-wrap: wrap; gap: 0.6rem 1.5rem; }
    .kind { flex: 0 1 auto; min-width: 0; }
    .kind p { margin-bottom: 0.25rem; }
    .kinds .choices { display: flex; flex-wrap: wrap; }
    .kinds label { width: 4.5rem; }
    .choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.5rem, 1fr)); gap: 0.5rem; max-width: 53rem; }
    @media (min-width: 40rem) { .kinds label { width: 5.3rem; } .choices { grid-template-columns: repeat(auto-fill, minmax(5.3rem, 1fr)); } }
    label { display: grid; gap: 0.3rem; justify-items: center; padding: 0.5rem 0.25rem 0.4rem; border: 1px solid var(--rule); border-radius: 3px; cursor: pointer; text-align: center; font-size: var(--step--1); line-height: 1.3; background: transparent; }
    label:hover { border-color: var(--edge); }
    label:has(:checked) { border-color: var(--ink); background: var(--sheet); box-shadow: inset 0 -3px 0 var(--ink); }
    label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
    input { position: absolute; opacity: 0; width: 1px; height: 1px; }
    dataset-mark { width: 2.2rem; }
  `]

  constructor() {
    super()
    /** @type {{ id: string, kind?: string }[]} */
    this.datasets = []
    this.value = ''
    this.localized = new Localized(this)
  }

  pick(id) {
    this.dispatchEvent(new CustomEvent('pick', { detail: { id }, bubbles: true, composed: true }))
  }

  choice({ id }) {
    const name = has(`dataset.${id}`) ? t(`dataset.${id}`) : id
    return html`<label class="tile">
      <input type="radio" name=${grouped('dataset')} value=${id} .checked=${id === this.value} @change=${() => this.pick(id)}>
      <dataset-mark name=${id}></dataset-mark><span>${name}</span>
    </label>`
  }

  choices(datasets) {
    return html`<div class="choices">${datasets.map(set => this.choice(set))}</div>`
  }

  render() {
    const kinds = [...new Set(this.datasets.map(({ kind }) => kind))]
    const group = kind => html`<div class="kind"><p class="small soft">${t(`kind.${kind}`)}</p>${this.choices(this.datasets.filter(set => set.kind === kind))}</div>`
    return html`<fieldset><legend>${t('train.dataset')}</legend>${kinds.length > 1 ? html`<div class="kinds">${kinds.map(group)}</div>` : this.choices(this.datasets)}</fieldset>`
  }
}

customElements.define('dataset-picker', DatasetPicker)
