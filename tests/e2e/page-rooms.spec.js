import { expect } from '@playwright/test'
import { test } from './host.mjs'

for (const language of ['en', 'zh-Hant']) {
  test(`every room is a visible link on a small telephone, and reached by the keyboard alone (${language})`, async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(`${language}/`)
    await expect(page.locator('html[data-shown=home]')).toHaveCount(1)
    const links = page.locator('.masthead nav a')
    const rooms = await links.evaluateAll(all => all.map(link => link.getAttribute('href').slice(1)))
    expect(rooms.length).toBeGreaterThanOrEqual(4)
    for (const room of rooms) {
      const link = page.locator(`.masthead nav a[href="#${room}"]`)
      const box = await link.boundingBox()
      expect(box.x >= 0 && box.x + box.width <= 360 && box.height >= 24, `${room} ${JSON.stringify(box)}`).toBe(true)
      await page.locator('.brand').focus()
      for (let index = 0; index <= rooms.indexOf(room); index++) await page.keyboard.press('Tab')
      await expect(link).toBeFocused()
      await page.keyboard.press('Enter')
      await expect(page.locator(`#${room}-heading`)).toBeFocused()
      await expect(link).toHaveAttribute('aria-current', 'page')
      await expect(page.locator('[data-room]:visible')).toHaveCount(1)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), room).toBeLessThanOrEqual(360)
    }
    await page.locator('.brand').press('Enter')
    await expect(page.locator('.doors li')).toHaveCount(rooms.length)
  })
}
