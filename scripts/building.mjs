/**
 * What is still being built, for whoever has the page open already: at first a page of its own, served by Node alone, later a bar on the
 * page that the dev server sends.
 */
import { createServer } from 'node:http'

const words = {
  en: {
    title: 'GAN Atelier is being built', about: 'The first time takes some minutes. This page turns into the atelier by itself.', failed: 'failed; the terminal says why',
    packages: 'Node packages', tools: 'Rust and its tools', cpu: 'The engine for the processor', page: 'The page', webgpu: 'The engine for the graphics card (the page works without it)',
    crates: '{done} of {total} crates', waiting: 'later', busy: 'under way', done: 'done',
  },
  'zh-Hant': {
    title: 'GAN 畫室正在建置', about: '第一次需要幾分鐘。完成後，這一頁會自己變成畫室。', failed: '失敗；原因請見終端機',
    packages: 'Node 套件', tools: 'Rust 與它的工具', cpu: '處理器用的引擎', page: '網頁', webgpu: '顯示卡用的引擎（沒有它網頁也能用）',
    crates: '第 {done}／{total} 個 crate', waiting: '稍後', busy: '進行中', done: '完成',
  }
}

/** @typedef {{ state: 'waiting' | 'busy' | 'done' | 'failed', done?: number, total?: number }} Step */

/** What there is to do, in the order in which it is shown. */
export class Building {
  /** @param {string[]} names */
  constructor(names) {
    /** @type {Map<string, Step>} */
    this.steps = new Map(names.map(name => [name, { state: 'waiting' }]))
  }

  /** Runs a step and keeps its state. @template T @param {string} name @param {(tell: (done: number, total: number) => void) => Promise<T>} work @returns {Promise<T>} */
  async run(name, work) {
    const step = /** @type {Step} */ (this.steps.get(name))
    step.state = 'busy'
    try {
      const result = await work((done, total) => Object.assign(step, { done, total }))
      step.state = 'done'
      return result
    } catch (error) {
      step.state = 'failed'
      throw error
    }
  }

  get json() { return JSON.stringify(Object.fromEntries(this.steps)) }
}

/** What shows the state in a page: polls, and asks for the page anew once the atelier answers in the place of this one. @param {boolean} bar at the page's end */
const script = bar => `const words = ${JSON.stringify(words)}
const t = words[/^zh/i.test(${bar ? 'document.documentElement.lang' : 'navigator.language'}) ? 'zh-Hant' : 'en']
${bar ? '' : "document.documentElement.lang = t === words.en ? 'en' : 'zh-Hant'; document.title = t.title; document.querySelector('h1').textContent = t.title; document.querySelector('p').textContent = t.about"}
const list = document.createElement('ul')
list.setAttribute('role', 'status')
list.className = 'building'
if (${bar}) list.style.cssText = 'position:fixed;inset:auto 0 0 0;margin:0;padding:.4rem 1rem;list-style:none;background:#222;color:#fff;font:14px/1.5 system-ui,sans-serif;z-index:9;opacity:.92'
document.body.append(list)
const line = (name, { state, done, total }) => {
  const item = document.createElement('li')
  const said = state === 'busy' && total ? t.crates.replace('{done}', done).replace('{total}', total) : t[state]
  item.append(t[name] + ' · ' + said)
  if (state === 'busy') {
    const progress = document.createElement('progress')
    progress.style.cssText = 'display:block;width:100%;max-width:30rem'
    progress.setAttribute('aria-label', t[name])
    if (total) Object.assign(progress, { max: total, value: done })
    item.append(progress)
  }
  return item
}
const look = async () => {
  const answer = await fetch('/building.json', { cache: 'no-store' }).catch(() => null)
  const steps = answer && answer.ok ? Object.entries(await answer.json()) : null
  if (steps) {
    const open = steps.filter(([, { state }]) => !${bar} || state !== 'done')
    list.replaceChildren(...open.map(([name, step]) => line(name, step)))
    if (${bar} && !open.length) return list.remove()
    if (!${bar} && answer.headers.get('x-atelier') === 'ready') return location.reload()
  }
  setTimeout(look, 1000)
}
look()`

const waitingPage = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>GAN Atelier</title>
<link rel="icon" href="data:,"><style>:root{color-scheme:light dark}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.2rem}
h1{font:600 1.9rem/1.3 Georgia,serif}ul{list-style:none;padding:0}li{padding:.45rem 0;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}</style>
<main><h1></h1><p></p></main><script type="module" src="/building.js"></script></html>`

/**
 * Serves the waiting page until `close`; the port is asked for again by the dev server.
 * @param {Building} building @param {number} port @returns {Promise<{ port: number, close: () => Promise<void> } | null>} null where the port is taken
 */
export function serveWaiting(building, port) {
  const server = createServer((request, response) => {
    const [type, body] = request.url === '/building.json' ? ['application/json', building.json]
      : request.url === '/building.js' ? ['text/javascript', script(false)] : ['text/html; charset=utf-8', waitingPage]
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  })
  const close = () => new Promise(resolve => {
    server.close(() => resolve(undefined))
    server.closeAllConnections()
  })
  return new Promise(resolve => {
    server.on('error', () => resolve(null))
    server.listen(port, () => resolve({ port, close }))
  })
}

/** The bar on the dev server's pages while something is missing. @param {Building} building @returns {import('vite').Plugin} */
export const buildingBar = building => ({
  name: 'building-bar',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const bodies = { '/building.json': ['application/json', building.json], '/building.js': ['text/javascript', script(true)] }
      const [type, body] = bodies[/** @type {string} */ (request.url)] ?? []
      if (!body) return next()
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'x-atelier': 'ready' }).end(body)
    })
  },
  transformIndexHtml: () => [...building.steps.values()].every(({ state }) => state === 'done') ? []
    : [{ tag: 'script', attrs: { type: 'module', src: '/building.js' }, injectTo: 'body' }]
})
