/** What a visitor brings to learn from: shown first, refused with a clear word, learned, kept across a reload. */
import { expect } from '@playwright/test'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { openHost, test } from './host.mjs'
import { png } from './png.mjs'

const address = (family, more = '') => `v=1&family=${family}&dataset=own&seed=3${more}`
const tiny = '&hidden_dim=16&batch_size=16'
const figure = (page, key) => page.locator(`#room-train [data-figure=${key}] dd`)
const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const numberIn = async locator => Number((await locator.textContent()).match(/\d[\d,]*(\.\d+)?/)?.[0].replaceAll(',', ''))
const card = page => page.locator('#room-train dataset-card')
const choose = (page, way) => page.locator('#room-train own-pictures .way', { hasText: way }).click()

/** An IDX file: pictures of bars, three kinds of them. */
function idx(shape, numbers) {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, 8, shape.length])
  shape.forEach((size, index) => head.writeUInt32BE(size, 4 + 4 * index))
  return Buffer.concat([head, Buffer.from(numbers)])
}
const count = 30
const side = 20
const bars = idx([count, side, side], Array.from({ length: count * side * side }, (_, at) => (Math.abs(Math.floor(at / side) % side - 4 - 5 * (Math.floor(at / side / side) % 3)) < 2 ? 230 : 10)))
const kinds = idx([count], Array.from({ length: count }, (_, at) => 2 + (at % 3)))

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
const give = (page, part, given) => page.locator(`#room-train own-idx [data-input=${part}]`).setInputFiles(given)

async function trainPast(page, step) {
  await command(page, 'play').click()
  await expect.poll(() => numberIn(figure(page, 'step')), { timeout: 90_000 }).toBeGreaterThan(step)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

test('IDX files, compressed, are shown with their classes and learned; a reload goes on with them', async ({ page }) => {
  await page.goto(`en/#train?${address('gan', tiny)}`)
  await choose(page, 'IDX files')
  await expect(command(page, 'gather')).toBeDisabled()
  await give(page, 'idx', file('bars-idx3-ubyte.gz', gzipSync(bars)))
  await give(page, 'labels', file('bars-idx1-ubyte.gz', gzipSync(kinds)))
  await command(page, 'gather').click()
  await expect(card(page)).toContainText(`${count} pictures, 28 × 28 pixels, grey, 3 classes`)
  await expect(card(page)).toContainText('Classes: 2, 3, 4')
  await expect(card(page).locator('pixel-picture')).toHaveCount(16)
  expect(await numberIn(figure(page, 'step'))).toBe(0)
  await trainPast(page, 10)
  const step = await numberIn(figure(page, 'step'))
  await page.waitForTimeout(500)
  await page.reload()
  await notice(page, 'resume').locator('[data-answer=resume]').click()
  await expect.poll(() => numberIn(figure(page, 'step'))).toBe(step)
  await expect(card(page)).toContainText(`${count} pictures`)
  await trainPast(page, step)
})

test('IDX files that cannot be used are refused with the byte, in the visitor’s language, and can be chosen again', async ({ page }) => {
  await page.goto(`en/#train?${address('gan', tiny)}`)
  await choose(page, 'IDX files')
  const refused = async (pictures, words, labels) => {
    await give(page, 'idx', file('pictures', pictures))
    if (labels) await give(page, 'labels', file('labels', labels))
    await command(page, 'gather').click()
    await expect(notice(page, 'error')).toContainText(words)
    await notice(page, 'error').locator('[data-answer=dismiss]').click()
    await expect(notice(page, 'error')).toHaveCount(0)
  }
  await refused(bars.subarray(0, 1000), 'ends too early, at byte 1,000: by the sizes in its head it should have 12,016 bytes')
  await refused(Buffer.concat([bars, Buffer.alloc(7)]), '7 more bytes follow')
  await refused(png([1, 2, 3], 4), 'not an IDX file')
  await refused(gzipSync(bars).subarray(0, 40), 'gzip file is damaged or cut off')
  await refused(bars, `2 labels for ${count} pictures`, idx([2], [1, 2]))
  await page.goto(`zh-Hant/#train?${address('gan', tiny)}`)
  await choose(page, 'IDX 檔')
  await refused(bars.subarray(0, 1000), '到位元組 1,000 就結束了')
  await give(page, 'idx', file('pictures', bars))
  await command(page, 'gather').click()
  await expect(card(page)).toContainText(`${count} 張圖`)
})

test('a folder whose folders name classes is learned from', async ({ page }, info) => {
  const folder = path.join(info.outputPath(), 'fruit')
  for (const [name, colour] of Object.entries({ apple: [200, 30, 40], pear: [120, 180, 40] })) {
    mkdirSync(path.join(folder, name), { recursive: true })
    for (let index = 0; index < 5; index++) writeFileSync(path.join(folder, name, `${index}.png`), png(colour, 5 + 5 * index))
  }
  await page.goto(`en/#train?${address('gan', tiny)}`)
  await page.locator('#room-train own-folder [data-input=folder]').setInputFiles(folder)
  await expect(page.locator('#room-train own-folder')).toContainText('Their folders name 2 classes')
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('10 pictures')
  await expect(card(page)).toContainText('Classes: apple, pear')
  await trainPast(page, 5)
})

test('a few drawings are kept, shaken and learned', async ({ page }) => {
  await page.goto(`en/#train?${address('gan', tiny)}`)
  await choose(page, 'Draw some')
  const pad = page.locator('#room-train own-sketch .pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  for (let index = 0; index < 3; index++) {
    await page.mouse.move(box.x + 60, box.y + 60 + 20 * index)
    await page.mouse.down()
    await page.mouse.move(box.x + 200, box.y + 200, { steps: 6 })
    await page.mouse.up()
    await command(page, 'keep').click()
  }
  // By keyboard as well.
  await pad.focus()
  for (const key of [' ', 'ArrowUp', 'ArrowUp', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
  await expect(page.locator('#room-train own-sketch .tray li')).toHaveCount(4)
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('4 pictures')
  expect(page.url()).toContain('augment=shake')
  await trainPast(page, 5)
})

test('signs of the system’s fonts are classes', async ({ page }) => {
  await page.goto(`en/#train?${address('gan', tiny)}`)
  await choose(page, 'Fonts')
  await page.locator('#room-train own-signs input[type=text]').fill('山水山')
  await expect(page.locator('#room-train own-signs output')).toHaveText('2 signs, 12 pictures')
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('Classes: 山, 水')
})

test('the module takes pictures with labels, and IDX files', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async ({ bars, kinds }) => {
    const atelier = await open()
    const grey = value => new ImageData(new Uint8ClampedArray(32 * 32 * 4).fill(value).map((byte, at) => (at % 4 === 3 ? 255 : byte)), 32, 32)
    const small = { family: 'gan', dataset: 'own', hidden_dim: 16, batch_size: 16, device: 'cpu' }
    const images = [0, 60, 120, 180].map(grey)
    const session = await atelier.train({ ...small, data: { images, labels: ['dark', 'dark', 'light', 'light'] } })
    const { loss_g } = await session.step(3)
    const files = await atelier.train({ ...small, data: { idx: Uint8Array.from(bars), labels: new Blob([Uint8Array.from(kinds)]) } })
    const out = {
      described: session.dataset, losses: loss_g.length, files: files.dataset,
      missing: await failure(atelier.train(small)), few: await failure(atelier.train({ ...small, data: { images, labels: ['dark'] } })),
    }
    await atelier.close()
    return out
  }, { bars: [...bars], kinds: [...kinds] })
  expect(seen.described).toMatchObject({ id: 'own', kind: 'images', shape: [28, 28], own: true, count: 4, classes: ['dark', 'light'] })
  expect(seen.files).toMatchObject({ count, classes: ['2', '3', '4'] })
  expect(seen.losses).toBe(3)
  expect(seen.missing.code).toBe('InvalidData')
  expect(seen.few).toMatchObject({ code: 'InvalidData', details: { reason: 'label_count', labels: 1, pictures: 4 } })
})
