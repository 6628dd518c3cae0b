// The camera painted as one watches. A pretended camera shows what a page of Chromium's makes: a test picture with a disc that moves.
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import config from '../../playwright.config.js'
import { test } from './host.mjs'

const room = '#room-stylize'
const command = (page, name) => page.locator(`${room} [data-command=${name}]`)
const live = page => page.locator(`${room} live-camera`)
const figures = page => live(page).locator('[data-figures]')
const working = { timeout: 90_000 }

const { launchOptions } = /** @type {any} */ (config.use)
test.use({
  permissions: ['camera'],
  launchOptions: { ...launchOptions, args: [...launchOptions.args, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] },
})

/** Keeps the streams that the page is given, and counts the pictures that go to be painted. */
function watch() {
  globalThis.streams = []
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async wish => {
    globalThis.wish = wish
    const stream = await ask(wish)
    globalThis.streams.push(stream)
    return stream
  }
  globalThis.frames = 0
  const send = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message?.call === 'paintFrame') globalThis.frames++
    return send.call(this, message, ...rest)
  }
}

const lit = page => page.evaluate(() => globalThis.streams.flatMap(stream => stream.getTracks()).filter(({ readyState }) => readyState !== 'ended').length)
const frames = page => page.evaluate(() => globalThis.frames)

async function openLive(page, language = 'en', painter = 'horse2zebra') {
  await page.addInitScript(watch)
  await page.goto(`${language}/#stylize?camera=live&painter=${painter}`)
  await expect(live(page)).toBeVisible()
}

/** Mean difference of the last painting and the picture that it was painted of, 0..255, and its sizes. */
const last = page => live(page).evaluate(({ last: found }) => {
  if (!found) return null
  const { original, image } = found
  let sum = 0
  for (let at = 0; at < image.data.length; at++) sum += Math.abs(image.data[at] - original.data[at])
  return { difference: sum / image.data.length, width: image.width, height: image.height, first: original.data.slice(0, 4000).join() }
})

const hide = (page, hidden) => page.evaluate(hidden => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}, hidden)

async function painting(page) {
  await expect.poll(() => frames(page), working).toBeGreaterThan(2)
  await expect(figures(page)).toContainText(/a second|每秒/, working)
}

test('pictures are painted as they come, by the quick painter alone, and nothing leaves the tab', async ({ page }) => {
  const requests = []
  page.on('request', request => requests.push(request))
  await openLive(page)
  await painting(page)
  expect((await last(page)).difference).toBeGreaterThan(2)
  expect((await last(page)).width).toBeLessThanOrEqual(256)
  // What was asked for: pictures without sound.
  expect(await page.evaluate(() => globalThis.wish.audio)).toBe(false)
  const before = await frames(page)
  await expect.poll(() => frames(page)).toBeGreaterThan(before + 5)
  const weights = requests.map(request => request.url()).filter(url => url.includes('.safetensors')).map(url => /([\w-]+)\.safetensors/.exec(url)[1])
  expect(weights.sort()).toEqual(['horse2zebra-quick-ab', 'horse2zebra-quick-ba'])
  for (const request of requests) {
    expect(request.method()).toBe('GET')
    expect(request.postData()).toBeNull()
    expect(new URL(request.url()).hostname).toMatch(/^(localhost|)$/)
  }
  // What is said of the side holds.
  await expect.poll(async () => (await figures(page).textContent()).includes(`${(await last(page)).width} pixels`)).toBe(true)
})

test('a pause, and a hidden page, stop it and black the camera; it goes on by itself when it is seen again', async ({ page }) => {
  await openLive(page)
  await painting(page)
  const still = async () => {
    await page.waitForTimeout(600)
    const count = await frames(page)
    await page.waitForTimeout(700)
    expect(await frames(page)).toBe(count)
    expect(await page.evaluate(() => globalThis.streams.at(-1).getTracks().every(({ enabled }) => !enabled))).toBe(true)
    return count
  }
  await hide(page, true)
  const hidden = await still()
  await hide(page, false)
  await expect.poll(() => frames(page)).toBeGreaterThan(hidden + 2)
  await command(page, 'pause-camera').click()
  await expect(figures(page)).toHaveText('Paused.')
  const paused = await still()
  // Seen again it is still paused.
  await hide(page, true)
  await hide(page, false)
  expect(await still()).toBe(paused)
  await command(page, 'pause-camera').click()
  await expect.poll(() => frames(page)).toBeGreaterThan(paused + 2)
})

test('the light goes out on closing, on leaving the room, and when the visitor leaves before the camera came', async ({ page }) => {
  await openLive(page)
  await painting(page)
  expect(await lit(page)).toBe(1)
  await command(page, 'close-camera').click()
  await expect(live(page)).toHaveCount(0)
  expect(await lit(page)).toBe(0)
  await command(page, 'live').click()
  await painting(page)
  expect(await lit(page)).toBe(1)
  await page.locator('.masthead a[href="#learn"]').click()
  await expect.poll(() => lit(page)).toBe(0)
  const count = await frames(page)
  await page.locator('.masthead a[href="#stylize"]').click()
  await expect(live(page)).toHaveCount(0)
  // A question that is answered only after it was closed.
  await page.evaluate(() => {
    const ask = navigator.mediaDevices.getUserMedia
    navigator.mediaDevices.getUserMedia = wish => new Promise(resolve => { globalThis.answer = async () => resolve(await ask(wish)) })
  })
  await command(page, 'live').click()
  await command(page, 'close-camera').click()
  await page.evaluate(() => globalThis.answer())
  await page.waitForTimeout(300)
  expect(await lit(page)).toBe(0)
  expect(await frames(page)).toBe(count)
})

test('the same picture is kept at its full size for the whole painter, and the painting is saved as it is seen', async ({ page }) => {
  await openLive(page)
  await painting(page)
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'save-frame').click()])
  expect(file.suggestedFilename()).toMatch(/^camera-\d{6}-zebra\.png$/)
  const camera = await live(page).evaluate(element => ({ width: element.video.videoWidth, height: element.video.videoHeight }))
  await command(page, 'keep').click()
  const row = page.locator(`${room} photo-queue li`)
  await expect(row).toHaveCount(1)
  // It goes on meanwhile.
  await expect(live(page)).toBeVisible()
  await expect(page.locator(`${room} photo-queue [data-state=done]`)).toHaveCount(1, working)
  await row.locator('.choose').click()
  await expect(live(page)).toHaveCount(0)
  expect(await lit(page)).toBe(0)
  await expect.poll(() => page.locator(`${room} before-after`).evaluate(({ painting: found }) => found && { width: found.width, height: found.height })).toEqual(camera)
})

test('side by side or one over the other, mirrored or not, with a line between that keys move', async ({ page }) => {
  await openLive(page)
  await painting(page)
  const mirrored = () => live(page).locator('before-after').evaluate(({ mirrored: is, renderRoot }) => [is, renderRoot.querySelector('canvas.after').style.transform.includes('scale(-')])
  expect(await mirrored()).toEqual([true, true])
  await command(page, 'mirror').uncheck()
  await expect.poll(mirrored).toEqual([false, false])
  const slider = live(page).getByRole('slider', { name: 'Compare before and after' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect(slider).toHaveAttribute('aria-valuetext', /^0/)
  await live(page).getByRole('radio', { name: 'Side by side' }).check()
  await expect(live(page).locator('.beside canvas')).toBeVisible()
  await expect(live(page).locator('video')).toBeVisible()
  await expect.poll(() => live(page).locator('.beside canvas').evaluate(canvas => canvas.width)).toBe((await last(page)).width)
  const before = (await last(page)).first
  await expect.poll(async () => (await last(page)).first).not.toBe(before)
})

test('the other direction paints at once; a painter without a quick version paints with its whole network, and that is said', async ({ page }) => {
  await openLive(page)
  await painting(page)
  await page.locator(`${room} input[name=direction][value=a]`).check()
  const now = await frames(page)
  await expect.poll(() => frames(page)).toBeGreaterThan(now + 2)
  // Painted as it began there is nothing to note.
  await expect(live(page).locator('[data-note]', { hasText: 'no quick version' })).toHaveCount(0)
  await page.locator(`${room} painter-picker [value=monet]`).check()
  await expect(live(page).locator('[data-note]')).toContainText('no quick version', working)
  await expect(live(page).locator('[data-note]')).toContainText('horse → zebra')
  const changed = await frames(page)
  await expect.poll(() => frames(page), working).toBeGreaterThan(changed + 2)
  expect(await lit(page)).toBe(1)
})

test('on a telephone nothing is wider than the page, and axe finds nothing serious, light or dark', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await openLive(page, 'zh-Hant')
  await painting(page)
  await command(page, 'pause-camera').click()
  for (const layout of ['beside', 'over']) {
    await live(page).locator(`input[name=layout][value=${layout}]`).check()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`), `${layout}, ${colorScheme}`).toEqual([])
    }
  }
})

test.describe('a worker that ends', () => {
  test.use({ allowedErrors: /.*/ })

  test('costs a few pictures', async ({ page }) => {
    await page.addInitScript(() => {
      const Native = Worker
      globalThis.workers = []
      globalThis.Worker = class extends Native { constructor(...args) { super(...args); globalThis.workers.push(this) } }
    })
    await openLive(page)
    await painting(page)
    await page.evaluate(() => globalThis.workers.forEach(worker => worker.terminate()))
    const before = await frames(page)
    await expect.poll(() => frames(page), working).toBeGreaterThan(before + 5)
    await expect(page.locator('page-note[data-notice=recovered]')).toBeVisible()
  })
})

for (const [name, english, chinese] of [
  ['NotAllowedError', 'The camera was not allowed', '沒有取得使用相機的許可'],
  ['NotFoundError', 'No camera was found', '找不到相機'],
  ['NotReadableError', 'in use by another program', '正被別的程式使用'],
]) {
  test(`${name}: said in both languages, and tried again`, async ({ page }) => {
    await openLive(page)
    await page.addInitScript(name => {
      const ask = navigator.mediaDevices.getUserMedia
      navigator.mediaDevices.getUserMedia = wish => (globalThis.mended ? ask(wish) : Promise.reject(new DOMException('', name)))
    }, name)
    await page.reload()
    await expect(live(page).getByRole('alert')).toContainText(english)
    await page.locator('#other-language').click()
    await expect(live(page).getByRole('alert')).toContainText(chinese)
    await page.evaluate(() => { globalThis.mended = true })
    await command(page, 'camera-again').click()
    await painting(page)
    expect(await lit(page)).toBe(1)
  })
}
