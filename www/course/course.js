// "Use it in your course": the lines for the lesson that is chosen, packages made in the tab, and which way suits which platform.
import { css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { atelierUrl, elementCode, frameCode, frameUrl } from '../embed/code.js'
import { needsControls } from '../lessons/goals.js'
import { save } from '../rooms/stylize-files.js'
import { inLanguage } from '../i18n/translate.js'
import { chosenLesson, copyable, language, lessonChoice, lessons, loadTexts, openPage, t, titleIn } from './page.js'
import { pictureStyles, pictures } from './pictures.js'

/** @typedef {{ lesson: string, lang: string, locked: boolean, all: boolean, making: string, made: string, failed: string }} State */

/** High enough for a lesson with its text. */
const frameHeight = 1400

/** Each with the pictures of what goes where: the kind of picture, and the texts that it takes. @type {Record<string, string[]>} */
const platforms = {
  moodle: ['upload', 'code'], canvas: ['upload', 'field'], classroom: ['field'], sites: ['field'], wordpress: ['code'], hackmd: ['split'], notion: ['block'],
}

const styles = css`
  ${pictureStyles}
  .ways { display: grid; gap: 1.6rem 2.4rem; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); }
  .platform { border-top: 1px solid var(--rule); padding-top: 1.2rem; display: grid; gap: 0.8rem; }
  .platform p { max-width: 46rem; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; }
  th, td { text-align: start; padding: 0.4rem 1.2rem 0.4rem 0; border-top: 1px solid var(--rule); vertical-align: top; }
  tbody th { font-weight: 600; white-space: nowrap; }
  @media (max-width: 40rem) {
    thead { position: absolute; clip-path: inset(50%); }
    table, tbody, tr { display: block; }
    tr { border-top: 1px solid var(--rule); padding-block: 0.5rem; }
    tbody th, td { display: block; border: 0; padding: 0; }
    td + td { color: var(--ink-soft); }
  }
  .teacher { display: grid; gap: 0.5rem; margin: 0; padding-inline-start: 1.2rem; }
`

/** @param {State} state @param {import('../scorm/platform.js').Edition} edition */
async function make(state, edition) {
  Object.assign(state, { making: edition, made: '', failed: '' })
  draw()
  try {
    const { makePackage } = await import('./scorm-zip.js')
    const { lang, locked, lesson, all } = state
    await loadTexts(lang || language())
    const entry = (/** @type {{ name: string }} */ { name }) => ({ name, title: titleIn(lang, name) })
    const wanted = lessons.filter(({ name }) => all || name === lesson).map(entry)
    const title = all ? await inLanguage(lang || language(), () => t('page.title')) : wanted[0].title
    const { name, blob } = await makePackage({ edition, lessons: wanted, title, lang, locked })
    save(blob, name)
    state.made = name
  } catch (error) {
    state.failed = /** @type {any} */ (error).reason === 'missing' ? t('course.no_packages') : t('course.package_failed', { message: /** @type {Error} */ (error).message })
  }
  state.making = ''
  draw()
}

/** @param {State} state */
function linesOf({ lesson, lang, locked }) {
  const attributes = { name: lesson, locked, lang }
  return {
    link: `${atelierUrl(lang || language(), `learn?lesson=${lesson}`)}${locked ? '&locked' : ''}`,
    address: frameUrl('gan-lesson', attributes),
    frame: frameCode('gan-lesson', attributes, { title: titleIn(lang, lesson), height: frameHeight }),
    element: elementCode('gan-lesson', attributes),
  }
}

/** @param {State} state */
function choices(state) {
  const box = (/** @type {'locked' | 'all'} */ key, /** @type {string} */ label) => html`<label class="check"><input type="checkbox" data-field=${key} .checked=${state[key]} @change=${event => { state[key] = event.target.checked; draw() }}>${label}</label>`
  return html`<div class="fields">${lessonChoice(state.lesson, lesson => { state.lesson = lesson; draw() })}
    <label><span>${t('course.language')}</span><select data-field="lang" @change=${async event => { state.lang = event.target.value; draw(); await loadTexts(state.lang || language()).catch(() => {}); draw() }}>${['', 'en', 'zh-Hant'].map(lang => html`<option value=${lang} .selected=${live(lang === state.lang)}>${t(`course.language_${lang || 'reader'}`)}</option>`)}</select></label>
    ${box('locked', t('classroom.locked'))}</div>
    ${state.locked && needsControls(/** @type {any} */ (lessons.find(({ name }) => name === state.lesson))) ? html`<p class="small soft" data-locked-note>${t('classroom.locked_note')}</p>` : nothing}`
}

/** @param {State} state */
function packages(state) {
  const button = (/** @type {import('../scorm/platform.js').Edition} */ edition) => html`<button type="button" data-package=${edition} ?disabled=${Boolean(state.making)} @click=${() => make(state, edition)}>${t(`course.package_${edition === '1.2' ? '12' : '2004'}`)}</button>`
  return html`<div class="part" data-way="package"><h3>${t('course.way_package')}</h3><p>${t('course.way_package_text')}</p>
    <label><input type="checkbox" data-field="all" .checked=${state.all} @change=${event => { state.all = event.target.checked; draw() }}> ${t('course.all')}</label>
    <div class="row">${button('1.2')}${button('2004')}</div><p class="small" role="status">${state.making ? t('course.making') : state.made ? t('course.made', { name: state.made }) : nothing}</p>
    ${state.failed ? html`<p class="note" role="alert">${state.failed}</p>` : nothing}</div>`
}

/** @param {State} state */
function view(state) {
  const lines = linesOf(state)
  const way = (/** @type {string} */ name, /** @type {[string, string][]} */ ...what) => html`<div class="part" data-way=${name}><h3>${t(`course.way_${name}`)}</h3><p>${t(`course.way_${name}_text`)}</p>${what.map(([key, label]) => copyable(key, t(`course.${label}`), lines[key], draw))}</div>`
  const where = (/** @type {string} */ id) => html`<div class="platform" data-platform=${id}><h3>${t(`course.${id}.name`)}</h3><p>${t(`course.${id}.choose`)}</p><p>${t(`course.${id}.how`)}</p>
    ${pictures(platforms[id].map((kind, at) => ({ kind, words: t(`course.${id}.words_${at + 1}`).split('|'), caption: t(`course.${id}.picture_${at + 1}`) })))}</div>`
  return html`<section class="first"><h2>${t('course.choose')}</h2>${choices(state)}</section>
    <section><h2>${t('course.ways')}</h2><div class="ways">${way('link', ['link', 'line_link'])}${packages(state)}${way('frame', ['address', 'line_address'], ['frame', 'line_frame'])}${way('element', ['element', 'line_element'])}</div></section>
    <section><h2>${t('course.which')}</h2><div class="wide" tabindex="0" role="region" aria-label=${t('course.which')}><table><thead><tr>${['where', 'best', 'recorded'].map(key => html`<th scope="col">${t(`course.${key}`)}</th>`)}</tr></thead><tbody>
      ${Object.keys(platforms).map(id => html`<tr><th scope="row">${t(`course.${id}.name`)}</th><td>${t(`course.${id}.best`)}</td><td>${t(`course.${id}.recorded`)}</td></tr>`)}</tbody></table></div><p class="small soft">${t('course.which_note')}</p>
      ${Object.keys(platforms).map(where)}</section>
    <section><h2>${t('course.teacher')}</h2><ul class="teacher"><li><a href="./class-set.html#${state.lesson}">${t('set.title')}</a>: ${t('set.short')}</li><li><a href="./worksheet.html#${state.lesson}">${t('sheet.title')}</a>: ${t('sheet.short')}</li>
      <li><a href="./results.html">${t('results.title')}</a>: ${t('results.short')}</li><li><a href="./examples.html">${t('examples.title')}</a>: ${t('course.examples_short')}</li></ul></section>`
}

const { stage } = await openPage(() => /** @type {State} */ ({ lesson: chosenLesson(), lang: '', locked: false, all: false, making: '', made: '', failed: '' }), view, styles)
const draw = () => stage.draw()
