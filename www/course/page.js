// What the pages for teachers share: language and theme as the page itself has them, the lesson in the address, lines to copy.
import { css, html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { addTexts, language, setLanguage, t } from '../i18n/translate.js'
import { lessonText, lessons, loadTexts, titleIn } from '../lessons/index.js'
import { openStage } from '../rooms/stage.js'

const texts = { en: () => import('../i18n/en/course.js'), 'zh-Hant': () => import('../i18n/zh-Hant/course.js') }

export const courseStyles = css`
  h2 { font-size: 1.4rem; text-wrap: balance; }
  h3 { font-size: 1.1rem; }
  section { display: grid; gap: 0.9rem; grid-template-columns: minmax(0, 1fr); margin-top: 2.2rem; }
  .first { margin-top: 0; }
  section > p, .part > p { max-width: 46rem; }
  .fields { display: flex; flex-wrap: wrap; gap: 0.9rem 1.4rem; align-items: end; }
  .fields label { display: grid; gap: 0.25rem; }
  .fields label.check { display: flex; gap: 0.5rem; align-items: center; min-height: 2.6rem; }
  .fields select, .fields input[type='text'], .fields input[type='number'] { width: auto; min-width: 8rem; max-width: 100%; min-height: 2.6rem; }
  .part { display: grid; gap: 0.6rem; grid-template-columns: minmax(0, 1fr); align-content: start; }
  .note { border: 1px solid var(--edge); border-inline-start: 4px solid var(--made); background: var(--sheet); padding: 0.6rem 0.9rem; }
  pre { margin: 0; padding: 0.6rem 0.75rem; max-height: 9rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--rule); background: var(--sheet);
    font: 0.8125rem/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace; }
  @media print { .screen { display: none !important; } }
`

/** Storage may be forbidden. */
function theme() {
  try { return localStorage.getItem('theme') ?? '' } catch { return '' }
}

/** The address names a lesson, so that another language and a reload show the same one. */
const inAddress = () => lessons.find(({ name }) => name === location.hash.slice(1))?.name

/** @returns {string} */
export const chosenLesson = () => inAddress() ?? lessons[0].name

/** @param {string} name */
export function chooseLesson(name) {
  history.replaceState(history.state, '', `#${name}`)
  carryOver()
}

function carryOver() {
  const link = /** @type {HTMLAnchorElement} */ (document.getElementById('other-language'))
  link.hash = location.hash
  for (const beside of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.beside a'))) {
    if (beside.pathname === location.pathname) beside.setAttribute('aria-current', 'page')
    if (!beside.href.includes('#learn')) beside.hash = location.hash
  }
}

/**
 * @template T @param {() => T | Promise<T>} begin the page's state @param {(state: T) => unknown} view @param {import('lit').CSSResult} styles
 * @returns {Promise<{ state: T, stage: ReturnType<typeof openStage> }>}
 */
export async function openPage(begin, view, styles) {
  const { lang } = document.documentElement
  if (theme()) document.documentElement.dataset.theme = theme()
  const [own] = await Promise.all([texts[lang](), loadTexts(lang), setLanguage(lang)])
  await addTexts(lang, own.default)
  const state = await begin()
  const mount = /** @type {HTMLElement} */ (document.querySelector('[data-mount]'))
  const stage = openStage(mount, () => view(state), /** @type {any} */ (css`${courseStyles}${styles}`))
  carryOver()
  return { state, stage }
}

/** @param {string} chosen @param {(name: string) => void} choose @param {string[]} [names] those that can be chosen */
export function lessonChoice(chosen, choose, names = lessons.map(({ name }) => name)) {
  return html`<label><span>${t('course.lesson')}</span><select data-field="lesson" @change=${event => { chooseLesson(event.target.value); choose(event.target.value) }}>
    ${lessons.filter(({ name }) => names.includes(name)).map(({ name }, at) => html`<option value=${name} .selected=${live(name === chosen)}>${at + 1}. ${lessonText(name)?.title}</option>`)}</select></label>`
}

/** Which lines were copied last, and whether the browser did: of lines that have changed since it is not said. */
let copied = { what: '', text: '', said: '' }

/** @param {string} what @param {string} text @param {() => void} draw */
async function copy(what, text, draw) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false)
  copied = { what, text, said: done ? 'copied' : 'copy_failed' }
  draw()
}

/** @param {string} what @param {string} text @param {() => void} draw @param {string} [label] */
export function copyButton(what, text, draw, label = t('course.copy')) {
  const now = copied.what === what && copied.text === text
  return html`<div class="row"><button type="button" data-copy=${what} @click=${() => copy(what, text, draw)}>${label}</button><span role="status" class="small">${now ? t(`share.${copied.said}`) : nothing}</span></div>`
}

/** @param {string} what @param {string} label @param {string} text @param {() => void} draw */
export function copyable(what, label, text, draw) {
  return html`<div class="part"><p class="small soft">${label}</p><pre tabindex="0" role="region" aria-label=${label} data-line=${what}>${text}</pre>${copyButton(what, text, draw)}</div>`
}

export { language, lessonText, lessons, loadTexts, t, titleIn }
