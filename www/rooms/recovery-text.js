// What is said of a worker that was lost and replaced: in the rooms and in embedded elements the same.
import { t } from '../i18n/translate.js'

/** @typedef {Pick<import('../engine/resident.js').Recovery, 'reason' | 'step' | 'moved'>} Told */

/** @param {string} key of the sentence, which says what it cost @param {Told} recovery */
export function recoveryText(key, { reason, step, moved }) {
  const told = t(key, { reason: t(`note.recovered_reason.${reason}`), step })
  return moved ? t('note.recovered_moved', { told }) : told
}
