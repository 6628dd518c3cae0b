/** The way from noise to what is made now: its slider, its film; and a kept run laid over the present one. */
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './host.mjs'

const room = (page, selector) => page.locator(`#room-train ${selector}`)
const command = (page, name) => room(page, `[data-command=${name}]`)
const machine = page => room(page, 'time-machine')
const steps = page => machine(page).evaluate(element => element.steps)
const slider = page => machine(page).locator('input')
const slide = (page, index) => slider(page).evaluate((input, value) => { input.value = value; input.dispatchEvent(new Event('input')) }, index)
const plane = page => room(page, '.easel plane-view').first()
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const small = 'v=1&dataset=ring&seed=5&hidden_dim=16&hidden_layers=2&batch_size=16'

async function openTrain(page, query = small) {
  await page.goto(`en/#train?${query}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
}

/** At rest: what is made has been recorded where the training stands. */
async function trainPast(page, step) {
  await command(page, 'play').click()
  await expect.poll(() => machine(page).evaluate(element => element.step), { timeout: 90_000 }).toBeGreaterThan(step)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
  await expect.poll(() => machine(page).evaluate(element => element.steps.at(-1) === element.step)).toBe(true)
}

async function change(page, key, value) {
  const control = page.locator(`config-field[data-key=${key}] #control`)
  await control.fill(value)
  await control.press('Enter')
}

/** How many frames a film has, the colour of its edge, and whether its first differs from its last. */
async function filmed(page) {
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'way-film').click()])
  const bytes = readFileSync(await file.path()).toString('base64')
  const found = await page.evaluate(async text => {
    const decoder = new ImageDecoder({ data: Uint8Array.from(atob(text), letter => letter.charCodeAt(0)), type: 'image/gif' })
    await decoder.tracks.ready
    await decoder.completed
    const { frameCount } = decoder.tracks.selectedTrack
    const pixels = async frameIndex => {
      const { image } = await decoder.decode({ frameIndex })
      const context = new OffscreenCanvas(image.displayWidth, image.displayHeight).getContext('2d')
      context.drawImage(image, 0, 0)
      const { displayWidth, displayHeight } = image
      image.close()
      // Without the caption, which moves anyway.
      return context.getImageData(0, 0, displayWidth, Math.round(displayHeight * 0.85)).data
    }
    const [first, last] = [await pixels(0), await pixels(frameCount - 1)]
    return { frameCount, edge: [...last.subarray(0, 3)], moved: first.some((value, index) => value !== last[index]) }
  }, bytes)
  return { name: file.suggestedFilename(), ...found }
}

test('every recorded step is looked at by slider, keyboard and play, as points with their trails', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openTrain(page)
  await trainPast(page, 40)
  const known = await steps(page)
  expect(known.length).toBeGreaterThan(5)
  expect(known[0]).toBe(0)
  const now = await plane(page).evaluate(element => element.fake.join())
  await slider(page).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(slider(page)).toHaveAttribute('aria-valuetext', `step ${known.at(-1)} of ${known.at(-1)}`)
  // The end of the way is the present, and each point drags behind it where it was.
  const end = await plane(page).evaluate(element => ({ fake: element.fake.join(), trail: element.trail.map(points => points.join()) }))
  expect(end.fake).toBe(now)
  expect(end.trail.at(-1)).toBe(now)
  expect(end.trail).toHaveLength(Math.min(known.length, 48))
  await page.keyboard.press('Home')
  await expect(room(page, '[data-figure=step] dd').first()).toHaveText('0')
  const noise = await plane(page).evaluate(element => ({ fake: element.fake.join(), trail: element.trail.length, count: element.fake.length }))
  expect(noise).toMatchObject({ trail: 1, count: 440 })
  expect(noise.fake).toBe(end.trail[0])
  await room(page, '[data-overlay=trail]').uncheck()
  await expect.poll(() => plane(page).evaluate(element => element.trail === undefined)).toBe(true)
  await room(page, '[data-overlay=trail]').check()
  // Between two kept sessions one goes on from the earlier of them.
  const kept = await machine(page).evaluate(element => element.kept)
  const between = known.findIndex(step => step > kept[0] && !kept.includes(step))
  await slide(page, between)
  await expect(command(page, 'back')).toHaveText(`Go back to step ${kept.findLast(step => step < known[between])}`)
  // With less motion it goes through in a few pictures, and says where it ended.
  await slide(page, known.length - 2)
  await command(page, 'run-through').click()
  await expect(command(page, 'run-through')).toHaveText('Stop')
  await expect(machine(page).locator('.hidden-text[role=status]')).toHaveText(`Ran through to step ${known.at(-1)}.`)
  await expect(command(page, 'run-through')).toHaveText('Run through')

  const light = await filmed(page)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const dark = await filmed(page)
  expect(light.name).toBe(`ring-way-${known.at(-1)}.gif`)
  expect([light.frameCount, light.moved, dark.frameCount, dark.moved]).toEqual([Math.min(64, known.length), true, Math.min(64, known.length), true])
  expect(Math.min(...light.edge)).toBeGreaterThan(200)
  expect(Math.max(...dark.edge)).toBeLessThan(60)

  // It is kept with the training, goes with it through a reload, is unknown to a file, and empty after a reset.
  const [saved] = await Promise.all([page.waitForEvent('download'), command(page, 'save').click()])
  await page.reload()
  await notice(page, 'resume').locator('[data-answer=resume]').click()
  await expect.poll(() => steps(page)).toEqual(known)
  await slide(page, 0)
  await expect.poll(() => plane(page).evaluate(element => element.fake.join())).toBe(noise.fake)
  await expect(machine(page)).toContainText('not the networks')
  await room(page, '.files input').setInputFiles(await saved.path())
  await expect.poll(() => steps(page)).toEqual([known.at(-1)])
  await expect(machine(page)).toContainText(`known from step ${known.at(-1)} on`)
  await trainPast(page, known.at(-1) + 20)
  await command(page, 'reset').click()
  await expect.poll(() => steps(page)).toEqual([0])
})

test('a kept run lies over the present one: one plane, one chart, and what differs is named', async ({ page }) => {
  await openTrain(page)
  await trainPast(page, 60)
  const [saved] = await Promise.all([page.waitForEvent('download'), command(page, 'save').click()])
  await command(page, 'keep-run').click()
  const section = room(page, '[data-compare]')
  await expect(section).toContainText('Both have the same settings.')
  const first = { step: (await steps(page)).at(-1), points: await plane(page).evaluate(element => element.fake.join()) }
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).toBe(first.points)
  await change(page, 'hidden_dim', '8')
  await expect.poll(() => steps(page)).toEqual([0])
  await expect(section).toContainText('Hidden width: 16')
  await expect(section).toContainText('Hidden width: 8')
  // Run A is shown where run B stands, and at its own end once B has come further.
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).not.toBe(first.points)
  await trainPast(page, first.step)
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).toBe(first.points)
  expect(await plane(page).evaluate(element => element.fake.join())).not.toBe(first.points)
  await expect(plane(page).locator('canvas')).toHaveAttribute('aria-label', new RegExp(`220 points of another run as triangles: Run A \\(kept\\), step ${first.step}`))
  const chart = room(page, 'race-chart')
  await chart.locator('select').selectOption('loss_g')
  await expect(chart.locator('[role=img]')).toHaveAttribute('aria-label', /loss of the generator: Run B \(present\) \d.*, Run A \(kept\) \d/)
  await slide(page, 0)
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).not.toBe(first.points)
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const { violations } = await new AxeBuilder({ page }).include('#room-train').withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0].target}`)).toEqual([])
  await room(page, '[data-overlay=other]').uncheck()
  await expect.poll(() => plane(page).evaluate(element => element.other)).toBe(undefined)
  await room(page, 'dataset-picker input[value=blobs]').check({ force: true })
  await expect(section).toContainText('only their curves are compared')
  await command(page, 'let-go').click()
  await expect(room(page, 'race-chart')).toHaveCount(0)
  // A saved session of another run, beside: what it makes at its step, without curves.
  await openTrain(page, small.replace('seed=5', 'seed=6'))
  await command(page, 'open-run').setInputFiles(await saved.path())
  await expect(section).toContainText(`The file holds what run A makes at step ${first.step}`)
  await room(page, '[data-overlay=other]').check()
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).toBe(first.points)
  // Two that race are laid over each other on request.
  await command(page, 'let-go').click()
  await page.goto(`en/#train?${small}&b.learning_rate_g=0.001`)
  await expect(room(page, '[data-rival] plane-view')).toBeVisible({ timeout: 60_000 })
  await expect(command(page, 'discriminator')).toBeEnabled()
  await room(page, '[data-overlay=rival]').check()
  await expect.poll(() => plane(page).evaluate(element => element.other?.join())).toBe(await room(page, '[data-rival] plane-view').evaluate(element => element.fake.join()))
})

test('pictures and curves are followed too: a few latents over time, and two grids of the same latents', async ({ page }) => {
  const grids = run => room(page, `.laid [data-run=${run}] made-grid`)
  const tiles = run => grids(run).evaluate(({ tiles }) => JSON.stringify(tiles.map(({ batch, index }) => [index, batch.data.length, batch.data.reduce((sum, value) => sum + value, 0)])))
  for (const [query, count, columns] of /** @type {const} */ ([['v=1&dataset=digits&seed=5&hidden_dim=16&batch_size=8', 16, 4], ['v=1&family=rgan&dataset=waves&seed=5&hidden_dim=8&batch_size=8', 6, 6]])) {
    await openTrain(page, query)
    await trainPast(page, 4)
    const known = await steps(page)
    await slide(page, known.length - 1)
    const strip = room(page, 'way-strip')
    await expect(strip.locator('canvas')).toHaveAttribute('aria-label', new RegExp(`The same 4, one a row, at steps 0, .*${known.at(-1)}\\.`))
    expect(await strip.evaluate(element => element.columns.every(({ tiles }) => tiles.length === 4))).toBe(true)
    const film = await filmed(page)
    expect([film.frameCount, film.moved]).toEqual([known.length, true])
    await command(page, 'keep-run').click()
    await expect(grids('kept')).toHaveCount(1)
    expect(await tiles('kept')).toBe(await tiles('present'))
    expect(await grids('present').evaluate(element => [element.tiles.length, element.columns])).toEqual([count, columns])
    await change(page, 'seed', '9')
    await expect.poll(() => steps(page)).toEqual([0])
    await trainPast(page, 1)
    await expect.poll(async () => await tiles('kept') === await tiles('present')).toBe(false)
    await command(page, 'let-go').click()
    await expect(room(page, '.laid')).toHaveCount(0)
  }
})
