// The training room's experiment, to give away.
import { html, nothing } from 'lit'
import '../elements/share-panel.js'
import { elementCode, experimentAttributes, frameCode } from '../embed/code.js'
import { has, language, t } from '../i18n/translate.js'
import { encodeExperiment, encodeRival } from '../store.js'

const datasetName = id => (has(`dataset.${id}`) ? t(`dataset.${id}`) : id)

/** Whether a link lacks the data: only a drawing of points is part of the address. @param {{ schema: any, config: any, points?: any }} state */
export const keepsData = ({ schema, config, points }) => Boolean(schema.datasets.find(({ id }) => id === config.dataset)?.own) && (config.dataset !== 'drawn' || !points)

/** @param {any} state of the room @param {Record<string, (...args: any[]) => any>} act */
export function shareSection({ schema, config, points, step, running, collecting, race }, act) {
  if (collecting) return nothing
  const query = encodeExperiment(schema, config, points)
  const name = datasetName(config.dataset)
  const own = keepsData({ schema, config, points })
  const attributes = { ...experimentAttributes(query), lang: language() }
  // Nobody else has the visitor's data: such a training cannot stand in another page.
  const codes = own ? null : { element: elementCode('gan-trainer', attributes), frame: frameCode('gan-trainer', attributes, { title: `GAN Atelier: ${name}` }) }
  return html`<share-panel frame=".easel .frame" .url=${`${location.href.split('#')[0]}#train?${query}${encodeRival(race.rival?.from === 0 ? race.rival.changes : null)}`} .name=${name} .step=${step} .running=${running} .codes=${codes}
    ?own=${own} more="examples.html" @play=${() => act.command('play')}></share-panel>`
}
