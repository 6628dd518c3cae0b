import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './host.mjs'

const panel = page => page.locator('#room-train share-panel')
const button = (page, name) => panel(page).locator(`[data-command=${name}]`)

async function openPanel(page, hash = 'train?v=1&dataset=grid&seed=5&loss=hinge') {
  await page.goto(`en/#${hash}`)
  await expect(page.locator('#room-train [data-command=play]')).toBeEnabled({ timeout: 60_000 })
  await panel(page).locator('summary').click()
}

/** @returns {Promise<{ name: string, bytes: Buffer }>} */
async function downloaded(page, name) {
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, name).click()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('link, QR code and lines to embed name the same experiment', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openPanel(page)
  await button(page, 'copy-link').click()
  await expect(panel(page).getByText('Copied.')).toBeVisible()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toMatch(/en\/#train\?v=1&dataset=grid&seed=5&loss=hinge$/)
  await button(page, 'copy-element').click()
  const lines = await page.evaluate(() => navigator.clipboard.readText())
  expect(lines).toContain('<gan-trainer dataset="grid" seed="5" settings="loss=hinge" lang="en"></gan-trainer>')
  await button(page, 'copy-frame').click()
  const frame = await page.evaluate(() => navigator.clipboard.readText())
  // The copied line works as it is.
  await page.setContent(frame)
  const trainer = page.frameLocator('iframe').locator('gan-trainer')
  await trainer.getByRole('button', { name: 'Start the contest' }).click()
  await expect(trainer.locator('[value=grid]:checked')).toHaveCount(1, { timeout: 60_000 })
})

test('the QR code holds the link', async ({ page }) => {
  await openPanel(page)
  const { bytes } = await downloaded(page, 'save-qr')
  const { encode } = await import('uqr')
  const url = await panel(page).locator('input').inputValue()
  const expected = encode(url, { ecc: 'M', border: 3 }).data
  const seen = await page.evaluate(async ({ data, modules }) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), letter => letter.charCodeAt(0))]))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.drawImage(bitmap, 0, 0)
    const side = bitmap.width / modules
    return Array.from({ length: modules }, (_, y) => Array.from({ length: modules }, (_, x) => context.getImageData((x + 0.5) * side, (y + 0.5) * side, 1, 1).data[0] < 128))
  }, { data: bytes.toString('base64'), modules: expected.length })
  expect(seen).toEqual(expected)
})

test('a picture and a short film of a training', async ({ page }) => {
  await openPanel(page)
  const picture = await downloaded(page, 'save-picture')
  expect(picture.name).toBe('Grid-0.png')
  expect(picture.bytes.readUInt32BE(16)).toBe(1200)
  await button(page, 'record').click()
  await expect(panel(page)).toContainText(/Recording: \d+ of 60/)
  await expect.poll(async () => Number((await panel(page).locator('progress').getAttribute('value')) ?? 0)).toBeGreaterThan(4)
  await button(page, 'stop-film').click()
  const { name, bytes } = await downloaded(page, 'save-film')
  expect(name).toBe('Grid.gif')
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a')
  const { frames, different } = await page.evaluate(async data => {
    const decoder = new ImageDecoder({ data: Uint8Array.from(atob(data), letter => letter.charCodeAt(0)), type: 'image/gif' })
    await Promise.all([decoder.completed, decoder.tracks.ready])
    const sums = []
    for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
      const { image } = await decoder.decode({ frameIndex })
      const pixels = new Uint8Array(image.allocationSize({ format: 'RGBA' }))
      await image.copyTo(pixels, { format: 'RGBA' })
      sums.push(pixels.reduce((sum, value, index) => (sum * 31 + value * index) % 1000003, 7))
    }
    return { frames: sums.length, different: new Set(sums).size }
  }, bytes.toString('base64'))
  expect(frames).toBeGreaterThan(4)
  expect(different).toBeGreaterThan(3)
})
