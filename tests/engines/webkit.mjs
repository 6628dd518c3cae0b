/** WebKit in its smallest browser, through WebDriver (https://www.w3.org/TR/webdriver2/): GTK's port, which is what Linux has. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { findMiniBrowser } from '../../scripts/tools.mjs'
import { asText, fromText, program, screen } from './driver.mjs'

/** The driver answers within seconds, but for a browser that was started and never spoke. */
const startLimit = 60_000

/** @param {string} address @param {string} method @param {object} [body] @param {AbortSignal} [signal] @returns {Promise<any>} */
async function ask(address, method, body, signal) {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }), headers: { 'content-type': 'application/json' }, signal })
  const { value } = /** @type {any} */ (await response.json())
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`)
  return value
}

/** Its driver says nothing when it is ready. @param {string} address */
async function ready(address) {
  for (let tries = 0; tries < 100; tries++) {
    if (await ask(address, 'GET').then(status => status.ready, () => false)) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('WebKitWebDriver does not answer.')
}

/** One that nobody listens at. @returns {Promise<number>} */
const freePort = () => new Promise(resolve => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = /** @type {any} */ (server.address())
    server.close(() => resolve(port))
  })
})

/** Beside much other work a browser was once started and never spoke: it is started once more. @param {import('./driver.mjs').Place} place */
export const openWebkit = place => start(place).catch(error => {
  if (error.name !== 'TimeoutError') throw error
  console.log(`--    webkit    did not come within ${startLimit / 1000} s, and is started again`)
  return start(place)
})

/** @param {import('./driver.mjs').Place} place @returns {Promise<import('./driver.mjs').Driver>} */
async function start({ folder, proxy }) {
  const [home, downloads] = ['home', 'downloads'].map(name => path.join(folder, name))
  for (const each of [path.join(home, '.config'), downloads]) mkdirSync(each, { recursive: true })
  writeFileSync(path.join(home, '.config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`)
  const display = await program('Xvfb', ['-displayfd', '3', '-screen', '0', `${screen.width}x${screen.height + 100}x24`, '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], from: 3, line: /\d+/ })
  const port = await freePort()
  const env = {
    LANG: 'en_US.UTF-8', DISPLAY: `:${display.said[0]}`, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), XDG_CACHE_HOME: path.join(home, '.cache'), XDG_DATA_HOME: path.join(home, '.local'),
    // Its own cage needs rights that a container's root has not.
    ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' })
  }
  const driver = await program('WebKitWebDriver', [`--port=${port}`], { env }).catch(async error => { await display.end(); throw error })
  const end = async () => {
    await driver.end()
    await display.end()
  }
  try {
    const server = `http://127.0.0.1:${port}`
    await ready(`${server}/status`)
    const host = `127.0.0.1:${proxy}`
    const { sessionId, capabilities } = await ask(`${server}/session`, 'POST', { capabilities: { alwaysMatch: {
      'webkitgtk:browserOptions': { binary: findMiniBrowser(), args: ['--automation'] },
      proxy: { proxyType: 'manual', httpProxy: host, sslProxy: host, noProxy: ['localhost'] }
    } } }, AbortSignal.timeout(startLimit))
    const session = `${server}/session/${sessionId}`
    await ask(`${session}/timeouts`, 'POST', { script: 180_000, pageLoad: 60_000 })
    await ask(`${session}/window/rect`, 'POST', screen)
    return {
      version: `WebKit ${capabilities['webkitgtk:version'] ?? capabilities.browserVersion}`,
      downloads,
      goto: url => ask(`${session}/url`, 'POST', { url }),
      evaluate: async (run, ...args) => fromText(await ask(`${session}/execute/async`, 'POST', { script: `${asText(run, args)}.then(arguments[0])`, args: [] })),
      screenshot: async () => Buffer.from(await ask(`${session}/screenshot`, 'GET'), 'base64'),
      async close() {
        await ask(session, 'DELETE').catch(() => {})
        await end()
      }
    }
  } catch (error) {
    await end()
    throw error
  }
}
