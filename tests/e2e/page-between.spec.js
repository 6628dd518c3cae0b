// What a visitor does while something is still on its way.
import { expect } from '@playwright/test'
import { test } from './host.mjs'
import { command, openStylize, painted } from './stylize-room.mjs'

const note = (page, name) => page.locator(`page-note[data-notice=${name}]`)

test.describe('without a service worker', () => {
  test.use({ serviceWorkers: 'block', allowedErrors: /net::ERR_FAILED/ })

  test('a room whose code did not come is offered again, and no other room minds', async ({ page }) => {
    await page.goto('zh-Hant/#home')
    await expect(page.locator('html[data-shown=home]')).toHaveCount(1)
    await page.route(/assets\/cycle-[^/]*\.js$/, route => route.abort())
    await page.goto('zh-Hant/#cycle')
    await expect(note(page, 'error')).toContainText('有檔案無法取得')
    await page.goto('zh-Hant/#stylize')
    await expect(command(page, 'scene')).toBeVisible()
    await page.goto('zh-Hant/#cycle')
    await expect(note(page, 'error')).toBeVisible()
    await page.unroute(/assets\/cycle-[^/]*\.js$/)
    await note(page, 'error').getByRole('button', { name: '再試一次' }).click()
    await expect(page.locator('#room-cycle photo-input').first()).toBeVisible()
  })
})

test('another painter is picked while the first is on its way: the photo is painted by the one that is chosen', async ({ page }) => {
  /** @type {() => void} */
  let arrive = () => {}
  const held = new Promise(resolve => { arrive = () => resolve(undefined) })
  await page.route('**/models/monet-ab.safetensors*', async route => { await held; await route.continue() })
  await openStylize(page)
  const asked = page.waitForRequest('**/models/monet-ab.safetensors*')
  await command(page, 'scene').click()
  await asked
  await page.locator('#room-stylize painter-picker [value=vangogh]').check()
  arrive()
  await painted(page)
  await expect(command(page, 'download')).toBeVisible()
  expect(await page.locator('#room-stylize').getByText('Cancelled').count()).toBe(0)
})

test('a link that could not be copied is not said to be', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.goto('en/#train?v=1&dataset=ring&seed=7')
  await page.locator('#room-train [data-command=share]').click()
  await expect(note(page, 'share')).toContainText('did not let this page copy')
})

test('every file that is no photo is named, and a picture is no person', async ({ page }) => {
  await page.goto('en/#faces')
  const files = ['one.jpg', 'two.png'].map(name => ({ name, mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') }))
  await page.locator('#room-faces photo-input input[type=file]').first().setInputFiles(files)
  await expect(note(page, 'error')).toContainText('two.png', { timeout: 60_000 })
  await expect(note(page, 'error')).toContainText('one.jpg')
  await page.locator('#room-faces input[type=file][accept*=safetensors]').setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer: Buffer.from('no person') })
  await expect(note(page, 'error')).toContainText('cat.png is a picture', { timeout: 60_000 })
})
