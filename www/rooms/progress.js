// What a visitor has reached in the lessons, on this device only.

/** Beside the language and the theme. */
export const progressKey = 'lessons'

/**
 * Another seed, or other settings, are another experiment: what was reached in one was not in the other.
 * @param {string} lesson its name @param {{ seed?: any, settings?: any }} wish in place of its own
 */
export function progressOf(lesson, { seed, settings }) {
  const wish = Object.entries({ seed, settings }).filter(([, value]) => value)
  return wish.length ? `${lesson}?${new URLSearchParams(wish)}` : lesson
}

/** @typedef {{ done: Record<string, string[]>, steps: Record<string, Record<string, number>>, quiz: Record<string, number> }} Progress goals reached, and at which step, by lesson (`progressOf`); the choice made by question */

/** @param {any} value */
const record = value => (typeof value === 'object' && value ? value : {})

/** Storage may be forbidden, or hold something else: then nothing is remembered. @param {Progress} [otherwise] @returns {Progress} */
export function readProgress(otherwise = { done: {}, steps: {}, quiz: {} }) {
  try {
    const { done, steps, quiz } = JSON.parse(localStorage.getItem(progressKey) ?? '{}')
    const lists = Object.entries(done ?? {}).filter(([, ids]) => Array.isArray(ids))
    return { done: Object.fromEntries(lists), steps: record(steps), quiz: record(quiz) }
  } catch {
    return otherwise
  }
}

/** @param {Progress} progress @returns {boolean} whether it is remembered */
export function writeProgress(progress) {
  try {
    localStorage.setItem(progressKey, JSON.stringify(progress))
    return true
  } catch {
    return false
  }
}

export function forgetProgress() {
  try { localStorage.removeItem(progressKey) } catch { /* see readProgress */ }
}
