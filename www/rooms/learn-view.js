// What the learning room shows, as a function of its state.
import { css, html, nothing } from 'lit'
import '../elements/embed-lines.js'
import { elementCode, frameCode } from '../embed/code.js'
import { language, t } from '../i18n/translate.js'
import { lessonText, lessons } from '../lessons/index.js'
import { needsControls } from '../lessons/goals.js'
import { lessonBody, lessonStyles } from './lesson-view.js'
import { pageViews } from './learn-pages.js'

/** High enough for a lesson without its text. */
const frameHeight = 1100

export const learnStyles = css`
  ${lessonStyles}
  h2 { font-size: var(--step-2); outline: none; text-wrap: balance; }
  .top { display: flex; flex-wrap: wrap; gap: 0.25rem 1.4rem; margin-bottom: 1.5rem; padding-bottom: 0.7rem; border-bottom: 1px solid var(--rule); }
  .top a, .beside a { padding-block: 0.35rem; }
  .top [aria-current] { font-weight: 600; text-decoration: none; }
  .lead { font: 400 1.2rem/1.65 var(--serif); max-width: 46rem; text-wrap: pretty; }
  .path { list-style: none; margin: 1.6rem 0 0; padding: 0; display: grid; gap: 0 clamp(1.5rem, 4vw, 3.5rem); grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); }
  .path li { border-top: 1px solid var(--rule); }
  .path a { display: grid; grid-template-columns: 2.2rem 1fr auto; gap: 0 0.6rem; padding: 0.75rem 0.25rem; text-decoration: none; height: 100%; align-content: start; }
  .path a:hover strong { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
  .path .number { font: 600 1.25rem/1.4 var(--serif); color: var(--ink-soft); font-variant-numeric: lining-nums; }
  .path strong { font: 600 1.15rem/1.4 var(--serif); }
  .path .short { grid-column: 2 / -1; color: var(--ink-soft); }
  .path .seal { font-size: 0.85rem; margin-top: 0.2rem; }
  .title { display: grid; gap: 0.15rem; margin-bottom: 1.1rem; }
  .onward { display: flex; flex-wrap: wrap; gap: 0.6rem; justify-content: space-between; margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
  .links { display: flex; flex-wrap: wrap; gap: 0.3rem 1.4rem; margin-top: 1.4rem; }
  .links a { font: 600 1rem/1.6 var(--serif); }
  .links a::after { content: ' →'; }
  details { margin-top: 1.6rem; border-block: 1px solid var(--rule); }
  summary { padding: 0.8rem 0; cursor: pointer; font: 600 1.1rem/1.35 var(--serif); }
  .teacher { display: grid; gap: 1.4rem clamp(1.5rem, 4vw, 3rem); padding-bottom: 1.3rem; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
  .teacher > div { display: grid; gap: 0.7rem; align-content: start; justify-items: start; min-width: 0; }
  .teacher label { display: flex; gap: 0.5rem; align-items: center; min-height: 1.9rem; }
  /* In the text's way nowhere: Escape leaves from everywhere. */
  .leave { float: inline-end; }
  article { display: grid; gap: 1rem; max-width: 46rem; line-height: 1.7; }
  article h3 { margin-top: 0.6rem; }
  table { border-collapse: collapse; width: 100%; }
  article th, article td { text-align: start; padding: 0.45rem 0.9rem 0.45rem 0; border-top: 1px solid var(--rule); vertical-align: top; font-weight: 400; }
  article tbody th { font-weight: 600; white-space: nowrap; }
  caption { text-align: start; font: 600 1.1rem/1.4 var(--serif); padding-bottom: 0.4rem; }
  .wide { overflow-x: auto; }
  .glossary { max-width: 58rem; }
  .glossary td[lang] { white-space: nowrap; }
  .columns { display: grid; gap: 0.8rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); }
  .summary { max-width: 56rem; }
  .summary section h3 { margin: 0 0 0.2rem; }
  .formula { font: 400 1.2rem/1.5 var(--serif); }
  .score { font: 600 1.15rem/1.5 var(--serif); }
  .reading li { margin-bottom: 0.8rem; overflow-wrap: anywhere; }
  @media (max-width: 34rem) {
    .glossary table, .glossary tbody, .glossary tr, .glossary td, .glossary th, .summary table, .summary tbody, .summary tr, .summary td, .summary th { display: block; border: 0; padding: 0; }
    .glossary thead { position: absolute; clip-path: inset(50%); }
    .glossary tr, .summary tr { border-top: 1px solid var(--rule); padding-block: 0.5rem; }
    .glossary th, .glossary td[lang] { display: inline-block; margin-inline-end: 0.8rem; white-space: normal; }
  }
  @media print {
    .top, .screen, .onward, .links, details, .leave, play-controls, .choices { display: none !important; }
    article { line-height: 1.42; font-size: 10.5pt; gap: 0.5rem; max-width: none; }
    .lead { font-size: 12pt; line-height: 1.45; max-width: none; }
    .columns { grid-template-columns: 1fr 1fr; gap: 0.4rem 1.6rem; }
    article th, article td { padding-block: 0.2rem; }
    section, tr, quiz-question, .goals, network-flow { break-inside: avoid; }
  }
`

const done = (room, lesson) => lesson.goals.every(({ id }) => room.progress.done[lesson.name]?.includes(id))

/** @param {import('./learn.js').LearnRoom} room */
function top(room) {
  const link = (page, key) => html`<a href="#learn${page ? `?page=${page}` : ''}" aria-current=${room.page === page ? 'page' : nothing}>${t(key)}</a>`
  return html`<nav class="top" aria-label=${t('lesson.pages')}>${link('', 'lesson.path')}${Object.keys(pageViews).map(page => link(page, `${page}.heading`))}</nav>`
}

/** @param {import('./learn.js').LearnRoom} room */
function path(room) {
  const count = lessons.filter(lesson => done(room, lesson)).length
  return html`<h2 tabindex="-1">${t('lesson.path')}</h2><p class="lead">${t('lesson.path_intro')}</p>
    <p class="soft">${count ? t('lesson.path_done', { count, total: lessons.length }) : t('lesson.path_none', { total: lessons.length })}</p>
    <ol class="path">${lessons.map((lesson, index) => html`<li><a href="#learn?lesson=${lesson.name}"><span class="number" aria-hidden="true">${index + 1}</span><strong>${lessonText(lesson.name)?.title}</strong>${done(room, lesson)
      ? html`<span class="seal real" role="img" aria-label=${t('lesson.reached')}>✓</span>` : html`<span></span>`}<span class="short">${lessonText(lesson.name)?.short}</span></a></li>`)}</ol>`
}

/** @param {import('./learn.js').LearnRoom} room */
function classroom(room) {
  const { live } = room
  if (!live) return nothing
  const title = lessonText(live.lesson.name)?.title ?? ''
  const attributes = { name: live.lesson.name, hide: [...room.hidden].join(' '), locked: room.locked, ...room.wish, lang: language() }
  const codes = { element: elementCode('gan-lesson', attributes), frame: frameCode('gan-lesson', attributes, { title, height: frameHeight }) }
  const box = (name, checked, change) => html`<label><input type="checkbox" data-class=${name} .checked=${checked} @change=${event => change(event.target.checked)}>${t(`classroom.${name}`)}</label>`
  return html`<details ?open=${room.teaching} @toggle=${event => { room.teaching = event.target.open; room.stage.draw() }}><summary>${t('classroom.heading')}</summary>${room.teaching ? html`<div class="teacher">
    <div><p class="small soft">${t('classroom.intro')}</p>
      ${box('locked', room.locked, on => room.lock(on))}${room.locked && needsControls(live.lesson) ? html`<p class="small note" data-locked-note>${t('classroom.locked_note')}</p>` : nothing}${['text', 'goals', 'choices', 'controls'].map(part => box(`hide_${part}`, room.hidden.has(part), on => room.hide(part, on)))}
      <button type="button" data-command="projector" @click=${() => room.project(true)}>${t('classroom.projector')}</button>
      <button type="button" data-command="next-class" @click=${() => room.reset()}>${t('classroom.reset')}</button><p class="small soft">${t('classroom.reset_text')}</p></div>
    <embed-lines .codes=${codes} more="examples.html"></embed-lines>
    <div><h3>${t('classroom.more')}</h3>${['course', 'class-set', 'worksheet', 'results'].map(page => html`<a data-link=${page} href="${page}.html#${live.lesson.name}">${t(`classroom.more_${page.replace('-', '_')}`)}</a>`)}</div></div>` : nothing}</details>`
}

/** @param {import('./learn.js').LearnRoom} room */
function lessonPage(room) {
  const { live } = room
  if (!live) return nothing
  const at = lessons.indexOf(live.lesson)
  const [before, after] = [lessons[at - 1], lessons[at + 1]]
  const step = (lesson, key) => (lesson ? html`<a class="button" data-way=${key} href="#learn?lesson=${lesson.name}">${t(`lesson.${key}`, { title: lessonText(lesson.name)?.title })}</a>` : nothing)
  return html`<header class="title"><p class="soft">${t('lesson.of', { number: at + 1, total: lessons.length })}</p><h2 tabindex="-1">${lessonText(live.lesson.name)?.title}</h2></header>
    ${lessonBody(live, { hides: part => room.hidden.has(part), locked: room.locked })}
    ${room.locked ? nothing : html`<div class="links">${live.query ? html`<a data-link="train" href="#train?${live.query}">${t('lesson.to_train')}</a>` : nothing}
      ${(live.lesson.links ?? []).map(link => html`<a href="#${link}">${t(`lesson.to_${link}`)}</a>`)}</div>`}
    <nav class="onward" aria-label=${t('lesson.onward')}>${step(before, 'before')}<span></span>${after ? step(after, 'after') : html`<a class="button" href="#learn?page=summary">${t('summary.heading')}</a>`}</nav>
    ${classroom(room)}`
}

/** @param {import('./learn.js').LearnRoom} room */
export function learnView(room) {
  const body = room.page === 'lesson' ? lessonPage(room) : pageViews[room.page]?.(room) ?? path(room)
  return html`${room.projector ? html`<button type="button" class="leave" data-command="leave-projector" @click=${() => room.project(false)}>${t('classroom.leave')}</button>` : top(room)}${body}`
}
