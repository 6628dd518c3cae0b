// Every example of examples/sites, built by its tool (build.mjs), opened in a browser: its networks learn there, and no tool breaks them.
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from '../e2e/host.mjs'
import { work } from './build.mjs'

const mostLines = 15
// sphinx-book-theme 1.4 says this of itself where nobody has named a mode.
test.use({ allowedErrors: /Got invalid theme mode/ })

const trainer = page => page.locator('gan-trainer')
const steps = async element => Number((await element.locator('[data-figure=step] dd').textContent()).replace(/\D/g, ''))

const ground = page => trainer(page).evaluate(each => getComputedStyle(each).backgroundColor)

/** Counts what the page hears: it does not depend on what is shown. */
const listen = page => page.addInitScript(() => {
  globalThis.reports = 0
  addEventListener('atelier-ready', ({ detail }) => { globalThis.learned = detail.config.dataset })
  addEventListener('atelier-report', ({ detail }) => { globalThis.reports++; globalThis.step = detail.step })
})
const learns = page => expect.poll(() => page.evaluate(() => globalThis.step ?? 0), { timeout: 90_000 }).toBeGreaterThan(5)
/** Nothing is heard for as long as several reports would take. */
const rests = page => expect.poll(async () => {
  const heard = () => page.evaluate(() => globalThis.reports)
  const before = await heard()
  await page.waitForTimeout(400)
  return await heard() - before
}).toBe(0)

test.beforeEach(({ page }) => listen(page))

test('a teacher adds at most fifteen lines to what the starter makes', () => {
  const lines = JSON.parse(readFileSync(path.join(work, 'lines.json'), 'utf8'))
  expect(Object.keys(lines).sort()).toEqual(['mkdocs', 'react', 'react-site', 'reveal', 'sphinx', 'vitepress', 'vue', 'vue-site'])
  expect(Object.entries(lines).filter(([, count]) => count > mostLines || count < 3)).toEqual([])
})

test('MkDocs Material: it learns, follows the switch, and lives again after another page', async ({ page }) => {
  await page.goto('mkdocs/')
  await learns(page)
  const light = await ground(page)
  await page.locator('label[title=Dark]').click()
  await expect.poll(() => ground(page)).not.toBe(light)
  await page.locator('label[title=Light]').click()
  await expect.poll(() => ground(page)).toBe(light)
  await page.evaluate(() => { globalThis.sameDocument = true; globalThis.step = 0 })
  await page.getByRole('link', { name: 'Next week' }).first().click()
  await expect(page.getByRole('heading', { name: 'Next week' })).toBeVisible()
  await expect(trainer(page)).toHaveCount(0)
  await rests(page)
  await page.goBack()
  await page.evaluate(() => { globalThis.step = 0 })
  await learns(page)
  expect(await page.evaluate(() => globalThis.sameDocument)).toBe(true)
})

test('Sphinx with MyST, as Jupyter Book has it: it learns, with its settings unharmed', async ({ page }) => {
  await page.goto('sphinx/')
  await learns(page)
  expect(await trainer(page).getAttribute('settings')).toBe('hidden_dim=32&loss=hinge')
  await expect(trainer(page).locator('.remark, [role=alert]')).toHaveCount(0)
  const before = await ground(page)
  await page.locator('.theme-switch-button:visible').click()
  await page.locator('[data-mode=dark].theme-change-button:visible').click()
  await expect.poll(() => ground(page)).not.toBe(before)
})

test('VitePress: it learns, follows the switch, and lives again after another page', async ({ page }) => {
  await page.goto('vitepress/')
  await learns(page)
  expect(await page.evaluate(() => globalThis.learned)).toBe('moons')
  const light = await ground(page)
  await page.evaluate(() => { globalThis.sameDocument = true })
  await page.locator('.VPSwitchAppearance:visible').click()
  await expect.poll(() => ground(page)).not.toBe(light)
  await page.getByRole('link', { name: 'Next week' }).click()
  await expect(page.getByRole('heading', { name: 'Next week' })).toBeVisible()
  await page.goBack()
  await page.evaluate(() => { globalThis.step = 0 })
  await learns(page)
  expect(await page.evaluate(() => globalThis.sameDocument)).toBe(true)
})

test('reveal.js: it rests while its slide is not shown, and keys that it uses turn no slide', async ({ page }) => {
  const slide = () => page.evaluate(() => globalThis.Reveal.getIndices().h)
  await page.goto('reveal/')
  await expect.poll(slide).toBe(0)
  await rests(page)
  await expect(trainer(page)).toHaveJSProperty('state', 'poster')
  await page.keyboard.press('ArrowRight')
  await learns(page)
  // A space on a button presses it, and an arrow on a slider moves it.
  await trainer(page).locator('[data-command=pause]').focus()
  await page.keyboard.press('Space')
  await rests(page)
  await page.keyboard.press('Space')
  await page.evaluate(() => { globalThis.step = 0 })
  await learns(page)
  const speed = trainer(page).locator('input[type=range]')
  const before = await speed.inputValue()
  await speed.press('ArrowLeft')
  await expect(speed).not.toHaveValue(before)
  await speed.press('ArrowRight')
  await expect(speed).toHaveValue(before)
  expect(await slide()).toBe(1)
  // What a presenter's remote sends turns them, wherever the focus is.
  await speed.press('PageDown')
  await expect.poll(slide).toBe(2)
  await page.keyboard.press('PageUp')
  await expect.poll(slide).toBe(1)
  // On a button an arrow does nothing: the talk goes on.
  await trainer(page).locator('[data-command=pause]').focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(slide).toBe(2)
  await rests(page)
  await page.keyboard.press('ArrowLeft')
  await page.evaluate(() => { globalThis.step = 0 })
  await learns(page)
})

test('reveal.js: slides that fade into each other in one place are seen one at a time', async ({ page }) => {
  await page.goto('reveal/')
  await page.evaluate(() => globalThis.Reveal.configure({ transition: 'fade' }))
  await rests(page)
  await expect(trainer(page)).toHaveJSProperty('state', 'poster')
  await page.keyboard.press('ArrowRight')
  await learns(page)
  await page.keyboard.press('ArrowRight')
  await rests(page)
})

for (const name of ['react', 'react-site', 'vue', 'vue-site']) {
  test(`${name}: a component holds it, hears it, and draws anew without starting it anew`, async ({ page }) => {
    await page.goto(`${name}/`)
    await learns(page)
    await expect(page.getByText(/^\d+ steps so far/)).toBeVisible()
    await expect.poll(async () => Number((await page.getByText(/^\d+ steps so far/).textContent()).replace(/\D/g, ''))).toBeGreaterThan(5)
    expect(await steps(trainer(page))).toBeGreaterThan(5)
    // HTML has a `dataset` of its own.
    expect(await page.evaluate(() => globalThis.learned)).toBe('moons')
  })
}

for (const name of ['react', 'vue']) {
  test(`${name}: rendered on a server, it wakes in the page`, async ({ page, request }) => {
    const sent = await (await request.get(`${name}-server/`)).text()
    expect(sent).toMatch(/<gan-trainer dataset="moons" seed="7" autoplay(="[^"]*")?><\/gan-trainer>/)
    await page.goto(`${name}-server/`)
    await learns(page)
    await expect.poll(async () => Number((await page.getByText(/^\d+ steps so far/).textContent()).replace(/\D/g, ''))).toBeGreaterThan(5)
  })
}
