// What a lesson tells a course platform, as each edition of SCORM writes it. Pure.

/** @typedef {import('./platform.js').Edition} Edition */
/** @typedef {{ lesson: string, seed: number, choice: string, goals: { id: string, reached: boolean, step: number | null }[] }} Progress of an element */

/** SCORM 1.2 keeps no more characters than this between two visits. */
export const mostKept = 4096
const formVersion = 1

/** The names of what is read and written. */
export const elements = {
  '1.2': { language: 'cmi.student_preference.language', kept: 'cmi.suspend_data', mode: 'cmi.core.lesson_mode', status: 'cmi.core.lesson_status' },
  2004: { language: 'cmi.learner_preference.language', kept: 'cmi.suspend_data', mode: 'cmi.mode', status: 'cmi.completion_status' },
}

/** @param {number} value @param {number} [digits] */
const two = (value, digits = 2) => String(value).padStart(digits, '0')

/** @param {Edition} edition @param {number} ms */
export function sessionTime(edition, ms) {
  const hundredths = Math.min(Math.max(0, Math.floor(ms / 10)), 9999 * 360_000 + 359_999)
  const hours = Math.floor(hundredths / 360_000)
  const minutes = Math.floor(hundredths / 6000) % 60
  const seconds = Math.floor(hundredths / 100) % 60
  if (edition === '1.2') return `${two(hours, 4)}:${two(minutes)}:${two(seconds)}.${two(hundredths % 100)}`
  return `PT${hours}H${minutes}M${seconds}.${two(hundredths % 100)}S`
}

/** What the next visit begins with. @param {Progress} progress @returns {string} */
export function keep({ lesson, seed, choice, goals }) {
  const reached = goals.filter(goal => goal.reached)
  const head = { v: formVersion, lesson, seed, choice }
  const text = JSON.stringify({ ...head, goals: Object.fromEntries(reached.map(({ id, step }) => [id, step])) })
  // Without the steps it is shorter; goals reached are the last thing to be lost.
  return text.length <= mostKept ? text : JSON.stringify({ ...head, goals: reached.map(({ id }) => id) }).slice(0, mostKept)
}

/** @param {string} text as `keep` wrote it; anything else begins anew @returns {Progress | null} */
export function recall(text) {
  try {
    const { v, lesson, seed, choice, goals } = JSON.parse(text)
    if (v !== formVersion || typeof lesson !== 'string' || typeof goals !== 'object' || !goals) return null
    const pairs = Array.isArray(goals) ? goals.map(id => [id, null]) : Object.entries(goals)
    return { lesson, seed, choice, goals: pairs.map(([id, step]) => ({ id, reached: true, step })) }
  } catch {
    return null
  }
}

/** In hundredths of the whole, as far as it goes. @param {number} share */
const percent = share => String(Math.round(share * 10_000) / 100)

/**
 * Everything that is told, in order.
 * @param {Edition} edition @param {Progress} progress @param {{ ms: number, settled: boolean }} visit settled: it was finished on another day, which a new attempt does not take back
 * @returns {[string, string][]}
 */
export function valuesOf(edition, progress, { ms, settled }) {
  const { goals } = progress
  const share = goals.length ? goals.filter(({ reached }) => reached).length / goals.length : 0
  const done = share === 1
  /** @type {[string, string][]} */
  const common = [['cmi.suspend_data', keep(progress)]]
  if (edition === '1.2') {
    const score = ['min', 'max', 'raw'].map((name, at) => /** @type {[string, string]} */ ([`cmi.core.score.${name}`, ['0', '100', percent(share)][at]]))
    /** @type {[string, string][]} */
    const status = [['cmi.core.lesson_status', done ? 'passed' : 'incomplete']]
    return [...(settled && !done ? [] : [...score, ...status]), ...common, ['cmi.core.session_time', sessionTime(edition, ms)], ['cmi.core.exit', 'suspend']]
  }
  /** @type {[string, string][]} */
  const result = [
    ['cmi.score.min', '0'], ['cmi.score.max', '100'], ['cmi.score.raw', percent(share)], ['cmi.score.scaled', String(Math.round(share * 10_000) / 10_000)],
    ['cmi.progress_measure', String(Math.round(share * 10_000) / 10_000)],
    ['cmi.completion_status', done ? 'completed' : 'incomplete'], ['cmi.success_status', done ? 'passed' : 'unknown'],
  ]
  return [...(settled && !done ? [] : result), ...common, ['cmi.session_time', sessionTime(edition, ms)], ['cmi.exit', 'suspend']]
}

/** One of ours for what a platform says: 'zh-TW', 'zh_Hant', 'English' … '' for others. @param {string} said */
export function ourLanguage(said) {
  if (/^(zh|cmn|chinese|中文|繁|正體)/i.test(said.trim())) return 'zh-Hant'
  return /^en/i.test(said.trim()) ? 'en' : ''
}
