// The easel of the training room: what a run shows of itself, and its figures.
import { html, nothing } from 'lit'
import '../elements/drawing-pad.js'
import '../elements/own-points.js'
import '../elements/plane-view.js'
import '../elements/turned-rows.js'
import '../elements/work-progress.js'
import { number, percent, t } from '../i18n/translate.js'
import { askForFolders, cycleEasel } from './train-cycle.js'
import { askForPictures, pictureEasel } from './train-pictures.js'
import { askForSequences, sequenceEasel } from './train-sequences.js'

const fixed = (value, digits) => number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** @param {any} state @returns {{ key: string, name: string, value: string, kind?: string }[]} only what this training measures */
export function figures({ step, rate, metrics }) {
  const known = key => Number.isFinite(metrics[key])
  const all = [
    { key: 'step', value: number(step) },
    { key: 'modes', value: known('modes') && t('train.of', { value: metrics.modes, total: metrics.modes_total }) },
    { key: 'high_quality', value: known('high_quality') && percent(metrics.high_quality) },
    { key: 'reverse_kl', value: known('reverse_kl') && fixed(metrics.reverse_kl, 3) },
    { key: 'score_real', value: known('score_real') && fixed(metrics.score_real, 2), kind: 'real' },
    { key: 'score_fake', value: known('score_fake') && fixed(metrics.score_fake, 2), kind: 'made' },
    { key: 'mmd2', value: known('mmd2') && fixed(metrics.mmd2, 3) },
    { key: 'cycle', value: known('cycle') && fixed(metrics.cycle, 3) },
    { key: 'identity', value: known('identity') && fixed(metrics.identity, 3) },
    { key: 'class_real', value: known('class_real') && percent(metrics.class_real), kind: 'real' },
    { key: 'class_fake', value: known('class_fake') && percent(metrics.class_fake), kind: 'made' },
    { key: 'right_person', value: known('right_person') && percent(metrics.right_person) },
    { key: 'yaw_error', value: known('yaw_error') && t('turned.yaw', { yaw: fixed(metrics.yaw_error, 0) }) },
    { key: 'reconstruction', value: known('reconstruction') && fixed(metrics.reconstruction, 3) },
    { key: 'rate', value: rate > 0 && number(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)) },
  ]
  return /** @type {any} */ (all.filter(figure => figure.value !== false).map(figure => ({ ...figure, name: t(`train.${figure.key}`) })))
}

function easelText({ view, step, metrics, trail, other }) {
  const modes = Number.isFinite(metrics.modes) ? t('train.view_modes', { modes: metrics.modes, total: metrics.modes_total, quality: percent(metrics.high_quality) }) : ''
  const more = [...(trail ? [t('way.trail_text')] : []), ...(other?.points ? [t('compare.points_text', { made: other.points.length / 2, run: other.name(), step: other.step })] : [])]
  return [t('train.view_text', { real: (view.real?.length ?? 0) / 2, made: (view.fake?.length ?? 0) / 2, step, modes }), ...more].join(t('note.space'))
}

/** What asks for the visitor's own data, by kind of sample. */
const asks = {
  points: (state, act) => html`<drawing-pad .points=${state.drawnPoints} @learn=${event => act.learn({ points: event.detail.points }, {}, true)}></drawing-pad>
    <own-points .found=${state.table} @look=${event => act.lookForPoints(event.detail.file, event.detail.wish, event.detail.swapped)}></own-points>`,
  images: askForPictures,
  sequences: askForSequences,
  pairs: askForFolders,
}

/** What shows a training, by kind of sample. */
const easels = {
  points: planeEasel,
  images: pictureEasel,
  sequences: sequenceEasel,
  pairs: cycleEasel,
  faces: facesEasel,
}

export function easel(state, act) {
  const { dataset, waiting, collecting } = state
  const overlay = waiting ? html`<work-progress class="waiting" .text=${waiting.text()} .share=${waiting.share}
    ?cancellable=${waiting.stoppable} @cancel=${() => waiting.stop.abort()}></work-progress>` : nothing
  if (collecting) return html`<div class="frame pictures">${asks[dataset.kind](state, act)}${overlay}</div>`
  return (easels[dataset?.kind] ?? planeEasel)(state, act, overlay)
}

function facesEasel({ view }, act, overlay) {
  return html`<div class="frame pictures"><turned-rows .rows=${view.scores}></turned-rows>${overlay}</div>`
}

function planeEasel(state, act, overlay) {
  const { dataset, view, shown, trail, other } = state
  // What was seen earlier may hold more than is wanted now.
  const layer = key => (shown[key] === false ? undefined : view[key])
  return html`<div class="frame">
    <plane-view label=${easelText(state)} .extent=${dataset?.extent ?? [-1.5, 1.5, -1.5, 1.5]} .real=${shown.real ? view.real : undefined}
        .fake=${shown.fake ? view.fake : undefined}
      .heatmap=${layer('heatmap')} .manifold=${layer('manifold')} .gradients=${layer('gradients')} .trail=${trail} .other=${other?.points}></plane-view>${overlay}
  </div>`
}

export function overlays({ shown, dataset, collecting, looking, race, comparable }, act) {
  if (collecting || (dataset && dataset.kind !== 'points')) return nothing
  const toggle = (key, name, seal) => html`<label>
    <input type="checkbox" data-overlay=${key} .checked=${shown[key]} @change=${event => act.show(key, event.target.checked)}>${seal ?? nothing}${name}</label>`
  const explained = ['heatmap', 'manifold', 'gradients'].filter(key => shown[key]).map(key => t(`train.${key}_help`))
  if (looking && shown.trail) explained.push(t('way.trail_help'))
  const triangle = html`<span aria-hidden="true">△</span>`
  return html`<div class="overlays small" role="group" aria-label=${t('train.overlays')}><span class="soft" aria-hidden="true">${t('train.overlays')}</span>
    ${toggle('real', t('train.real_points'), html`<span class="seal real" aria-hidden="true">真</span>`)}
    ${toggle('fake', t('train.made_points'), html`<span class="seal made" aria-hidden="true">仿</span>`)}
    ${toggle('heatmap', t('train.heatmap'))}
    ${toggle('manifold', t('train.manifold'))}
    ${toggle('gradients', t('train.gradients'))}
    ${looking ? toggle('trail', t('way.trail')) : nothing}
    ${race?.on ? toggle('rival', t('compare.rival_points'), triangle) : comparable ? toggle('other', t('compare.points'), triangle) : nothing}
  </div>
  <p class="small soft">${explained.join(t('note.space'))}</p>`
}
