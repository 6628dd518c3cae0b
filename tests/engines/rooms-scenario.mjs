/** Every room entered, and a picture of the camera taken where the browser has one: the page's policy holds, nothing is sent. */
import assert from 'node:assert/strict'
import { rooms } from '../../www/rooms.js'
import { site } from './places.mjs'
import { visit } from './page.mjs'

/* global find, press, until */

/** What a policy that is meant has none of. WebAssembly's own permission is no `unsafe-eval`. */
const loose = /'unsafe-|\*|https?:/

/** @param {import('./scenarios.mjs').World} world */
export async function everyRoom({ driver, servers: { heard } }) {
  const ids = rooms.map(({ id }) => id)
  await visit(driver, `${site}/en/`)
  const policy = await driver.evaluate(() => document.querySelector('meta[http-equiv="content-security-policy" i]')?.getAttribute('content'))
  assert.equal(typeof policy, 'string', 'the page has no policy')
  assert.equal(loose.test(policy.replaceAll("'wasm-unsafe-eval'", '')), false, policy)
  const before = heard.site.length
  const broken = await driver.evaluate(async ids => {
    const broken = /** @type {string[]} */ ([])
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => broken.push(`${location.hash} ${violatedDirective} ${blockedURI} ${sourceFile}`))
    for (const id of ids) {
      location.hash = `#${id}`
      await until(() => find(`[data-room=${id}]`)?.getBoundingClientRect().height > 40, `the room ${id}`)
      await new Promise(resolve => setTimeout(resolve, 500))
    }
    return broken
  }, ids)
  assert.deepEqual(broken, [], 'the policy is broken')
  const camera = await driver.evaluate(async () => {
    location.hash = '#stylize'
    await press('[data-command=camera]')
    const shot = await until(() => find('camera-shot'), 'the camera’s element')
    await until(() => shot.ready || shot.problem, 'the camera')
    const { problem } = shot
    if (!problem) await press('camera-shot', '[data-command=shoot]')
    await new Promise(resolve => setTimeout(resolve, 1000))
    return problem ? `no camera (${problem})` : 'a picture of the camera was taken'
  })
  const sent = heard.site.slice(before).filter(({ method, body }) => body || !['GET', 'HEAD'].includes(method))
  assert.deepEqual(sent, [], 'a room sends something')
  assert.deepEqual(heard.elsewhere, [], `another host was asked: ${heard.elsewhere.join(', ')}`)
  return `${ids.length} rooms, ${heard.site.length - before} requests, none with a body; ${camera}`
}
