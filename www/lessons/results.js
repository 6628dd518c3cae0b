// What a learner hands in of a lesson: one file, JSON or CSV, and what a teacher reads of thirty of them. Pure.
import { fromBig5, strictly } from '../files/letters.js'

/**
 * @typedef {{ id: string, reached: boolean, step: number | null }} Reached step: null where it is not known
 * @typedef {{ lesson: string, name: string, date: string, seed: number | null, choice: string, step: number | null, settings: string, goals: Reached[], file?: string }} Result
 *   settings: as in the address of the training room
 */

export const format = 'gan-atelier-result'
const version = 1
/** A result is a few hundred bytes; thirty of them in one table are a few thousand. */
export const mostBytes = 2e6
/** Names are typed by people. */
export const mostName = 80

const columns = ['name', 'lesson', 'date', 'seed', 'choice', 'step', 'settings', 'goals_reached', 'goals']
const goalMark = 'goal.'

/** @param {string} reason @param {object} [details] */
const flaw = (reason, details) => Object.assign(new Error(reason), { reason, details })

/** @param {any} progress of a lesson @param {{ name?: string, date: Date }} more @returns {Result} */
export function resultOf({ lesson, seed, choice, step, settings, goals }, { name = '', date }) {
  return { lesson, name: name.trim().slice(0, mostName), date: date.toISOString(), seed, choice, step, settings, goals }
}

/** @param {Result} result */
export const toJson = ({ file, ...result }) => `${JSON.stringify({ format, version, ...result }, null, 2)}\n`

/** A spreadsheet takes a cell that begins like this for a formula; a name may be typed to be one. */
const formula = /^[=+\-@\t\r]/

/** @param {any} value */
function cell(value) {
  const text = String(value ?? '')
  const safe = formula.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** 'no' where it belongs to the lesson and is not reached. @param {Reached | undefined} goal */
const said = goal => (!goal ? '' : !goal.reached ? 'no' : goal.step ?? 'yes')

/** A row each; with the mark by which Excel knows UTF-8. @param {Result[]} results */
export function toCsv(results) {
  const ids = [...new Set(results.flatMap(({ goals }) => goals.map(({ id }) => id)))]
  const files = results.some(({ file }) => file)
  const head = [...columns, ...ids.map(id => goalMark + id), ...(files ? ['file'] : [])]
  const row = (/** @type {Result} */ result) => {
    const count = result.goals.filter(({ reached }) => reached).length
    const own = { ...result, goals_reached: count, goals: result.goals.length }
    return [...columns.map(key => own[key]), ...ids.map(id => said(result.goals.find(goal => goal.id === id))), ...(files ? [result.file] : [])]
  }
  return `\ufeff${[head, ...results.map(row)].map(cells => cells.map(cell).join(',')).join('\r\n')}\r\n`
}

/** @param {string} text @param {string} separator @returns {string[][]} */
function rowsOf(text, separator) {
  const rows = [[/** @type {string} */ ('')]]
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    const row = rows[rows.length - 1]
    if (quoted && letter === '"' && text[at + 1] === '"') row[row.length - 1] += text[++at]
    else if (letter === '"' && (quoted || row[row.length - 1] === '')) quoted = !quoted
    else if (!quoted && letter === separator) row.push('')
    else if (!quoted && letter === '\n') rows.push([''])
    else if (quoted || letter !== '\r') row[row.length - 1] += letter
  }
  return rows.filter(row => row.some(each => each.trim()))
}

/** What a spreadsheet guarded comes back without the guard. @param {string} text */
const unguarded = text => (text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1) : text)
/** @param {any} value */
const finite = value => (value !== '' && value !== null && Number.isFinite(Number(value)) ? Number(value) : null)

/** @param {string} said @returns {Omit<Reached, 'id'> | null} null where the lesson has no such goal */
function reachedOf(said) {
  const word = said.trim().toLowerCase()
  if (!word) return null
  return { reached: word !== 'no', step: finite(word) }
}

/** A table that a spreadsheet has saved anew may have semicolons, or tabs. @param {string} text @returns {Result[]} */
function fromCsv(text) {
  const [first] = text.split('\n')
  const separator = [',', ';', '\t'].toSorted((one, other) => first.split(other).length - first.split(one).length)[0]
  const [head, ...rows] = rowsOf(text, separator)
  // Separators and quotes alone are no table.
  if (!head) throw flaw('empty')
  const keys = head.map(key => key.trim())
  if (!['lesson', 'name', 'goals'].every(key => keys.includes(key))) throw flaw('not_result')
  if (!rows.length) throw flaw('empty')
  return rows.map(cells => {
    const by = Object.fromEntries(keys.map((key, at) => [key, unguarded(cells[at] ?? '')]))
    const goals = keys.filter(key => key.startsWith(goalMark)).flatMap(key => {
      const reached = reachedOf(by[key])
      return reached ? [{ id: key.slice(goalMark.length), ...reached }] : []
    })
    return checked({ ...by, seed: finite(by.seed), step: finite(by.step), goals })
  })
}

/** @param {string} text @returns {Result[]} */
function fromJson(text) {
  let data
  try { data = JSON.parse(text) } catch { throw flaw('broken') }
  const all = Array.isArray(data) ? data : [data]
  if (!all.length) throw flaw('empty')
  return all.map(each => {
    if (each?.format !== format) throw flaw('not_result')
    if (!(each.version <= version)) throw flaw('newer')
    return checked(each)
  })
}

/** @param {any} data @returns {Result} */
function checked({ lesson, name, date, seed, choice, step, settings, goals, file }) {
  const list = Array.isArray(goals) ? goals.filter(goal => typeof goal?.id === 'string') : []
  if (typeof lesson !== 'string' || !lesson || !list.length) throw flaw('not_result')
  const text = (/** @type {any} */ value, most = 400) => String(value ?? '').slice(0, most)
  return {
    lesson: text(lesson, 60), name: text(name, mostName), date: Number.isNaN(Date.parse(date)) ? '' : new Date(date).toISOString(), seed: finite(seed), choice: text(choice, 60),
    step: finite(step), settings: text(settings, 2000), goals: list.map(({ id, reached, step: at }) => ({ id: text(id, 60), reached: reached === true, step: reached === true ? finite(at) : null })), ...(file && { file: text(file) }),
  }
}

/** Spreadsheets save in several kinds of letters. @param {Uint8Array} bytes */
export function decodeText(bytes) {
  const kind = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : ''
  return kind ? new TextDecoder(kind).decode(bytes) : strictly('utf-8', bytes) ?? fromBig5(bytes) ?? new TextDecoder('windows-1252').decode(bytes)
}

/**
 * What is in a file that was handed in. Throws an error with `reason`: `empty`, `too_large`, `broken`, `not_result`, `newer`.
 * @param {Uint8Array} bytes @returns {Result[]}
 */
export function readResults(bytes) {
  if (bytes.length > mostBytes) throw flaw('too_large')
  const text = decodeText(bytes).replace(/^\ufeff/, '').trim()
  if (!text) throw flaw('empty')
  return /^[[{]/.test(text) ? fromJson(text) : fromCsv(text)
}

/** @param {string | number} key */
const by = key => (/** @type {any} */ one, /** @type {any} */ other) => (one[key] < other[key] ? -1 : 1)

/** The same visit, handed in twice. @param {Result} result */
export const sameAs = ({ file, goals, ...result }) => JSON.stringify(Object.entries({ ...result, goals: goals.toSorted(by('id')) }).toSorted(by(0)))

/** @param {Result} result @param {'json' | 'csv'} ending */
export function resultFile({ lesson, name }, ending) {
  const who = name.replace(/[\\/:*?"<>|\p{Cc}.]+/gu, '_').trim()
  return `${[lesson, who].filter(Boolean).join('-')}.${ending}`
}

/**
 * Of one lesson's results: how many reached each goal, and at which steps.
 * @param {Result[]} results @returns {{ id: string, count: number, of: number, steps: number[] }[]}
 */
export function goalFigures(results) {
  const ids = [...new Set(results.flatMap(({ goals }) => goals.map(({ id }) => id)))]
  return ids.map(id => {
    const own = results.flatMap(({ goals }) => goals.filter(goal => goal.id === id))
    const reached = own.filter(goal => goal.reached)
    return { id, count: reached.length, of: results.length, steps: reached.flatMap(({ step }) => (step === null ? [] : [step])).toSorted((one, other) => one - other) }
  })
}
