// Says that a worker was lost and replaced: once for each loss, in every room that keeps one.
import { notice } from './notices.js'
import { recoveryText } from './recovery-text.js'

/**
 * @param {string} key of the sentence, which says what it cost @param {{ passing?: boolean }} [options] passing: it cost nothing but time
 * @returns {(recovery: import('./recovery-text.js').Told) => void}
 */
export const tellRecovered = (key, options) => recovery => notice('recovered', () => recoveryText(key, recovery), options)

/** A training says what was lost of it. @param {EventTarget} trainer @param {string} [key] */
export function followRecoveries(trainer, key = 'note.recovered') {
  trainer.addEventListener('recovered', event => tellRecovered(key)(/** @type {CustomEvent} */ (event).detail))
}
