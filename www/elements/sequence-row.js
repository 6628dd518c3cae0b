// The appraiser at work on sequences: a row of real and a row of made curves, each with its score and its label.
import { css, html } from 'lit'
import { t } from '../i18n/translate.js'
import { AppraiserRow } from './appraiser-row.js'
import './scored-sequence.js'

export class SequenceRow extends AppraiserRow {
  static properties = { ...AppraiserRow.properties, ranges: { attribute: false }, classes: { attribute: false } }

  static styles = [...[AppraiserRow.styles].flat(), css`
    .pictures { grid-template-columns: repeat(6, minmax(0, 1fr)); }
    @container (max-width: 27rem) { .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
    .waiting { aspect-ratio: 4 / 4.6; }
  `]

  constructor() {
    super()
    /** @type {[number, number][]} */
    this.ranges = []
    /** @type {string[]} */
    this.classes = []
  }

  /** @param {any} batch @param {string} kind */
  pictures(batch, kind) {
    if (!batch) return Array.from({ length: shown }, () => html`<div class="waiting"></div>`)
    const of = index => this.classes[batch.labels?.[index] ?? -1]
    return Array.from({ length: Math.min(shown, batch.shape[0]) }, (_, index) => html`
      <scored-sequence .kind=${kind} .score=${batch.scores[index]} .index=${index} .sequences=${batch} .ranges=${this.ranges} .of=${of(index)}></scored-sequence>`)
  }

  heading(kind) {
    return t(kind === 'real' ? 'waves.real_row' : 'waves.made_row')
  }

  note() {
    return t('waves.row_note')
  }
}

/** As many fill a row. */
const shown = 6

customElements.define('sequence-row', SequenceRow)
