// What the training room shows, as a function of its state.
import { css, html, nothing } from 'lit'
import '../elements/appraiser-row.js'
import '../elements/config-form.js'
import '../elements/contest-note.js'
import '../elements/dataset-picker.js'
import '../elements/drawing-pad.js'
import '../elements/key-figures.js'
import '../elements/loss-chart.js'
import '../elements/plane-view.js'
import '../elements/play-controls.js'
import '../elements/work-progress.js'
import { has, number, percent, t } from '../i18n/translate.js'
import { cycleEasel, cycleNotes } from './train-cycle.js'

export const trainStyles = css`
  .bench { display: grid; gap: clamp(1.25rem, 3vw, 2.25rem); grid-template-columns: minmax(0, 1fr); }
  .easel { display: grid; gap: 0.9rem; align-content: start; }
  .frame { position: relative; border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 1.6vw, 1.1rem); box-shadow: 0 1px 0 var(--rule), 0 0.6rem 1.4rem -1.1rem rgb(0 0 0 / 0.45); }
  .frame.pictures { padding: clamp(0.75rem, 2.4vw, 1.6rem); }
  .frame plane-view { border: 1px solid var(--rule); }
  .waiting { position: absolute; inset: auto 1.6rem 1.6rem; background: var(--paper); padding: 0.75rem 1rem; border: 1px solid var(--rule); }
  .overlays { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; align-items: center; }
  .overlays label { display: inline-flex; gap: 0.4rem; align-items: center; min-height: 1.75rem; cursor: pointer; }
  .overlays .seal { font-size: 0.7rem; }
  .side { display: grid; gap: 1.4rem; align-content: start; min-width: 0; }
  .settings { margin-top: clamp(2rem, 5vw, 3.5rem); padding-top: 1.5rem; border-top: 1px solid var(--rule); }
  .settings > header { display: grid; gap: 0.35rem; margin-bottom: 1.25rem; }
  .settings h2 { font-size: 1.4rem; }
  .files { display: flex; flex-wrap: wrap; gap: 0.6rem; margin-top: 0.6rem; }
  .files input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  .files label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
  .top { margin-bottom: clamp(1.25rem, 3vw, 2rem); }
  @media (min-width: 58rem) { .bench { grid-template-columns: minmax(24rem, min(56%, 74vh)) minmax(0, 1fr); } .bench.wide { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); } }
`

const fixed = (value, digits) => number(value, { minimumFractionDigits: digits, maximumFractionDigits: digits })

/** @param {any} state @returns {{ key: string, name: string, value: string, kind?: string }[]} only what this training measures */
function figures({ step, rate, metrics }) {
  const known = key => Number.isFinite(metrics[key])
  const all = [
    { key: 'step', value: number(step) },
    { key: 'modes', value: known('modes') && t('train.of', { value: metrics.modes, total: metrics.modes_total }) },
    { key: 'high_quality', value: known('high_quality') && percent(metrics.high_quality) },
    { key: 'reverse_kl', value: known('reverse_kl') && fixed(metrics.reverse_kl, 3) },
    { key: 'score_real', value: known('score_real') && fixed(metrics.score_real, 2), kind: 'real' },
    { key: 'score_fake', value: known('score_fake') && fixed(metrics.score_fake, 2), kind: 'made' },
    { key: 'cycle', value: known('cycle') && fixed(metrics.cycle, 3) },
    { key: 'identity', value: known('identity') && fixed(metrics.identity, 3) },
    { key: 'rate', value: rate > 0 && number(rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)) },
  ]
  return /** @type {any} */ (all.filter(figure => figure.value !== false).map(figure => ({ ...figure, name: t(`train.${figure.key}`) })))
}

function easelText({ view, step, metrics }) {
  const modes = Number.isFinite(metrics.modes) ? t('train.view_modes', { modes: metrics.modes, total: metrics.modes_total, quality: percent(metrics.high_quality) }) : ''
  return t('train.view_text', { real: (view.real?.length ?? 0) / 2, made: (view.fake?.length ?? 0) / 2, step, modes })
}

function easel(state, act) {
  const { dataset, view, shown, waiting } = state
  const overlay = waiting && html`<work-progress class="waiting" .text=${waiting.text()} .share=${waiting.share}></work-progress>`
  if (state.drawing) return html`<div class="frame pictures"><drawing-pad .points=${state.drawnPoints}
      @learn=${event => act.learnDrawn(event.detail.points)}></drawing-pad></div>`
  if (state.collecting || dataset?.kind === 'pairs') return cycleEasel(state, act, overlay || nothing)
  if (dataset?.kind === 'images') {
    return html`<div class="frame pictures"><appraiser-row .real=${view.scores?.real} .fake=${view.scores?.fake}></appraiser-row>${overlay || nothing}</div>`
  }
  return html`<div class="frame">
    <plane-view label=${easelText(state)} .extent=${dataset?.extent ?? [-1.5, 1.5, -1.5, 1.5]} .real=${shown.real ? view.real : undefined}
        .fake=${shown.fake ? view.fake : undefined}
      .heatmap=${view.heatmap} .manifold=${view.manifold} .gradients=${view.gradients}></plane-view>${overlay || nothing}
  </div>`
}

function overlays({ shown, dataset, drawing, collecting }, act) {
  if (drawing || collecting || (dataset && dataset.kind !== 'points')) return nothing
  const toggle = (key, name, seal) => html`<label>
    <input type="checkbox" data-overlay=${key} .checked=${shown[key]} @change=${event => act.show(key, event.target.checked)}>${seal ?? nothing}${name}</label>`
  const explained = ['heatmap', 'manifold', 'gradients'].filter(key => shown[key])
  return html`<div class="overlays small" role="group" aria-label=${t('train.overlays')}><span class="soft" aria-hidden="true">${t('train.overlays')}</span>
    ${toggle('real', t('train.real_points'), html`<span class="seal real" aria-hidden="true">真</span>`)}
    ${toggle('fake', t('train.made_points'), html`<span class="seal made" aria-hidden="true">仿</span>`)}
    ${toggle('heatmap', t('train.heatmap'))}
    ${toggle('manifold', t('train.manifold'))}
    ${toggle('gradients', t('train.gradients'))}
  </div>
  <p class="small soft">${explained.map(key => t(`train.${key}_help`)).join(t('note.space'))}</p>`
}

function deviceLine({ device }) {
  if (!device) return nothing
  const reason = has(`train.reason.${device.reason}`) ? t(`train.reason.${device.reason}`) : ''
  return html`<p class="small soft">${t('train.device', { device: t(`train.device_${device.kind}`), reason })}</p>`
}

function files(state, act) {
  return html`<div class="files">
    <button type="button" data-command="share" @click=${act.share}>${t('train.share')}</button>
    <button type="button" data-command="save" ?disabled=${!state.ready} @click=${act.saveFile}>${t('train.save')}</button>
    <label class="button"><input type="file" @change=${event => act.openFile(event.target)}>${t('train.open')}</label>
    <button type="button" class="plain" data-command="defaults" @click=${act.defaults}>${t('train.defaults')}</button>
  </div>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function trainView(state, act) {
  const { schema, config, contest } = state
  if (!schema) return html`<work-progress .text=${t('train.opening')}></work-progress>`
  return html`
    <dataset-picker class="top" .datasets=${state.datasets} value=${config.dataset} @pick=${event => act.pick(event.detail.id)}></dataset-picker>
    <div class="bench ${state.collecting || (state.dataset && state.dataset.kind !== 'points' && !state.drawing) ? 'wide' : ''}">
      <section class="easel" aria-label=${t('train.easel')}>${easel(state, act)}${overlays(state, act)}${schema.family === 'cyclegan' ? cycleNotes(state, act) : nothing}</section>
      <section class="side" aria-label=${t('train.results')}>
        <play-controls ?running=${state.running} ?ready=${state.ready} ?busy=${state.busy} speed=${state.speed}
            @command=${event => act.command(event.detail.name)} @speed=${event => act.speed(event.detail.name)}></play-controls>
        <contest-note state=${contest.state} .remedy=${contest.remedy ?? null} @remedy=${event => act.remedy(event.detail)}></contest-note>
        <key-figures .figures=${figures(state)}></key-figures>
        <loss-chart .history=${state.history}></loss-chart>
        ${deviceLine(state)}
      </section>
    </div>
    <section class="settings" aria-label=${t('train.settings')}>
      <header><h2>${t('train.settings')}</h2><p class="soft">${t('train.settings_intro')}</p>${files(state, act)}</header>
      <config-form .fields=${state.fields} .values=${config} .presets=${state.defaults}
          @change-field=${event => act.change({ [event.detail.key]: event.detail.value })}></config-form>
    </section>`
}
