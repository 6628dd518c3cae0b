/**
 * What every engine is asked, in this order. A scenario throws what is wrong, or returns what is worth saying; `null` where the engine
 * has not got what it asks for.
 *
 * @typedef {object} World
 * @property {import('./driver.mjs').Driver} driver
 * @property {Awaited<ReturnType<typeof import('./servers.mjs').openServers>>} servers
 * @property {Record<string, any>} first what Chromium computed
 * @property {(name: string) => Promise<void>} look keeps a screenshot where somebody wants one
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { madePage, places, site, subPath } from './places.mjs'
import { across, openModule, visit } from './page.mjs'
import { lackScenarios } from './lack-scenarios.mjs'
import { everyRoom } from './rooms-scenario.mjs'

/* What the page's own helpers are called in the functions that are sent there. */
/* global find, until, press, give, steps, drawn, hills, colours, openAtelier, workers */

/** Small, with every kind of layer. */
const families = {
  gan: { hidden_dim: 8, hidden_layers: 1, batch_size: 16 },
  dcgan: { width: 4, batch_size: 8 },
  acgan: { width: 4, batch_size: 8 },
  rgan: { hidden_dim: 6, batch_size: 8, sequence_length: 8 },
  cyclegan: { filters: 2, blocks: 1, batch_size: 1 },
  drgan: { filters: 4, batch_size: 2 }
}

/**
 * WebKit hands a running function on from one of its compilers to the next. Once in some twenty runs, beside much other work, DR-GAN's first
 * update came out otherwise in the last bits there, and all that followed from it; resumed, it was itself to the last bit. So this near is asked there.
 */
const webkitNear = 2e-3

/** @param {World} world @param {any} losses as bits @param {any} expected @param {string} name */
function alike({ driver }, losses, expected, name) {
  if (!driver.version.startsWith('WebKit')) return assert.deepEqual(losses, expected, name)
  const numbers = bits => Array.from(new Float32Array(Uint32Array.from(bits.flat(2)).buffer))
  const wanted = numbers(expected)
  const far = numbers(losses).reduce((most, loss, at) => Math.max(most, Math.abs(loss / wanted[at] - 1)), 0)
  assert.equal(far <= webkitNear, true, `${name}: by ${far}`)
}

/** @param {string} family @returns {(world: World) => Promise<string>} */
const trains = family => async world => {
  const { driver } = world
  await openModule(driver, places.own.page, places.own.module)
  const { losses, resumed, device } = await driver.evaluate(async settings => {
    const atelier = await openAtelier({ device: 'cpu' })
    const session = await atelier.train(settings)
    const bits = ({ loss_d, loss_g }) => [loss_d, loss_g].map(each => Array.from(new Uint32Array(each.buffer)))
    const begun = bits(await session.step(5))
    const file = await session.save()
    const ended = bits(await session.step(5))
    const again = await atelier.open(file)
    const resumed = bits(await again.step(5))
    const device = session.device.kind
    await atelier.close()
    return { losses: [begun, ended], resumed, device }
  }, { family, seed: 5, ...families[family] })
  assert.equal(device, 'cpu')
  alike(world, resumed, losses[1], 'the saved session goes on otherwise')
  assert.equal(new Set(losses.flat(2)).size > 10, true, `the losses do not move: ${JSON.stringify(losses)}`)
  alike(world, losses, (world.first[family] ??= losses), `the losses of ${family} are not what they are in Chromium`)
  const last = new Float32Array(Uint32Array.from(losses[1].map(each => each[4])).buffer)
  return `loss_d ${last[0].toFixed(4)}, loss_g ${last[1].toFixed(4)} after ten steps`
}

/** @param {World} world */
async function entrance({ driver, look }) {
  await visit(driver, `${site}/en/`)
  const seen = await driver.evaluate(async () => {
    const said = () => find('#room-home', '[data-mode]')
    await until(() => said()?.dataset.mode === 'live', 'the entrance learns itself')
    const step = () => Number(said().textContent.replace(/\D/g, ''))
    const first = step()
    await until(() => step() > first + 20, 'twenty steps more')
    await until(() => colours(find('#room-home', 'plane-view', 'canvas')) > 20, 'points in the picture')
    return step()
  })
  await look('entrance')
  return `step ${seen}`
}

/** A file that arrives, whole. @param {string} folder @param {string} name @returns {Promise<Buffer>} */
async function arrived(folder, name) {
  for (let tries = 0, size = -1; tries < 100; tries++) {
    const now = existsSync(path.join(folder, name)) ? readFileSync(path.join(folder, name)) : Buffer.alloc(0)
    if (now.length && now.length === size) return now
    size = now.length
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${name} did not arrive; there are ${readdirSync(folder).join(', ') || 'no downloads'}`)
}

/** @param {World} world */
async function painting({ driver, look }) {
  await visit(driver, `${site}/en/#stylize`)
  const seen = await driver.evaluate(async () => {
    await until(() => find('#room-stylize', 'painter-picker', '[value=monet]'), 'the painters')
    find('#room-stylize', 'input[name=size][value=working]').click()
    const side = find('#room-stylize', '#side')
    side.value = side.min
    side.dispatchEvent(new Event('input', { bubbles: true }))
    side.dispatchEvent(new Event('change', { bubbles: true }))
    give(find('#room-stylize', 'photo-input', 'input[type=file]'), await drawn('meadow.png', 256, 192, hills))
    await press('#room-stylize', '[data-command=download]')
    const { original, painting } = find('#room-stylize', 'before-after')
    const apart = original.data.reduce((sum, value, at) => sum + Math.abs(value - painting.data[at]), 0) / original.data.length
    return { sizes: [original, painting].map(({ width, height }) => [width, height]), apart }
  })
  const file = await arrived(driver.downloads, 'meadow-monet.png')
  assert.equal(file.subarray(1, 4).toString(), 'PNG')
  const size = [file.readUInt32BE(16), file.readUInt32BE(20)]
  assert.deepEqual([size, seen.sizes[1]], [seen.sizes[0], seen.sizes[0]])
  assert.equal(seen.apart > 2, true, 'the painting is the photo')
  await look('painting')
  return `${size.join(' × ')} pixels, ${file.length} bytes of PNG`
}

/** @param {World} world */
async function painted(world) {
  await openModule(world.driver, places.own.page, places.own.module)
  const seen = await world.driver.evaluate(async () => {
    const atelier = await openAtelier({ device: 'cpu' })
    const monet = await atelier.translator('monet')
    const photo = new ImageData(64, 48)
    photo.data.forEach((_, at) => { photo.data[at] = at % 4 === 3 ? 255 : (at * (1 + (at % 4)) / 37) % 256 })
    const { image } = await monet.translate(photo, { side: 64 })
    await atelier.close()
    return { size: [image.width, image.height], data: Array.from(image.data) }
  })
  assert.equal(new Set(seen.data).size > 50, true, 'the painting is empty')
  const chromium = (world.first['a painting of given pixels'] ??= seen)
  assert.deepEqual(seen.size, chromium.size)
  // Not every engine has fused multiplications, which round otherwise.
  const apart = seen.data.reduce((most, value, at) => Math.max(most, Math.abs(value - chromium.data[at])), 0)
  assert.equal(apart <= 1, true, `${apart} of 255 from Chromium's`)
  return `${seen.size.join(' × ')}, at most ${apart} of 255 apart`
}

/** @param {World} world */
async function face({ driver, look }) {
  await visit(driver, `${site}/en/#faces`)
  const seen = await driver.evaluate(async () => {
    const { openAtelier } = await import(/** @type {any} */ ('/gan-atelier.js'))
    const atelier = await openAtelier({ device: 'cpu' })
    const [picture] = await atelier.drawFaces([{ person: 4, side: 256 }])
    await atelier.close()
    const photo = await drawn('somebody.png', 480, 400, async context => {
      hills(context)
      context.drawImage(await createImageBitmap(picture), 120, 60)
    })
    give(await until(() => find('#room-faces', 'photo-input', 'input[type=file]'), 'the field for a photo'), photo)
    const turner = await until(() => { const found = find('#room-faces', 'face-turner'); return found?.picture && found }, 'a turned face')
    const row = await until(() => { const [row] = find('#room-faces', 'face-photos')?.rows ?? []; return row?.confidence > 0 && row }, 'the photo, read')
    await until(() => turner.strip.every(Boolean), 'all views')
    const before = turner.picture.data.join()
    await press('#room-faces', 'face-turner', '[data-yaw="-90"]')
    await until(() => turner.picture && turner.picture.data.join() !== before, 'the face from the side')
    return { found: row.found, size: [turner.picture.width, turner.picture.height], colours: new Set(turner.picture.data).size }
  })
  assert.equal(seen.found, true, 'no face was found')
  assert.deepEqual(seen.size, [96, 96])
  assert.equal(seen.colours > 50, true, 'the face is empty')
  await look('face')
}

/** @param {World} world */
async function strict({ driver }) {
  await openModule(driver, places.stranger.page, places.stranger.module)
  const seen = await driver.evaluate(async () => {
    document.body.innerHTML = '<gan-trainer dataset="ring" hide="losses" lang="zh-Hant" autoplay></gan-trainer>'
    await until(() => steps(['gan-trainer']) > 20, 'twenty steps')
    return { origin: location.origin, said: find('gan-trainer', 'play-controls').shadowRoot?.textContent ?? find('gan-trainer', 'play-controls').textContent }
  })
  assert.match(seen.said, /暫停/)
}

/** @param {World} world */
async function sandboxed({ driver }) {
  const frame = `${site}${subPath}embed.html?element=gan-trainer&dataset=ring&lang=en&autoplay`
  await visit(driver, madePage(`<!doctype html><link rel="icon" href="data:,"><body></body>`))
  const seen = await driver.evaluate(async (base, src) => {
    const { connectFrame } = await import(`${base}gan-atelier-frame.js`)
    const iframe = Object.assign(document.createElement('iframe'), { src, width: 900, height: 700 })
    iframe.sandbox.add('allow-scripts')
    document.body.append(iframe)
    const frame = await connectFrame(iframe)
    let last = 0
    frame.addEventListener('report', ({ detail }) => { last = detail.step })
    await until(() => last > 20, 'twenty steps in the frame')
    return { last, closed: iframe.contentDocument === null }
  }, `${site}${subPath}`, frame)
  assert.equal(seen.closed, true, 'the frame has an origin')
  return `step ${seen.last}`
}

/** @param {World} world */
async function killed({ driver }) {
  await openModule(driver, places.own.page, places.own.module)
  const seen = await driver.evaluate(async settings => {
    const atelier = await openAtelier({ device: 'cpu' })
    const session = await atelier.train(settings)
    const recoveries = []
    session.onRecover = ({ reason, step }) => recoveries.push({ reason, step })
    await session.step(10)
    const pending = session.step(500)
    workers.at(-1).terminate()
    const second = await pending
    workers.at(-1).terminate()
    await until(() => recoveries.length === 2, 'an idle worker is missed')
    const third = await session.step(1)
    await atelier.close()
    return { steps: [second.step, third.step], recoveries, workers: workers.length }
  }, { family: 'gan', seed: 3, ...families.gan })
  assert.deepEqual(seen.recoveries.map(({ reason }) => reason), ['killed', 'killed'])
  assert.deepEqual(seen.steps, [seen.recoveries[0].step + 500, seen.recoveries[1].step + 1])
  assert.equal(seen.workers, 3)
}

/** @param {World} world */
async function language({ driver }) {
  await visit(driver, `${site}/en/#learn`)
  const [heading, place] = await driver.evaluate(async () => {
    // Before the page's own script is there, the link is a link.
    await until(() => document.documentElement.dataset.shown === 'learn', 'the room')
    await press('#other-language')
    await until(() => document.documentElement.lang === 'zh-Hant' && location.pathname === '/zh-Hant/', 'the other language')
    return [find('#learn-heading').textContent, location.hash]
  })
  assert.equal(place, '#learn')
  assert.match(heading, /\p{Script=Han}/u)
  // Once chosen, it is kept: the address without a language leads there.
  await driver.goto(`${site}/`)
  await across(driver, 'the language that was chosen', () => location.pathname === '/zh-Hant/')
}

/** @param {World} world */
async function flight({ driver, servers }) {
  await visit(driver, `${site}/en/`)
  const kept = await driver.evaluate(async () => {
    if (!('serviceWorker' in navigator)) return false
    // It takes the page over once everything is kept.
    await until(() => navigator.serviceWorker.controller, 'the page is kept')
    await until(() => find('#room-home', '[data-mode=live]'), 'the entrance learns')
    return true
  })
  if (!kept) return null
  await visit(driver, places.own.page)
  await servers.unplug()
  try {
    const asked = servers.heard.site.length
    await visit(driver, `${site}/en/#train?v=1&dataset=ring&seed=7`)
    await driver.evaluate(async () => {
      await press('#room-train', '[data-command=play]')
      await until(() => steps(['#room-train']) > 20, 'twenty steps')
    })
    await visit(driver, `${site}/zh-Hant/#learn`)
    await driver.evaluate(() => until(() => find('#learn-heading')?.offsetParent, 'the other language'))
    assert.equal(servers.heard.site.length, asked, 'the site was asked')
  } finally {
    await servers.plug()
  }
}

/** @param {World} world */
async function webgpu({ driver }) {
  await openModule(driver, places.own.page, places.own.module)
  const seen = await driver.evaluate(async () => {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null)
    const refused = await openAtelier({ device: 'webgpu' }).then(() => null, ({ code, details }) => ({ code, ...details }))
    const atelier = await openAtelier()
    const session = await atelier.train({ family: 'dcgan', width: 4, batch_size: 8 })
    await session.step(1)
    const { device } = session
    await atelier.close()
    return { there: Boolean(navigator.gpu), adapter: Boolean(adapter), refused, device }
  })
  if (!seen.adapter) assert.equal(seen.refused?.code, 'Unsupported')
  if (!seen.there) assert.deepEqual([seen.refused.reason, seen.device.kind, seen.device.reason], ['no_webgpu', 'cpu', 'no_webgpu'])
  return seen.there ? `there; a training of pictures runs on ${seen.device.kind} (${seen.device.reason})` : 'none: the processor engine, and why'
}

/** Last: what the page asked for in all of the above. @param {World} world */
async function privacy({ driver, servers: { heard } }) {
  const odd = [...heard.site, ...heard.stranger].filter(({ method, body, url }) => body || !['GET', 'HEAD'].includes(method) || /[?&](photo|image|data)=/.test(url))
  assert.deepEqual(odd, [], 'a request sends something')
  assert.deepEqual(heard.elsewhere, [], `another host was asked: ${heard.elsewhere.join(', ')}`)
  assert.equal(heard.site.length > 20, true, 'nothing was heard')
  const own = heard.site.length
  // The page's policy, and whether the watch works. A navigation may be told to be over while the page before it still answers.
  for (let tries = 0, ready = false; !ready && tries < 20; tries++) {
    await visit(driver, `${site}/en/`)
    ready = await driver.evaluate(address => location.href.startsWith(address) && Boolean(document.querySelector('meta[http-equiv="content-security-policy" i]')), `${site}/en/`).catch(() => false)
  }
  const tried = () => driver.evaluate(async url => {
    const image = new Image()
    const shown = new Promise(resolve => Object.assign(image, { onload: resolve, onerror: resolve, src: `${url}picture` }))
    const socket = new Promise(resolve => {
      try {
        const line = new WebSocket(url.replace('http', 'ws'))
        line.onopen = line.onerror = line.onclose = resolve
      } catch {
        resolve(undefined)
      }
    })
    await Promise.all([shown, socket, fetch(`${url}fetch`, { method: 'POST', body: 'something' }).catch(() => {})])
    navigator.sendBeacon?.(`${url}beacon`, 'something')
    await new Promise(resolve => setTimeout(resolve, 300))
  }, 'http://elsewhere.example/')
  await tried()
  assert.deepEqual(heard.elsewhere, [], `the policy let something through: ${heard.elsewhere.join(', ')}`)
  await visit(driver, places.own.page)
  await tried()
  for (const what of ['picture', 'fetch', 'beacon']) assert.equal(heard.elsewhere.some(each => each.includes(what)), true, `the proxy did not hear of a ${what}`)
  heard.elsewhere.length = 0
  return `${own} requests to the site, none with a body, none elsewhere`
}

/** @type {{ name: string, run: (world: World) => Promise<string | null | void> }[]} */
export const scenarios = [
  { name: 'the entrance learns', run: entrance },
  ...Object.keys(families).map(family => ({ name: `${family} learns, is saved and resumes; its losses are Chromium’s`, run: trains(family) })),
  { name: 'a photo is painted and downloaded', run: painting },
  { name: 'the painting of given pixels is Chromium’s', run: painted },
  { name: 'a face is found and turned', run: face },
  { name: 'an element under a strict policy, from another origin', run: strict },
  { name: 'an element in a frame with sandbox="allow-scripts"', run: sandboxed },
  { name: 'a killed worker is replaced', run: killed },
  { name: 'the other language, and it is kept', run: language },
  { name: 'WebGPU is looked for', run: webgpu },
  ...lackScenarios,
  { name: 'every room under the page’s policy, with the camera', run: everyRoom },
  { name: 'flight mode', run: flight },
  { name: 'nothing leaves the page', run: privacy }
]
