import { expect } from '@playwright/test'
import { openHost, test } from './host.mjs'

/** Steps that take long enough for others to be hired. */
const runs = {
  dcgan: { family: 'dcgan', dataset: 'digits', seed: 5, width: 24, batch_size: 32 },
  acgan: { family: 'acgan', dataset: 'faces', seed: 5 },
  cyclegan: { family: 'cyclegan', seed: 5 },
  drgan: { family: 'drgan', seed: 5 },
}

/** As a machine with so many cores would say. @param {import('@playwright/test').Page} page @param {number} cores */
const withCores = (page, cores) => page.addInitScript(count => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count }), cores)

/**
 * So many steps of a training, two a call, the first of them until as many workers train as there will be.
 * @param {import('@playwright/test').Page} page @param {object} config @param {{ steps: number, members: number, kill?: boolean }} options
 */
const train = (page, config, options) => page.evaluate(async ([config, { steps, members, kill }]) => {
  const atelier = await open()
  const session = await atelier.train(config)
  const told = []
  session.onRecover = ({ reason, step }) => told.push({ reason, step })
  const losses = { d: [], g: [] }
  let most = 1
  while (session.steps < steps) {
    const before = session.steps
    // Those that are hired come when they have come.
    if (session.workers < members && before === steps - 12) {
      for (let turn = 0; turn < 600 && session.workers < members; turn++) {
        await new Promise(resolve => setTimeout(resolve, 100))
        await session.inspect({ what: 'tensors' })
        if (turn % 10 === 9) break
      }
    }
    const report = await session.step(2)
    if (kill && session.workers > 1 && !told.length) globalThis.workers.at(-1).terminate()
    losses.d.splice(before, Infinity, ...report.loss_d)
    losses.g.splice(before, Infinity, ...report.loss_g)
    most = Math.max(most, session.workers)
  }
  const bytes = new Uint8Array(await (await session.save()).arrayBuffer())
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join()
  await session.close()
  return { losses, most, digest, told, device: session.device }
}, [config, options])

for (const [name, config] of Object.entries(runs)) {
  test(`${name} learns the same to the last bit by one worker and by two`, async ({ page, context }) => {
    const other = await context.newPage()
    await withCores(other, 1)
    await openHost(other)
    const alone = await train(other, config, { steps: 40, members: 1 })
    await other.close()
    await withCores(page, 2)
    await openHost(page)
    const together = await train(page, config, { steps: 40, members: 2 })
    expect([alone.most, together.most]).toEqual([1, 2])
    expect(together.losses).toEqual(alone.losses)
    expect(together.digest).toBe(alone.digest)
  })
}

test('a worker that trains with others may be lost: a crew that is hired anew goes on from the last checkpoint', async ({ page, context }) => {
  const config = runs.drgan
  const other = await context.newPage()
  await withCores(other, 1)
  await openHost(other)
  const alone = await train(other, config, { steps: 60, members: 1 })
  await other.close()
  await withCores(page, 2)
  await openHost(page)
  const together = await train(page, config, { steps: 60, members: 2, kill: true })
  expect(together.most).toBe(2)
  expect(together.losses).toEqual(alone.losses)
  expect(together.digest).toBe(alone.digest)
})
