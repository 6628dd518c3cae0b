// A lesson in a course platform: <gan-lesson> as everywhere, and what a learner reaches told to the platform, which gives it back
// on another day. Without a platform the lesson works and says that nothing is recorded.
import '../gan-atelier.js'
import { setLanguage, t } from '../i18n/translate.js'
import { readAddress } from '../store.js'
import { findPlatform } from './platform.js'
import { elements, ourLanguage, recall, valuesOf } from './record.js'
import './sco.css'

const page = document.documentElement
const lesson = /** @type {import('../embed/define.js').Embedded} */ (document.querySelector('gan-lesson'))
const line = /** @type {HTMLElement} */ (document.getElementById('recorded'))
const params = readAddress(location)
const opened = performance.now()

const platform = findPlatform(window, page.dataset.edition === '2004' ? '2004' : '1.2')
const here = Boolean(platform?.start())
const names = elements[platform?.edition ?? '1.2']
const ask = name => (platform && here ? platform.get(names[name]) : '')

/** Nothing counts while somebody only looks, or looks again. */
const looking = ['browse', 'review'].includes(ask('mode'))
const settled = ['passed', 'completed'].includes(ask('status'))
const language = ourLanguage(ask('language')) || ourLanguage(params.get('lang') ?? page.dataset.author ?? '') || ourLanguage(navigator.language) || 'en'

function say() {
  const goals = lesson.progress?.goals ?? []
  const values = { reached: goals.filter(({ reached }) => reached).length, count: goals.length, list: platform?.refused.join(t('lesson.and')) }
  const key = !here ? 'none' : looking ? 'looking' : platform?.refused.length ? 'refused' : goals.length ? 'recorded' : 'ready'
  line.textContent = t(`scorm.${key}`, values)
  line.dataset.state = key
}

function save() {
  const { progress } = lesson
  if (platform && here && !looking && progress) platform.write(valuesOf(platform.edition, progress, { ms: performance.now() - opened, settled }))
  say()
}

function leave() {
  save()
  platform?.end()
}

lesson.kept = recall(ask('kept'))
for (const name of ['locked', 'seed', 'settings']) if (params.has(name)) lesson.setAttribute(name, params.get(name) ?? '')
lesson.setAttribute('lang', language)
// What the platform records need not be handed in as well.
if (here) lesson.setAttribute('hide', 'save')
page.lang = language

// It has its progress once everything in it is ready, a moment later.
lesson.addEventListener('atelier-ready', () => setTimeout(save))
lesson.addEventListener('atelier-report', event => { if (/** @type {CustomEvent} */ (event).detail.goal) save() })
// A telephone may never come back to a page that it has hidden.
document.addEventListener('visibilitychange', () => { if (document.hidden) save() })
addEventListener('pagehide', leave)
// What was told goodbye cannot go on: a page brought back from the browser's memory begins again.
addEventListener('pageshow', event => { if (event.persisted) location.reload() })

await setLanguage(language)
say()
lesson.start()
