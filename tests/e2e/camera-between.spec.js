// Cameras that answer late.
import { expect } from '@playwright/test'
import config from '../../playwright.config.js'
import { test } from './host.mjs'

const { launchOptions } = config.use
test.use({ permissions: ['camera'], launchOptions: { ...launchOptions, args: [...launchOptions.args, '--use-fake-device-for-media-stream=device-count=2', '--use-fake-ui-for-media-stream'] } })

test.beforeEach(({ page }) => page.addInitScript(() => {
  const streams = []
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async wish => {
    const stream = globalThis.late ? await globalThis.late() : await ask(wish)
    streams.push(stream)
    return stream
  }
  globalThis.lit = () => streams.flatMap(stream => stream.getTracks()).filter(({ readyState }) => readyState !== 'ended').length
}))

test('is not switched on in a room that was left', async ({ page }) => {
  await page.route(/models\.json/, async route => { await new Promise(resolve => setTimeout(resolve, 1500)); await route.continue() })
  await page.goto('en/#stylize?camera=live')
  await page.evaluate(() => { location.hash = '#learn' })
  await page.waitForTimeout(3500)
  expect(await page.evaluate(() => globalThis.lit())).toBe(0)
})

test('that is refused late does not end the one that came after it', async ({ page }) => {
  await page.goto('en/#stylize?camera=live&painter=horse2zebra')
  const camera = page.locator('#room-stylize live-camera')
  await expect(camera.locator('[data-command=turn-camera]')).toBeVisible({ timeout: 60_000 })
  await camera.evaluate(async element => {
    const press = () => element.renderRoot.querySelector('[data-command=turn-camera]').click()
    let refuse = () => {}
    const asked = new Promise(resolve => {
      globalThis.late = () => {
        globalThis.late = undefined
        resolve(undefined)
        return new Promise((_, reject) => { refuse = () => reject(new DOMException('', 'NotReadableError')) })
      }
    })
    press()
    await asked
    press()
    while (!globalThis.lit()) await new Promise(resolve => setTimeout(resolve, 20))
    refuse()
  })
  await page.waitForTimeout(500)
  await expect(camera.locator('[role=alert]')).toHaveCount(0)
  await expect.poll(() => page.evaluate(() => globalThis.lit())).toBe(1)
})
