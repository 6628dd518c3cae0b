import { expect } from '@playwright/test'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from './host.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const figure = (page, key) => page.locator(`#room-train [data-figure=${key}] dd`)
const numberIn = async locator => Number((await locator.textContent()).match(/\d[\d,]*(\.\d+)?/)?.[0].replaceAll(',', ''))
const command = (page, name, room = 'train') => page.locator(`#room-${room} [data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)

/** Training networks this small takes milliseconds a step, also beside other tests. */
const small = 'v=1&dataset=ring&seed=5&hidden_dim=32&batch_size=32'

async function openTrain(page, query = small, language = 'en') {
  await page.goto(`${language}/#train?${query}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
}

async function trainPast(page, step) {
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step')), { timeout: 90_000 }).toBeGreaterThan(step)
  await command(page, 'pause').click()
  // Until the steps under way have ended.
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

test.beforeEach(async ({ page, baseURL }) => {
  const strangers = []
  page.on('request', request => { if (/^https?:/.test(request.url()) && !request.url().startsWith(baseURL)) strangers.push(request.url()) })
  page.strangers = strangers
})

test.afterEach(async ({ page }) => {
  expect(page.strangers, 'requests to other hosts').toEqual([])
})

test('every text can be read before any script runs, in both languages', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL })
  const page = await context.newPage()
  for (const [language, words] of [['en', 'The appraiser’s turn'], ['zh-Hant', '輪到鑑定師']]) {
    await page.goto(`${language}/`)
    await expect(page.locator('html')).toHaveAttribute('lang', language)
    await expect(page.getByRole('heading', { name: words })).toBeVisible()
    expect(await page.content()).not.toContain('{{')
  }
  await context.close()
})

test('the entrance shows a ring that learns, and doors that open and close again', async ({ page }) => {
  await page.goto('en/')
  const caption = page.locator('#room-home [data-mode]')
  await expect(caption).toHaveAttribute('data-mode', /live|done/, { timeout: 60_000 })
  const before = await numberIn(caption)
  await expect.poll(() => numberIn(caption)).toBeGreaterThan(before)
  for (const [door, heading] of [['#learn', 'What is a GAN?'], ['#train', 'Train'], ['#stylize', 'Paint a photo'], ['#cycle', 'The cycle laboratory']]) {
    await page.locator(`.doors a[href="${door}"]`).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
    await page.goBack()
    await expect(page.locator('.doors')).toBeVisible()
  }
})

/** Whether a canvas shows indigo, and vermilion. @param {import('@playwright/test').Locator} canvas */
const inkOf = canvas => canvas.evaluate((/** @type {HTMLCanvasElement} */ element) => {
  const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height)
  const found = { real: false, made: false }
  for (let at = 0; at < data.length; at += 4) {
    const [red, , blue, alpha] = data.subarray(at, at + 4)
    found.real ||= alpha > 100 && blue - red > 60
    found.made ||= alpha > 100 && red - blue > 80
  }
  return found
})

test('a ring is learned: losses move, modes are found, the sentence says how it stands', async ({ page }) => {
  await openTrain(page, 'v=1&dataset=ring&seed=11')
  await expect(page.locator('[data-state]')).toHaveAttribute('data-state', 'idle')
  await trainPast(page, 20)
  const chart = page.locator('#room-train loss-chart [role=img]')
  const early = await chart.getAttribute('aria-label')
  await command(page, 'play').click()
  await expect.poll(() => figure(page, 'modes').textContent().then(parseInt), { timeout: 120_000 }).toBeGreaterThanOrEqual(4)
  await command(page, 'pause').click()
  expect(await chart.getAttribute('aria-label')).not.toBe(early)
  await expect(page.locator('#room-train plane-view canvas')).toHaveAttribute('aria-label', /220 made points/)
  // Neither the chart nor the plane is an empty canvas: ink of both colours lies on them.
  await expect.poll(() => inkOf(page.locator('#room-train loss-chart canvas'))).toEqual({ real: true, made: true })
  expect(await inkOf(page.locator('#room-train plane-view canvas'))).toEqual({ real: true, made: true })
  await expect(page.locator('[data-state]')).not.toHaveAttribute('data-state', 'idle')
})

test('digits: the appraiser scores real and made pictures, and training moves the scores', async ({ page }) => {
  await openTrain(page, 'v=1&dataset=digits&seed=2')
  const pictures = page.locator('#room-train scored-picture')
  await expect(pictures).toHaveCount(32)
  const labels = () => pictures.evaluateAll(all => all.map(one => one.shadowRoot.querySelector('pixel-picture').shadowRoot.querySelector('canvas').getAttribute('aria-label')))
  const before = await labels()
  expect(before[0]).toMatch(/^real picture 1: score 0\.\d\d, label 1$/)
  expect(before[16]).toMatch(/^made picture 1: score 0\.\d\d, label 0$/)
  await trainPast(page, 30)
  expect(await labels()).not.toEqual(before)
})

test('one step of either network alone', async ({ page }) => {
  await openTrain(page)
  await command(page, 'discriminator').click()
  await expect(page.locator('#room-train loss-chart [role=img]')).toBeAttached()
  const after = await figure(page, 'step').textContent()
  await command(page, 'generator').click()
  await expect(page.locator('#room-train loss-chart [role=img]')).toHaveAttribute('aria-label', /generator \d/)
  expect(Number(after)).toBeLessThanOrEqual(await numberIn(figure(page, 'step')))
})

test('switching the language keeps room, training and address', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 10)
  const step = await figure(page, 'step').textContent()
  await page.locator('#other-language').click()
  await expect(page.locator('#train-heading')).toHaveText('訓練')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant')
  expect(await figure(page, 'step').textContent()).toBe(step)
  expect(page.url()).toMatch(/\/zh-Hant\/#train\?v=1&dataset=ring&seed=5/)
  await expect(command(page, 'play')).toHaveText(/開始/)
  await page.reload()
  await expect(page.locator('#train-heading')).toHaveText('訓練')
})

test('an address restores an experiment, and says politely what it could not use', async ({ page }) => {
  await openTrain(page, 'v=1&dataset=moons&seed=42&hidden_dim=48&batch_size=999999999&loss=guesswork&colour=blue')
  const field = key => page.locator(`config-field[data-key=${key}] #control`)
  await expect(field('seed')).toHaveValue('42')
  await expect(field('hidden_dim')).toHaveValue('48')
  await expect(page.locator('input[name=dataset][value=moons]')).toBeChecked()
  const said = notice(page, 'ignored')
  await expect(said).toContainText('batch_size=999999999 is outside')
  await expect(said).toContainText('loss=guesswork is not one of the choices')
  await expect(said).toContainText('colour is unknown')
  expect(page.url()).toContain('#train?v=1&dataset=moons&seed=42&hidden_dim=48')
  expect(page.url()).not.toContain('guesswork')
})

test('a field that cannot change while training starts again, with a note and a way back; a live one applies at once', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 20)
  const step = await numberIn(figure(page, 'step'))
  const rate = page.locator('config-field[data-key=learning_rate_g] #control')
  await rate.fill('0.0005')
  await rate.press('Enter')
  await expect.poll(() => page.url()).toContain('learning_rate_g=0.0005')
  expect(await numberIn(figure(page, 'step'))).toBe(step)
  const width = page.locator('config-field[data-key=hidden_dim] #control')
  await width.fill('24')
  await width.press('Enter')
  await expect(notice(page, 'restarted')).toContainText('started again')
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(0)
  await notice(page, 'restarted').locator('[data-answer=undo]').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(step)
  expect(page.url()).toContain('hidden_dim=32')
})

test('an appraiser that is too strong is called so, and one click applies the remedy', async ({ page }) => {
  await openTrain(page, 'v=1&dataset=ring&seed=5&hidden_dim=32&batch_size=32&learning_rate_d=0.01&learning_rate_g=0.00001&instance_noise=0&anneal_steps=0')
  await command(page, 'play').click()
  await expect(page.locator('[data-state]')).toHaveAttribute('data-state', 'discriminator_too_strong', { timeout: 90_000 })
  const step = await numberIn(figure(page, 'step'))
  const before = page.url()
  await page.getByRole('button', { name: 'Apply the remedy' }).click()
  await expect.poll(() => page.url()).not.toBe(before)
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(step)
})

test('a reload offers to go on', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 20)
  const step = await numberIn(figure(page, 'step'))
  await page.waitForTimeout(500)
  await page.reload()
  await expect(notice(page, 'resume')).toContainText(String(step))
  await notice(page, 'resume').locator('[data-answer=resume]').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(step)
  await trainPast(page, step)
})

test('a training is saved to a file and opened again', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 10)
  const step = await numberIn(figure(page, 'step'))
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'save').click()])
  await command(page, 'reset').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(0)
  await page.locator('#room-train .files input').setInputFiles(await file.path())
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(step)
  await page.locator('#room-train .files input').setInputFiles({ name: 'notes.gan', mimeType: 'text/plain', buffer: Buffer.from('not a training') })
  await expect(notice(page, 'error')).toContainText('not a saved training')
})

test('a killed worker is replaced, and the page says so', async ({ page }) => {
  await page.addInitScript(() => {
    const Native = Worker
    globalThis.workers = []
    globalThis.Worker = class extends Native { constructor(...args) { super(...args); globalThis.workers.push(this) } }
  })
  await openTrain(page)
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(5)
  await page.evaluate(() => globalThis.workers.at(-1).terminate())
  await expect(notice(page, 'recovered')).toContainText('went on from the checkpoint', { timeout: 60_000 })
  const step = await numberIn(figure(page, 'step'))
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(step)
})

test('a hidden tab rests, and says so on return', async ({ page }) => {
  await openTrain(page)
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(5)
  const hide = hidden => page.evaluate(value => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
  await hide(true)
  await page.waitForTimeout(600)
  const resting = await figure(page, 'step').textContent()
  await page.waitForTimeout(600)
  expect(await figure(page, 'step').textContent()).toBe(resting)
  await hide(false)
  await expect(notice(page, 'hidden')).toContainText('rested at step')
  await expect.poll(() => figure(page, 'step').textContent()).not.toBe(resting)
})

test('points drawn by keyboard are learned, and fit into the address', async ({ page }) => {
  await openTrain(page)
  await page.locator('input[name=dataset][value=drawn]').check({ force: true })
  const pad = page.locator('drawing-pad .pad')
  await pad.focus()
  for (let index = 0; index < 12; index++) {
    await page.keyboard.press('Space')
    await page.keyboard.press(index % 2 ? 'ArrowRight' : 'ArrowUp')
  }
  await command(page, 'learn').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(3)
  expect(page.url()).toMatch(/dataset=drawn.*points=[\w-]{64}/)
})

test('the same texts exist in both languages, and every text that is asked for', async ({ page }) => {
  await page.goto('en/')
  const load = async language => (await import(path.join(root, `www/i18n/${language}.js`))).default
  const keysOf = (node, prefix = '') => Object.entries(node).flatMap(([key, value]) => (typeof value === 'object' ? keysOf(value, `${prefix}${key}.`) : [prefix + key]))
  const [english, chinese] = [keysOf(await load('en')), keysOf(await load('zh-Hant'))]
  expect(chinese).toEqual(english)
  const sources = [path.join(root, 'index.html'), ...['www/elements', 'www/rooms'].flatMap(folder => readdirSync(path.join(root, folder)).map(name => path.join(root, folder, name))), path.join(root, 'www/main.js')]
  const asked = sources.filter(file => /\.(js|html)$/.test(file)).flatMap(file => [...readFileSync(file, 'utf8').matchAll(/(?:\bt\(|data-t(?:-[\w-]+)?=|\? )['"]([a-z_]+\.[\w.]+)['"]/g)].map(([, key]) => key))
  expect(asked.length).toBeGreaterThan(100)
  expect(asked.filter(key => !english.includes(key))).toEqual([])
  const schemas = Object.values(JSON.parse(readFileSync(path.join(root, 'www/generated/schema.json'), 'utf8')))
  const needed = schemas.flatMap(({ fields }) => fields).flatMap(({ key, group, choices = [] }) => [`config.${key}.label`, `config.${key}.help`, `group.${group}`, ...(key === 'dataset' ? choices.map(id => `dataset.${id}`) : choices.filter(id => typeof id === 'string').map(id => `choice.${id}`))])
  expect(needed.filter(key => !english.includes(key))).toEqual([])
})

for (const language of ['en', 'zh-Hant']) {
  test(`nothing scrolls sideways on a narrow telephone (${language})`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    for (const room of ['home', 'train', 'train?v=1&dataset=digits', 'train?v=1&dataset=drawn', 'stylize', 'learn']) {
      await page.goto(`${language}/#${room}`)
      await page.reload()
      await page.waitForTimeout(700)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), room).toBeLessThanOrEqual(360)
    }
  })
}

test('with reduced motion the entrance stays still', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL })
  const page = await context.newPage()
  await page.goto('en/')
  await expect(page.locator('#room-home [data-mode]')).toHaveAttribute('data-mode', 'still')
  const caption = await page.locator('#room-home [data-mode]').textContent()
  await page.waitForTimeout(500)
  expect(await page.locator('#room-home [data-mode]').textContent()).toBe(caption)
  await context.close()
})

test.describe('an engine that does not arrive', () => {
  test.use({ allowedErrors: /ERR_FAILED|Failed to load resource/ })

  test('is said, and can be asked for again', async ({ page }) => {
    await page.route('**/*.wasm', route => route.abort())
    await page.goto(`en/#train?${small}`)
    await expect(notice(page, 'error')).toContainText('could not be fetched', { timeout: 60_000 })
    await page.unroute('**/*.wasm')
    await notice(page, 'error').locator('[data-answer=retry]').click()
    await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
  })
})

test('the keyboard alone: skip link, training, and never a lost focus', async ({ page }) => {
  await openTrain(page)
  await page.evaluate(() => document.activeElement?.blur?.())
  await page.keyboard.press('Tab')
  await expect(page.locator('.skip')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#content')).toBeFocused()
  expect(page.url()).toContain('#train')
  await command(page, 'play').focus()
  await page.keyboard.press('Enter')
  await expect(command(page, 'pause')).toBeVisible()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBeGreaterThan(3)
  await page.keyboard.press('Enter')
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
  await expect(command(page, 'play')).toBeFocused()
})
