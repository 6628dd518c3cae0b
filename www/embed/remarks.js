// What an element was given and cannot use, said where it stands: its author reads it there, and mends it.
import { posterText } from './poster.js'

/** Attributes that HTML gives every element. */
const everywhere = new Set(('accesskey anchor autocapitalize autocorrect autofocus class contenteditable dir draggable enterkeyhint exportparts hidden id inert ' +
  'inputmode is itemid itemprop itemref itemscope itemtype lang nonce part popover role slot spellcheck style tabindex title translate ' +
  'writingsuggestions xmlns').split(' '))
/** What `hide` may name, of all elements. */
const parts = 'choices contest controls datasets direction figures flow goals link losses save text view'.split(' ')

const words = (/** @type {string} */ text) => text.split(/[\s,]+/).filter(Boolean)
const whole = (/** @type {string} */ text) => /^\s*\d+\s*$/.test(text) && Number(text) > 0

/** What in a value cannot be used. @type {Record<string, (value: string) => string[]>} */
const checks = {
  theme: value => (['', 'light', 'dark', 'page'].includes(value) ? [] : [value]),
  hide: value => words(value).filter(part => !parts.includes(part)),
  steps: value => (whole(value) ? [] : [value]),
  side: value => (whole(value) && Number(value) >= 16 && Number(value) <= 4096 ? [] : [value]),
}

/** Frameworks and scripts mark elements in their own ways, all with signs in the name. @param {string} name @param {string[]} known */
function unknown(name, known) {
  if (everywhere.has(name) || known.includes(name) || name.startsWith('on')) return false
  return /^[a-z]+$/.test(name) || known.includes(name.replace(/[-_]/g, ''))
}

/**
 * Names, and values as `name=value`.
 * @param {Element} element @param {string[]} known attributes of this kind @param {string[]} more that was said elsewhere, in a frame's address
 * @returns {string[]}
 */
export function unread(element, known, more = []) {
  const given = [...element.attributes]
  const values = given.filter(({ name }) => known.includes(name)).flatMap(({ name, value }) => (checks[name]?.(value) ?? []).map(wrong => `${name}=${wrong}`))
  return [...new Set([...given.map(({ name }) => name).filter(name => unknown(name, known)), ...values, ...more])]
}

/** @param {string} language @param {string[]} names */
export function remark(language, names) {
  const line = document.createElement('p')
  line.className = 'remark'
  line.lang = language
  const [before, after, between] = language === 'en' ? ['“', '”', ', '] : ['「', '」', '、']
  line.textContent = posterText(language, 'unread', { list: names.map(name => before + name + after).join(between) })
  return line
}
