// After one visit the page opens without a connection; a new version is loaded when the visitor says so.
import { t } from './i18n/translate.js'
import { notice } from './rooms/notices.js'

/** What a visitor came for goes first; the files for later are fetched once it is there. */
const patienceMs = 4000

/** The visitor wants the new version in this tab. */
let asked = false

/**
 * Another tab has loaded a new version, which is everybody's from then on: this page's own files are no longer kept.
 * @param {() => Promise<void>} before @param {() => Promise<void>} keep
 */
function replaced(before, keep) {
  keep().catch(() => {})
  notice('update', () => t('update.elsewhere'), {
    answers: {
      now: { text: () => t('update.now'), act: () => { before().catch(() => {}).then(() => location.reload()) } },
      later: { text: () => t('update.later'), act: () => {} },
    },
  })
}

/** @param {ServiceWorker} worker @param {() => Promise<void>} before what must be saved */
function offer(worker, before) {
  notice('update', () => `${t('update.text')} ${t('update.keeps')}`, {
    answers: {
      now: {
        text: () => t('update.now'),
        act: async () => {
          await before().catch(() => {})
          asked = true
          worker.postMessage({ type: 'SKIP_WAITING' })
        },
      },
      later: { text: () => t('update.later'), act: () => {} },
    },
  })
}

/** @param {() => Promise<void>} before @param {() => Promise<void>} keep */
async function register(before, keep) {
  let controlled = Boolean(navigator.serviceWorker.controller)
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload()
    else if (controlled) replaced(before, keep)
    // The first one replaces nobody.
    controlled = true
  })
  const registration = await navigator.serviceWorker.register(`${document.documentElement.dataset.root}sw.js`)
  const watch = (/** @type {ServiceWorker | null} */ worker) => {
    // Without a controller it is the first visit: nothing is replaced.
    const ready = () => { if (worker?.state === 'installed' && navigator.serviceWorker.controller) offer(worker, before) }
    worker?.addEventListener('statechange', ready)
    ready()
  }
  watch(registration.waiting)
  registration.addEventListener('updatefound', () => watch(registration.installing))
}

/** Where a service worker is not allowed, or there is none beside the page, it simply needs a connection. @param {() => Promise<void>} before what halts and keeps the work @param {() => Promise<void>} keep the same without a halt */
export function keepOffline(before, keep) {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  setTimeout(() => register(before, keep).catch(() => {}), patienceMs)
}
