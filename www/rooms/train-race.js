// What the training room shows of a second run: its easel beside the first, one chart for both, and how to begin and end it.
import { html, nothing } from 'lit'
import '../elements/race-chart.js'
import '../elements/race-setup.js'
import { has, number, t } from '../i18n/translate.js'
import { easel, figures } from './train-easel.js'

const shown = value => (typeof value === 'number' ? number(value) : has(`choice.${value}`) ? t(`choice.${value}`) : String(value))
const fieldName = key => (has(`config.${key}.label`) ? t(`config.${key}.label`) : key)

/** @param {any} state @param {'one' | 'two'} which */
export function runName({ race, config }, which) {
  const { rival } = race
  const pairs = Object.entries(rival.changes).map(([key, value]) => t('contest.remedy_pair', { field: fieldName(key), value: shown(which === 'two' ? value : config[key]) }))
  const how = which === 'two' && rival.from ? [t('race.forked', { step: rival.from })] : []
  return html`<header class="run" data-run=${which}><h3>${t(`race.${which}`)}</h3><p class="small soft">${[...how, ...pairs].join(t('note.separator'))}</p></header>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function rivalEasel(state, act) {
  const { race } = state
  const { trainer } = race
  const { other } = state
  const run = { ...state, trail: undefined, other: undefined, view: other?.view ?? {}, metrics: other?.metrics ?? {}, step: other?.step ?? 0, rate: trainer?.rate ?? 0,
    waiting: race.starting ? { text: () => t('train.starting'), share: NaN } : null }
  return html`<section class="easel" data-rival aria-label=${t('race.two')}>${runName(state, 'two')}${easel(run, act)}
    <key-figures .figures=${figures(run)}></key-figures>
    ${race.broken ? html`<p class="small" role="status">${t('contest.diverged')}</p>` : nothing}</section>`
}

/** @param {any} state */
export function raceChart({ trainer, race }) {
  const series = run => run && { losses: run.history.snapshot(), figures: { ...run.figures.series } }
  return html`<race-chart .one=${series(trainer)} .two=${series(race.trainer)}></race-chart>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function raceSection(state, act) {
  const { race, setup, ready, fields, config, schema } = state
  if (race.on) {
    return html`<div class="race"><div class="row">
      <button type="button" data-command="end-race" @click=${act.endRace}>${t('race.end')}</button>
      <button type="button" data-command="hand-over" ?disabled=${!race.trainer?.step || race.broken} @click=${act.handOver}>${t('race.hand')}</button></div></div>`
  }
  if (setup) {
    const { moment } = setup
    return html`<div class="race"><h3>${t('race.title')}</h3>
      <p class="small soft">${moment ? t('race.setup_fork', { step: moment.step }) : t('race.setup')}</p>
      <race-setup .fields=${moment ? fields.filter(field => field.live) : fields} .values=${moment?.config ?? config} ?same=${Boolean(moment)}
        @race=${event => act.race(event.detail.changes)} @cancel=${act.closeSetup}></race-setup></div>`
  }
  return html`<div class="race"><h3>${t('race.title')}</h3><p class="small soft">${t('race.help')}</p><div class="row">
    <button type="button" data-command="setup" ?disabled=${!ready} @click=${() => act.setup(null)}>${t('race.open')}</button>
    ${schema.family === 'gan' ? html`<button type="button" data-command="collapse" ?disabled=${!ready} @click=${act.collapse}>${t('race.collapse')}</button>` : nothing}</div></div>`
}
