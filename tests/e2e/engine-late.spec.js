// A graphics card that never answers, in the page or in the worker; and what the module is told that it cannot use.
import { expect } from '@playwright/test'
import { openHost, places, test } from './host.mjs'
import { madePage } from './serve.mjs'

/** By then the processor works: four or five seconds of patience, and its own start. */
const soon = { timeout: 20_000 }

test('an adapter that never comes: an element goes on with the processor, and says why', async ({ page }) => {
  await page.goto(madePage(`<!doctype html><html lang="en"><title>A course page</title><link rel="icon" href="data:,"><gan-trainer family="dcgan" dataset="digits" steps="1" autoplay></gan-trainer>
    <script>navigator.gpu.requestAdapter = () => new Promise(() => {})</script><script type="module" src="${places['another origin'].module}"></script>`))
  await expect(page.locator('gan-trainer [data-reason=webgpu_late]')).toHaveText('Runs on: processor. The graphics card did not answer.', soon)
  await expect(page.locator('gan-trainer [data-figure=step] dd')).toHaveText('1', { timeout: 90_000 })
})

test('a device that never comes, in the worker: the processor within seconds, at once the next time, and an error for who asked for WebGPU', async ({ page }) => {
  await page.addInitScript(() => {
    // A card as good as any, until somebody wants to use it.
    navigator.gpu.requestAdapter = async () => ({ info: { vendor: 'nvidia', architecture: 'hopper' }, features: new Set(['timestamp-query']) })
    const Native = Worker
    globalThis.Worker = class extends Native {
      constructor(url) {
        super(URL.createObjectURL(new Blob([`GPUAdapter.prototype.requestDevice = () => new Promise(() => {}); import(${JSON.stringify(String(url))})`], { type: 'text/javascript' })))
      }
    }
  })
  await openHost(page)
  const seen = await page.evaluate(async () => {
    const atelier = await open()
    const timed = async task => {
      const began = performance.now()
      const found = await task()
      return [found, performance.now() - began]
    }
    const first = await timed(async () => (await atelier.translator('monet')).device)
    const next = await timed(async () => (await atelier.translator('monet')).device)
    return { first, next, asked: await failure(atelier.translator('monet', { device: 'webgpu' })) }
  })
  expect(seen.first[0]).toMatchObject({ kind: 'cpu', reason: 'webgpu_late' })
  expect(seen.first[1]).toBeLessThan(soon.timeout)
  expect(seen.next[0]).toMatchObject({ kind: 'cpu', reason: 'webgpu_late' })
  expect(seen.next[1]).toBeLessThan(4000)
  expect(seen.asked).toMatchObject({ code: 'Unsupported', details: { reason: 'webgpu_late' } })
})

test('the module takes defaults for `undefined`, names NaN, takes doubles, and refuses by name what it does not know', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async () => {
    const atelier = await open({ device: undefined, onProgress: undefined })
    const small = { family: 'gan', hidden_dim: 8, batch_size: 16 }
    const session = await atelier.train({ ...small, family: undefined, dataset: undefined, seed: undefined, data: undefined, device: undefined })
    const { dataset, seed } = session.config
    await session.tune({ learning_rate_g: undefined, learning_rate_d: 0.01 })
    const circle = Float64Array.from({ length: 64 }, (_, at) => Math[at % 2 ? 'sin' : 'cos'](at >> 1))
    const drawn = await atelier.train({ ...small, dataset: 'drawn', data: { points: circle } })
    const pairs = await atelier.train({ ...small, dataset: 'drawn', data: { points: Array.from({ length: 32 }, (_, at) => [circle[2 * at], circle[2 * at + 1]]), labels: undefined } })
    const refused = {}
    for (const [name, call] of Object.entries({
      sed: () => atelier.train({ ...small, sed: 3 }), lables: () => atelier.train({ ...small, dataset: 'drawn', data: { points: circle, lables: [] } }),
      devise: () => open({ devise: 'cpu' }), widht: () => atelier.scene({ widht: 32 }), persn: () => atelier.drawFaces([{ persn: 1 }]), signl: () => atelier.translator('monet', { signl: null }),
      models: () => atelier.faces({ models: 1 }), sead: () => atelier.trained('x', { sead: 1 }), dataset: () => atelier.open(new Blob([]), { dataset: 'ring' }),
      learning_rat_g: () => session.tune({ learning_rat_g: 1 }), cuont: () => session.sample({ cuont: 1 }), sze: () => session.inspect({ what: 'heatmap', sze: 8 }),
    })) refused[name] = await failure(call())
    const nan = await failure(atelier.train({ ...small, learning_rate_g: NaN }))
    const frozen = await failure(session.tune({ hidden_dim: 16 }))
    return { dataset, seed, counts: [drawn.dataset.count, pairs.dataset.count], tuned: session.config.learning_rate_d, refused, nan, frozen, heat: (await session.inspect({ what: 'heatmap', size: undefined })).size }
  })
  expect(seen).toMatchObject({ dataset: 'ring', seed: 7, counts: [32, 32], tuned: 0.01, heat: 48 })
  for (const [name, error] of Object.entries(seen.refused)) expect(error, name).toMatchObject({ code: 'InvalidConfig', details: { reason: 'unknown_key', field: name } })
  expect(seen.nan).toMatchObject({ code: 'InvalidConfig', details: { field: 'learning_rate_g', value: 'NaN' } })
  expect(seen.frozen.code).toBe('InvalidConfig')
})
