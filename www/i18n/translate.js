// The page's texts: one language at a time, switched in place so that a running training goes on. An element embedded in somebody
// else's page may speak another one: what is drawn inside it is drawn in its language.
// Elements and rooms call `t`; a missing key is an error in the console, which the tests forbid.

export const languages = ['en', 'zh-Hant']
const loaders = { en: () => import('./en.js'), 'zh-Hant': () => import('./zh-Hant.js') }
const listeners = new Set()
/** @type {Record<string, object>} */
const loaded = {}
/** The page's own. */
let current = 'en'
/** The language of what is being drawn just now, where it is not the page's. */
let spoken = ''
/** Embedded elements that have a language of their own. @type {WeakMap<Node, string>} */
const speakers = new WeakMap()

/** @param {string} language */
async function load(language) {
  if (loaded[language]) return
  const texts = (await loaders[language]()).default
  // Asked for twice at once, it is there already, and may have been added to.
  loaded[language] ??= texts
}

const tell = () => listeners.forEach(listener => listener())

/** @param {string} language @returns {Promise<void>} */
export async function setLanguage(language) {
  await load(language)
  current = language
  // The first formatter of a tab takes tens of milliseconds: it is made in a task of its own, as soon as there is nothing else to do.
  const soon = globalThis.requestIdleCallback ?? setTimeout
  soon(() => number(1))
  tell()
}

/** Texts of a document that has more to say than the others. @param {string} language @param {object} texts */
export async function addTexts(language, texts) {
  await load(language)
  loaded[language] = { ...loaded[language], ...texts }
}

/** From now on everything in the shadow tree of `host` speaks this language. @param {Element} host @param {string} language */
export async function speak(host, language) {
  await load(language)
  speakers.set(host, language)
  tell()
}

/** @param {Node} node @returns {string} '' for the page's */
function languageOf(node) {
  for (let at = node; at; at = /** @type {ShadowRoot} */ (at.getRootNode()).host) if (speakers.has(at)) return speakers.get(at) ?? ''
  return ''
}

/** Runs an action in the language of the place that it is for. @template T @param {Node} node @param {() => T} action @returns {T} */
export function within(node, action) {
  return speaking(languageOf(node), action)
}

/** @template T @param {string} language @param {() => T} action @returns {T} */
function speaking(language, action) {
  const before = spoken
  spoken = language
  try {
    return action()
  } finally {
    spoken = before
  }
}

/** Runs an action in a language that need not be the page's. @template T @param {string} language @param {() => T} action @returns {Promise<T>} */
export async function inLanguage(language, action) {
  await load(language)
  return speaking(language, action)
}

export function language() {
  return spoken || current
}

/** @param {() => void} listener @returns {() => void} stops listening */
export function onLanguage(listener) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** @param {string} key @returns {string | undefined} */
function find(key) {
  const value = key.split('.').reduce((node, part) => node?.[part], /** @type {any} */ (loaded[language()]))
  return typeof value === 'string' ? value : undefined
}

export function has(key) {
  return find(key) !== undefined
}

/**
 * @param {string} key dotted, as in the dictionaries
 * @param {Record<string, unknown>} [values] fills {name}; numbers are written in the language's way
 */
export function t(key, values = {}) {
  const text = find(key)
  if (text === undefined) {
    console.error(`No text for "${key}" in ${language()}`)
    return key
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name]
    return typeof value === 'number' ? number(value) : String(value ?? '')
  })
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export function number(value, options) {
  if (!Number.isFinite(value)) return '–'
  const precision = options ?? (Number.isInteger(value) ? {} : { maximumSignificantDigits: 4 })
  return formatter(language() === 'zh-Hant' ? 'zh-TW' : 'en-GB', precision).format(value)
}

/** Making a formatter costs a hundred times as much as using it. @type {Map<string, Intl.NumberFormat>} */
const formatters = new Map()

function formatter(locale, options) {
  const key = locale + JSON.stringify(options)
  const known = formatters.get(key) ?? new Intl.NumberFormat(locale, options)
  formatters.set(key, known)
  return known
}

/** @param {number} value 0..1 */
export function percent(value) {
  return number(value, { style: 'percent', maximumFractionDigits: 0 })
}

/** A lit controller: the host draws itself again when the language changes. */
export class Localized {
  /** @param {import('lit').ReactiveControllerHost} host */
  constructor(host) {
    this.host = host
    host.addController(this)
  }

  hostConnected() {
    this.stop = onLanguage(() => this.host.requestUpdate())
  }

  hostDisconnected() {
    this.stop?.()
  }

  // Lit draws a host between these two, and no other host in the meantime.
  hostUpdate() {
    spoken = languageOf(/** @type {any} */ (this.host))
  }

  hostUpdated() {
    spoken = ''
  }
}

/** The sentence for an error, by its code, and by `details.reason` where a reason has its own sentence. */
export function describeError(error) {
  const code = error?.code && has(`error.${error.code}`) ? error.code : 'Internal'
  const { cause, ...more } = error?.details ?? {}
  const details = { message: error?.message ?? String(error), ...more, ...(cause && { why: describeError({ code: cause.code, details: cause }) }) }
  const precise = `error.${code}_${details.reason}`
  return t(details.reason && has(precise) ? precise : `error.${code}`, details)
}
