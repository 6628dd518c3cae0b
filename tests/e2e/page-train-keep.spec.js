/** What is kept of a training: moments to go back to, a second run, tables, pictures, and a browser whose storage is full. */
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { settled, test } from './host.mjs'

const figure = (page, key, run = '.easel, .side') => page.locator(`#room-train :is(${run}) [data-figure=${key}] dd`).first()
const numberIn = async locator => Number((await locator.textContent()).match(/\d[\d,]*(\.\d+)?/)?.[0].replaceAll(',', ''))
const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const small = 'v=1&dataset=ring&seed=5&hidden_dim=16&hidden_layers=2&batch_size=16'

async function openTrain(page, query = small, language = 'en') {
  await page.goto(`${language}/#train?${query}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
}

async function trainPast(page, step) {
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step')), { timeout: 90_000 }).toBeGreaterThan(step)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

/** The steps that a session is kept of, and the points that are on the easel. */
const machine = page => page.locator('#room-train time-machine')
const moments = page => machine(page).evaluate(element => element.kept)
const points = (page, run = '.easel') => page.locator(`#room-train ${run} plane-view`).first().evaluate(element => element.fake.join())
/** To a kept session, by its number. */
const slide = async (page, index) => {
  const place = await machine(page).evaluate((element, kept) => element.steps.indexOf(element.kept[kept]), index)
  await machine(page).locator('input').evaluate((input, value) => { input.value = value; input.dispatchEvent(new Event('input')) }, place)
}

async function threeMoments(page) {
  for (let index = 0; index < 3; index++) await trainPast(page, (await numberIn(figure(page, 'step'))) + 20)
}

test('an earlier moment can be looked at, gone back to exactly, and the way back taken back', async ({ page }) => {
  await openTrain(page)
  await threeMoments(page)
  const steps = await moments(page)
  expect(steps.length).toBeGreaterThanOrEqual(4)
  expect(steps[0]).toBe(0)
  const now = { step: await numberIn(figure(page, 'step')), points: await points(page) }
  await slide(page, 1)
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(steps[1])
  const then = await points(page)
  expect(then).not.toBe(now.points)
  await machine(page).locator('[data-command=present]').click()
  await expect.poll(() => points(page)).toBe(now.points)
  await slide(page, 1)
  await machine(page).locator('[data-command=back]').click()
  await expect(notice(page, 'restarted')).toContainText(`to step ${steps[1]}`)
  // The session itself went back, not only the picture: it draws the same points again.
  await expect.poll(() => points(page)).toBe(then)
  expect(await moments(page)).toEqual(steps.slice(0, 2))
  await trainPast(page, steps[1])
  await notice(page, 'restarted').locator('[data-answer=undo]').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(now.step)
  await expect.poll(() => points(page)).toBe(now.points)
})

test('a fork repeats the training to the last bit where nothing is changed', async ({ page }) => {
  await openTrain(page)
  await threeMoments(page)
  const steps = await moments(page)
  const reached = { step: steps.at(-1), points: await points(page) }
  await slide(page, 1)
  await machine(page).locator('[data-command=fork]').click()
  await command(page, 'race').click()
  // It runs to where the first run stands.
  await expect.poll(() => numberIn(figure(page, 'step', '[data-rival]'))).toBe(reached.step)
  await expect.poll(() => points(page, '[data-rival]')).toBe(reached.points)
})

test('two settings race from one seed, and the address says so', async ({ page }) => {
  await openTrain(page)
  await command(page, 'setup').click()
  const setup = page.locator('#room-train race-setup')
  await setup.locator('select').first().selectOption('learning_rate_g')
  await expect(command(page, 'race')).toBeDisabled()
  await setup.locator('#control').fill('0.0001')
  await setup.locator('#control').press('Enter')
  await command(page, 'race').click()
  const rival = page.locator('#room-train [data-rival]')
  await expect(rival).toContainText('Learning rate, generator → 0.0001')
  await expect.poll(() => page.url()).toContain('b.learning_rate_g=0.0001')
  // From one seed: the same points before the first step.
  await expect.poll(() => points(page, '[data-rival]')).toBe(await points(page))
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step', '[data-rival]')), { timeout: 60_000 }).toBeGreaterThan(60)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
  const [one, two] = await settled(async () => [await numberIn(figure(page, 'step')), await numberIn(figure(page, 'step', '[data-rival]'))])
  expect(Math.abs(one - two)).toBeLessThanOrEqual(400)
  expect(await points(page)).not.toBe(await points(page, '[data-rival]'))
  await expect(page.locator('#room-train race-chart [role=img]')).toHaveAttribute('aria-label', /first run .*second run/)
  const address = page.url()
  await command(page, 'hand-over').click()
  await expect(rival).toHaveCount(0)
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(two)
  await expect(page.locator('config-field[data-key=learning_rate_g] #control')).toHaveValue('0.0001')
  await page.goto(address.replace('seed=5', 'seed=6'))
  await expect(rival).toContainText('0.0001', { timeout: 60_000 })
  await command(page, 'end-race').click()
  await expect(rival).toHaveCount(0)
  await expect.poll(() => page.url()).not.toContain('b.learning_rate_g')
})

test('a preset collapses beside its remedy', async ({ page }) => {
  await openTrain(page)
  await command(page, 'collapse').click()
  await expect(page.locator('#room-train [data-rival]')).toContainText('Momentum')
  await expect.poll(() => numberIn(figure(page, 'step', '[data-rival]')), { timeout: 60_000 }).toBeGreaterThan(20)
  await command(page, 'pause').click()
  await expect.poll(() => page.url()).toContain('b.beta_1=0.5')
})

test('losses are saved as a table and samples as a picture', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 20)
  const [table] = await Promise.all([page.waitForEvent('download'), command(page, 'losses').click()])
  expect(table.suggestedFilename()).toMatch(/^ring-losses-\d+\.csv$/)
  const lines = readFileSync(await table.path(), 'utf8').trim().split('\n')
  expect(lines[0]).toBe('step,loss_d,loss_g')
  expect(lines[1]).toMatch(/^1,\d+\.\d+,\d+\.\d+$/)
  expect(lines.length - 1).toBe(await numberIn(figure(page, 'step')))
  const [picture] = await Promise.all([page.waitForEvent('download'), command(page, 'samples').click()])
  expect(picture.suggestedFilename()).toMatch(/^ring-samples-\d+\.png$/)
  const bytes = readFileSync(await picture.path())
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(bytes.readUInt32BE(16)).toBe(1024)
})

test('a full storage is said once, training goes on, and a file keeps it', async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }
  })
  await openTrain(page)
  await trainPast(page, 10)
  await expect(notice(page, 'full')).toContainText('storage is full')
  await notice(page, 'full').locator('[data-answer=dismiss]').click()
  await trainPast(page, (await numberIn(figure(page, 'step'))) + 10)
  await expect(notice(page, 'full')).toHaveCount(0)
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'save').click()])
  expect(readFileSync(await file.path()).length).toBeGreaterThan(1000)
})
