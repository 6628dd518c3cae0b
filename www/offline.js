// After one visit the page opens without a connection; a new version is loaded when the visitor says so.
import { t } from './i18n/translate.js'
import { notice } from './rooms/notices.js'

/** What a visitor came for goes first; the files for later are fetched once it is there. */
const patienceMs = 4000

/** @param {ServiceWorker} worker @param {() => Promise<void>} before what must be saved */
function offer(worker, before) {
  notice('update', () => `${t('update.text')} ${t('update.keeps')}`, {
    answers: {
      now: {
        text: () => t('update.now'),
        act: async () => {
          await before().catch(() => {})
          navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
          worker.postMessage({ type: 'SKIP_WAITING' })
        },
      },
      later: { text: () => t('update.later'), act: () => {} },
    },
  })
}

/** @param {() => Promise<void>} before */
async function register(before) {
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

/** Where a service worker is not allowed, or there is none beside the page, it simply needs a connection. @param {() => Promise<void>} before */
export function keepOffline(before) {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  setTimeout(() => register(before).catch(() => {}), patienceMs)
}
