// What stands in an embedded element until somebody wants it: made by hand, so that nothing need be fetched for it.
import en from '../i18n/en/poster.js'
import zhHant from '../i18n/zh-Hant/poster.js'

const texts = { en: en.poster, 'zh-Hant': zhHant.poster }

/** @param {string} text @param {Record<string, any>} values */
export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))

/** @param {string} language @param {string} key @param {Record<string, string>} [values] */
export const posterText = (language, key, values = {}) => filled(texts[language][key], values)

/** A page of another language around it: readers aloud must know. @param {string} language */
function posterIn(language) {
  const poster = make('div', 'poster')
  poster.lang = language
  return poster
}

/** @param {string} tag @param {string} [name] @param {string} [text] */
function make(tag, name = '', text = '') {
  const element = document.createElement(tag)
  if (name) element.className = name
  if (text) element.textContent = text
  return element
}

function seals() {
  const both = make('span', 'seals')
  both.setAttribute('aria-hidden', 'true')
  both.append(make('span', 'real', '真'), make('span', 'made', '仿'))
  return both
}

/** @param {string} language @param {string} kind as in the texts @param {() => void} start */
export function invitation(language, kind, start) {
  const poster = posterIn(language)
  const button = make('button', '', posterText(language, `${kind}_start`))
  button.setAttribute('type', 'button')
  button.addEventListener('click', start)
  const small = [posterText(language, `${kind}_load`), posterText(language, 'private')].join(language === 'en' ? ' ' : '')
  poster.append(seals(), make('p', 'title', posterText(language, kind)), button, make('p', 'soft', small))
  return poster
}

/** @param {string} language */
export function waiting(language) {
  const poster = posterIn(language)
  const text = make('p', 'soft', posterText(language, 'waiting'))
  text.setAttribute('role', 'status')
  poster.append(seals(), text)
  return poster
}

/** @param {string} language @param {string} message @param {() => void} again */
export function failed(language, message, again) {
  const poster = posterIn(language)
  const text = make('p', '', posterText(language, 'failed', { message }))
  text.setAttribute('role', 'alert')
  const button = make('button', '', posterText(language, 'again'))
  button.setAttribute('type', 'button')
  button.addEventListener('click', again)
  poster.append(text, button)
  return poster
}
