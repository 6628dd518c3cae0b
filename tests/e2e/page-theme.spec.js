// Light and dark: changed, remembered, legible, and at hand from the first moment on.
import { expect } from '@playwright/test'
import { test } from './host.mjs'

test('the theme can be changed and is remembered', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto('en/')
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await page.locator('#theme').click()
  await expect.poll(ground).not.toBe(light)
  const dark = await ground()
  await page.reload()
  await expect.poll(ground).toBe(dark)
})

test('theme and storage answer before the texts are there', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  /** @type {() => void} */
  let arrive = () => {}
  const held = new Promise(resolve => { arrive = () => resolve(undefined) })
  await page.route(/\/en-[^/]*\.js$/, async route => { await held; await route.continue() })
  await page.goto('en/', { waitUntil: 'domcontentloaded' })
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await expect(page.locator('#theme')).toHaveAttribute('aria-pressed', 'false')
  await page.locator('#theme').click()
  await expect.poll(ground).not.toBe(light)
  await page.locator('#storage').click()
  arrive()
  await expect(page.locator('dialog[open]')).toBeVisible()
  await expect.poll(ground).not.toBe(light)
})

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  test(`ink, real and made stand out from every ground (${scheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme })
    await page.goto('en/')
    const ratios = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('i'))
      const luminance = name => {
        probe.style.color = `var(${name})`
        const linear = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number).map(value => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
      }
      const ratio = (one, two) => {
        const [high, low] = [luminance(one), luminance(two)].sort((a, b) => b - a)
        return (high + 0.05) / (low + 0.05)
      }
      return ['--ink', '--ink-soft', '--real', '--made'].flatMap(name => ['--paper', '--sheet', '--well'].map(ground => [`${name} on ${ground}`, ratio(name, ground)]))
    })
    // WCAG 2.2, 1.4.3: 4.5 to 1 for text of any size.
    expect(ratios.filter(([, value]) => value < 4.5)).toEqual([])
  })
}
