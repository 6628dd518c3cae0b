// A lesson's worksheet: one page for the learner, one with the answers for the teacher, from worksheet.LANGUAGE.json in the lesson's folder.
import { css, html, nothing, svg } from 'lit'
import { atelierUrl } from '../embed/code.js'
import { modulePath, modulesOf } from '../elements/draw/qr.js'
import { describeError } from '../i18n/translate.js'
import { chosenLesson, language, lessonChoice, lessonText, lessons, openPage, t } from './page.js'

/** @typedef {{ ask: string, answer: string, lines?: number, table?: { head: string[], rows: string[][] } }} Question rows: an empty cell is the learner's to fill */
/** @typedef {{ before: string, questions: Question[] }} Sheet */

/** @type {Record<string, () => Promise<{ default: Sheet }>>} */
const files = /** @type {any} */ (import.meta.glob('../lessons/*/worksheet.*.json'))
const fileOf = (/** @type {string} */ name) => files[`../lessons/${name}/worksheet.${document.documentElement.lang}.json`]
const names = lessons.map(({ name }) => name).filter(fileOf)

const styles = css`
  .paper { background: #fffdf8; color: #1d1a16; color-scheme: light; --ink-soft: #5d5446; --rule: #d3c8b2; --edge: #857a66; border: 1px solid var(--edge); padding: clamp(1rem, 4vw, 2.2rem); max-width: 52rem; margin-top: 1.6rem; display: grid; gap: 0.9rem; line-height: 1.55; }
  .top { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 1rem; align-items: start; }
  .top h2 { font-size: 1.5rem; }
  .top svg { width: 5.2rem; height: 5.2rem; background: #fff; display: block; }
  .who { display: flex; flex-wrap: wrap; gap: 0.6rem 1.4rem; }
  .who span { display: flex; gap: 0.4rem; align-items: end; flex: 1 1 9rem; }
  .who span::after { content: ''; flex: 1; border-bottom: 1px solid currentColor; min-width: 3rem; }
  .address { overflow-wrap: anywhere; }
  .goals { margin: 0; padding: 0.5rem 0.8rem; list-style: none; border: 1px solid var(--edge); display: grid; gap: 0.35rem; }
  .goals li { display: grid; grid-template-columns: 1rem minmax(0, 1fr) auto; gap: 0.6rem; align-items: baseline; }
  .goals li::before { content: ''; width: 0.8rem; height: 0.8rem; border: 1.2px solid currentColor; align-self: center; }
  .blank { display: inline-block; min-width: 3.5rem; border-bottom: 1px solid currentColor; }
  .questions { margin: 0; padding-inline-start: 1.5rem; display: grid; gap: 0.8rem; }
  .questions li::marker { font-weight: 600; }
  .line { height: 1.75rem; border-bottom: 1px solid var(--edge); }
  table { border-collapse: collapse; width: 100%; margin-top: 0.4rem; table-layout: fixed; }
  th, td { border: 1px solid var(--edge); padding: 0.25rem 0.5rem; text-align: start; font-weight: 400; height: 2rem; }
  thead th { font-weight: 600; }
  .answer { border-inline-start: 3px solid var(--real); padding-inline-start: 0.7rem; --real: #27408b; }
  @media screen and (max-width: 34rem) { table { table-layout: auto; font-size: 0.8125rem; } th, td { padding-inline: 0.3rem; overflow-wrap: anywhere; } .goals li { grid-template-columns: 1rem minmax(0, 1fr); } .goals li > :last-child { grid-column: 2; } }
  @media print {
    .paper { border: 0; padding: 0; margin: 0; max-width: none; font-size: 10.5pt; line-height: 1.42; gap: 3mm; background: none; }
    .paper.answers { break-before: page; }
    .line { height: 8mm; }
    .goals li { grid-template-columns: 1rem minmax(0, 1fr) auto; }
  }
`

/** @param {Question} question @param {boolean} answers */
function questionView({ ask, answer, lines = 2, table }, answers) {
  const grid = table ? html`<table><thead><tr>${table.head.map(cell => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${table.rows.map(row => html`<tr>${row.map(cell => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>` : nothing
  if (answers) return html`<li>${ask}<p class="answer">${answer}</p></li>`
  return html`<li>${ask}${grid}${Array.from({ length: lines }, () => html`<div class="line"></div>`)}</li>`
}

/** @param {{ lesson: string, sheet: Sheet, answers: boolean }} state @param {boolean} answers */
function paper({ lesson, sheet }, answers) {
  const text = lessonText(lesson)
  const url = atelierUrl(language(), `learn?lesson=${lesson}`)
  const modules = modulesOf(url)
  const side = modules?.length ?? 0
  return html`<article class="paper ${answers ? 'answers' : ''}" data-paper=${answers ? 'answers' : 'sheet'}><div class="top"><div class="part"><h2>${text?.title}${answers ? ` · ${t('sheet.answers')}` : ''}</h2>
      ${answers ? nothing : html`<div class="who">${['name', 'class', 'date'].map(key => html`<span>${t(`sheet.${key}`)}</span>`)}</div>`}<p class="small address">${url.replace(/^https?:\/\//, '')}</p></div>
      ${!answers && modules ? svg`<svg viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges" role="img" aria-label=${t('set.code')}><rect width=${side} height=${side} fill="#fff"/><path d=${modulePath(modules)} fill="#000"/></svg>` : nothing}</div>
    ${answers ? nothing : html`<p>${sheet.before}</p><ul class="goals" aria-label=${t('lesson.goals')}>${lessons.find(({ name }) => name === lesson)?.goals.map(({ id }) => html`<li><span>${text?.goals[id]}</span><span class="small">${t('sheet.step')} <span class="blank"></span></span></li>`)}</ul>`}
    <ol class="questions">${sheet.questions.map(question => questionView(question, answers))}</ol></article>`
}

/** @typedef {{ lesson: string, sheet: Sheet, answers: boolean, wished: string, failed: any }} State wished: chosen, and perhaps still on its way */

/** @param {State} state @param {string} lesson */
async function choose(state, lesson) {
  state.wished = lesson
  try {
    const { default: sheet } = await fileOf(lesson)()
    if (state.wished === lesson) Object.assign(state, { lesson, sheet, failed: null })
  } catch (error) {
    if (state.wished === lesson) state.failed = Object.assign(/** @type {any} */ (error), { code: 'Network', details: {} })
  }
  draw()
}

/** @param {State} state */
function view(state) {
  return html`<div class="screen fields">${lessonChoice(state.wished, lesson => choose(state, lesson), names)}<label class="check"><input type="checkbox" data-field="answers" .checked=${state.answers} @change=${event => { state.answers = event.target.checked; draw() }}>${t('sheet.with_answers')}</label>
    <button type="button" class="primary" data-command="print" @click=${() => print()}>${t('sheet.print')}</button></div>${state.failed ? html`<p class="note screen" role="alert">${describeError(state.failed)}</p>` : nothing}${paper(state, false)}${state.answers ? paper(state, true) : nothing}`
}

const { stage } = await openPage(async () => {
  const lesson = names.includes(chosenLesson()) ? chosenLesson() : names[0]
  return /** @type {State} */ ({ lesson, sheet: (await fileOf(lesson)()).default, answers: true, wished: lesson, failed: null })
}, view, styles)
const draw = () => stage.draw()
