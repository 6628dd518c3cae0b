// A graphics card that is wrong: found out before a training relies on it, or told by the browser in the middle of one.
import { expect } from '@playwright/test'
import { openHost, test } from './host.mjs'

const small = { family: 'gan', hidden_dim: 8, hidden_layers: 1, batch_size: 8 }

/** Runs a line in every worker before anything else of it. @param {import('@playwright/test').Page} page @param {string} line */
const inWorkers = (page, line) => page.addInitScript(text => {
  const Native = Worker
  globalThis.Worker = class extends Native {
    constructor(url) {
      super(URL.createObjectURL(new Blob([`${text}; import(${JSON.stringify(String(url))})`], { type: 'text/javascript' })))
    }
  }
}, line)

test('a right card is proven whole once, and remembered with the engine', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async small => {
    const atelier = await open({ device: 'webgpu' })
    const opened = []
    for (let time = 0; time < 2; time++) {
      const session = await atelier.train(small)
      opened.push(session.device)
      await session.close()
    }
    const keys = await (await caches.open('gan-atelier-engines')).keys()
    return { opened, marks: keys.map(key => key.url).filter(url => url.includes('?proven=')) }
  }, small)
  for (const device of seen.opened) expect(device).toMatchObject({ kind: 'webgpu', reason: 'asked' })
  expect(seen.opened.map(({ proof }) => proof.whole)).toEqual([true, false])
  expect(seen.marks.length).toBe(1)
  expect(seen.marks[0]).toMatch(/webgpu.*proven=.*swiftshader/i)
})

test.describe('a card that is wrong', () => {
  test.use({ allowedErrors: /./ })

  test('whose saturated tanh is none: the processor goes on, and the report names the work', async ({ page }) => {
    await page.addInitScript(() => {
      // As good as any card, for the page; the worker's own is the browser's.
      navigator.gpu.requestAdapter = async () => ({ info: { vendor: 'nvidia', architecture: 'hopper' }, features: new Set(['timestamp-query']) })
    })
    await inWorkers(page, `const make = GPUDevice.prototype.createShaderModule
      GPUDevice.prototype.createShaderModule = function (what) { return make.call(this, { ...what, code: what.code.replace(/\\btanh\\(/g, '0.5 * tanh(') }) }`)
    await openHost(page)
    const seen = await page.evaluate(async () => {
      const atelier = await open()
      const { device } = await atelier.translator('monet')
      return { device, next: (await atelier.translator('monet')).device, asked: await failure(atelier.translator('monet', { device: 'webgpu' })) }
    })
    expect(seen.device).toMatchObject({ kind: 'cpu', reason: 'webgpu_wrong' })
    expect(seen.device.report).toMatch(/card: .*swiftshader/i)
    expect(seen.device.report).toMatch(/^tanh: /m)
    expect(seen.device.report).not.toMatch(/^(sum|padding|exp|convolution|matrix product)/m)
    expect(seen.next).toMatchObject({ kind: 'cpu', reason: 'webgpu_wrong', report: seen.device.report })
    expect(seen.asked).toMatchObject({ code: 'Unsupported', details: { reason: 'webgpu_wrong' } })
  })

  test('that refuses the shaders of a step: the processor takes it, and the report has the browser’s words', async ({ page }) => {
    await inWorkers(page, `let refusing = false
      new BroadcastChannel('refuse').onmessage = () => { refusing = true }
      const make = GPUDevice.prototype.createShaderModule
      GPUDevice.prototype.createShaderModule = function (what) { return make.call(this, refusing ? { ...what, code: 'no shader at all' } : what) }`)
    await openHost(page)
    const seen = await page.evaluate(async small => {
      const atelier = await open({ device: 'webgpu' })
      const session = await atelier.train(small)
      const recovered = new Promise(resolve => { session.onRecover = ({ reason, device }) => resolve({ reason, device }) })
      new BroadcastChannel('refuse').postMessage('now')
      await new Promise(resolve => setTimeout(resolve, 200))
      const { step, loss_d } = await session.step(2)
      return { recovery: await recovered, step, finite: loss_d.every(Number.isFinite) }
    }, small)
    expect(seen.recovery).toMatchObject({ reason: 'webgpu_wrong', device: { kind: 'cpu', reason: 'webgpu_wrong' } })
    expect(seen.recovery.device.report).toMatch(/GPUValidationError: /)
    expect(seen).toMatchObject({ step: 2, finite: true })
  })
})
