import { expect } from '@playwright/test'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from './host.mjs'

/** A small discriminator of tests/golden, served as if it came with the shipped pair. */
const judge = readFileSync(path.resolve(import.meta.dirname, '../golden/discriminator.safetensors'))

const room = page => page.locator('#room-cycle')
const command = (page, name) => room(page).locator(`[data-command=${name}]`)
const figure = (page, key) => room(page).locator(`[data-figure=${key}] dd`)
const valueOf = async locator => Number((await locator.textContent()).match(/\d+(\.\d+)?/)[0])
const panel = (page, name, experiment = 'cycle') => room(page).locator(`[data-experiment=${experiment}] picture-panel[data-picture=${name}]`)
const diagram = page => room(page).locator('cycle-diagram')
const part = (page, name) => diagram(page).locator(`[data-part="${name}"]`)

async function openLab(page, language = 'en') {
  await page.goto(`${language}/#cycle`)
  await expect(diagram(page)).toBeVisible()
  // The least side: what is tested is the way of a picture.
  await room(page).locator('#cycle-side').fill('128')
}

async function travel(page) {
  await command(page, 'scene').click()
  await expect(figure(page, 'cycle_l1')).toBeVisible({ timeout: 120_000 })
  await expect(room(page).locator('work-progress')).toHaveCount(0)
}

test('a picture goes there and back: four pictures, the loss that they show, and a fixed scale', async ({ page }) => {
  await openLab(page)
  await expect(room(page).locator('[data-experiment=message]')).toContainText('needs a round trip')
  await travel(page)
  const shown = await valueOf(figure(page, 'cycle_l1'))
  expect(shown).toBeGreaterThan(0.005)
  const sizes = await Promise.all(['real_a', 'fake_b', 'rec_a'].map(name => panel(page, name).evaluate(({ picture }) => `${picture.width} ${picture.height}`)))
  expect(sizes).toEqual(['128 96', '128 96', '128 96'])
  const measured = await page.evaluate(() => {
    const pictures = ['real_a', 'rec_a'].map(name => document.querySelector('#room-cycle [data-mount]').shadowRoot.querySelector(`[data-experiment=cycle] [data-picture=${name}]`).picture.data)
    let sum = 0
    for (let at = 0; at < pictures[0].length; at++) sum += Math.abs(pictures[0][at] - pictures[1][at])
    return sum / (pictures[0].length * 0.75) / 127.5
  })
  expect(Math.abs(measured - shown)).toBeLessThan(0.001)
  const error = await panel(page, 'error').evaluate(({ map, shadowRoot }) => ({ mean: map.data.reduce((sum, value) => sum + value, 0) / map.data.length, drawn: shadowRoot.querySelector('canvas').width }))
  expect(error.drawn).toBe(128)
  expect(Math.abs(error.mean / 127.5 - shown)).toBeLessThan(0.001)
  await expect(room(page).locator('[data-experiment=cycle] colour-scale')).toContainText('255')
})

test('a picture of one’s own makes the trip; a file that is none is refused, and the trip stays', async ({ page }) => {
  await openLab(page)
  const input = room(page).locator('input[type=file]')
  await input.setInputFiles(path.resolve(import.meta.dirname, '../../docs/train.png'))
  await expect(figure(page, 'cycle_l1')).toBeVisible({ timeout: 120_000 })
  const loss = await figure(page, 'cycle_l1').textContent()
  await input.setInputFiles({ name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture, but long enough to have a first line and a second one') })
  await expect(page.locator('page-note[data-notice=error]')).toContainText('not a picture')
  await expect(figure(page, 'cycle_l1')).toHaveText(loss)
  await expect(room(page).locator('work-progress')).toHaveCount(0)
  await command(page, 'travel').click()
  await expect(room(page).locator('work-progress')).toHaveCount(1)
  await expect(room(page).locator('work-progress')).toHaveCount(0, { timeout: 60_000 })
  await expect(figure(page, 'cycle_l1')).toHaveText(loss)
  await expect(page.locator('page-note[data-notice=error]')).toHaveCount(0)
})

test('a trip from the other side keeps the first, and the drawing holds both', async ({ page }) => {
  await openLab(page)
  await travel(page)
  await expect(part(page, 'a:real_a').locator('image')).toHaveCount(1)
  await expect(part(page, 'b:real_b').locator('image')).toHaveCount(0)
  await room(page).locator('input[name=start][value=b]').check()
  await expect(figure(page, 'cycle_l1')).toHaveCount(0)
  await travel(page)
  await expect(panel(page, 'real_b')).toHaveCount(1)
  await expect(panel(page, 'rec_b').locator('code')).toHaveText('rec_b = generator_ab(fake_a)')
  for (const name of ['a:real_a', 'a:fake_b', 'a:rec_a', 'b:real_b', 'b:fake_a', 'b:rec_b']) await expect(part(page, name).locator('image')).toHaveCount(1)
  await room(page).locator('input[name=start][value=a]').check()
  await expect(panel(page, 'rec_a')).toHaveCount(1)
  await expect(figure(page, 'cycle_l1')).toBeVisible()
})

test('the other half of the drawing is filled without leaving this one', async ({ page }) => {
  await openLab(page)
  await expect(command(page, 'other-half')).toHaveCount(0)
  await travel(page)
  await command(page, 'other-half').click()
  for (const name of ['a:real_a', 'b:real_b', 'b:fake_a', 'b:rec_b']) await expect(part(page, name).locator('image')).toHaveCount(1, { timeout: 60_000 })
  await expect(panel(page, 'real_a')).toHaveCount(1)
  await expect(command(page, 'other-half')).toHaveCount(0)
})

test('the identity pass: through the generator that leads where the picture already is', async ({ page }) => {
  await openLab(page)
  await travel(page)
  await command(page, 'identity').click()
  await expect(figure(page, 'identity_l1')).toBeVisible({ timeout: 60_000 })
  const [kept, changed] = [await valueOf(figure(page, 'identity_l1')), await valueOf(figure(page, 'identity_change'))]
  expect(kept).toBeGreaterThan(0)
  // The other generator would give the change again; which of the two is smaller is the weights' affair.
  expect(kept).not.toBe(changed)
  await expect(panel(page, 'idt_a', 'identity').locator('code')).toHaveText('idt_a = generator_ba(real_a)')
  await expect(part(page, 'a:idt_a').locator('image')).toHaveCount(1)
})

test('the hidden message: damaged B goes back, and a curve is drawn on request', async ({ page }) => {
  await openLab(page)
  await travel(page)
  const message = room(page).locator('[data-experiment=message]')
  await room(page).locator('input[name=damage][value=noise]').check()
  await room(page).locator('#cycle-amount').fill('5')
  await expect(room(page).locator('#cycle-amount')).toHaveAttribute('aria-valuetext', 'σ = 28 of 255')
  await expect(message.locator('[data-verdict]')).toHaveCount(0)
  await command(page, 'back').click()
  await expect(message.locator('[data-verdict]')).toBeVisible({ timeout: 60_000 })
  const change = await valueOf(figure(page, 'damage_change'))
  expect(change).toBeGreaterThan(0.05)
  const [exact, damaged, answer] = await Promise.all(['cycle_exact', 'cycle_damaged', 'answer'].map(key => valueOf(figure(page, key))))
  expect(damaged).not.toBe(exact)
  expect(answer).toBeGreaterThan(0)
  expect(Math.abs(answer / change - await valueOf(figure(page, 'amplified')))).toBeLessThan(0.05)
  await expect(message.locator('damage-curve')).toHaveCount(0)
  await command(page, 'curve').click()
  await expect(message.locator('damage-curve circle')).toHaveCount(8, { timeout: 120_000 })
  await expect(message.locator('damage-curve svg')).toHaveAttribute('aria-label', new RegExp(`exact: cycle L1 ${exact.toFixed(3)}, damage 0.000`))
  // The curve's trips were kept: every strength is there at once.
  await room(page).locator('#cycle-amount').fill('0')
  await expect(panel(page, 'from_damaged', 'message').locator('canvas')).toHaveCount(1)
  await expect.poll(() => valueOf(figure(page, 'damage_change'))).toBeLessThan(change)
  // Hardly damaged, B must lead to hardly another A.
  expect(await valueOf(figure(page, 'answer'))).toBeLessThan(0.05)
  for (const kind of ['jpeg', 'blur']) {
    await room(page).locator(`input[name=damage][value=${kind}]`).check()
    await expect.poll(() => valueOf(figure(page, 'damage_change')), { message: kind }).toBeGreaterThan(0)
  }
})

/** The shipped pairs' cards with, or without, discriminators. */
async function serveJudges(page, served) {
  const file = { url: 'judge.safetensors', bytes: judge.length, sha256: createHash('sha256').update(judge).digest('hex') }
  await page.route('**/models/models.json', async route => {
    const cards = await (await route.fetch()).json()
    await route.fulfill({ json: cards.map(({ discriminators, ...card }) => ({ ...card, ...(served && { discriminators: { a: file, b: file } }) })) })
  })
  await page.route('**/models/judge.safetensors*', route => route.fulfill({ body: judge, contentType: 'application/octet-stream' }))
}

test('the realism map: fetched on demand, a score for every patch, read by pointer and keys', async ({ page }) => {
  const fetched = []
  page.on('request', request => { if (request.url().includes('judge.safetensors')) fetched.push(request.url()) })
  await serveJudges(page, true)
  await openLab(page)
  await travel(page)
  expect(fetched).toEqual([])
  await expect(command(page, 'realism')).toContainText('discriminator_b')
  await expect(command(page, 'realism')).toContainText('MB')
  await command(page, 'realism').click()
  const maps = room(page).locator('realism-map')
  await expect(maps).toHaveCount(3, { timeout: 60_000 })
  expect(fetched).toHaveLength(1)
  const shapes = await maps.evaluateAll(all => all.map(({ map }) => [map.width, map.height, map.data.length, map.data.every(Number.isFinite)]))
  // 128 x 96 pixels: a verdict every 8, less one at each border.
  expect(shapes).toEqual(Array(3).fill([14, 10, 140, true]))
  const canvas = maps.nth(1).locator('canvas')
  await expect(maps.nth(1).locator('output')).toContainText('over 140 patches')
  await canvas.focus()
  await page.keyboard.press('ArrowRight')
  const score = await maps.nth(1).evaluate(({ map }) => map.data[5 * 14 + 8].toFixed(2))
  await expect(maps.nth(1).locator('output')).toHaveText(`Patch of 70 × 70 pixels around (76, 52): ${score}`)
  await canvas.hover({ position: { x: 3, y: 3 } })
  await expect(maps.nth(1).locator('output')).toContainText('around (12, 12)')
  await room(page).locator('input[name=judge][value=a]').check()
  await expect(maps).toHaveCount(0)
  await expect(command(page, 'realism')).toContainText('discriminator_a')
})

test('a pair without discriminators has no realism map', async ({ page }) => {
  await serveJudges(page, false)
  await openLab(page)
  await expect(room(page).locator('[data-experiment]')).toHaveCount(4)
  await expect(room(page).locator('[data-experiment=realism]')).toHaveCount(0)
})

test('the drawing goes stage by stage, lights the pictures, and folds into one', async ({ page }) => {
  await openLab(page)
  const said = diagram(page).locator('[role=status]')
  await expect(said).toContainText('fake_b = generator_ab(real_a)')
  await command(page, 'next').click()
  await expect(said).toContainText('fake_a = generator_ba(real_b)')
  await page.keyboard.press('ArrowRight')
  await expect(said).toContainText('rec_a = generator_ba(fake_b)')
  await expect(panel(page, 'rec_a')).toHaveAttribute('lit', '')
  await expect(panel(page, 'real_a')).not.toHaveAttribute('lit', '')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(said).toContainText('Stage 9 of 9')
  await expect(part(page, 'a:discriminator_b')).toHaveClass(/learns/)
  await expect(part(page, 'a:generator_ab')).toHaveClass(/frozen/)
  await expect(diagram(page).locator('[data-part]')).toHaveCount(16)
  await diagram(page).locator('input[name=fold][value=true]').check({ force: true })
  await expect(diagram(page).locator('[data-part]')).toHaveCount(12)
  await expect(diagram(page).locator('svg[role=img]')).toHaveAttribute('aria-label', /folded into one.*learns to tell them apart/)
  await diagram(page).locator('input[name=fold][value=false]').check({ force: true })
  await expect(diagram(page).locator('[data-part]')).toHaveCount(16)
})

test('played, the drawing moves on by itself; a step by hand stops it', async ({ page }) => {
  await openLab(page)
  const said = diagram(page).locator('[role=status]')
  await command(page, 'play').click()
  await expect(said).toContainText('Stage 3 of 9', { timeout: 20_000 })
  await expect(command(page, 'play')).toHaveText(/Pause/)
  await command(page, 'previous').click()
  await expect(command(page, 'play')).toHaveText(/Play/)
  const stage = await said.textContent()
  await page.waitForTimeout(4600)
  expect(await said.textContent()).toBe(stage)
})

test('with reduced motion the drawing folds at once and nothing flows', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL })
  const page = await context.newPage()
  await openLab(page)
  await diagram(page).locator('input[name=fold][value=true]').check({ force: true })
  expect(await diagram(page).evaluate(({ fold }) => fold)).toBe(1)
  expect(await diagram(page).locator('.flow .line').first().evaluate(line => getComputedStyle(line).animationName)).toBe('none')
  await context.close()
})

for (const language of ['en', 'zh-Hant']) {
  test(`all of it fits a narrow telephone (${language})`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await openLab(page, language)
    await travel(page)
    await command(page, 'curve').click()
    await expect(room(page).locator('damage-curve svg')).toBeVisible({ timeout: 120_000 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
}

test('the language changes in place, and the trip stays', async ({ page }) => {
  await openLab(page)
  await travel(page)
  const loss = await figure(page, 'cycle_l1').textContent()
  await page.locator('#other-language').click()
  await expect(page.locator('#cycle-heading')).toHaveText('循環實驗室')
  await expect(panel(page, 'rec_a').locator('strong')).toHaveText('還原')
  await expect(figure(page, 'cycle_l1')).toHaveText(loss)
})
