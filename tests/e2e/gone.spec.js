/** What was taken out of a page is gone: nothing goes on holding it. */
import { expect } from '@playwright/test'
import { places, test } from './host.mjs'

/** Garbage is collected, as often as weak references and what hangs on them need. @param {import('@playwright/test').Page} page */
async function counted(page) {
  const line = await page.context().newCDPSession(page)
  await line.send('Performance.enable')
  for (let time = 0; time < 3; time++) {
    await line.send('HeapProfiler.collectGarbage')
    await page.waitForTimeout(200)
  }
  const { metrics } = await line.send('Performance.getMetrics')
  await line.detach()
  return metrics.find(({ name }) => name === 'Nodes')?.value ?? 0
}

test('other data of another family leave nothing of the former behind', async ({ page }) => {
  test.setTimeout(180_000)
  const families = ['gan', 'dcgan']
  const show = async family => {
    await page.goto(`en/#train?v=1&family=${family}&seed=5`)
    await expect(page.locator('#room-train [data-command=play]')).toBeEnabled({ timeout: 60_000 })
    await expect(page.locator('#room-train family-picker')).toHaveJSProperty('value', family)
  }
  for (const family of families) await show(family)
  const before = await counted(page)
  for (let time = 0; time < 4; time++) for (const family of families) await show(family)
  // A picker of two families has about a dozen choices with twelve nodes each.
  await expect.poll(() => counted(page), { timeout: 30_000 }).toBeLessThan(before + 150)
})

/** Puts elements into the page and takes each out again as it is about to be drawn, on a page too slow to do one before the other. */
async function comeAndGo(many) {
  const native = globalThis.setTimeout
  /** @type {(() => void) | null} */
  let asked = null
  const scope = /** @type {any} */ (globalThis)
  scope.setTimeout = (act, ms, ...more) => {
    // The clock of a stage's drawing.
    if (ms === 16) asked?.()
    return native(act, ms, ...more)
  }
  const elements = []
  for (let one = 0; one < many; one++) {
    const element = /** @type {any} */ (document.createElement('gan-trainer'))
    elements.push(new WeakRef(element))
    element.setAttribute('dataset', 'ring')
    document.body.append(element)
    const ready = new Promise(resolve => element.addEventListener('atelier-ready', resolve, { once: true }))
    await element.start()
    await ready
    await element.play()
    await new Promise(resolve => native(resolve, 300))
    await new Promise(resolve => { asked = /** @type {() => void} */ (resolve) })
    asked = null
    const gone = new Promise(resolve => native(() => resolve(element.remove()), 10))
    for (const began = performance.now(); performance.now() - began < 40;);
    await gone
    await new Promise(resolve => native(resolve, 400))
  }
  scope.setTimeout = native
  scope.elements = elements
}

test('embedded elements that are taken out while they learn are let go of', async ({ page }) => {
  test.setTimeout(120_000)
  const place = places['another origin']
  await page.goto(place.page)
  // Not as other specs do it: their page keeps its workers, and with them what listens to one.
  await page.evaluate(async url => { await import(url) }, place.module)
  await page.evaluate(comeAndGo, 5)
  // The last one may still be held by what the page did last.
  const held = () => page.evaluate(() => globalThis.elements.filter(each => each.deref()).length)
  await expect.poll(async () => { await counted(page); return held() }, { timeout: 30_000 }).toBeLessThan(2)
})
