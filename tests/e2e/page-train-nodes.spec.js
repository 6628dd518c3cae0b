/** What a room has taken out of the page is gone. */
import { expect } from '@playwright/test'
import { test } from './host.mjs'

/** Nodes of all documents once garbage was collected. */
async function nodes(page) {
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
  const before = await nodes(page)
  for (let time = 0; time < 4; time++) for (const family of families) await show(family)
  // A picker of two families has about a dozen choices with twelve nodes each.
  await expect.poll(() => nodes(page), { timeout: 30_000 }).toBeLessThan(before + 150)
})
