// Messages across the page, newest first; a message of the same name replaces the older one.
import '../elements/page-note.js'
import { describeError, t } from '../i18n/translate.js'

/** Errors and offers stay until answered; passing news leaves by itself. */
const passingMs = 9000

/**
 * @param {string} name
 * @param {() => string} text
 * @param {{ answers?: Record<string, { text: () => string, act: () => void }>, tone?: string, passing?: boolean }} [options]
 */
export function notice(name, text, { answers = {}, tone = '', passing = false } = {}) {
  const place = /** @type {HTMLElement} */ (document.getElementById('notices'))
  place.querySelector(`[data-notice="${name}"]`)?.remove()
  const note = /** @type {import('../elements/page-note.js').PageNote} */ (document.createElement('page-note'))
  note.dataset.notice = name
  note.tone = tone
  note.text = text
  const dismiss = { dismiss: { text: () => t('note.dismiss'), act: () => {} } }
  const offered = Object.keys(answers).length ? answers : dismiss
  note.answers = Object.entries(offered).map(([id, answer]) => ({ name: id, text: answer.text }))
  note.addEventListener('answer', event => offered[/** @type {CustomEvent} */ (event).detail.name].act())
  place.prepend(note)
  if (passing) setTimeout(() => note.remove(), passingMs)
}

/** @param {any} error @param {() => void} [retry] offered where trying again may help */
export function failure(error, retry) {
  console.warn(error)
  const answers = retry && {
    retry: { text: () => t('error.retry'), act: retry },
    dismiss: { text: () => t('note.dismiss'), act: () => {} },
  }
  notice('error', () => `${t('error.title')} ${describeError(error)}`, { tone: 'error', answers })
}

/** @param {string[]} names */
export function withdraw(...names) {
  for (const name of names) document.querySelector(`[data-notice="${name}"]`)?.remove()
}
