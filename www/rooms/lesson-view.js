// What a lesson shows, as a function of its state; shared by the room and by <gan-lesson>.
import { css, html, nothing } from 'lit'
import '../elements/contest-note.js'
import '../elements/key-figures.js'
import '../elements/loss-chart.js'
import '../elements/network-flow.js'
import '../elements/play-controls.js'
import '../elements/result-panel.js'
import '../elements/turned-horse.js'
import '../elements/work-progress.js'
import { describeError, has, number, percent, t } from '../i18n/translate.js'
import { lessonText } from '../lessons/index.js'
import { contestOf } from './contest-of.js'
import { easel, figures } from './train-easel.js'

export const lessonStyles = css`
  .lesson { display: grid; gap: 1.4rem; grid-template-columns: minmax(0, 1fr); container-type: inline-size; }
  .words { max-width: 42rem; display: grid; gap: 0.85rem; font-size: 1.0625rem; line-height: 1.75; }
  .words p { text-wrap: pretty; }
  :host(:lang(zh-Hant)) .words { line-height: 1.95; }
  .intro { display: grid; gap: 1.4rem clamp(1.5rem, 4vw, 3.5rem); align-items: start; }
  @container (min-width: 58rem) { .intro { grid-template-columns: minmax(0, 42rem) minmax(0, 1fr); } }
  .live { display: grid; gap: 1.2rem; min-width: 0; }
  .bench { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
  .side { display: grid; gap: 1.1rem; align-content: start; min-width: 0; }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 1.6vw, 1rem); min-width: 0; }
  .frame.pictures { padding: clamp(0.75rem, 2.4vw, 1.4rem); }
  .frame plane-view { border: 1px solid var(--rule); }
  .choices { display: grid; gap: 0.5rem; justify-items: start; }
  .choices .row button[aria-pressed='true'] { border-color: var(--ink); box-shadow: inset 0 -3px 0 var(--ink); }
  .said { font: 600 1.05rem/1.5 var(--serif); min-height: 1.5em; }
  .goals { text-wrap: pretty; border: 1px solid var(--edge); border-inline-start: 4px solid var(--ink); background: var(--sheet); padding: 0.8rem 1rem; display: grid; gap: 0.6rem; }
  .goals.all { border-inline-start-color: var(--real); }
  .goals ol { margin: 0; padding: 0; list-style: none; display: grid; gap: 0.5rem; }
  .goals li { display: grid; grid-template-columns: auto 1fr; gap: 0 0.6rem; align-items: start; }
  .goals li > .soft { grid-column: 2; font-variant-numeric: tabular-nums; }
  .goals .seal { font-size: 0.85rem; margin-top: 0.15em; }
  .goals .open { border-style: dashed; color: transparent; border-color: var(--edge); }
  .note { border: 1px solid var(--edge); border-inline-start: 4px solid var(--made); background: var(--sheet); padding: 0.6rem 0.9rem; display: grid; gap: 0.5rem; justify-items: start; }
  contest-note { min-height: 4rem; }
  @container (min-width: 46rem) { .bench { grid-template-columns: minmax(17rem, 25rem) minmax(0, 1fr); gap: 1.75rem; } .bench.wide { grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr); } .bench.alone { grid-template-columns: minmax(0, 30rem); justify-content: center; } .bench.alone.wide { grid-template-columns: minmax(0, 50rem); } }
  @container (max-width: 45.99rem) { .frame { max-width: 34rem; } .bench.wide .frame { max-width: none; } }
`

/** As a share or as a number, whichever people say. @param {string} name @param {number} value */
function measured(name, value) {
  if (!Number.isFinite(value)) return '–'
  if (name === 'high_quality' || name.startsWith('class_')) return percent(value)
  return number(value, Number.isInteger(value) ? {} : { maximumFractionDigits: Math.abs(value) < 0.1 ? 4 : 2 })
}

/** @param {{ name: string, value: number, at_least?: number, at_most?: number }} figure */
function standingText({ name, value, at_least: least, at_most: highest }) {
  const called = has(`lesson.figure.${name}`) ? t(`lesson.figure.${name}`) : has(`train.${name}`) ? t(`train.${name}`) : name
  const wanted = least !== undefined ? `≥\u00a0${measured(name, least)}` : `≤\u00a0${measured(name, highest ?? NaN)}`
  return t('lesson.standing', { name: called, value: measured(name, value), wanted })
}

/** @param {import('./lesson.js').LiveLesson} live */
export function goalList(live) {
  const text = lessonText(live.lesson.name)
  const one = ({ id, done, missed, standing }) => html`<li data-goal=${id} data-done=${String(done)}>
    <span class="seal ${done ? 'real' : 'open'}" aria-hidden="true">✓</span><span>${text?.goals[id]}<span class="hidden-text"> ${t(done ? 'lesson.reached' : 'lesson.not_reached')}</span></span>
    ${done ? nothing : html`<span class="small soft">${missed ? t('lesson.missed') : standing.map(standingText).join(t('lesson.and'))}</span>`}</li>`
  return html`<section class="goals ${live.finished ? 'all' : ''}" aria-label=${t('lesson.goals')}>
    <h3>${t(live.goals.length > 1 ? 'lesson.goals' : 'lesson.goal')}</h3><ol>${live.goals.map(one)}</ol>
    <p role="status">${live.finished ? text?.done : nothing}</p></section>`
}

/** What the last single step did, in words. @param {import('./lesson.js').LiveLesson} live */
function said({ witness, trainer }) {
  if (trainer.running || !witness.turn || witness.turn === 'both') return ''
  const { moved, still } = witness.facts
  const other = witness.turn === 'discriminator' ? 'generator' : 'discriminator'
  return t(`lesson.said_${witness.turn}`, { moved: moved[witness.turn], still: still[other] })
}

/** @param {import('./lesson.js').LiveLesson} live */
function flow({ witness, trainer, config, lesson }) {
  const { metrics, layers, turn } = witness
  return html`<network-flow .generator=${layers.generator} .discriminator=${layers.discriminator} turn=${turn} ?running=${trainer.running}
    .batch=${config.batch_size ?? 0} .latent=${config.latent_dim ?? 0} .shape=${trainer.dataset?.shape ?? []} .scores=${{ real: metrics.score_real, fake: metrics.score_fake }}></network-flow>`
}

/** @param {import('./lesson.js').LiveLesson} live */
export function choiceRow(live, locked = false) {
  const { choices = [], name } = live.lesson
  if (!choices.length) return nothing
  const text = lessonText(name)
  return html`<div class="choices"><p>${t('lesson.choose')}</p><div class="row" role="group" aria-label=${t('lesson.choose')}>${choices.map(({ id }) => html`<button type="button" data-choice=${id}
    ?disabled=${locked} aria-pressed=${live.witness.choice === id} @click=${() => live.open(id)}>${text?.choices?.[id] ?? id}</button>`)}</div></div>`
}

/** As the training room's easel takes it: with ways to look only where the lesson names one. @param {import('./lesson.js').LiveLesson} live */
function easelState({ trainer, config, look, schema }) {
  const { dataset, view, step, rate, metrics, walk } = trainer
  const { pairs } = trainer.watch
  const choice = look ? { schema, pictureLook: look, walk } : {}
  return { config, dataset, view, step, rate, metrics, shown: { real: true, fake: true }, waiting: null, collecting: false, pairs, ...choice }
}

/** What its easel may ask for. @param {import('./lesson.js').LiveLesson} live */
const easelActs = live => ({
  pictureLook: name => live.lookAs(name),
  walkElsewhere: () => live.walkOn({ from: live.trainer.walk.to, to: live.trainer.walk.to + 1 }),
  walkAs: label => live.walkOn({ label }),
})

/** @param {import('./lesson.js').LiveLesson} live @param {{ hides?: (part: string) => boolean, locked?: boolean }} [options] */
export function lessonLive(live, { hides = () => false, locked = false } = {}) {
  const { trainer, lesson, witness } = live
  const shows = part => lesson.show.includes(part) && !hides(part)
  const contest = contestOf(witness)
  if (live.error) {
    return html`<div class="note" role="alert"><p>${describeError(live.error)}</p><button type="button" data-command="retry" @click=${() => live.open()}>${t('error.retry')}</button></div>`
  }
  if (!trainer.session) return html`<work-progress .text=${t('train.starting')} .share=${NaN}></work-progress>`
  const beside = ['figures', 'contest', 'losses'].some(shows)
  const wide = trainer.dataset && trainer.dataset.kind !== 'points'
  return html`<div class="live">
    ${hides('choices') ? nothing : choiceRow(live, locked)}
    ${hides('controls') ? nothing : html`<play-controls ?running=${trainer.running} ready ?locked=${locked} ?busy=${trainer.pausing} speed=${trainer.speed}
      @command=${event => live.command(event.detail.name)} @speed=${event => { live.speed = event.detail.name }}></play-controls>`}
    ${shows('flow') ? html`<p class="said" aria-live="polite">${said(live)}</p>${flow(live)}` : nothing}
    ${beside || shows('view') ? html`<div class="bench ${wide ? 'wide' : ''} ${beside ? '' : 'alone'}">
      ${shows('view') ? easel(easelState(live), easelActs(live)) : nothing}
      ${beside ? html`<div class="side">
        ${shows('contest') ? html`<contest-note state=${contest.state}></contest-note>` : nothing}
        ${shows('figures') ? html`<key-figures .figures=${figures(easelState(live))}></key-figures>` : nothing}
        ${shows('losses') ? html`<loss-chart .history=${trainer.history.snapshot()}></loss-chart>` : nothing}
      </div>` : nothing}</div>` : nothing}
  </div>`
}

/** @param {import('./lesson.js').LiveLesson} live */
export function lessonWords({ lesson }) {
  return html`<div class="words">${lessonText(lesson.name)?.text.map(paragraph => html`<p>${paragraph}</p>`)}${lesson.show.includes('horse') ? html`<turned-horse></turned-horse>` : nothing}</div>`
}

/** @param {import('./lesson.js').LiveLesson} live @param {{ hides?: (part: string) => boolean, locked?: boolean }} [options] */
export function lessonBody(live, options = {}) {
  const { hides = () => false } = options
  return html`<div class="lesson" data-lesson=${live.lesson.name}>
    <div class="intro">${hides('text') ? nothing : lessonWords(live)}${hides('goals') ? nothing : goalList(live)}</div>
    ${live.ignored.length ? html`<p class="small soft" data-part="ignored">${t('lesson.ignored', { list: live.ignored.join(t('lesson.and')) })}</p>` : nothing}
    ${lessonLive(live, options)}
    ${hides('save') || hides('goals') ? nothing : html`<result-panel .read=${live.read}></result-panel>`}
  </div>`
}
