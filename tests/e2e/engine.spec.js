import { expect } from '@playwright/test'
import { pathToFileURL } from 'node:url'
import path from 'node:path'
import { openHost, places, test } from './host.mjs'

/** Small enough for a software GPU, large enough to have every kind of layer. */
const tiny = { family: 'gan', dataset: 'ring', seed: 3, hidden_dim: 8, hidden_layers: 1, batch_size: 16 }

for (const [name, place] of Object.entries(places)) {
  test(`ring and digits train on the CPU engine, imported from ${name}`, async ({ page }) => {
    await openHost(page, place)
    const seen = await page.evaluate(async () => {
      const progress = []
      const atelier = await open({ onProgress: each => progress.push(each.phase) })
      const ring = await atelier.train({ family: 'gan', dataset: 'ring', seed: 7 })
      const report = await ring.step(60)
      const points = await ring.sample({ count: 32, seed: 1 })
      const heat = await ring.inspect({ what: 'heatmap', size: 16 })
      const digits = await atelier.train({ family: 'gan', dataset: 'digits', seed: 7 })
      const digitReport = await digits.step(3)
      const images = await digits.sample({ count: 4, seed: 1 })
      const out = {
        progress: [...new Set(progress)], device: ring.device, steps: [report.step, ring.steps, digitReport.step],
        losses: [...report.loss_d, ...report.loss_g, ...digitReport.loss_d], counts: [report.loss_d.length, report.loss_g.length],
        metrics: report.metrics, ms: report.ms_per_step, points: { kind: points.kind, shape: points.shape, length: points.data.length },
        heat: { size: heat.size, low: Math.min(...heat.data), high: Math.max(...heat.data), length: heat.data.length },
        images: { kind: images.kind, shape: images.shape, type: images.data.constructor.name, length: images.data.length }
      }
      await atelier.close()
      return out
    })
    expect(seen.progress).toContain('download')
    expect(seen.device).toMatchObject({ kind: 'cpu', reason: 'small_task' })
    expect(seen.steps).toEqual([60, 60, 3])
    expect(seen.counts).toEqual([60, 60])
    expect(seen.losses.every(Number.isFinite)).toBe(true)
    expect(seen.metrics.modes_total).toBe(8)
    expect(seen.ms).toBeGreaterThan(0)
    expect(seen.points).toEqual({ kind: 'points', shape: [32, 2], length: 64 })
    expect(seen.heat.length).toBe(256)
    expect(seen.heat.low).toBeGreaterThanOrEqual(0)
    expect(seen.heat.high).toBeLessThanOrEqual(1)
    expect(seen.images).toEqual({ kind: 'images', shape: [4, 28, 28, 4], type: 'Uint8ClampedArray', length: 4 * 28 * 28 * 4 })
  })
}

test('the same seed gives the same losses to the last bit, also across save and open', async ({ page }) => {
  await openHost(page)
  const { straight, resumed, other, config } = await page.evaluate(async () => {
    const atelier = await open()
    const settings = { family: 'gan', dataset: 'ring', packing: 2, instance_noise: 0.1, average_decay: 0.9 }
    const one = await atelier.train({ ...settings, seed: 11 })
    const first = await one.step(20)
    const file = await one.save()
    const second = await one.step(20)
    const again = await (await atelier.train({ ...settings, seed: 11 })).step(40)
    const reopened = await atelier.open(file)
    const continued = await reopened.step(20)
    const other = await (await atelier.train({ ...settings, seed: 12 })).step(20)
    const bits = (...reports) => reports.flatMap(({ loss_d, loss_g }) => [[...new Uint32Array(loss_d.buffer)], [...new Uint32Array(loss_g.buffer)]])
    const out = {
      straight: bits(again).map(losses => losses.slice(20)), resumed: [bits(second), bits(continued)],
      other: bits(other)[0].join() !== bits(first)[0].join(), config: [one.config, reopened.config]
    }
    await atelier.close()
    return out
  })
  expect(resumed[1]).toEqual(resumed[0])
  expect(straight).toEqual(resumed[0])
  expect(other).toBe(true)
  expect(config[1]).toEqual(config[0])
})

test('one network steps while the other stays as it is', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const atelier = await open()
    const session = await atelier.train(settings)
    const look = async () => [...(await session.sample({ count: 8, seed: 1 })).data].join()
    const heat = async () => [...(await session.inspect({ what: 'heatmap', size: 8 })).data].join()
    const start = [await look(), await heat()]
    const judged = await session.step(5, { only: 'discriminator' })
    const afterJudge = [await look(), await heat()]
    const made = await session.step(5, { only: 'generator' })
    const afterMaker = [await look(), await heat()]
    await atelier.close()
    return { start, afterJudge, afterMaker, lengths: [judged.loss_d.length, judged.loss_g.length, made.loss_d.length, made.loss_g.length] }
  }, tiny)
  expect(seen.lengths).toEqual([5, 0, 0, 5])
  expect(seen.afterJudge[0]).toBe(seen.start[0])
  expect(seen.afterJudge[1]).not.toBe(seen.start[1])
  expect(seen.afterMaker[0]).not.toBe(seen.afterJudge[0])
  expect(seen.afterMaker[1]).toBe(seen.afterJudge[1])
})

test('one step on WebGPU agrees with the CPU', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const atelier = await open()
    const results = []
    for (const device of ['cpu', 'webgpu']) {
      const session = await atelier.train({ ...settings, device })
      const report = await session.step(1)
      const { data } = await session.sample({ count: 16, seed: 1 })
      results.push({ device: session.device, numbers: [report.loss_d[0], report.loss_g[0], ...data] })
      await session.close()
    }
    await atelier.close()
    return results
  }, tiny)
  expect(seen[1].device).toMatchObject({ kind: 'webgpu', reason: 'asked' })
  const worst = Math.max(...seen[0].numbers.map((value, at) => Math.abs(value - seen[1].numbers[at])))
  expect(worst).toBeLessThan(1e-3)
})

test('an abort ends a long call, and the session goes on', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const atelier = await open()
    const session = await atelier.train(settings)
    const stop = new AbortController()
    const long = failure(session.step(1_000_000, { signal: stop.signal }))
    setTimeout(() => stop.abort(), 200)
    const aborted = await long
    const next = await session.step(1)
    const early = await failure(session.step(1, { signal: AbortSignal.abort() }))
    await atelier.close()
    return { aborted, next: next.step, early }
  }, tiny)
  expect(seen.aborted.code).toBe('Aborted')
  expect(seen.next).toBeGreaterThan(1)
  expect(seen.early.code).toBe('Aborted')
})

test('wrong settings and files are refused with their codes, and the atelier still works', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const atelier = await open()
    const codes = {
      range: await failure(atelier.train({ ...settings, learning_rate_g: -1 })),
      choice: await failure(atelier.train({ ...settings, loss: 'nonsense' })),
      family: await failure(atelier.train({ family: 'nonsense' })),
      points: await failure(atelier.train({ ...settings, dataset: 'drawn', data: { points: new Float32Array([Number.NaN, 0]) } })),
      file: await failure(atelier.open(new Blob(['not a session']))),
      model: await failure(atelier.translator('nonsense')),
      weights: await failure(atelier.translator(new Blob(['not weights']))),
      device: await failure(open({ device: 'quantum' }))
    }
    const session = await atelier.train(settings)
    codes.frozen = await failure(session.tune({ hidden_dim: 16 }))
    codes.steps = await failure(session.step(0))
    const report = await session.step(1)
    await atelier.close()
    codes.closed = await failure(session.step(1))
    return { codes: Object.fromEntries(Object.entries(codes).map(([name, error]) => [name, error?.code])), names: codes.range?.name, step: report.step }
  }, tiny)
  expect(seen.codes).toEqual({
    range: 'InvalidConfig', choice: 'InvalidConfig', family: 'Unsupported', points: 'InvalidData', file: 'InvalidSession', model: 'Unsupported',
    weights: 'WeightsCorrupt', device: 'InvalidConfig', frozen: 'InvalidConfig', steps: 'InvalidConfig', closed: 'Aborted'
  })
  expect(seen.names).toBe('AtelierError')
  expect(seen.step).toBe(1)
})

test('closing ends the workers, and opening again works', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const locks = async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith('gan-atelier')).length
    const held = []
    for (let round = 0; round < 3; round++) {
      const atelier = await open()
      const session = await atelier.train(settings)
      await session.step(1)
      held.push(await locks())
      await atelier.close()
    }
    await new Promise(resolve => setTimeout(resolve, 300))
    return { held, left: await locks(), workers: globalThis.workers.length }
  }, tiny)
  expect(seen).toEqual({ held: [1, 1, 1], left: 0, workers: 3 })
})

test('importing where there is no DOM does nothing', async () => {
  const { openAtelier } = await import(pathToFileURL(path.resolve('dist/gan-atelier.js')).href)
  await expect(openAtelier()).rejects.toMatchObject({ code: 'Unsupported' })
})
