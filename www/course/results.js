// Results that learners handed in, side by side: read in this tab, drawn, sorted, and written into one table. Nothing is sent.
import { css, html, nothing, svg } from 'lit'
import { filesOf } from '../elements/dropped.js'
import { isHidden } from '../files/paths.js'
import { isZip, listZip, unpacker } from '../files/zip.js'
import { number } from '../i18n/translate.js'
import { goalFigures, readResults, sameAs, toCsv } from '../lessons/results.js'
import { save } from '../rooms/stylize-files.js'
import { lessonText, lessons, openPage, t } from './page.js'

/** @typedef {import('../lessons/results.js').Result} Result */
/** @typedef {{ results: Result[], bad: { name: string, reason: string }[], twice: number, sort: { key: string, down: boolean }, over: boolean, waiting: number, known: Set<string> }} State known: marks of the results that are here; waiting: how many droppings are being read */

const styles = css`
  .drop { display: grid; gap: 0.7rem; justify-items: center; align-content: center; text-align: center; min-height: 9rem; padding: 1.25rem 0.9rem; border: 1.5px dashed var(--edge); border-radius: 3px; background: var(--well); }
  .drop.over { border-style: solid; border-color: var(--ink); }
  .drop input { position: absolute; opacity: 0; width: 1px; height: 1px; }
  label.button:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
  [role='status'], .note { margin-top: 0.8rem; }
  .wide { overflow-x: auto; }
  table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: start; padding: 0.4rem 0.9rem 0.4rem 0; border-top: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
  th button { min-height: 2rem; padding: 0 0.3rem 0 0; border: 0; background: none; font-weight: 600; }
  td.goal { min-width: 5rem; }
  .yes { color: var(--real); font-weight: 600; }
  .charts { display: grid; gap: 1.2rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); }
  figure { margin: 0; max-width: 34rem; display: grid; gap: 0.3rem; }
  figcaption { font-size: 0.95rem; }
  svg { width: 100%; height: auto; display: block; }
  svg .track { fill: var(--well); stroke: var(--rule); }
  svg .bar { fill: var(--real); }
  svg .dot { fill: var(--real); fill-opacity: 0.45; stroke: var(--real); }
  svg text { fill: var(--ink-soft); font: 12px var(--sans); }
  ul { margin: 0; padding-inline-start: 1.2rem; overflow-wrap: anywhere; }
  @media print { th, td { white-space: normal; font-size: 9pt; padding-right: 0.5rem; } }
`

/** The text of a file, wherever it lies. @typedef {{ name: string, bytes: () => Promise<Uint8Array> }} Found */

/** A folder's worth from a course system is one ZIP. @param {File[]} files @returns {Promise<Found[]>} */
async function opened(files) {
  const unpack = unpacker()
  const lists = await Promise.all(files.map(async file => {
    if (!await isZip(file)) return [{ name: file.name, bytes: async () => new Uint8Array(await file.arrayBuffer()) }]
    const inside = (await listZip(file)).filter(({ path }) => !isHidden(path))
    return inside.map(packed => ({ name: `${file.name} / ${packed.path}`, bytes: async () => new Uint8Array(await (await unpack(packed)).arrayBuffer()) }))
  }).map((list, at) => list.catch(() => [{ name: files[at].name, bytes: async () => { throw Object.assign(new Error(), { reason: 'archive' }) } }])))
  return lists.flat()
}

/** One dropping after another: what the next brings is held against what this one brought. */
let taking = Promise.resolve()

/** What was there stays, whatever comes. @param {State} state @param {File[]} files */
function take(state, files) {
  if (!state.waiting++) Object.assign(state, { bad: [], twice: 0 })
  draw()
  taking = taking.then(() => read(state, files)).finally(() => {
    state.waiting--
    draw()
  })
  return taking
}

/** @param {State} state @param {File[]} files */
async function read(state, files) {
  for (const { name, bytes } of await opened(files)) {
    try {
      for (const result of readResults(await bytes())) {
        const mark = sameAs(result)
        if (state.known.has(mark)) state.twice++
        else state.results.push({ ...result, file: result.file ?? name })
        state.known.add(mark)
      }
    } catch (error) {
      state.bad.push({ name, reason: /** @type {any} */ (error).reason ?? 'archive' })
    }
  }
}

const count = (/** @type {Result} */ { goals }) => goals.filter(({ reached }) => reached).length
const titleOf = (/** @type {string} */ name) => lessonText(name)?.title ?? name
const place = (/** @type {string} */ name) => lessons.findIndex(lesson => lesson.name === name)

/** What a column is sorted by. @type {Record<string, (result: Result) => any>} */
const columns = {
  name: ({ name, file }) => name || file, lesson: ({ lesson }) => place(lesson), goals: result => count(result) / result.goals.length, step: ({ step }) => step ?? -1,
  seed: ({ seed }) => seed ?? -1, choice: ({ choice }) => choice, date: ({ date }) => date,
}
const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true })

/** @param {State} state */
export function sorted({ results, sort }) {
  const read = columns[sort.key]
  const order = (/** @type {any} */ one, /** @type {any} */ other) => (typeof one === 'number' ? one - other : compare(String(one ?? ''), String(other ?? '')))
  return results.toSorted((one, other) => order(read(one), read(other)) * (sort.down ? -1 : 1))
}

/** @param {string} lesson @param {string} choice */
const choiceText = (lesson, choice) => lessonText(lesson)?.choices?.[choice] ?? choice

/** @param {State} state */
function table(state) {
  const head = (/** @type {string} */ key) => html`<th scope="col" aria-sort=${state.sort.key !== key ? 'none' : state.sort.down ? 'descending' : 'ascending'}><button type="button" data-sort=${key} @click=${() => {
    state.sort = { key, down: state.sort.key === key && !state.sort.down }
    draw()
  }}>${t(`results.column_${key}`)}<span aria-hidden="true">${state.sort.key !== key ? '' : state.sort.down ? '↓' : '↑'}</span></button></th>`
  const goal = (/** @type {import('../lessons/results.js').Reached} */ { id, reached, step }, /** @type {Result} */ { lesson }) => html`<span title=${lessonText(lesson)?.goals[id] ?? id}>${reached
    ? html`<span class="yes">✓${step === null ? '' : ` ${number(step)}`}</span>` : html`<span class="soft">–</span>`} </span>`
  const row = (/** @type {Result} */ result) => html`<tr data-result><th scope="row">${result.name || html`<span class="soft">${result.file}</span>`}</th><td>${titleOf(result.lesson)}</td>
    <td class="goal">${count(result)}/${result.goals.length}&ensp;${result.goals.map(each => goal(each, result))}</td><td>${result.step === null ? '–' : number(result.step)}</td><td>${result.seed ?? '–'}</td>
    <td>${choiceText(result.lesson, result.choice) || '–'}</td><td>${result.date ? new Date(result.date).toLocaleString(document.documentElement.lang === 'en' ? 'en-GB' : 'zh-TW', { dateStyle: 'short', timeStyle: 'short' }) : '–'}</td></tr>`
  return html`<div class="wide" tabindex="0" role="region" aria-label=${t('results.table')}><table><thead><tr>${Object.keys(columns).map(head)}</tr></thead><tbody>${sorted(state).map(row)}</tbody></table></div>`
}

/** @param {ReturnType<typeof goalFigures>[number]} figure @param {number} most the latest step of the lesson */
function goalChart({ count: reached, of, steps }, most) {
  const x = (/** @type {number} */ step) => 8 + 304 * (step / Math.max(1, most))
  return svg`<svg viewBox="0 0 320 74" aria-hidden="true"><rect class="track" x="0.5" y="4.5" width="319" height="13"/><rect class="bar" x="1" y="5" width=${318 * (of ? reached / of : 0)} height="12"/>
    ${steps.length ? svg`<line x1="8" x2="312" y1="44" y2="44" stroke="currentColor" stroke-opacity="0.35"/>${steps.map(step => svg`<circle class="dot" cx=${x(step)} cy="44" r="5"/>`)}
      <text x="2" y="68">0</text><text x="318" y="68" text-anchor="end">${t('results.step', { step: most })}</text>` : nothing}</svg>`
}

/** @param {State} state */
function charts({ results }) {
  const names = [...new Set(results.map(({ lesson }) => lesson))].toSorted((one, other) => place(one) - place(other))
  return names.map(name => {
    const own = results.filter(({ lesson }) => lesson === name)
    const figures = goalFigures(own)
    const most = Math.max(1, ...figures.flatMap(({ steps }) => steps))
    return html`<section data-lesson=${name}><h2>${titleOf(name)} <span class="soft small">${t('results.count', { count: own.length })}</span></h2><div class="charts">
      ${figures.map(figure => html`<figure data-goal=${figure.id}><figcaption>${lessonText(name)?.goals[figure.id] ?? figure.id}<br><b>${t('results.reached', { count: figure.count, of: figure.of })}</b>${figure.steps.length
        ? html` <span class="soft">${t('results.steps', { first: figure.steps[0], middle: figure.steps[Math.floor(figure.steps.length / 2)], last: figure.steps[figure.steps.length - 1] })}</span>` : nothing}</figcaption>${goalChart(figure, most)}</figure>`)}</div></section>`
  })
}

/** @param {State} state */
function view(state) {
  const { results, bad, twice } = state
  return html`<div class="screen drop ${state.over ? 'over' : ''}" @dragover=${event => { event.preventDefault(); if (!state.over) { state.over = true; draw() } }} @dragleave=${() => { state.over = false; draw() }}
      @drop=${async event => { event.preventDefault(); state.over = false; await take(state, await filesOf(event.dataTransfer)) }}>
      <p>${t('results.drop')}</p><label class="button"><input type="file" multiple accept=".json,.csv,.zip,.txt" @change=${async event => { const files = [...event.target.files]; event.target.value = ''; await take(state, files) }}>${t('results.choose')}</label></div>
    <div role="status">${state.waiting ? t('results.reading') : results.length ? t('results.have', { count: results.length }) : nothing}${twice ? html` ${t('results.twice', { count: twice })}` : nothing}</div>
    ${bad.length ? html`<div class="note screen" role="alert"><p>${t('results.bad', { count: bad.length })}</p><ul>${bad.map(({ name, reason }) => html`<li><b>${name}</b>: ${t(`results.bad_${reason}`)}</li>`)}</ul></div>` : nothing}
    ${results.length ? html`<section>${table(state)}<div class="row screen"><button type="button" class="primary" data-command="export" @click=${() => save(new Blob([toCsv(sorted(state))], { type: 'text/csv' }), 'gan-atelier-results.csv')}>${t('results.export')}</button>
      <button type="button" data-command="print" @click=${() => print()}>${t('results.print')}</button><button type="button" data-command="clear" @click=${() => { Object.assign(state, { results: [], bad: [], twice: 0, known: new Set() }); draw() }}>${t('results.clear')}</button></div></section>${charts(state)}` : nothing}`
}

const { stage } = await openPage(() => /** @type {State} */ ({ results: [], bad: [], twice: 0, sort: { key: 'name', down: false }, over: false, waiting: 0, known: new Set() }), view, styles)
const draw = () => stage.draw()
