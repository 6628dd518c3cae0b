import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { openHost, places, test } from './host.mjs'

const tiny = { family: 'gan', dataset: 'ring', seed: 3, hidden_dim: 8, hidden_layers: 1, batch_size: 16 }

test.describe('a network that fails', () => {
  test.use({ allowedErrors: /Failed to load resource|net::/ })

  test('is told as Network, damaged weights as WeightsCorrupt, and both work afterwards', async ({ page }) => {
    await openHost(page)
    await page.route('**/*.wasm', route => route.abort())
    const offline = await page.evaluate(async settings => {
      globalThis.atelier = await open()
      return failure(atelier.train(settings))
    }, tiny)
    expect(offline.code).toBe('Network')
    await page.unroute('**/*.wasm')
    expect(await page.evaluate(async settings => (await (await atelier.train(settings)).step(1)).step, tiny)).toBe(1)

    await page.route('**/monet-ab.safetensors*', async route => {
      const response = await route.fetch()
      const body = await response.body()
      body[body.length - 1] ^= 1
      await route.fulfill({ response, body })
    })
    const damaged = await page.evaluate(() => failure(atelier.translator('monet', { device: 'cpu' })))
    expect(damaged.code).toBe('WeightsCorrupt')
    await page.unroute('**/monet-ab.safetensors*')
    expect(await page.evaluate(async () => (await atelier.translator('monet', { device: 'cpu' })).device.kind)).toBe('cpu')
  })
})

test('weights are downloaded once and then kept', async ({ page }) => {
  const downloads = []
  page.on('request', request => { if (/safetensors/.test(request.url())) downloads.push(request.url()) })
  await openHost(page)
  await page.evaluate(async () => {
    for (let round = 0; round < 2; round++) {
      const atelier = await open()
      await atelier.translator('monet', { device: 'cpu' })
      await atelier.close()
    }
  })
  expect(downloads.length).toBe(2)
  const { files } = JSON.parse(readFileSync('dist/models/models.json', 'utf8')).find(({ id }) => id === 'monet')
  expect(Object.keys(files)).toEqual(['ab', 'ba'])
})

test('in a frame without an origin, without storage and locks, everything works', async ({ page }) => {
  await page.goto(places['another origin'].page.replace('strict.html', ''))
  const outcome = page.waitForEvent('console', { timeout: 60_000, predicate: message => message.text().startsWith('frame:') })
  await page.evaluate(({ module, settings }) => {
    const script = `
      const { openAtelier } = await import(${JSON.stringify(module)})
      const atelier = await openAtelier()
      const session = await atelier.train(${JSON.stringify(settings)})
      const { step } = await session.step(3)
      const monet = await atelier.translator('monet', { device: 'cpu' })
      const { image } = await monet.translate(await atelier.scene({ width: 32, height: 32 }), { side: 32 })
      await atelier.close()
      console.log('frame: ' + origin + ' ' + step + ' ' + image.width)`
    const frame = document.createElement('iframe')
    frame.sandbox.add('allow-scripts')
    frame.srcdoc = `<script type="module">${script}</scr` + 'ipt>'
    document.body.append(frame)
  }, { module: places['another origin'].module, settings: tiny })
  expect((await outcome).text()).toBe('frame: null 3 32')
})

test('the large engine is fetched once and then kept, for a day without a connection', async ({ page }) => {
  const downloads = []
  page.on('request', request => { if (/webgpu.*\.wasm/.test(request.url())) downloads.push(request.url()) })
  for (let visit = 0; visit < 2; visit++) {
    await openHost(page)
    expect(await page.evaluate(async settings => {
      const atelier = await open({ device: 'webgpu' })
      const { device } = await atelier.train(settings)
      await atelier.close()
      return device.kind
    }, tiny)).toBe('webgpu')
    // The engine itself; beside it lies which card was right with it (engine-gpu.spec.js).
    await expect.poll(() => page.evaluate(async () => (await (await caches.open('gan-atelier-engines')).keys()).filter(({ url }) => !new URL(url).search).length)).toBe(1)
  }
  expect(downloads.length).toBe(1)
})
