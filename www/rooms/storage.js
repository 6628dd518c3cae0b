// What the page keeps in the browser, shown and cleared: a dialog that every room can open.
import { css, html } from 'lit'
import '../elements/storage-list.js'
import { t } from '../i18n/translate.js'
import { openStage } from './stage.js'

/** Which caches are whose: those of the service worker's library have its name in theirs. */
const kindOf = name => (name.startsWith('gan-atelier-') ? 'models' : 'pages')
const settings = ['language', 'theme']

/** @param {() => Promise<any>} ask @param {any} otherwise */
const tried = async (ask, otherwise) => {
  try { return await ask() } catch { return otherwise }
}

/** @param {'models' | 'pages'} kind */
async function cacheBytes(kind) {
  let bytes = 0
  for (const name of (await caches.keys()).filter(each => kindOf(each) === kind)) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) bytes += (await (await cache.match(request))?.blob())?.size ?? 0
  }
  return bytes
}

/** Bytes in a store, as far as they are blobs, buffers and texts. @param {any} value @returns {number} */
function weigh(value) {
  if (value instanceof Blob) return value.size
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
  if (typeof value === 'string') return value.length * 2
  if (value && typeof value === 'object') return Object.values(value).reduce((sum, part) => sum + weigh(part), 8)
  return 8
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
const openDatabase = name => new Promise((resolve, reject) => {
  const request = indexedDB.open(name)
  request.onsuccess = () => resolve(request.result)
  request.onerror = () => reject(request.error)
})

/** Calls back for every store of every database; this site's databases are all ours. @param {(store: IDBObjectStore) => void} visit @param {IDBTransactionMode} mode */
async function eachStore(visit, mode) {
  for (const { name } of await indexedDB.databases()) {
    if (!name) continue
    const database = await openDatabase(name)
    const stores = [...database.objectStoreNames]
    if (stores.length) {
      await new Promise((resolve, reject) => {
        const transaction = database.transaction(stores, mode)
        transaction.oncomplete = resolve
        transaction.onerror = reject
        for (const store of stores) visit(transaction.objectStore(store))
      })
    }
    database.close()
  }
}

async function databaseBytes() {
  let bytes = 0
  await eachStore(store => { store.getAll().onsuccess = event => { bytes += weigh(/** @type {any} */ (event.target).result.length ? /** @type {any} */ (event.target).result : 0) } }, 'readonly')
  return bytes <= 8 ? 0 : bytes
}

const others = () => Object.keys(localStorage).filter(key => !settings.includes(key))

/** @type {Record<string, { bytes: () => Promise<number | null>, clear: () => Promise<any> }>} */
const kinds = {
  trainings: {
    bytes: async () => (await tried(databaseBytes, 0)) + others().reduce((sum, key) => sum + weigh(localStorage.getItem(key)), 0),
    clear: async () => {
      for (const key of others()) localStorage.removeItem(key)
      dispatchEvent(new Event('atelier-cleared'))
      await eachStore(store => { store.clear() }, 'readwrite')
    },
  },
  models: {
    bytes: () => cacheBytes('models'),
    clear: async () => Promise.all((await caches.keys()).filter(name => kindOf(name) === 'models').map(name => caches.delete(name))),
  },
  pages: {
    bytes: () => cacheBytes('pages'),
    // The worker goes with its files: without them it could answer nothing. The next visit brings both back.
    clear: async () => {
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
      await Promise.all((await caches.keys()).filter(name => kindOf(name) === 'pages').map(name => caches.delete(name)))
    },
  },
  settings: {
    bytes: async () => (settings.some(key => localStorage.getItem(key) !== null) ? null : 0),
    clear: async () => { for (const key of settings) localStorage.removeItem(key) },
  },
}

const styles = css`
  :host { display: grid; gap: 1rem; }
  h2 { font-size: 1.4rem; }
`

class StorageDialog {
  constructor() {
    this.dialog = document.createElement('dialog')
    this.dialog.className = 'storage'
    const mount = document.createElement('div')
    this.dialog.append(mount)
    document.body.append(this.dialog)
    this.found = { kept: /** @type {any[]} */ ([]), used: NaN, quota: NaN, offline: false }
    this.said = () => ''
    this.stage = openStage(mount, () => this.view(), styles)
  }

  async look() {
    const kept = await Promise.all(Object.entries(kinds).map(async ([id, { bytes }]) => ({ id, bytes: await tried(bytes, 0) })))
    const { usage: used = NaN, quota = NaN } = await tried(() => navigator.storage.estimate(), {})
    this.found = { kept, used, quota, offline: kept.some(({ id, bytes }) => id === 'pages' && bytes) && Boolean(navigator.serviceWorker?.controller) }
    this.stage.draw()
  }

  async open() {
    this.said = () => ''
    await this.look()
    this.dialog.showModal()
    // Not the button that clears everything.
    const close = /** @type {HTMLElement | null} */ (this.stage.root.querySelector('[data-command=close]'))
    close?.focus()
  }

  /** @param {string} id */
  async clear(id) {
    const cleared = id ? [id] : Object.keys(kinds)
    const failed = []
    for (const each of cleared) await kinds[each].clear().catch(() => failed.push(each))
    const names = list => list.map(each => t(`storage.${each}`)).join(t('note.separator'))
    const done = cleared.filter(each => !failed.includes(each))
    this.said = () => [done.length ? t('storage.cleared', { name: names(done) }) : '', failed.length ? t('storage.not_cleared', { name: names(failed) }) : ''].filter(Boolean).join(t('note.space'))
    await this.look()
  }

  view() {
    const { kept, used, quota, offline } = this.found
    return html`<h2>${t('storage.heading')}</h2>
      <storage-list .kept=${kept} .used=${used} .quota=${quota} ?offline=${offline} said=${this.said()} @clear=${event => this.clear(event.detail.id)}></storage-list>
      <p><button type="button" class="primary" data-command="close" @click=${() => this.dialog.close()}>${t('storage.close')}</button></p>`
  }
}

/** @type {StorageDialog | undefined} */
let dialog

export function openStorage() {
  dialog ??= new StorageDialog()
  dialog.dialog.setAttribute('aria-label', t('storage.heading'))
  return dialog.open()
}
