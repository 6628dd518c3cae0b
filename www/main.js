// Boot and wiring: language, theme, rooms by the hash, one atelier for all of them.
import { language, languages, onLanguage, setLanguage, t } from './i18n/translate.js'
import { rooms } from './rooms.js'
import { keepOffline } from './offline.js'
import { createStore, mayRewrite, parseHash } from './store.js'
import { failure } from './rooms/notices.js'

const page = document.documentElement
/** The address at arrival: a link pressed before the page is wired up has changed it. */
const landed = location.hash
const store = createStore({ room: 'home', theme: readStored('theme') ?? '' })

/** By id, once entered. @type {Map<string, Promise<any>>} */
const opened = new Map()
/** @type {Set<(progress: any) => void>} */
const loadListeners = new Set()
/** @type {Promise<any> | undefined} */
let opening
/** Whether the last room could not be shown. */
let failed = false

/** The engine's code arrives with the first room that needs it. */
function atelier() {
  opening ??= import('./gan-atelier.js').then(({ openAtelier }) => openAtelier({ onProgress: progress => loadListeners.forEach(listener => listener(progress)) }))
  opening.catch(() => { opening = undefined })
  return opening
}

/** Storage may be forbidden: then nothing is remembered. @param {string} key */
function readStored(key) {
  try { return localStorage.getItem(key) } catch { return null }
}

/** @param {string} key @param {string} value */
function remember(key, value) {
  try { localStorage.setItem(key, value) } catch { /* see readStored */ }
}

/** An address that no room has leads to the entrance. @param {string} name */
const entry = name => rooms.find(({ id }) => id === name) ?? rooms[0]

/** @param {string} name */
function room(name) {
  let made = opened.get(name)
  if (!made) {
    const mounts = Object.fromEntries([...document.querySelectorAll(`#room-${name} [data-mount]`)].map(place => [/** @type {HTMLElement} */ (place).dataset.mount, place]))
    const context = { mount: mounts[name], mounts, atelier, onLoad: listener => loadListeners.add(listener), rewriteHash, visit }
    made = entry(name).load().catch(away).then(Room => new Room(context))
    opened.set(name, made)
    // Code that did not arrive is asked for again.
    made.catch(() => opened.delete(name))
  }
  return made
}

/** @param {any} error @returns {never} */
function away(error) {
  throw Object.assign(error, { code: 'Network', details: {} })
}

/** Goes to another room with something in hand: what its `open` takes. @param {string} name @param {any[]} things */
async function visit(name, ...things) {
  location.hash = `#${name}`
  await (await room(name)).open(...things)
}

/** @param {string} hash */
function rewriteHash(hash) {
  if (mayRewrite(hash, location.hash, store.get().room)) history.replaceState(history.state, '', hash)
}

async function route() {
  const { room: wished, params } = parseHash(location.hash)
  const { id: name } = entry(wished)
  const before = store.get().room
  const moved = page.dataset.shown !== name
  const first = !page.dataset.shown
  store.set({ room: name })
  page.dataset.shown = name
  showCurrent(name)
  if (moved && (!first || location.hash !== landed)) {
    scrollTo(0, 0)
    document.getElementById(`${name}-heading`)?.focus()
  }
  // One that never arrived is not left.
  if (moved && !first) await opened.get(before)?.then(room => room.leave(), () => {})
  if (store.get().room === name) await (await room(name)).enter(params)
}

/** Some browsers remember that code did not come: what fails again takes a new page. */
function go() {
  return route().then(() => { failed = false }, error => {
    failure(error, failed ? () => location.reload() : go)
    failed = true
  })
}

/** @param {string} name */
function showSection(name) {
  for (const section of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-room]'))) section.toggleAttribute('data-here', section.dataset.room === name)
}

/** @param {string} name */
function showCurrent(name) {
  showSection(name)
  for (const link of document.querySelectorAll('.masthead a')) {
    if (link.getAttribute('href') === `#${name}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
  document.title = name === 'home' ? t('page.title') : `${t(`nav.${name}`)} · ${t('page.title')}`
}

/** The document came in one language; its texts name their keys, so that it can change without a reload. */
function rewriteTexts() {
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(/** @type {HTMLElement} */ (element).dataset.t ?? '')
  for (const element of document.querySelectorAll('[data-t-aria-label]')) element.setAttribute('aria-label', t(element.getAttribute('data-t-aria-label') ?? ''))
  page.lang = language()
  const link = otherLanguage()
  link.setAttribute('href', (page.dataset.root ?? '../') + t('page.other_folder'))
  link.lang = languages.find(name => name !== language()) ?? ''
  showCurrent(store.get().room)
}

function otherLanguage() {
  return /** @type {HTMLAnchorElement} */ (document.getElementById('other-language'))
}

function wireLanguage() {
  onLanguage(rewriteTexts)
  otherLanguage().lang = languages.find(name => name !== page.lang) ?? ''
  otherLanguage().addEventListener('click', async event => {
    event.preventDefault()
    const wished = otherLanguage().lang
    const path = new URL(otherLanguage().getAttribute('href') ?? '', location.href).pathname
    await setLanguage(wished)
    remember('language', wished)
    history.replaceState(history.state, '', path + location.search + location.hash)
  })
}

function wireTheme() {
  const isDark = () => (store.get().theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark'
  const button = /** @type {HTMLElement} */ (document.getElementById('theme'))
  const apply = ({ theme }) => {
    if (theme) page.dataset.theme = theme
    button.setAttribute('aria-pressed', String(isDark()))
  }
  store.subscribe(apply)
  apply(store.get())
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark'
    remember('theme', theme)
    store.set({ theme })
  })
}

async function boot() {
  // While the ids name the rooms, the browser shows them and scrolls to them by itself; from here on the router does.
  showSection(entry(parseHash(location.hash).room).id)
  for (const section of document.querySelectorAll('[data-room]')) section.id = `room-${section.id}`
  // What needs no text answers before the texts are there; what needs them waits for them.
  wireTheme()
  const texts = setLanguage(languages.includes(page.lang) ? page.lang : 'en')
  document.getElementById('storage')?.addEventListener('click', () => {
    Promise.all([import('./rooms/storage.js'), texts]).then(([{ openStorage }]) => openStorage()).catch(error => failure(error))
  })
  // The hash is the room's: skipping to the content must not spend it.
  document.querySelector('.skip')?.addEventListener('click', event => {
    event.preventDefault()
    document.getElementById('content')?.focus()
  })
  await texts
  wireLanguage()
  const here = () => room(store.get().room)
  keepOffline(async () => (await here()).leave(), async () => (await here()).keep?.())
  addEventListener('hashchange', go)
  await go()
}

boot().catch(error => failure(error))
