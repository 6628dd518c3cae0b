/** A trained generator leaves the tab: as a file of either kind, with lines that open it. What the files compute is compared by tests/onnx. */
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './host.mjs'

const small = 'v=1&dataset=ring&seed=5&hidden_dim=16&hidden_layers=2&batch_size=16'
const home = (page, room) => page.locator(`#room-${room} take-home`)

/** A press of a button, and the file that comes of it. */
async function taken(page, button) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

test('a ring goes home as ONNX and for PyTorch, with lines in which the file has its name', async ({ page }) => {
  await page.goto(`en/#train?${small}`)
  await expect(page.locator('#room-train [data-command=play]')).toBeEnabled({ timeout: 60_000 })
  await home(page, 'train').locator('summary').click()
  const [onnx, weights] = ['onnx', 'safetensors'].map(format => home(page, 'train').locator(`[data-command=take-${format}]`))
  await expect(onnx, 'nothing has been learned').toBeDisabled()
  await page.locator('#room-train [data-command=generator]').click()
  await expect(onnx).toBeEnabled({ timeout: 30_000 })

  const graph = await taken(page, onnx)
  expect(graph.name).toBe('ring-1.onnx')
  // The producer stands in the file's first fields.
  expect(graph.bytes.subarray(0, 32).toString('latin1')).toContain('GAN Atelier')
  await expect(page.locator('page-note[data-notice=saved]')).toContainText('ring-1.onnx')
  await expect(home(page, 'train').locator('pre')).toContainText("InferenceSession('ring-1.onnx')")

  const file = await taken(page, weights)
  expect(file.name).toBe('ring-1.safetensors')
  const header = JSON.parse(file.bytes.subarray(8, 8 + Number(file.bytes.readBigUInt64LE())).toString())
  expect(header.__metadata__.family).toBe('gan')
  expect(header['layers.0.weight'].shape).toEqual([16, 2])
  await expect(home(page, 'train').locator('pre')).toContainText("safe_open('ring-1.safetensors', 'pt')")
})

test('a painter goes home in both directions, in Chinese too', async ({ page }) => {
  await page.goto('zh-Hant/#stylize')
  const place = home(page, 'stylize')
  await place.locator('summary').click()
  const graph = await taken(page, place.locator('[data-command=take-onnx-b]'))
  expect(graph.name).toBe('monet-ab.onnx')
  expect(graph.bytes.length).toBeGreaterThan(4e6)
  await expect(place.locator('pre')).toContainText('onnxruntime')
  await expect(place.locator('[data-command=take-safetensors-a]')).toContainText('莫內')
})
