// A worker that ends behind an embedded element's back: the element goes on, says so once, and tells the page around it.
import { expect } from '@playwright/test'
import { keepWorkers, openElsewhere, test } from './host.mjs'
import { ports, subPath } from './serve.mjs'

const site = `http://localhost:${ports.site}`
const stranger = `http://localhost:${ports.stranger}`

// The last test's panic, told in the console, and the icon that a browser asks for.
test.use({ allowedErrors: /panicked at|provoked on purpose|favicon\.ico|404 \(Not Found\)/ })

/** An element in a page that keeps what it tells. @param {import('@playwright/test').Page} page @param {string} tag @param {Record<string, string>} attributes */
const place = (page, tag, attributes) => openElsewhere(page, tag, attributes, () => {
  globalThis.told = []
  for (const event of ['recovered', 'report', 'error']) addEventListener(`atelier-${event}`, ({ detail }) => globalThis.told.push({ event, ...detail }))
})

const told = (page, event) => page.evaluate(name => globalThis.told.filter(each => each.event === name), event)
const kill = frame => frame.evaluate(() => { for (const worker of globalThis.workers) worker.terminate() })
const remark = element => element.locator('[data-remark=recovered]')
const step = async element => Number((await element.locator('[data-figure=step] dd').textContent()).replace(/\D/g, ''))

test('a training goes on from its checkpoint, and says so in the reader’s language, once for each loss', async ({ page }) => {
  const trainer = await place(page, 'gan-trainer', { dataset: 'ring', lang: 'zh-Hant' })
  await expect.poll(() => step(trainer)).toBeGreaterThan(5)
  await kill(page)
  await expect(remark(trainer)).toContainText('背景程式中斷（被終止），已由新的接手')
  await expect(remark(trainer)).toHaveAttribute('role', 'status')
  expect(await told(page, 'recovered')).toEqual([{ event: 'recovered', reason: 'killed', step: expect.any(Number) }])
  const before = await step(trainer)
  await expect.poll(() => step(trainer)).toBeGreaterThan(before)
  await kill(page)
  await expect.poll(async () => (await told(page, 'recovered')).length).toBe(2)
  await expect(remark(trainer)).toHaveCount(1)
  await remark(trainer).getByRole('button', { name: '知道了' }).click()
  await expect(remark(trainer)).toHaveCount(0)
  expect(await told(page, 'error')).toEqual([])
})

test('a lesson says so as well, and begun anew it has nothing to say', async ({ page }) => {
  const lesson = await place(page, 'gan-lesson', { name: 'balance' })
  await lesson.locator('[data-command=play]').click()
  await expect.poll(async () => (await told(page, 'report')).length).toBeGreaterThan(2)
  await kill(page)
  await expect(remark(lesson)).toContainText('The worker stopped (it was ended). A new one went on from the checkpoint at step')
  await lesson.evaluate(element => element.setAttribute('seed', '4'))
  await expect(remark(lesson)).toHaveCount(0)
})

test('a painter that rests says that nothing was lost, and the line leaves by itself', async ({ page }) => {
  const painter = await place(page, 'photo-stylizer', { model: 'monet', side: '64' })
  await painter.locator('photo-input [data-command=scene]').click()
  await expect(painter.locator('before-after')).toBeVisible({ timeout: 90_000 })
  await kill(page)
  await expect(remark(painter)).toHaveText('The worker stopped (it was ended). A new one took its place; nothing was lost.')
  expect(await told(page, 'recovered')).toEqual([{ event: 'recovered', reason: 'killed' }])
  await expect(remark(painter)).toHaveCount(0)
})

test('a frame without an origin says it inside, and tells its page through the port', async ({ page }) => {
  await page.addInitScript(keepWorkers)
  await page.goto(stranger)
  await page.evaluate(async base => {
    const { connectFrame } = await import(`${base}gan-atelier-frame.js`)
    const iframe = document.createElement('iframe')
    iframe.sandbox.add('allow-scripts')
    iframe.src = `${base}embed.html?element=gan-trainer&dataset=ring&lang=en`
    document.body.append(iframe)
    const frame = await connectFrame(iframe)
    globalThis.recovered = new Promise(resolve => frame.addEventListener('recovered', ({ detail }) => resolve(detail)))
    await frame.call('start')
  }, `${site}${subPath}`)
  const trainer = page.frameLocator('iframe').locator('gan-trainer')
  await expect.poll(() => step(trainer)).toBeGreaterThan(5)
  // Without an origin there are no locks to tell at once that a worker was ended: this one panics.
  await page.frames()[1].evaluate(() => globalThis.workers.at(-1).postMessage({ id: -1, call: 'provokePanic', args: { message: 'provoked on purpose' } }))
  expect(await page.evaluate(() => globalThis.recovered)).toEqual({ reason: 'panic', step: expect.any(Number) })
  await expect(remark(trainer)).toContainText('The worker stopped (an internal error). A new one went on from the checkpoint')
})
