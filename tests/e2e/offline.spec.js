import { expect } from '@playwright/test'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from './host.mjs'
import { subPath } from './serve.mjs'

/** Deep in somebody's site, as most copies will lie. */
const home = subPath.slice(1)

test.use({ serviceWorkers: 'allow', allowedErrors: /ERR_INTERNET_DISCONNECTED|Failed to load resource/ })

/** The page is there, and everything that it keeps for a day without a connection. */
async function visit(page, hash = '') {
  await page.goto(`${home}en/${hash}`)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller)), { timeout: 60_000 }).toBe(true)
}

const steps = page => page.locator('#room-train [data-figure=step] dd').textContent().then(text => Number(text.replace(/\D/g, '')))

async function paintScene(page) {
  await page.locator('#room-stylize [data-command=scene]').first().click()
  await expect.poll(() => page.locator('#room-stylize before-after').evaluateAll(([one]) => Boolean(one?.painting)), { timeout: 90_000 }).toBe(true)
  await expect(page.locator('#room-stylize [data-command=paint]')).not.toHaveClass(/primary/, { timeout: 90_000 })
}

test('after one visit Learn, Train and a model used once work in flight mode, in both languages', async ({ page, context }) => {
  await visit(page, '#stylize')
  await page.locator('#room-stylize input[name=size][value=working]').check()
  await paintScene(page)
  await context.setOffline(true)
  await page.goto(`${home}en/#train?v=1&dataset=ring&seed=7`)
  await page.reload()
  await page.locator('#room-train [data-command=play]').click()
  await expect.poll(() => steps(page)).toBeGreaterThan(20)
  await page.goto(`${home}zh-Hant/#learn`)
  await expect(page.locator('#learn-heading')).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant')
  await page.goto(`${home}en/#stylize`)
  await page.reload()
  await page.locator('#room-stylize input[name=size][value=working]').check()
  await paintScene(page)
  await page.goto(home)
  await expect(page.locator('#room-home')).toBeVisible()
  await page.goto(`${home}embed.html?element=gan-trainer&dataset=grid&autoplay`)
  await expect.poll(() => page.locator('gan-trainer [data-figure=step] dd').textContent().then(text => Number(text.replace(/\D/g, '')))).toBeGreaterThan(5)
})

test('after one visit to the entrance a lesson opens, trains and measures its goals in flight mode, in both languages', async ({ page, context }) => {
  await visit(page)
  await context.setOffline(true)
  const lesson = page.locator('#room-learn')
  await page.goto(`${home}en/#learn?lesson=balance`)
  await page.reload()
  await lesson.locator('[data-command=play]').click()
  await expect.poll(() => lesson.locator('[data-figure=step] dd').textContent().then(text => Number(text.replace(/\D/g, '')))).toBeGreaterThan(20)
  await page.goto(`${home}zh-Hant/#learn?lesson=ten-layers`)
  await page.reload()
  await expect(lesson.getByRole('heading', { level: 2, name: '十層' })).toBeVisible()
  for (const network of ['generator', 'discriminator']) await lesson.locator(`[data-command=${network}]`).click()
  for (const goal of ['first-half', 'second-half']) await expect(lesson.locator(`[data-goal=${goal}]`)).toHaveAttribute('data-done', 'true')
})

test('an update asks first', async ({ page }) => {
  await visit(page, '#learn')
  const file = 'dist/sw.js'
  const before = readFileSync(file, 'utf8')
  try {
    appendFileSync(file, '\n// another version')
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update())
    const note = page.locator('[data-notice=update]')
    await expect(note).toContainText('A new version of this page is ready')
    const reloaded = page.waitForEvent('load')
    await note.locator('[data-answer=now], button', { hasText: 'Load it now' }).click()
    await reloaded
    await expect(page.locator('[data-notice=update]')).toHaveCount(0)
  } finally {
    writeFileSync(file, before)
  }
})

test('what is kept is shown with its size, and cleared', async ({ page }) => {
  await visit(page, '#train?v=1&dataset=ring&seed=7')
  await page.locator('#room-train [data-command=play]').click()
  await expect.poll(() => steps(page)).toBeGreaterThan(10)
  await page.locator('#room-train [data-command=pause]').click()
  await expect.poll(() => page.evaluate(() => indexedDB.databases().then(list => list.length))).toBeGreaterThan(0)
  await page.locator('#theme').click()
  await page.locator('#storage').click()
  const kept = id => page.locator(`dialog.storage [data-kept=${id}]`)
  await expect(kept('pages').locator('.size')).toContainText(/\d MB/)
  await expect(kept('trainings').locator('.size')).not.toContainText('nothing')
  await kept('trainings').getByRole('button').click()
  await expect(kept('trainings').locator('.size')).toHaveText('nothing')
  await expect(page.locator('dialog.storage')).toContainText('Cleared: Your trainings.')
  await page.locator('dialog.storage [data-command=clear-all]').click()
  for (const id of ['pages', 'models', 'settings']) await expect(kept(id).locator('.size')).toHaveText('nothing')
  expect(await page.evaluate(async () => [await caches.keys(), (await navigator.serviceWorker.getRegistrations()).length, localStorage.length])).toEqual([[], 0, 0])
})
