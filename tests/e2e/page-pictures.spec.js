/** DCGAN and AC-GAN in the training room: scores, classes, a walk, a smile, the visitor's classes, going on after a reload. */
import { expect } from '@playwright/test'
import { test } from './host.mjs'
import { png } from './png.mjs'

/** Networks this small take some tens of milliseconds a step. */
const small = 'seed=3&width=4&batch_size=8&latent_dim=8'
const figure = (page, key) => page.locator(`#room-train [data-figure=${key}] dd`)
const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const look = (page, name) => page.locator(`#room-train [data-look=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const stepOf = async page => Number((await figure(page, 'step').textContent()).replaceAll(/\D/g, ''))

async function openTrain(page, query) {
  await page.goto(`en/#train?v=1&${query}&${small}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
}

async function trainPast(page, step) {
  await command(page, 'play').click()
  await expect.poll(() => stepOf(page), { timeout: 120_000 }).toBeGreaterThan(step)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

/** One picture's bytes. */
const pixels = picture => picture.evaluate(({ pixels, width, height, index }) => [...pixels.subarray(index * width * height * 4, (index + 1) * width * height * 4)].join())

test('a DCGAN trains in the room, is looked at, and goes on after a reload', async ({ page }) => {
  await openTrain(page, 'family=dcgan&dataset=digits')
  await expect(page.locator('#room-train dataset-card')).toContainText('28 × 28 pixels, grey, 10 classes')
  const made = page.locator('#room-train appraiser-row section').nth(1).locator('scored-picture').first()
  const before = await pixels(made)
  await trainPast(page, 3)
  expect(await pixels(made)).not.toBe(before)
  await look(page, 'walk').click()
  const walk = page.locator('#room-train latent-walk')
  await expect(walk.locator('.strip pixel-picture')).toHaveCount(12)
  const large = walk.locator('.large')
  const first = await pixels(large)
  await walk.locator('input[type=range]').press('End')
  await expect.poll(() => pixels(large)).not.toBe(first)
  const step = await stepOf(page)
  await page.waitForTimeout(500)
  await page.reload()
  await notice(page, 'resume').locator('[data-answer=resume]').click()
  await expect.poll(() => stepOf(page)).toBe(step)
  expect(page.url()).toContain('family=dcgan')
  await trainPast(page, step)
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'samples').click()])
  expect(file.suggestedFilename()).toMatch(/^digits-samples-\d+\.png$/)
})

test('an AC-GAN shows one latent a row and one class a column', async ({ page }) => {
  await openTrain(page, 'family=acgan&dataset=letters')
  await trainPast(page, 2)
  await look(page, 'classes').click()
  const grid = page.locator('#room-train class-grid')
  await expect(grid.locator('thead th')).toHaveCount(26)
  await expect(grid.locator('tbody tr')).toHaveCount(5)
  await look(page, 'walk').click()
  await page.locator('#room-train latent-walk select').selectOption({ label: 'Q' })
  await expect(page.locator('#room-train latent-walk .strip pixel-picture')).toHaveCount(12)
})

test('a smile is looked for and carried to everybody', async ({ page }) => {
  await openTrain(page, 'family=acgan&dataset=faces&side=28')
  await expect(page.locator('#room-train dataset-card')).toContainText('in colour, 10 classes')
  await look(page, 'smile').click()
  await expect(command(page, 'find-smile')).toBeDisabled()
  await trainPast(page, 2)
  await command(page, 'find-smile').click()
  const slider = page.locator('#room-train smile-slider')
  await expect(slider.locator('.people pixel-picture')).toHaveCount(10, { timeout: 60_000 })
  await expect(slider).toContainText(/Before the move \d+ of 10 people smile, after it \d+\./)
  const first = slider.locator('.people pixel-picture').first()
  const before = await pixels(first)
  await slider.locator('input[type=range]').press('End')
  await expect.poll(() => pixels(first)).not.toBe(before)
})

test('an AC-GAN asks for classes, and learns a visitor’s', async ({ page }) => {
  await page.goto(`en/#train?v=1&family=acgan&dataset=own&${small}`)
  const pictures = Array.from({ length: 8 }, (_, index) => ({ name: `${index}.png`, mimeType: 'image/png', buffer: png([200, 40 + 20 * index, 40], 5 + 3 * index) }))
  await page.locator('#room-train own-folder [data-input=pictures]').setInputFiles(pictures)
  await command(page, 'gather').click()
  await expect(notice(page, 'error')).toContainText('0 classes; 2 to 64 can be learned')
  await notice(page, 'error').locator('[data-answer=dismiss]').click()
  await page.locator('#room-train own-pictures .way', { hasText: 'Fonts' }).click()
  await command(page, 'gather').click()
  await expect(page.locator('#room-train dataset-card')).toContainText('Classes: 人, 地, 天, 山, 水, 火')
  await trainPast(page, 2)
})

test('an AC-GAN that has learned already speaks at once, by class, and learns on', async ({ page }) => {
  await page.goto('en/#train?v=1&dataset=ring&seed=5')
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
  await page.locator('#room-train family-picker input[value=acgan]').check({ force: true })
  const grid = page.locator('#room-train class-grid')
  await expect(grid.locator('thead th')).toHaveText(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], { timeout: 60_000 })
  const learned = await stepOf(page)
  expect(learned).toBeGreaterThan(1000)
  // What is written is ink on paper: strokes, neither noise nor an even grey.
  const zero = (await pixels(grid.locator('pixel-picture').first())).split(',').filter((_, at) => at % 4 === 0).map(Number)
  expect(zero.filter(value => value < 40 || value > 215).length / zero.length).toBeGreaterThan(0.8)
  await command(page, 'discriminator').click()
  await expect.poll(() => stepOf(page)).toBe(learned + 1)
})
