import { expect } from '@playwright/test'
import { openHost, test } from './host.mjs'

/** Steps that take long enough for others to be hired. */
const runs = {
  dcgan: { family: 'dcgan', dataset: 'digits', seed: 5, width: 40, batch_size: 32 },
  acgan: { family: 'acgan', dataset: 'faces', seed: 5, width: 24 },
  cyclegan: { family: 'cyclegan', seed: 5 },
  drgan: { family: 'drgan', seed: 5 },
}

/** As a machine with so many cores would say. @param {import('@playwright/test').Page} page @param {number} cores */
const withCores = (page, cores) => page.addInitScript(count => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count }), cores)

/**
 * A training of so many steps, or until some have been made by two workers, or after one was lost: where two do not pay, they part soon.
 * @param {import('@playwright/test').Page} page @param {object} config @param {{ steps?: number, kill?: boolean }} options kill: the worker that came last, once
 */
const train = (page, config, options) => page.evaluate(async ([config, { steps = Infinity, kill = false }]) => {
  const atelier = await open()
  const session = await atelier.train(config)
  const told = []
  session.onRecover = ({ reason, step }) => told.push({ reason, step })
  const losses = { d: [], g: [] }
  let together = 0
  let killed = Infinity
  const enough = () => (steps < Infinity ? session.steps >= steps : kill ? session.steps >= killed + 12 : together >= 6)
  while (!enough()) {
    const before = session.steps
    const stepping = session.step(2)
    if (kill && killed === Infinity && session.workers > 1) {
      killed = before
      globalThis.workers.at(-1).terminate()
    }
    const report = await stepping
    losses.d.splice(report.step - 2, Infinity, ...report.loss_d)
    losses.g.splice(report.step - 2, Infinity, ...report.loss_g)
    if (session.workers > 1) together += session.steps - before
    if (session.steps > 400) throw new Error('nobody came')
  }
  const bytes = new Uint8Array(await (await session.save()).arrayBuffer())
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join()
  const made = session.steps
  await session.close()
  return { losses, digest, told, together, steps: made }
}, [config, options])

/** By two workers, and then as many steps by one. */
async function both(page, context, config, options = {}) {
  await withCores(page, 2)
  await openHost(page)
  const together = await train(page, config, options)
  const other = await context.newPage()
  await withCores(other, 1)
  await openHost(other)
  const alone = await train(other, config, { steps: together.steps })
  await other.close()
  expect(alone.together).toBe(0)
  expect(together.together).toBeGreaterThan(0)
  expect(together.losses).toEqual(alone.losses)
  expect(together.digest).toBe(alone.digest)
  return together
}

for (const [name, config] of Object.entries(runs)) {
  test(`${name} learns the same to the last bit by one worker and by two`, async ({ page, context }) => {
    const { told } = await both(page, context, config)
    expect(told).toEqual([])
  })
}

test('a worker that trains with others may be lost: the training goes on from its checkpoint, to the same numbers', async ({ page, context }) => {
  const { told } = await both(page, context, runs.drgan, { kill: true })
  expect(told.length).toBeLessThan(2)
})
