import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from './host.mjs'
import { generatorTensors, writePth } from './weight-files.mjs'

const golden = name => readFileSync(path.resolve(import.meta.dirname, '../golden', name))
const room = '#room-stylize'
const architecture = page => page.locator(`${room} [data-architecture]`)
const chosen = page => page.locator('painter-picker input:checked + strong')

/** Drops files anywhere on the page. @param {import('@playwright/test').Page} page @param {Record<string, Uint8Array>} files */
function drop(page, files) {
  const sent = Object.entries(files).map(([name, bytes]) => ({ name, bytes: [...bytes] }))
  return page.evaluate(sent => {
    const carried = new DataTransfer()
    for (const { name, bytes } of sent) carried.items.add(new File([new Uint8Array(bytes)], name))
    dispatchEvent(new DragEvent('drop', { dataTransfer: carried, cancelable: true }))
  }, sent)
}

/** Small generators under these labels, in one file. @param {string[]} labels */
const several = labels => writePth(new Map(labels.flatMap(label => [...generatorTensors({ filters: 2, blocks: 1 })].map(([name, tensor]) => [`${label}.${name}`, tensor]))))

test('weights are known by content where they are dropped, and how they were read is said', async ({ page }) => {
  await page.goto('en/#stylize')
  await expect(page.locator(`${room} painter-picker [value=monet]`)).toBeAttached()
  // A whole training under the name that hubs give it, and a picture that calls itself weights.
  await drop(page, { 'pytorch_model.bin': golden('wrapped/both.pth'), 'photo.pth': Buffer.from('GIF89a', 'latin1') })
  await expect(chosen(page)).toHaveText('pytorch_model', { timeout: 60_000 })
  await expect(architecture(page)).toContainText('Both directions were in one file: “G_A2B” goes forward, “G_B2A” goes back.')
  await expect(page.locator('input[name=direction]')).toHaveCount(2)
  await expect(page.locator(`${room} [data-failed]`)).toContainText('photo.pth')
  await drop(page, { 'words.pth.tar': golden('wrapped/words.pth') })
  await expect(architecture(page)).toContainText('not the published ones', { timeout: 60_000 })
  await expect(page.locator('input[name=direction]')).toHaveCount(1)
  // Two that do not tell: one goes forward, the other is the way back. Of three only one paints.
  await drop(page, { 'two.ckpt': several(['first', 'second']) })
  await page.locator(`${room} [data-order="1"]`, { hasText: 'second' }).click({ timeout: 60_000 })
  await expect(chosen(page)).toHaveText('two', { timeout: 60_000 })
  await expect(page.locator('input[name=direction]')).toHaveCount(2)
  await drop(page, { 'three.pkl': several(['one', 'two', 'three']) })
  await expect(page.locator(`${room} .order, ${room} painter-picker`).first()).toContainText('several generators', { timeout: 60_000 })
  await page.locator(`${room} [data-order="2"]`).click()
  await expect(chosen(page)).toHaveText('three', { timeout: 60_000 })
  await expect(page.locator('input[name=direction]')).toHaveCount(1)
})

test('what is no generator says what it is and what is wanted', async ({ page }) => {
  await page.goto('en/#stylize')
  await expect(page.locator(`${room} painter-picker [value=monet]`)).toBeAttached()
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 45575747\n`
  const files = [
    ['latest_net_D_A.pth', golden('checkpoints/discriminator.pth'), 'latest_net_G_A.pth and latest_net_G_B.pth'],
    ['monet.pth', Buffer.from(pointer), 'These 133 bytes are only Git LFS’s pointer to the real file, which has 45,575,747 bytes'],
    ['half.pth', golden('wrapped/both.pth').subarray(0, 20000), /ends after 20,000 bytes, but at least [\d,]+ bytes belong to it/],
    ['monet.onnx', Buffer.from('\x08\x08\x12\x07pytorch', 'latin1'), 'ONNX'],
    ['monet.h5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'Keras'],
  ]
  for (const [name, bytes, said] of files) {
    await drop(page, { [name]: bytes })
    await expect(page.locator('page-note[data-notice=error]').filter({ hasText: name })).toContainText(said, { timeout: 60_000 })
  }
})
