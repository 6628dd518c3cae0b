// What elements say of what went wrong, before their texts are there.
import { filled } from './poster.js'

/** @type {Set<string>} */
const warned = new Set()

/** @param {string} text */
export function warnOnce(text) {
  if (!warned.has(text)) console.warn(text)
  warned.add(text)
}

/** In the reader's language, where its texts can still be fetched. @param {string} language @param {import('../engine/protocol.js').AtelierError} error */
export async function explained(language, error) {
  try {
    const { default: texts } = await (language === 'en' ? import('../i18n/en.js') : import('../i18n/zh-Hant.js'))
    /** @type {Record<string, string>} */
    const said = texts.error
    return filled(said[`${error.code}_${error.details.reason}`] ?? said[error.code], { message: error.message, ...error.details })
  } catch {
    return error.message
  }
}
