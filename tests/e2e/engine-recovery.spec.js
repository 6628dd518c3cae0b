import { expect } from '@playwright/test'
import { openHost, places, test } from './host.mjs'

const tiny = { family: 'gan', dataset: 'ring', seed: 3, hidden_dim: 8, hidden_layers: 1, batch_size: 16 }

for (const [name, place] of Object.entries(places)) {
  test(`a killed worker is replaced and training goes on, on ${name}`, async ({ page }) => {
    await openHost(page, place)
    const seen = await page.evaluate(async settings => {
      const atelier = await open()
      const session = await atelier.train(settings)
      const recoveries = []
      session.onRecover = ({ reason, step, device }) => recoveries.push({ reason, step, kind: device.kind })
      const first = await session.step(10)
      const pending = session.step(500)
      globalThis.workers.at(-1).terminate()
      const second = await pending
      // Idle workers are noticed too.
      globalThis.workers.at(-1).terminate()
      while (recoveries.length < 2) await new Promise(resolve => setTimeout(resolve, 20))
      const third = await session.step(1)
      await atelier.close()
      return { steps: [first.step, second.step, third.step], recoveries, workers: globalThis.workers.length }
    }, tiny)
    expect(seen.recoveries.map(({ reason }) => reason)).toEqual(['killed', 'killed'])
    // From the checkpoint at the start, which is less than three seconds old.
    expect(seen.steps[0]).toBe(10)
    expect(seen.steps[1]).toBe(seen.recoveries[0].step + 500)
    expect(seen.steps[2]).toBe(seen.recoveries[1].step + 1)
    expect(seen.workers).toBe(3)
  })
}

test.describe('a panic', () => {
  test.use({ allowedErrors: /panicked at|provoked on purpose/ })

  test('arrives as Internal with message and place, and the next call works', async ({ page }) => {
    await openHost(page)
    const seen = await page.evaluate(async settings => {
      const atelier = await open()
      const session = await atelier.train(settings)
      const recoveries = []
      session.onRecover = ({ reason, step }) => recoveries.push({ reason, step })
      await session.step(4)
      const error = await failure(session.provoke('panic', 'provoked on purpose'))
      const report = await session.step(2)
      await atelier.close()
      return { error, step: report.step, recoveries }
    }, tiny)
    expect(seen.error.code).toBe('Internal')
    expect(seen.error.message).toMatch(/provoked on purpose.*src\/.*\.rs:\d+:\d+/)
    expect(seen.recoveries).toEqual([{ reason: 'panic', step: 0 }])
    expect(seen.step).toBe(2)
  })
})

test('a checkpoint is taken every few seconds of training', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async settings => {
    const atelier = await open()
    const session = await atelier.train(settings)
    let step = 0
    session.onRecover = recovery => { step = recovery.step }
    const until = performance.now() + 4500
    let before = 0
    while (performance.now() < until) before = (await session.step(20)).step
    globalThis.workers.at(-1).terminate()
    await session.sample({ count: 1 })
    await atelier.close()
    return { before, step }
  }, tiny)
  expect(seen.step).toBeGreaterThan(0)
  expect(seen.step).toBeLessThanOrEqual(seen.before)
})

test.describe('a GPU device', () => {
  // The browser itself may note the loss.
  test.use({ allowedErrors: /device|GPU/i })

  test('that is destroyed is replaced, and training goes on', async ({ page }) => {
    await openHost(page)
    const seen = await page.evaluate(async settings => {
      const atelier = await open()
      const session = await atelier.train({ ...settings, device: 'webgpu' })
      const recoveries = []
      session.onRecover = ({ reason, step, device }) => recoveries.push({ reason, step, kind: device.kind })
      await session.step(1)
      await session.provoke('device_lost').catch(() => {})
      const report = await session.step(1)
      const { data } = await session.sample({ count: 4 })
      await atelier.close()
      return { recoveries, step: report.step, finite: [...data].every(Number.isFinite) }
    }, tiny)
    expect(seen.recoveries.length).toBe(1)
    expect(seen.recoveries[0].reason).toBe('device_lost')
    expect(['webgpu', 'cpu']).toContain(seen.recoveries[0].kind)
    expect(seen.step).toBe(seen.recoveries[0].step + 1)
    expect(seen.finite).toBe(true)
  })
})
