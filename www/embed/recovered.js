// Says in an embedded element that its worker was lost and replaced, as the rooms do: once for each loss, in the element's language.
import { t, within } from '../i18n/translate.js'
import { recoveryText } from '../rooms/recovery-text.js'

/** A notebook's widget has no place of its own for news. @typedef {{ recovered?: import('./define.js').Embedded['recovered'] }} Host */

/**
 * @param {Host} host @param {string} key of the sentence, which says what it cost @param {{ passing?: boolean }} [options] passing: it cost nothing but time
 * @returns {(recovery: import('../rooms/recovery-text.js').Told) => void}
 */
export const tellsRecovered = (host, key, { passing = false } = {}) => recovery => {
  if (!host.recovered) return
  const said = within(/** @type {any} */ (host), () => ({ text: recoveryText(key, recovery), dismiss: t('note.dismiss') }))
  const { reason, step } = recovery
  host.recovered({ reason, ...(step !== undefined && { step }) }, { ...said, passing })
}
