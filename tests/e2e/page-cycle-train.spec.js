import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { openHost, test } from './host.mjs'
import { png } from './png.mjs'

/** Networks this small take some tens of milliseconds a step. */
const small = { family: 'cyclegan', filters: 2, blocks: 1, discriminator_filters: 2, batch_size: 2, seed: 3, device: 'cpu' }
const address = 'v=1&family=cyclegan&dataset=horses&seed=3&filters=2&blocks=1&discriminator_filters=2&batch_size=2'
const figure = (page, key) => page.locator(`#room-train [data-figure=${key}] dd`)
const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const numberIn = async locator => Number((await locator.textContent()).match(/\d[\d,]*(\.\d+)?/)?.[0].replaceAll(',', ''))

const folder = (name, colour) => Array.from({ length: 4 }, (_, index) => ({ name: `${name}-${index}.png`, mimeType: 'image/png', buffer: png(colour, 6 + 7 * index) }))
const folders = { a: folder('dusk', [40, 50, 120]), b: folder('dawn', [220, 150, 60]) }

async function play(page, past) {
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step')), { timeout: 120_000 }).toBeGreaterThan(past)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

test('a CycleGAN trains on the CPU engine, and goes on from a file to the last bit', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async small => {
    const atelier = await open()
    const session = await atelier.train({ ...small, dataset: 'horses' })
    const report = await session.step(3)
    const sample = await session.sample({ count: 2, seed: 1 })
    const looked = await session.inspect({ what: 'scores', count: 2, seed: 1 })
    const again = await atelier.open(await session.save(), { device: 'cpu' })
    const [one, other] = [await session.step(2), await again.step(2)]
    const bits = ({ loss_d, loss_g }) => [...new Uint32Array(loss_d.buffer), ...new Uint32Array(loss_g.buffer)]
    const out = {
      family: session.config.family, steps: report.step, losses: [...report.loss_d, ...report.loss_g], cycle: report.metrics.cycle,
      shape: sample.shape, rows: sample.rows, length: sample.data.length, scores: looked.scores.length, bits: [bits(one), bits(other)]
    }
    await atelier.close()
    return out
  }, small)
  expect(seen).toMatchObject({ family: 'cyclegan', steps: 3, shape: [12, 32, 32, 4], length: 12 * 32 * 32 * 4, scores: 12 })
  expect(seen.rows).toEqual(['a', 'fake_b', 'rec_a', 'b', 'fake_a', 'rec_b'])
  expect(seen.losses.length === 6 && seen.losses.every(Number.isFinite)).toBe(true)
  expect(seen.cycle).toBeGreaterThan(0)
  expect(seen.bits[1]).toEqual(seen.bits[0])
})

test('own pictures are learned from, and the generators are files that a translator runs', async ({ page }) => {
  await openHost(page)
  const bytes = { a: folders.a.map(({ buffer }) => [...buffer]), b: folders.b.map(({ buffer }) => [...buffer]) }
  const seen = await page.evaluate(async ({ small, bytes }) => {
    const blobs = list => list.map(each => new Blob([new Uint8Array(each)]))
    const atelier = await open()
    const data = { a: blobs(bytes.a), b: blobs(bytes.b) }
    const session = await atelier.train({ ...small, dataset: 'own', side: 48, data })
    const real = await session.inspect({ what: 'real', count: 2, seed: 1 })
    await session.step(2)
    const [ab, ba] = [await session.export('b'), await session.export('a')]
    const translator = await atelier.translator({ ab, ba }, { device: 'cpu' })
    const picture = new ImageData(40, 40)
    picture.data.fill(200)
    const there = await translator.translate(picture, { direction: 'b', side: 64 })
    const refused = async data => failure(atelier.train({ ...small, dataset: 'own', data }))
    const out = {
      shape: real.shape, first: [...real.data.subarray(0, 3)], made: there.image.data.length > 0,
      broken: await refused({ a: [data.a[0], new File(['no picture'], 'letter.png')], b: data.b }), few: await refused({ a: data.a.slice(0, 1), b: data.b })
    }
    await atelier.close()
    return out
  }, { small, bytes })
  expect(seen.shape).toEqual([4, 48, 48, 4])
  // The corner of a picture of folder a: resampling leaves a flat colour alone.
  for (const [index, value] of [40, 50, 120].entries()) expect(Math.abs(seen.first[index] - value)).toBeLessThan(3)
  expect(seen.made).toBe(true)
  expect(seen.broken).toMatchObject({ code: 'InvalidData', details: { reason: 'picture', folder: 'A', number: 2, name: 'letter.png' } })
  expect(seen.few).toMatchObject({ code: 'InvalidData', details: { reason: 'count', folder: 'A', count: 1 } })
})

test('horses train in the room: pictures there and back, scores, losses, both generators as files', async ({ page }) => {
  await page.goto(`en/#train?${address}`)
  await expect(command(page, 'play')).toBeEnabled({ timeout: 60_000 })
  const made = page.locator('#room-train cycle-rows [data-row=fake_b] scored-picture').first()
  const pixels = () => made.evaluate(({ pixels, width, height, index }) => [...pixels.subarray(index * width * height * 4, (index + 1) * width * height * 4)].join())
  const before = await pixels()
  await play(page, 4)
  expect(await pixels()).not.toBe(before)
  await expect(page.locator('#room-train cycle-rows scored-picture')).toHaveCount(16)
  await expect(page.locator('#room-train cycle-rows [data-row=rec_a] pixel-picture')).toHaveCount(4)
  await expect(figure(page, 'cycle')).toHaveText(/0\.\d+/)
  expect(page.url()).toContain('family=cyclegan')
  await expect(page.locator('#room-train')).toContainText('a pair of ours in the painting room')
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, 'export-b').click()])
  expect(file.suggestedFilename()).toMatch(/^horses-ab-\d+\.safetensors$/)
  expect(readFileSync(await file.path()).toString('latin1')).toContain('model.1.weight')
  await page.goto('en/#train?v=1&dataset=ring&seed=5')
  await expect(page.locator('#room-train plane-view')).toBeVisible({ timeout: 60_000 })
})

test('own folders are asked for, refused by name, and learned from', async ({ page }) => {
  await page.goto(`en/#train?${address.replace('horses', 'own')}`)
  const choose = name => page.locator(`#room-train [data-folder=${name}] input[multiple]`)
  await choose('a').setInputFiles(folders.a)
  await expect(command(page, 'learn')).toBeDisabled()
  await choose('b').setInputFiles([folders.b[0], { name: 'torn.png', mimeType: 'image/png', buffer: folders.b[1].buffer.subarray(0, 60) }])
  await command(page, 'learn').click()
  await expect(notice(page, 'error')).toContainText('torn.png')
  await choose('a').setInputFiles(folders.a)
  await choose('b').setInputFiles(folders.b)
  await command(page, 'learn').click()
  await expect.poll(() => numberIn(figure(page, 'step')), { timeout: 120_000 }).toBeGreaterThan(2)
  await expect(page.locator('#room-train cycle-rows scored-picture')).toHaveCount(16)
})
