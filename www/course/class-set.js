// A class set on one sheet: N links and QR codes for a lesson, each with a seed or a setting of its own.
import { css, html, nothing, svg } from 'lit'
import { live } from 'lit/directives/live.js'
import { atelierUrl } from '../embed/code.js'
import { modulePath, modulesOf } from '../elements/draw/qr.js'
import schemas from '../generated/schema.json'
import { has } from '../i18n/translate.js'
import { needsControls } from '../lessons/goals.js'
import { chosenLesson, copyButton, language, lessonChoice, lessonText, lessons, openPage, t } from './page.js'
import { memberHash, mostLinks, seedMembers, settable, settingMembers } from './set.js'

/** @typedef {{ lesson: string, by: 'seed' | 'setting', first: number, count: number, key: string, typed: string, locked: boolean }} State */

const styles = css`
  .wide-field input { width: min(28rem, 100%) !important; }
  .sheet { margin-top: 1.6rem; }
  .sheet h2 { margin-bottom: 0.3rem; }
  ol { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 0; grid-template-columns: repeat(auto-fill, minmax(min(12.5rem, 100%), 1fr)); border-top: 1px solid var(--rule); border-inline-start: 1px solid var(--rule); }
  li { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.6rem; align-items: center; padding: 0.6rem; border: solid var(--rule); border-width: 0 1px 1px 0; break-inside: avoid; overflow-wrap: anywhere; }
  li svg { width: 6rem; height: 6rem; display: block; background: #fff; }
  li strong { font: 600 1.25rem/1.3 var(--serif); display: block; }
  li a { display: block; font-size: 0.7rem; line-height: 1.35; }
  @media print {
    .sheet { margin-top: 0; }
    /* Thirty on one page. */
    ol { grid-template-columns: repeat(3, 1fr); margin-top: 3mm; }
    li { padding: 1mm; gap: 2mm; grid-template-columns: 22mm minmax(0, 1fr); }
    li svg { width: 22mm; height: 22mm; }
    li a { font-size: 6pt; line-height: 1.25; text-decoration: none; }
  }
`

/** @param {State} state */
const dataOf = ({ lesson }) => /** @type {import('../lessons/index.js').Lesson} */ (lessons.find(({ name }) => name === lesson))
/** @param {State} state @returns {import('../store.js').Schema} */
const schemaOf = state => /** @type {any} */ (schemas)[dataOf(state).experiment.family]

/** @param {State} state */
function membersOf(state) {
  if (state.by === 'seed') return { members: seedMembers(state.first, state.count), bad: [], over: 0 }
  return settingMembers(schemaOf(state), dataOf(state).experiment.dataset, state.key, state.typed)
}

/** @param {string} key */
const labelOf = key => (key === 'seed' ? t('set.seed') : has(`config.${key}.label`) ? t(`config.${key}.label`) : key)

/** @param {string} url */
function code(url) {
  const modules = modulesOf(url)
  return modules ? svg`<svg viewBox="0 0 ${modules.length} ${modules.length}" shape-rendering="crispEdges" role="img" aria-label=${t('set.code')}><rect width=${modules.length} height=${modules.length} fill="#fff"/><path d=${modulePath(modules)} fill="#000"/></svg>` : html`<span class="small">${t('share.qr_too_long')}</span>`
}

/** A choice between words is shown as such, numbers by their range. @param {State} state */
function hint(state) {
  const { kind, choices = [], min, max } = /** @type {import('../elements/config-field.js').Field} */ (schemaOf(state).fields.find(({ key }) => key === state.key))
  if (kind === 'choice') return t('set.hint_choice', { list: choices.join(', ') })
  return kind === 'boolean' ? t('set.hint_choice', { list: 'true, false' }) : t('set.hint_range', { min, max })
}

/** @param {State} state */
function fields(state) {
  const set = (/** @type {Partial<State>} */ change) => { Object.assign(state, change); draw() }
  const numbers = (/** @type {'first' | 'count'} */ key, /** @type {number} */ min, /** @type {number} */ max) => html`<label><span>${t(`set.${key}`)}</span><input type="number" data-field=${key} min=${min} max=${max} .value=${live(String(state[key]))} @change=${event => set({ [key]: Math.min(max, Math.max(min, Math.floor(Number(event.target.value)) || min)) })}></label>`
  const keys = settable(schemaOf(state)).map(({ key }) => key)
  return html`<div class="fields">${lessonChoice(state.lesson, lesson => { set({ lesson }); if (!settable(schemaOf(state)).some(({ key }) => key === state.key)) set({ key: settable(schemaOf(state))[0].key, typed: '' }) })}
    <label><span>${t('set.by')}</span><select data-field="by" @change=${event => set({ by: event.target.value })}>${['seed', 'setting'].map(by => html`<option value=${by} .selected=${live(by === state.by)}>${t(`set.by_${by}`)}</option>`)}</select></label>
    ${state.by === 'seed' ? html`${numbers('count', 1, mostLinks)}${numbers('first', 0, 4294967295 - mostLinks)}`
      : html`<label><span>${t('set.key')}</span><select data-field="key" @change=${event => set({ key: event.target.value, typed: '' })}>${keys.map(key => html`<option value=${key} .selected=${live(key === state.key)}>${labelOf(key)}</option>`)}</select></label>
        <label class="wide-field"><span>${t('set.values')}</span><input type="text" data-field="typed" .value=${state.typed} aria-describedby="hint" @input=${event => set({ typed: event.target.value })}></label>`}
    <label class="check"><input type="checkbox" data-field="locked" .checked=${state.locked} @change=${event => set({ locked: event.target.checked })}>${t('classroom.locked')}</label></div>
    ${state.locked && needsControls(/** @type {any} */ (lessons.find(({ name }) => name === state.lesson))) ? html`<p class="small soft" data-locked-note>${t('classroom.locked_note')}</p>` : nothing}
    ${state.by === 'setting' ? html`<p class="small soft" id="hint">${hint(state)} ${t('set.goals_note')}</p>` : nothing}`
}

/** @param {State} state */
function view(state) {
  const { members, bad, over } = membersOf(state)
  const key = state.by === 'seed' ? 'seed' : state.key
  const links = members.map(({ value, label }) => ({ label, url: atelierUrl(language(), memberHash(state.lesson, { key, value }, state.locked)) }))
  const list = links.map(({ label, url }, at) => `${at + 1}\t${label}\t${url}`).join('\n')
  return html`<div class="screen part">${fields(state)}${bad.length ? html`<p class="note" role="alert">${t('set.bad', { list: bad.join(', ') })}</p>` : nothing}${over ? html`<p class="note" role="alert">${t('set.over', { most: mostLinks, over })}</p>` : nothing}
      <div class="row">${links.length ? html`<button type="button" class="primary" data-command="print" @click=${() => print()}>${t('set.print')}</button>${copyButton('list', list, draw, t('set.copy'))}` : html`<p>${t('set.none')}</p>`}</div></div>
    ${links.length ? html`<div class="sheet"><h2>${lessonText(state.lesson)?.title}</h2><p class="small soft">${t('set.sheet', { name: labelOf(key) })}</p>
      <ol>${links.map(({ label, url }, at) => html`<li>${code(url)}<div><span class="small soft">${at + 1}</span><strong>${label}</strong><a href=${url}>${url.replace(/^https?:\/\//, '')}</a></div></li>`)}</ol></div>` : nothing}`
}

const { stage } = await openPage(() => /** @type {State} */ ({ lesson: chosenLesson(), by: 'seed', first: 101, count: 30, key: 'learning_rate_d', typed: '', locked: false }), view, styles)
const draw = () => stage.draw()
