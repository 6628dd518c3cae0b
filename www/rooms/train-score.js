// The training room's scoreboard: for the datasets that papers have figures for.
import { html, nothing } from 'lit'
import '../elements/score-board.js'
import { t } from '../i18n/translate.js'
import { rows, scoresOf, scoreTable } from './score.js'
import { download } from './train-files.js'

/** @param {string} id */
const datasetName = id => t(`dataset.${id}`)

/** @param {import('./score.js').Score} score */
export function saveScores({ dataset, runs }) {
  download(new Blob([scoreTable(dataset, runs)], { type: 'text/csv' }), `${dataset}-score.csv`)
}

/** @param {any} state of the room @param {Record<string, (...args: any[]) => any>} act */
export function scoreSection({ schema, config, score, dataset }, act) {
  if (schema.family !== 'gan' || !(config.dataset in rows)) return nothing
  const ours = score.dataset === config.dataset
  return html`<section class="settings score" aria-label=${t('score.heading')}>
    <header><h2>${t('score.heading')}</h2><p class="soft">${t('score.intro')}</p></header>
    <score-board .total=${dataset?.modes ?? 0} .steps=${schema.presets[config.dataset]?.anneal_steps ?? schema.fields.find(({ key }) => key === 'anneal_steps').default}
      .runs=${ours ? [...score.runs] : []} .scores=${ours ? scoresOf(score.runs) : null} .published=${rows[config.dataset]} ?running=${score.running && ours} .other=${score.running && !ours ? datasetName(score.dataset) : ''}
      @score=${event => act.score(event.detail)} @stop=${act.stopScore} @table=${act.scoreTable}></score-board>
  </section>`
}
