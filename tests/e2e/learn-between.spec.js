// The learning room, and its pages for teachers, where two things happen at once.
import { expect } from '@playwright/test'
import { test } from './host.mjs'

const room = page => page.locator('#room-learn')
const address = page => page.evaluate(() => location.hash)

test('the address names the lesson that is shown', async ({ page }) => {
  await page.goto('en/#learn?lesson=flow')
  await expect(room(page).locator('[data-lesson=flow] network-flow')).toBeVisible({ timeout: 60_000 })
  await room(page).locator('[data-way=after]').click()
  await expect(room(page).locator('[data-lesson=appraiser-step] network-flow')).toBeVisible()
  expect(await address(page)).toBe('#learn?lesson=appraiser-step')
  await room(page).locator('nav.top a').first().click()
  await expect(room(page).locator('.path')).toBeVisible()
  await room(page).locator('.path a[href="#learn?lesson=appraiser-step"]').click()
  await expect(room(page).locator('[data-lesson=appraiser-step] network-flow')).toBeVisible()
})

test('two tabs remember what was reached in both', async ({ page, context }) => {
  await page.goto('en/#learn?page=quiz')
  await expect(room(page).locator('quiz-question').first()).toBeVisible()
  const other = await context.newPage()
  await other.goto('en/#learn?lesson=ten-layers')
  await room(other).locator('[data-command=generator]').click({ timeout: 60_000 })
  await expect(room(other).locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  await room(page).locator('quiz-question').first().locator('button, input').first().click()
  const kept = () => page.evaluate(() => JSON.parse(localStorage.lessons))
  await expect.poll(async () => Object.keys((await kept()).quiz).length).toBe(1)
  expect((await kept()).done['ten-layers']).toEqual(['first-half'])
})

test('a room that was left is not shown by a projector', async ({ page }) => {
  await page.route(/texts-en.*\.js/, async route => { await new Promise(resolve => setTimeout(resolve, 1500)); await route.continue() })
  await page.goto('en/#learn?lesson=flow&view=projector')
  await page.evaluate(() => { location.hash = '#train' })
  await page.waitForTimeout(3000)
  await expect(page.locator('html')).not.toHaveAttribute('data-projector')
  expect(await address(page)).toMatch(/^#train/)
})

test('a class is told how many links a sheet holds, and a number that is too large again and again', async ({ page }) => {
  await page.goto('en/class-set.html#flow')
  const count = page.locator('[data-field=count]')
  for (let time = 0; time < 2; time++) {
    await count.fill('999')
    await count.blur()
    await expect(count).toHaveValue('60')
  }
  await page.locator('[data-field=by]').selectOption('setting')
  await page.locator('[data-field=typed]').fill(Array.from({ length: 70 }, (_, at) => `0.0${at + 101}`).join(' '))
  await expect(page.locator('[role=alert]')).toContainText('10')
  await expect(page.locator('li svg')).toHaveCount(60)
})

test('results that are dropped twice in a row are counted once', async ({ page }) => {
  await page.goto('en/results.html')
  await expect(page.locator('.drop')).toBeVisible()
  await page.locator('.drop').evaluate(place => {
    const result = at => ({ format: 'gan-atelier-result', version: 1, lesson: 'balance', name: `n${at}`, date: '2026-03-02T08:00:00.000Z', seed: at, choice: 'calm', step: 3, settings: '', goals: [{ id: 'full', reached: false, step: null }] })
    for (let time = 0; time < 2; time++) {
      const transfer = new DataTransfer()
      for (let at = 0; at < 60; at++) transfer.items.add(new File([JSON.stringify(result(at))], `r${at}.json`))
      place.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    }
  })
  await expect(page.locator('[role=status]')).toContainText('counted once: 60')
  await expect(page.locator('[data-result]')).toHaveCount(60)
})

test('the worksheet that was chosen last is shown', async ({ page }) => {
  let sheets = 0
  await page.route(/worksheet\.en.*\.js/, async route => { if (sheets++ === 1) await new Promise(resolve => setTimeout(resolve, 1200)); await route.continue() })
  await page.goto('en/worksheet.html#flow')
  await expect(page.locator('[data-paper=sheet]')).toBeVisible()
  for (const lesson of ['cnn', 'rnn']) await page.locator('[data-field=lesson]').selectOption(lesson)
  await expect(page.locator('[data-paper=sheet] h2')).toContainText('RNN')
  await page.waitForTimeout(1500)
  await expect(page.locator('[data-paper=sheet] h2')).toContainText('RNN')
})

test('a package has its titles in the language that was chosen', async ({ page }) => {
  await page.goto('en/course.html#flow')
  await page.locator('[data-field=lang]').selectOption('zh-Hant')
  await expect(page.locator('[data-line=frame]')).toContainText(/title="[^"]*\p{Script=Han}/u)
})
