// What is said under an element: what it was given and cannot use, which its author reads there and mends; and what became of its worker.
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

/** A number of an attribute; none where it is not there or cannot be used, as the remark says. @param {Pick<Element, 'getAttribute'>} element @param {'steps' | 'side'} name */
export function numberIn(element, name) {
  const value = element.getAttribute(name)
  return value === null || checks[name](value).length ? undefined : Number(value)
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

/** @param {string} language @param {string} text */
function line(language, text) {
  const made = document.createElement('p')
  made.className = 'remark'
  made.lang = language
  made.textContent = text
  return made
}

/** @param {string} language @param {string[]} names */
export function remark(language, names) {
  const [before, after, between] = language === 'en' ? ['“', '”', ', '] : ['「', '」', '、']
  return line(language, posterText(language, 'unread', { list: names.map(name => before + name + after).join(between) }))
}

/** As in the page's rooms. */
const passingMs = 9000

/**
 * Stays until the reader has answered it; passing news leaves by itself.
 * @param {string} language @param {string} name of the news @param {{ text: string, dismiss: string, passing: boolean }} said
 */
export function news(language, name, { text, dismiss, passing }) {
  const made = line(language, text)
  made.dataset.remark = name
  made.setAttribute('role', 'status')
  if (passing) {
    setTimeout(() => made.remove(), passingMs)
    return made
  }
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: dismiss })
  button.addEventListener('click', () => made.remove())
  made.append(' ', button)
  return made
}
