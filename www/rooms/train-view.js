// What the training room shows, as a function of its state.
import { css, html, nothing } from 'lit'
import '../elements/config-form.js'
import '../elements/contest-note.js'
import '../elements/dataset-card.js'
import '../elements/dataset-picker.js'
import '../elements/device-report.js'
import '../elements/family-picker.js'
import '../elements/key-figures.js'
import '../elements/loss-chart.js'
import '../elements/play-controls.js'
import '../elements/time-machine.js'
import '../elements/work-progress.js'
import { has, t } from '../i18n/translate.js'
import { cycleNotes } from './train-cycle.js'
import { pictureNotes } from './train-pictures.js'
import { easel, figures, overlays } from './train-easel.js'
import { scoreSection } from './train-score.js'
import { homeSection } from './train-home.js'
import { shareSection } from './train-share.js'
import { compareChart, compareGrids, compareSection } from './train-compare.js'
import { strip } from './train-way.js'
import { raceChart, raceSection, rivalEasel, runName } from './train-race.js'

export const trainStyles = css`
  .bench { display: grid; gap: clamp(1.25rem, 3vw, 2.25rem); grid-template-columns: minmax(0, 1fr); }
  .easel { display: grid; gap: 0.9rem; align-content: start; }
  .frame { position: relative; border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 1.6vw, 1.1rem); box-shadow: 0 1px 0 var(--rule), 0 0.6rem 1.4rem -1.1rem rgb(0 0 0 / 0.45); }
  .frame.pictures { padding: clamp(0.75rem, 2.4vw, 1.6rem); }
  .frame sequence-view { margin: 0.4rem 0 1.5rem; }
  .frame plane-view { border: 1px solid var(--rule); }
  .waiting { position: absolute; inset: auto 1.6rem 1.6rem; background: var(--paper); padding: 0.75rem 1rem; border: 1px solid var(--rule); }
  .overlays { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; align-items: center; }
  .overlays label { display: inline-flex; gap: 0.4rem; align-items: center; min-height: 1.75rem; cursor: pointer; }
  .overlays .seal { font-size: 0.7rem; }
  .laid { display: grid; gap: 0.9rem clamp(0.9rem, 2.5vw, 1.75rem); grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .laid.over { grid-template-columns: minmax(0, 1fr); }
  .laid figure { margin: 0; display: grid; gap: 0.35rem; align-content: start; }
  .runs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.3rem 0.7rem; margin: 0; }
  .runs dt { display: flex; gap: 0.4rem; align-items: center; align-self: start; font-weight: 600; }
  .runs dt::before { content: ''; width: 1.4rem; border-top: 2px solid var(--made); }
  .runs dt.other::before { border-top: 2px dashed var(--ink); }
  .runs dd { margin: 0; }
  .looks { display: flex; flex-wrap: wrap; gap: 0 1.1rem; margin-bottom: 1rem; border-bottom: 1px solid var(--rule); }
  .looks button { padding: 0 0.1rem; min-height: 2.2rem; text-decoration: none; border-radius: 0; border-bottom: 3px solid transparent; }
  .looks button.plain[aria-pressed=true]:not(:disabled) { border-bottom-color: var(--ink); font-weight: 600; }
  .side { display: grid; gap: 1.4rem; align-content: start; min-width: 0; }
  share-panel { margin-top: clamp(1.5rem, 4vw, 2.5rem); }
  share-panel + take-home { margin-top: -1px; }
  .settings { margin-top: clamp(1.5rem, 4vw, 2.5rem); }
  /* Hundreds of elements below what is watched: laid out and painted once somebody scrolls there. Focus rings reach past the edge. */
  .settings, share-panel { content-visibility: auto; overflow-clip-margin: 0.5rem; }
  .settings { contain-intrinsic-height: auto 86rem; }
  .settings.score { contain-intrinsic-height: auto 32rem; }
  share-panel { contain-intrinsic-height: auto 8rem; }
  .settings > header { display: grid; gap: 0.35rem; margin-bottom: 1.25rem; }
  .settings h2 { font-size: 1.4rem; }
  .files { display: flex; flex-wrap: wrap; gap: 0.6rem; margin-top: 0.6rem; }
  :is(.files, .beside) input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  :is(.files, .beside) label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
  .top { margin-bottom: clamp(1.25rem, 3vw, 2rem); }
  family-picker.top { margin-bottom: 1rem; }
  .run { display: flex; flex-wrap: wrap; gap: 0.2rem 0.75rem; align-items: baseline; }
  .race { display: grid; gap: 0.75rem; justify-items: start; padding-top: 0.9rem; border-top: 1px solid var(--rule); }
  .race race-setup { width: 100%; }
  @media (min-width: 58rem) { .bench.racing { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .racing .side { grid-column: 1 / -1; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.4rem clamp(1.25rem, 3vw, 2.25rem); } }
  @media (min-width: 58rem) { .bench { grid-template-columns: minmax(24rem, min(56%, 74vh)) minmax(0, 1fr); } .bench.wide { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); } }
`

function deviceLine({ device, workers }) {
  if (!device) return nothing
  const reason = has(`train.reason.${device.reason}`) ? t(`train.reason.${device.reason}`) : ''
  const shared = workers > 1 ? ` ${t('train.workers', { count: String(workers) })}` : ''
  return html`<p class="small soft">${t('train.device', { device: t(`train.device_${device.kind}`), reason })}${shared}</p>${device.report ? html`<device-report .text=${device.report}></device-report>` : nothing}`
}

function files(state, act) {
  const button = (name, action, needs = state.ready) => html`<button type="button" data-command=${name} ?disabled=${!needs} @click=${action}>${t(`train.${name}`)}</button>`
  return html`<div class="files">
    ${button('share', act.share, true)}${button('save', act.saveFile)}
    <label class="button"><input type="file" @change=${event => act.openFile(event.target)}>${t('train.open')}</label>
    ${button('losses', act.saveLosses, state.ready && state.step > 0)}${button('samples', act.saveSamples)}${state.dataset?.scale ? button('points_table', act.savePoints, state.ready && state.step > 0) : nothing}
    <button type="button" class="plain" data-command="defaults" @click=${act.defaults}>${t('train.defaults')}</button>
  </div>`
}

function timeMachine({ frames, moments, looking, trainer, ready, race, schema, filming }, act) {
  if (!frames.length) return nothing
  const index = looking ? frames.findIndex(({ step }) => step === looking.step) : -1
  const steps = list => list.map(({ step }) => step)
  return html`<time-machine .steps=${steps(frames)} .kept=${steps(moments)} .index=${index < 0 ? frames.length : index} .step=${trainer.step} ?ready=${ready}
    .forks=${!race.on && schema.fields.some(field => field.live)} .filming=${filming} @film=${act.film} @stop-film=${act.stopFilm}
    @look=${event => act.look(event.detail.step)} @back=${event => act.back(event.detail.step)} @fork=${event => act.setup(event.detail.step)}></time-machine>`
}

function results(state, act) {
  const { contest, race, kept } = state
  return html`<section class="side" aria-label=${t('train.results')}>
    <play-controls ?running=${state.running} ?ready=${state.ready} ?busy=${state.busy} speed=${state.speed}
        @command=${event => act.command(event.detail.name)} @speed=${event => act.speed(event.detail.name)}></play-controls>
    ${race.on ? raceChart(state) : html`
      ${state.waiting || state.collecting ? nothing : html`<contest-note state=${contest.state} .remedy=${contest.remedy ?? null} @remedy=${event => act.remedy(event.detail)}></contest-note>`}
      <key-figures .figures=${figures(state)}></key-figures>
      ${kept ? compareChart(state) : html`<loss-chart .history=${state.history}></loss-chart>`}`}
    ${raceSection(state, act)}
    ${compareSection(state, act)}
    ${deviceLine(state)}
  </section>`
}

/** How much of the view is drawn so far grows from the top. @param {number} number @param {(state: any, act: any) => unknown} draw */
const part = (number, draw, state, act) => (state.parts >= number ? draw(state, act) : nothing)

/** What belongs under the easel: what is learned from, and what can be done with it. */
function notes(state, act) {
  const { dataset, collecting, schema, step, view } = state
  if (collecting || !dataset) return nothing
  return html`<dataset-card .about=${dataset} .sample=${view.sample} ?open=${step === 0}></dataset-card>
    ${schema.family === 'cyclegan' ? cycleNotes(state, act) : pictureNotes(state, act)}`
}

function settings(state, act) {
  return html`<section class="settings" aria-label=${t('train.settings')}>
      <header><h2>${t('train.settings')}</h2><p class="soft">${t('train.settings_intro')}</p>${files(state, act)}</header>
      <config-form .fields=${state.fields} .values=${state.config} .presets=${state.defaults}
          @change-field=${event => act.change({ [event.detail.key]: event.detail.value })}></config-form>
    </section>`
}

function datasets({ schema, config }, act) {
  return html`<dataset-picker class="top" .datasets=${schema.datasets} value=${config.dataset} @pick=${event => act.pick(event.detail.id)}></dataset-picker>`
}

function firstEasel(state, act) {
  const racing = state.race.on
  return html`<section class="easel" aria-label=${t('train.easel')}>
    ${racing ? runName(state, 'one') : nothing}${easel(state, act)}${racing ? html`<key-figures .figures=${figures(state)}></key-figures>` : nothing}
    ${overlays(state, act)}${timeMachine(state, act)}${compareGrids(state)}${strip(state)}${part(4, notes, state, act)}
  </section>`
}

/** What the view consists of, from the top: drawn one after the other. */
export const partCount = 8

/** @param {any} state `parts`: how many are drawn @param {Record<string, (...args: any[]) => any>} act */
export function trainView(state, act) {
  const { schema, race } = state
  if (!schema) return html`<work-progress .text=${t('train.opening')}></work-progress>`
  const wide = state.dataset && state.dataset.kind !== 'points'
  return html`
    <family-picker class="top" .families=${state.families} value=${schema.family} @pick=${event => act.family(event.detail.id)}></family-picker>
    ${part(2, datasets, state, act)}
    <div class="bench ${race.on ? 'racing' : wide ? 'wide' : ''}">
      ${part(3, firstEasel, state, act)}
      ${race.on ? rivalEasel(state, act) : nothing}
      ${part(5, results, state, act)}
    </div>
    ${part(6, shareSection, state, act)}
    ${part(6, homeSection, state, act)}
    ${part(7, scoreSection, state, act)}
    ${part(8, settings, state, act)}`
}
