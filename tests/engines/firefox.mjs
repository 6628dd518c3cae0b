/** Firefox, through the protocol that it speaks itself: WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/). */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import WebSocket from 'ws'
import { findFirefox } from '../../scripts/tools.mjs'
import { asText, fromText, program, screen } from './driver.mjs'

/** Besides what Firefox sets itself where it is driven. @param {import('./driver.mjs').Place} place @param {string} downloads */
const preferences = ({ proxy }, downloads) => ({
  'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': proxy, 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': proxy,
  'browser.download.folderList': 2, 'browser.download.dir': downloads, 'browser.download.alwaysOpenPanel': false,
  // Its own errands, of which the proxy would hear.
  'services.settings.server': 'data:,#no', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
  'browser.newtabpage.enabled': false, 'app.normandy.enabled': false, 'browser.region.network.url': '', 'dom.push.connection.enabled': false,
  // A camera that shows a pattern, and no question whether the page may have it.
  'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true,
})

/** Numbers the commands of a connection. @param {string} url */
async function connect(url) {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1 << 28 })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const asked = new Map()
  let last = 0
  socket.on('message', data => {
    const { id, result, error, message } = JSON.parse(String(data))
    const { resolve, reject } = asked.get(id) ?? {}
    asked.delete(id)
    if (error) reject?.(new Error(`${error}: ${message}`))
    else resolve?.(result)
  })
  socket.on('close', () => asked.forEach(({ reject }) => reject(new Error('Firefox hung up.'))))
  return {
    /** @param {string} method @param {object} params @returns {Promise<any>} */
    send: (method, params) => new Promise((resolve, reject) => {
      asked.set(++last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    }),
    hangUp: () => socket.terminate()
  }
}

/** @param {import('./driver.mjs').Place} place @returns {Promise<import('./driver.mjs').Driver>} */
export async function openFirefox(place) {
  const [profile, downloads] = ['profile', 'downloads'].map(name => path.join(place.folder, name))
  for (const folder of [profile, downloads]) mkdirSync(folder)
  writeFileSync(path.join(profile, 'user.js'), Object.entries(preferences(place, downloads)).map(([key, value]) => `user_pref('${key}', ${JSON.stringify(value)});\n`).join(''))
  const { said, end } = await program(findFirefox() ?? 'firefox', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    { line: /WebDriver BiDi listening on (ws:\S+)/, env: { MOZ_HEADLESS_WIDTH: String(screen.width), MOZ_HEADLESS_HEIGHT: String(screen.height) } })
  const { send, hangUp } = await connect(`${said[1]}/session`)
  const { capabilities } = await send('session.new', { capabilities: {} })
  const { contexts: [{ context }] } = await send('browsingContext.getTree', {})
  await send('browsingContext.setViewport', { context, viewport: screen })
  return {
    version: `Firefox ${capabilities.browserVersion}`,
    downloads,
    // A page that is on its way somewhere itself, as after a change of language, may cut in.
    async goto(url) {
      for (let tries = 0; ; tries++) {
        try {
          return void await send('browsingContext.navigate', { context, url, wait: 'complete' })
        } catch (error) {
          if (tries === 4 || !error.message.includes('NS_BINDING_ABORTED')) throw error
          await new Promise(resolve => setTimeout(resolve, 200))
        }
      }
    },
    async evaluate(run, ...args) {
      const { result, exceptionDetails } = await send('script.evaluate', { expression: asText(run, args), awaitPromise: true, target: { context } })
      if (exceptionDetails) throw new Error(exceptionDetails.text)
      return fromText(result.value)
    },
    screenshot: async () => Buffer.from((await send('browsingContext.captureScreenshot', { context })).data, 'base64'),
    async close() {
      hangUp()
      await end()
    }
  }
}
