// A run that is kept and laid over the present one: its curves in the same chart, what it makes in the same plane or beside.
import { html, nothing } from 'lit'
import '../elements/made-grid.js'
import { has, number, t } from '../i18n/translate.js'
import { failure, notice } from './notices.js'
import { tilesOf } from './train-tiles.js'
import { Trainer } from './trainer.js'
import { Way, seen } from './way.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */
/**
 * @typedef {object} KeptRun
 * @property {Record<string, any>} config with its family
 * @property {any} dataset as the session describes it
 * @property {number} step
 * @property {any} losses series over the steps
 * @property {any} figures likewise
 * @property {Way} way
 * @property {string} [file] that it comes from
 */

/** What two latents have to have in common, to be the same ones. */
const latentKeys = ['family', 'latent_dim', 'held_dim', 'sequence_length', 'noise_dim', 'people']

const shown = value => (typeof value === 'number' ? number(value) : has(`choice.${value}`) ? t(`choice.${value}`) : has(`dataset.${value}`) ? t(`dataset.${value}`) : has(`family.${value}.name`) ? t(`family.${value}.name`) : String(value))
const fieldName = key => (has(`config.${key}.label`) ? t(`config.${key}.label`) : key === 'family' ? t('compare.family') : key)

/** @param {Trainer} trainer @param {string} [file] @returns {KeptRun} */
const runOf = ({ session, dataset, step, history, figures, way }, file) => ({
  config: /** @type {any} */ (session).config, dataset, step, file, losses: structuredClone(history.snapshot()), figures: structuredClone(figures.series), way: (way ?? new Way()).until(),
})

/** From here on the training that goes on is another run. @param {TrainRoom} room */
export async function keepRun(room) {
  const { trainer } = room
  const wasRunning = trainer.running
  await room.halt()
  if (!trainer.session) return
  room.kept = runOf(trainer)
  if (wasRunning) room.play()
  room.stage.draw()
}

/** Of a saved session there is what it makes at its step: the file holds no curves. @param {TrainRoom} room @param {HTMLInputElement} input */
export async function openRun(room, input) {
  const [file] = input.files ?? []
  input.value = ''
  if (!file) return
  const reader = new Trainer({}, undefined, new Way())
  try {
    await reader.adopt(await (await room.atelier()).open(file))
    room.kept = runOf(reader, file.name)
    notice('opened', () => t('compare.opened', { name: file.name, step: reader.step }), { passing: true })
  } catch (error) {
    failure(error)
  } finally {
    await reader.dispose()
    room.stage.draw()
  }
}

/** @param {TrainRoom} room */
export function letGo(room) {
  room.kept = null
  room.stage.draw()
}

/** Whether both make the same kind of thing of the same original. @param {TrainRoom} room */
export function comparable({ kept, race, collecting, trainer: { dataset } }) {
  return Boolean(kept && dataset && !race.on && !collecting && kept.dataset.kind === dataset.kind && kept.dataset.id === dataset.id && String(kept.dataset.extent) === String(dataset.extent))
}

/** What the other run makes, kept or racing, at the step that is shown or the last before it. @param {TrainRoom} room */
export function otherOf(room) {
  const { race, kept, looking, trainer, shown } = room
  const step = looking?.step ?? trainer.step
  if (race.on) {
    const rival = race.trainer
    if (!rival) return null
    const frame = looking && rival.way?.near(step)
    const { real, sample } = rival.view
    const view = frame ? { real, sample, ...seen(frame) } : rival.view
    return { view, step: frame?.step ?? rival.step, metrics: (frame ?? rival).metrics, points: shown.rival ? view.fake : undefined, name: () => t('race.two') }
  }
  const frame = comparable(room) && kept?.way.near(step)
  if (!frame) return null
  const view = seen(frame)
  return { view, step: frame.step, metrics: frame.metrics, points: shown.other ? view.fake : undefined, name: () => t('compare.kept') }
}

/** @param {Record<string, any>} one @param {Record<string, any>} two @returns {string[]} settings in which two runs differ */
export function differing(one, two) {
  const different = Object.keys(one).filter(key => key in two && one[key] !== two[key])
  // Two families have few settings in common: which family says it all.
  return one.family === two.family ? different : different.filter(key => ['family', 'dataset', 'seed'].includes(key))
}

/** @param {any} state @returns {{ kept: string, present: string, keys: string[] }} what each run is, where they differ */
function names({ kept, trainer, schema, config }) {
  const present = trainer.session?.config ?? { ...config, family: schema.family }
  const keys = differing(kept.config, present)
  const pairs = run => keys.map(key => t('compare.pair', { field: fieldName(key), value: shown(run[key]) })).join(t('note.separator'))
  return { kept: pairs(kept.config), present: pairs(present), keys }
}

/** Both runs' losses and figures in one chart. @param {any} state */
export function compareChart({ trainer, kept, history }) {
  return html`<race-chart .one=${{ losses: history, figures: { ...trainer.figures.series } }} .two=${kept} .names=${[t('compare.present'), t('compare.kept')]}></race-chart>`
}

/** The present run's grid at the step that is shown: another look, or a chosen class, has seen it last at a recorded one. @param {any} state */
function presentGrid({ looking, trainer, view, step }) {
  const frame = trainer.way?.near(step)
  if (looking || !frame) return { step, view }
  return trainer.gridStep < frame.step ? { step: frame.step, view: seen(frame) } : { step: trainer.gridStep, view }
}

/** What is made of the same latents, side by side; curves over each other. Points are laid over each other on the easel. @param {any} state */
export function compareGrids(state) {
  const { kept, other, dataset, race, pictureLook } = state
  if (race.on || !kept || !other || dataset.kind === 'points') return nothing
  const present = presentGrid(state)
  // By class only where both were looked at so.
  const look = present.view.classes && other.view.classes ? pictureLook : 'contest'
  const grid = (run, name, { step: its, view }) => {
    const { tiles, columns: usual } = tilesOf(dataset.kind, view, look)
    // Curves stand in one row, so that two rows lie over each other.
    const columns = dataset.kind === 'sequences' ? tiles.length : usual
    const title = t('compare.at', { run: name, step: its })
    return html`<figure data-run=${run}><figcaption class="small"><strong>${title}</strong></figcaption>
      <made-grid label=${t('compare.grid_text', { title, count: tiles.length })} .tiles=${tiles} columns=${columns} .ranges=${dataset.range ?? []} ?other=${run === 'kept'}></made-grid></figure>`
  }
  return html`<section class="laid ${dataset.kind === 'sequences' ? 'over' : ''}" aria-label=${t('compare.title')}>
    ${grid('kept', t('compare.kept'), other)}${grid('present', t('compare.present'), present)}</section>`
}

/** @param {any} state */
function legend(state) {
  const { kept, comparable: fits, dataset } = state
  const { kept: ofKept, present, keys } = names(state)
  const notes = [
    ...(keys.length ? [] : [t('compare.same')]),
    ...(kept.losses.step.length ? [] : [t('compare.no_curves', { step: kept.step })]),
    ...(fits || !dataset ? [] : [t('compare.other_data')]),
    ...(fits && keys.some(key => latentKeys.includes(key)) ? [t('compare.other_latents')] : []),
  ]
  return html`<dl class="runs small"><dt class="other">${t('compare.kept')}</dt><dd>${[t('compare.what', { name: shown(kept.config.dataset), step: kept.step }), ...(kept.file ? [kept.file] : []), ofKept].filter(Boolean).join(t('note.separator'))}</dd>
      <dt>${t('compare.present')}</dt><dd>${[t('compare.what', { name: shown(state.config.dataset), step: state.trainer.step }), present].filter(Boolean).join(t('note.separator'))}</dd></dl>
    ${notes.length ? html`<p class="small soft">${notes.join(t('note.space'))}</p>` : nothing}
    <p class="small soft">${t('compare.size', { count: kept.way.frames.length, size: number(Math.max(kept.way.bytes() / 1e6, 0.1), { maximumFractionDigits: 1 }) })}</p>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function compareSection(state, act) {
  const { race, kept, ready, trainer, setup } = state
  if (race.on || setup) return nothing
  const open = html`<label class="button"><input type="file" data-command="open-run" @change=${event => act.openRun(event.target)}>${t('compare.open')}</label>`
  return html`<div class="race" data-compare><h3>${t('compare.title')}</h3>
    ${kept ? legend(state) : html`<p class="small soft">${t('compare.help')}</p>`}
    <div class="row beside">${kept ? html`<button type="button" data-command="let-go" @click=${act.letGo}>${t('compare.let_go')}</button>` : nothing}
      <button type="button" class=${kept ? 'plain' : ''} data-command="keep-run" ?disabled=${!ready || !trainer.step} @click=${act.keepRun}>${t(kept ? 'compare.keep_instead' : 'compare.keep')}</button>${kept ? nothing : open}</div></div>`
}
