/** Folders as people have them: ZIPs, too many pictures, broken ones, pictures that lie on their side; and pictures with odd headers. */
import { expect } from '@playwright/test'
import { gzipSync } from 'node:zlib'
import { zipOf } from '../js/zips.mjs'
import { openHost, test } from './host.mjs'
import { png } from './png.mjs'

const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const card = page => page.locator('#room-train dataset-card')
const open = (page, family, more) => page.goto(`en/#train?v=1&family=${family}&dataset=own&seed=3&${more}`)
const tiny = 'hidden_dim=16&batch_size=16'

/** A ZIP as a file dialog gives it. */
const zip = async (name, files) => ({ name, mimeType: 'application/zip', buffer: Buffer.from(await (await zipOf(files, { level: 0 })).arrayBuffer()) })
const one = png([200, 40, 60], 12)
const numbered = (folder, count, make = () => one) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/${index}.png`, make(index)]))

test('a ZIP of eighty people without classes, one picture empty, and what Jupyter left', async ({ page }) => {
  const people = Array.from({ length: 80 }, (_, index) => numbered(`people/${index}`, 2))
  const files = Object.assign({}, ...people, { 'people/3/1.png': Buffer.alloc(0), 'people/3/.ipynb_checkpoints/1-checkpoint.png': one, '__MACOSX/people/3/._0.png': one })
  await open(page, 'gan', tiny)
  await page.locator('#room-train own-folder [data-input=pictures]').setInputFiles(await zip('people.zip', files))
  await expect(page.locator('#room-train own-folder')).toContainText('160 pictures They lie in 80 folders. These networks learn without classes')
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('159 pictures')
  await expect(card(page)).not.toContainText('Classes')
  await expect(notice(page, 'left_out')).toContainText('“people/3/1.png”: This file is empty')
  await expect(command(page, 'play')).toBeEnabled()
})

test('reading many pictures says how far it is and can be stopped', async ({ page }) => {
  await open(page, 'gan', tiny)
  await expect(page.locator('#room-train contest-note')).toHaveCount(0)
  await page.locator('#room-train own-folder [data-input=pictures]').setInputFiles(await zip('many.zip', numbered('many', 4000)))
  await expect(page.locator('#room-train own-folder')).toContainText('4,000 pictures')
  await command(page, 'gather').click()
  const progress = page.locator('#room-train work-progress')
  await expect(progress).toContainText(/Reading picture [\d,]+ of 2,551/)
  await progress.locator('[data-command=cancel]').click()
  await expect(progress).toHaveCount(0)
  await expect(notice(page, 'error')).toHaveCount(0)
  await expect(page.locator('#room-train own-folder')).toContainText('4,000 pictures')
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('2,551 of 4,000 pictures, evenly chosen', { timeout: 60_000 })
})

test('a ZIP with trainA and trainB of 401 pictures each is learned from by 400', async ({ page }) => {
  await open(page, 'cyclegan', 'filters=2&blocks=1&discriminator_filters=2&batch_size=2')
  const files = { ...numbered('x/trainA', 401), ...numbered('x/trainB', 401), ...numbered('x/testA', 3) }
  await page.locator('#room-train [data-folder=a] input[multiple]').setInputFiles(await zip('x.zip', files))
  for (const side of ['a', 'b']) await expect(page.locator(`#room-train [data-folder=${side}]`)).toContainText('401 pictures; 400 of them, evenly chosen')
  await expect(page.locator('#room-train folder-pair')).toContainText('“trainA” lies on the left and “trainB” on the right.')
  await command(page, 'learn').click()
  await expect(card(page)).toContainText('800 of 802 pictures, evenly chosen', { timeout: 60_000 })
})

/** An IDX file of a type. */
function idx(code, shape, numbers) {
  const head = Buffer.alloc(4 + 4 * shape.length)
  head.set([0, 0, code, shape.length])
  shape.forEach((size, index) => head.writeUInt32BE(size, 4 + 4 * index))
  return Buffer.concat([head, numbers])
}

test('QMNIST’s labels, gzip of two members, and pictures that lie on their side', async ({ page }) => {
  const [count, side] = [24, 12]
  // White above, black below.
  const pictures = idx(8, [count, side, side], Buffer.from(Array.from({ length: count * side * side }, (_, at) => (at % (side * side) < side * side / 2 ? 255 : 0))))
  const rows = Buffer.alloc(count * 32)
  for (let row = 0; row < count; row++) [row % 2 ? 7 : 3, 4, 2400 + row, row].forEach((value, column) => rows.writeInt32BE(value, 32 * row + 4 * column))
  const members = Buffer.concat([gzipSync(pictures.subarray(0, 900)), gzipSync(pictures.subarray(900))])
  await open(page, 'gan', tiny)
  await page.locator('#room-train own-pictures .way', { hasText: 'IDX files' }).click()
  const give = (part, name, buffer) => page.locator(`#room-train own-idx [data-input=${part}]`).setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
  await give('idx', 'emnist-digits-train-images-idx3-ubyte.gz', members)
  await give('labels', 'labels-idx2-int', idx(0x0c, [count, 8], rows))
  await command(page, 'gather').click()
  await expect(card(page)).toContainText('24 pictures, 28 × 28 pixels, grey, 2 classes')
  await expect(card(page)).toContainText('Classes: 3, 7')
  const right = () => card(page).locator('pixel-picture').first().evaluate(({ pixels, width }) => pixels[4 * (width - 1)])
  await expect(page.locator('#room-train')).toContainText('whose pictures were published lying on their side')
  expect(await right()).toBe(0)
  await command(page, 'turn').click()
  await expect(command(page, 'turn')).toHaveText('Set them upright')
  await expect.poll(right).toBe(255)
  await command(page, 'turn').click()
  await expect(command(page, 'turn')).toHaveText('As they are in the file')
  await expect.poll(right).toBe(0)
})

test('what the browser decodes is learned from, whatever its header says, and the rest is named', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async () => {
    const atelier = await open()
    const canvas = new OffscreenCanvas(40, 32)
    const context = canvas.getContext('2d')
    context.fillStyle = '#936'
    context.fillRect(0, 0, 40, 32)
    const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())
    const file = (name, ...parts) => new File(parts.map(part => (typeof part === 'string' ? part : Uint8Array.from(part))), name)
    const after = (name, ...bytes) => file(name, jpeg.subarray(0, 2), bytes, jpeg.subarray(2))
    const bmp = [66, 77, 0, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 16, 0, 16, 0, 1, 0, 24, 0]
    const gif = [71, 73, 70, 56, 57, 97, 2, 0, 2, 0, 0x80, 0, 0, 200, 10, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 8, 0, 8, 0, 0]
    // Eight by eight of colour 0, in codes of three bits that never grow: a clear code before every second one.
    const codes = [...Array.from({ length: 64 }, (_, index) => (index % 2 ? [0] : [4, 0])).flat(), 5]
    const bits = codes.flatMap(code => [code & 1, (code >> 1) & 1, code >> 2])
    const packed = Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) => bits.slice(8 * at, 8 * at + 8).reduce((byte, bit, place) => byte | (bit << place), 0))
    const images = [
      after('fill.jpg', 0xff, 0xff, 0xff), after('exif.jpg', 0xff, 0xe1, 0, 12, 69, 120, 105, 102, 0, 0, 73, 73, 9, 9),
      file('old.bmp', bmp, new Uint8Array(16 * 48).fill(90)), file('screen.gif', gif, [2, packed.length], packed, [0, 0x3b]),
      file('scan.tif', [73, 73, 42, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]), file('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'), file('page.png', '%PDF-1.7'), file('a.jpg', '<!doctype html><p>404'),
    ]
    const session = await atelier.train({ family: 'gan', dataset: 'own', hidden_dim: 16, batch_size: 16, device: 'cpu', data: { images } })
    const { count, left_out } = session.dataset
    await atelier.close()
    return { count, left_out }
  })
  expect(seen.left_out.pictures.map(({ name, reason }) => [name, reason])).toEqual([['scan.tif', 'tiff'], ['drawing.svg', 'svg'], ['page.png', 'pdf'], ['a.jpg', 'web_page']])
  expect(seen.count).toBe(4)
})
