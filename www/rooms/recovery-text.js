// What is said of a worker that was lost and replaced: in the rooms and in embedded elements the same.
import { t } from '../i18n/translate.js'

/** @param {string} key of the sentence, which says what it cost @param {Pick<import('../engine/resident.js').Recovery, 'reason' | 'step'>} recovery */
export const recoveryText = (key, { reason, step }) => t(key, { reason: t(`note.recovered_reason.${reason}`), step })
