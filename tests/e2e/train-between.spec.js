// The training room, the laboratory and the module, where one thing is asked for while another is under way.
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './host.mjs'

const room = (page, part) => page.locator(`#room-train ${part}`)
const command = (page, name) => room(page, `[data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const small = 'v=1&dataset=ring&seed=5&hidden_dim=16&hidden_layers=2&batch_size=16'
const address = page => page.evaluate(() => location.hash)

async function openTrain(page, query = small) {
  await page.goto(`en/#train?${query}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
}

test('a choice shows what is in force', async ({ page }) => {
  await openTrain(page)
  const field = room(page, 'config-field[data-key=augment]')
  for (const value of ['mirror', 'none', 'mirror']) {
    await field.locator('select').selectOption(value)
    await expect(command(page, 'play')).toBeEnabled()
    await expect.poll(() => address(page)).toContain(value === 'none' ? 'dataset=ring&seed=5&batch' : 'augment=mirror')
  }
  await field.locator('button.plain').click()
  await expect.poll(() => address(page)).not.toContain('augment')
  await expect(field.locator('select')).toHaveValue('none')
})

test('quick changes are all made, and it goes on running', async ({ page }) => {
  await openTrain(page)
  await command(page, 'play').click()
  await room(page, 'config-field[data-key=seed] #control').focus()
  for (let time = 0; time < 3; time++) await page.keyboard.press('ArrowUp')
  await expect.poll(() => address(page)).toContain('seed=8')
  await expect(command(page, 'pause')).toBeVisible()
  await room(page, 'dataset-picker').first().evaluate(picker => {
    for (const id of ['moons', 'spiral']) picker.dispatchEvent(new CustomEvent('pick', { detail: { id } }))
  })
  await expect.poll(() => address(page)).toContain('dataset=spiral')
  await expect(command(page, 'pause')).toBeVisible()
})

test('default values can be taken back', async ({ page }) => {
  await openTrain(page)
  await command(page, 'play').click()
  await expect.poll(async () => Number((await room(page, '[data-figure=step] dd').first().textContent())?.replace(/\D/g, ''))).toBeGreaterThan(50)
  await command(page, 'pause').click()
  await command(page, 'defaults').click()
  await notice(page, 'restarted').locator('[data-answer=undo]').click()
  await expect.poll(() => address(page)).toContain('hidden_dim=16')
})

test('the panel’s link has the second run, too', async ({ page }) => {
  await openTrain(page, `${small}&b.batch_size=64`)
  await expect(room(page, 'race-chart')).toBeVisible({ timeout: 60_000 })
  const link = () => room(page, 'share-panel').evaluate(panel => panel.url.split('#')[1])
  await expect.poll(link).toContain('b.batch_size=64')
})

test('a drawing is learned as its link carries it', async ({ page }) => {
  await openDrawing(page)
  const points = Array.from({ length: 80 }, (_, at) => Math.sin(at * 3) * 0.8)
  await room(page, 'drawing-pad').evaluate((pad, points) => pad.dispatchEvent(new CustomEvent('learn', { detail: { points: Float32Array.from(points) } })), points)
  await command(page, 'pause').click({ timeout: 60_000 })
  await command(page, 'reset').click()
  await expect(room(page, '[data-figure=step] dd').first()).toHaveText('0')
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
  const link = page.url()
  const losses = async () => {
    await command(page, 'discriminator').click()
    await expect(command(page, 'losses')).toBeEnabled()
    const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'losses').click()])
    return readFileSync(await file.path(), 'utf8').split('\n').slice(0, 2)
  }
  const drawn = await losses()
  await page.goto('about:blank')
  await page.goto(link)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
  expect(await losses()).toEqual(drawn)
})

async function openDrawing(page) {
  await page.goto('en/#train?v=1&dataset=drawn&hidden_dim=16&hidden_layers=2&batch_size=16')
  await expect(room(page, 'own-points')).toBeVisible({ timeout: 60_000 })
}

test('columns of a table go to the axes that were chosen', async ({ page }) => {
  await openDrawing(page)
  const lines = Array.from({ length: 60 }, (_, at) => `${((at * 7) % 13) + 0.5},${1000 + 7 * (at % 11)},${-5 + (at % 7) / 10}`)
  await room(page, 'own-points input[type=file]').setInputFiles({ name: 'three.csv', mimeType: 'text/csv', buffer: Buffer.from(['a,b,c', ...lines].join('\n')) })
  await room(page, 'own-points select[data-axis=x]').selectOption('2')
  await room(page, 'own-points select[data-axis=y]').selectOption('2')
  await expect(room(page, 'own-points [data-command=points]')).toBeDisabled()
  await room(page, 'own-points select[data-axis=y]').selectOption('0')
  await room(page, 'own-points [data-command=points]').click()
  const names = () => room(page, 'dataset-card').evaluate(card => card.about.scale.names)
  await expect(room(page, 'dataset-card')).toBeVisible({ timeout: 60_000 })
  await expect.poll(names).toEqual(['c', 'a'])
})

test('in the laboratory a picture of one’s own stays, and what is cancelled ends', async ({ page }) => {
  await page.goto('en/#cycle')
  const lab = page.locator('#room-cycle')
  await expect(lab.locator('[data-command=scene]').first()).toBeVisible({ timeout: 60_000 })
  const asked = []
  page.on('request', request => { if (/-(ab|ba)[-.].*safetensors|\.safetensors/.test(request.url())) asked.push(request.url()) })
  let arrive = () => {}
  const held = new Promise(resolve => { arrive = () => resolve(undefined) })
  await page.route(/gan_atelier.*\.wasm/, async route => { await held; await route.continue() })
  await lab.locator('[data-command=scene]').first().click()
  await lab.locator('work-progress [data-command=cancel], [data-command=cancel]').first().click()
  arrive()
  await page.waitForTimeout(2500)
  expect(asked).toEqual([])
})

test('the module learns from what it is given, or says why not', async ({ page }) => {
  await page.goto('en/')
  const found = await page.evaluate(async base => {
    const { openAtelier } = await import(`${base}gan-atelier.js`)
    const atelier = await openAtelier({ device: 'cpu' })
    const points = Float32Array.from({ length: 80 }, (_, at) => Math.sin(at))
    const code = promise => promise.then(() => 'done', error => error.code)
    const session = await atelier.train({ data: { points } })
    const refused = await code(atelier.train({ dataset: 'ring', data: { points } }))
    const faces = await Promise.all([undefined, { person: 1 }, [{}]].map(views => code(atelier.drawFaces(views))))
    const stop = new AbortController()
    const running = session.step(1_000_000, { signal: stop.signal }).catch(error => error.code)
    setTimeout(() => stop.abort(), 500)
    const aborted = [await running, session.steps > 0, (await session.step(1)).step - 1 === session.steps - 1]
    const opening = code(atelier.train({ family: 'dcgan', dataset: 'digits', width: 8 }))
    await atelier.close()
    return { dataset: session.config.dataset, refused, faces, aborted, late: await opening }
  }, new URL('../', page.url()).href)
  expect(found).toEqual({ dataset: 'drawn', refused: 'InvalidConfig', faces: ['InvalidConfig', 'InvalidConfig', 'InvalidConfig'], aborted: ['Aborted', true, true], late: 'Aborted' })
})
