// What is learned from, to be seen before anything is: how much of it, its shape, its classes, a sample.
import { LitElement, css, html, nothing } from 'lit'
import { controls } from '../styles/controls.js'
import { Localized, has, t } from '../i18n/translate.js'
import { className } from './class-choice.js'
import './pixel-picture.js'
import './sequence-picture.js'

/** @typedef {{ id: string, kind: string, shape: number[], count?: number, brought?: number, left_out?: { count: number, pictures: { name: string }[] }, classes?: string[], modes?: number, range?: [number, number][], table?: { reading: string, columns: { name: string, role: string }[] } }} Dataset */

/** Of columns that are left out. */
const mostNames = 8

export class DatasetCard extends LitElement {
  static properties = { about: { attribute: false }, sample: { attribute: false }, open: { type: Boolean } }

  static styles = [controls, css`
    details { border: 1px solid var(--rule); border-radius: 3px; padding: 0.55rem 0.85rem; }
    summary { cursor: pointer; }
    summary strong { font: 600 1rem/1.4 var(--serif); margin-inline-end: 0.5rem; }
    .within { display: grid; gap: 0.7rem; padding-top: 0.6rem; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.5rem, 1fr)); gap: 0.4rem; }
    figure { margin: 0; display: grid; gap: 0.1rem; text-align: center; }
    figcaption { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `]

  constructor() {
    super()
    /** @type {Dataset | null} */
    this.about = null
    /** @type {{ data: Uint8ClampedArray, shape: number[], labels?: ArrayLike<number> } | undefined} */
    this.sample = undefined
    this.open = false
    this.localized = new Localized(this)
  }

  /** @param {Dataset} dataset */
  count({ kind, count, brought }) {
    if (count === undefined) return t('card.endless')
    if (brought && brought > count) return t(has(`card.thinned_${kind}`) ? `card.thinned_${kind}` : 'card.thinned', { count, brought })
    return t(`card.count_${kind}`, { count })
  }

  /** @param {Dataset} dataset */
  shape({ kind, shape: [first, second, channels = 0] }) {
    const words = { points: {}, sequences: { steps: first, values: second ?? 1 } }[kind] ?? { height: first, width: second }
    const colour = channels === 3 || kind === 'pairs' ? t('card.colour') : t('card.grey')
    return t(`card.shape_${kind}`, { ...words, colour })
  }

  /** @param {Dataset} dataset */
  facts(dataset) {
    const { classes = [], modes, left_out } = dataset
    return [this.count(dataset), this.shape(dataset), ...(left_out ? [t('card.left_out', { count: left_out.count })] : []), ...(modes ? [t('card.modes', { count: modes })] : []), ...(classes.length ? [t('card.classes', { count: classes.length })] : [])].join(t('note.separator'))
  }

  /** How a table was read, and what of it is not learned. */
  reading() {
    const { table } = this.about ?? {}
    if (!table) return nothing
    const out = table.columns.flatMap(({ name, role }, index) => (['value', 'class'].includes(role) ? [] : [name || t('table.column', { column: index + 1 })]))
    const named = out.slice(0, mostNames).join(t('card.between'))
    return html`<p class="small">${t(`table.taken_${table.reading}`)}${out.length ? html` ${t('table.left_out', { names: out.length > mostNames ? `${named} …` : named })}` : nothing}</p>`
  }

  pictures() {
    const { sample } = this
    if (!sample) return nothing
    const name = index => {
      const of = this.about?.classes?.[sample.labels?.[index] ?? -1]
      return of && className(of)
    }
    return html`<div class="pictures">${Array.from({ length: sample.shape[0] }, (_, index) => html`<figure>
      ${this.picture(sample, index, name(index) ?? t('card.item', { index: index + 1 }))}
      ${name(index) ? html`<figcaption class="small" aria-hidden="true">${name(index)}</figcaption>` : nothing}</figure>`)}</div>`
  }

  picture(sample, index, label) {
    const { about } = this
    if (about?.kind === 'sequences') return html`<sequence-picture label=${label} .sequences=${sample} .ranges=${about.range ?? []} .index=${index}></sequence-picture>`
    const [, height, width] = sample.shape
    return html`<pixel-picture label=${label} .pixels=${sample.data} .width=${width} .height=${height} .index=${index}></pixel-picture>`
  }

  render() {
    const { about: dataset } = this
    if (!dataset) return nothing
    const { classes = [], id, left_out } = dataset
    return html`<details ?open=${this.open}>
      <summary><strong>${has(`dataset.${id}`) ? t(`dataset.${id}`) : id}</strong><span class="small soft">${this.facts(dataset)}</span></summary>
      <div class="within">
        ${has(`dataset_text.${id}`) ? html`<p class="small">${t(`dataset_text.${id}`)}</p>` : nothing}
        ${classes.length ? html`<p class="small">${t('card.class_names', { names: classes.map(className).join(t('card.between')) })}</p>` : nothing}
        ${left_out ? html`<p class="small">${t('card.left_out_names', { names: left_out.pictures.map(({ name }) => name).join(t('card.between')) })}</p>` : nothing}
        ${this.reading()}
        ${this.pictures()}
      </div></details>`
  }
}

customElements.define('dataset-card', DatasetCard)
