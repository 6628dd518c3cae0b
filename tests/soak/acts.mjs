/** What somebody does in an hour, one thing at a time. Each act ends where it began: rooms are left, photos and people taken away again. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/run.mjs'
import { families } from '../faults/training.mjs'
import { address } from '../faults/site.mjs'
import { rest, until } from '../faults/world.mjs'

/* What stands in the pages: tests/soak/hooks.mjs, and the module in the host's. */
/* global gpuSession */

const lessons = readdirSync(path.join(root, 'www/lessons'), { withFileTypes: true }).filter(each => each.isDirectory()).map(({ name }) => name)
const faceRoom = '#room-faces'

/** @param {import('@playwright/test').Page} page @param {string} hash */
const go = (page, hash) => page.evaluate(to => { location.hash = to }, hash)

/** @param {import('@playwright/test').Page} page @param {string} family @param {number} ms @param {number} [seed] */
export async function train(page, family, ms, seed = 5) {
  await go(page, `#train?${families[family].replace('seed=5', `seed=${seed}`)}`)
  const place = page.locator('#room-train')
  await until(() => place.locator('[data-command=play]').evaluateAll(([one]) => one && !(/** @type {any} */ (one).disabled)), `${family} opens`)
  await rest(300)
  await place.locator('[data-command=play]:not([disabled])').click()
  await rest(ms)
  await until(() => place.locator('[data-figure=step] dd').first().textContent().then(text => Number(text?.replace(/\D/g, '')) > 0), `${family} learns`)
  await place.locator('[data-command=pause]').click()
  await place.locator('[data-command=play][aria-disabled=false]').waitFor()
}

/** Photos through the queue, all different. @param {import('@playwright/test').Page} page @param {number} count */
export async function paint(page, count) {
  await go(page, '#stylize')
  const place = page.locator('#room-stylize')
  await place.locator('photo-input').first().waitFor()
  const files = await page.evaluate(async many => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 72 })
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    return Array.from({ length: many }, () => {
      for (const top of [0, 0.5, 0.7, 0.9]) {
        context.fillStyle = `hsl(${Math.random() * 360} 50% 50%)`
        context.fillRect(0, top * 72, 96, 72)
      }
      return canvas.toDataURL().split(',')[1]
    })
  }, count)
  // As somebody's choice arrives. (Playwright's own way keeps the input, and with it what it lies in, for as long as the page is open.)
  await place.locator('photo-input input[type=file]').first().evaluate((input, pictures) => {
    const chosen = new DataTransfer()
    for (const [at, picture] of pictures.entries()) chosen.items.add(new File([Uint8Array.from(atob(picture), each => each.charCodeAt(0))], `photo-${at}.png`, { type: 'image/png' }))
    Object.assign(input, { files: chosen.files })
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }, files)
  await until(() => place.locator('photo-queue').evaluateAll(([one]) => one && /** @type {any} */ (one).rows.length > 0 && /** @type {any} */ (one).rows.every(({ state }) => state === 'done')), `${count} paintings`, 300_000)
  await rest(200)
  await place.locator('[data-command=clear]').click()
}

/** People that the page draws itself, each turned, then taken away. @param {import('@playwright/test').Page} page @param {number} count */
export async function people(page, count) {
  await go(page, '#faces')
  const turner = page.locator(`${faceRoom} face-turner`)
  for (let one = 0; one < count; one++) {
    await page.locator(`${faceRoom} photo-input [data-command=scene]`).first().click()
    await until(() => turner.evaluateAll(([each]) => Boolean(/** @type {any} */ (each)?.picture && /** @type {any} */ (each).strip.every(Boolean))), 'a person', 180_000)
    await page.locator(`${faceRoom} [data-command=remove-person]`).click()
    await turner.waitFor({ state: 'detached' })
  }
}

/** @param {import('@playwright/test').Page} page @param {number} which */
export async function lesson(page, which) {
  await go(page, `#learn?lesson=${lessons[which % lessons.length]}`)
  await page.locator('#room-learn h2:visible').first().waitFor()
  const play = page.locator('#room-learn [data-command=play]:not([disabled])').first()
  if (await play.waitFor({ timeout: 5000 }).then(() => true, () => false)) {
    await play.click()
    await rest(1500)
  }
  await go(page, '#learn')
  await rest(300)
}

/** The page's own resting place. @param {import('@playwright/test').Page} page */
export async function home(page) {
  await go(page, '#home')
  await rest(1500)
  // What is on the entrance goes on learning: away from it nothing does.
  await go(page, '#learn')
  await rest(1500)
}

/** A stranger's page with the module, and a training on the graphics card that lasts as long as the page. @param {import('@playwright/test').BrowserContext} context */
export async function openStranger(context) {
  const page = await context.newPage()
  await page.goto(`${address}/host/`)
  await page.evaluate(async url => {
    const scope = /** @type {any} */ (globalThis)
    scope.atelierModule = await import(url)
    const atelier = await scope.atelierModule.openAtelier()
    scope.gpuSession = await atelier.train({ family: 'gan', dataset: 'ring', seed: 3, hidden_dim: 8, hidden_layers: 1, batch_size: 16, device: 'webgpu' }).catch(() => null)
    await scope.gpuSession?.step(3)
  }, `${address}/gan-atelier.js`)
  return page
}

/** @param {import('@playwright/test').Page} page @param {number} steps @returns {Promise<boolean>} whether there is a card, or what stands for one */
export const stepOnCard = (page, steps) => page.evaluate(async many => {
  if (!gpuSession) return false
  await gpuSession.step(many)
  await gpuSession.sample({ count: 4 })
  return true
}, steps)

/** An element that is put into the page, opened, and taken away. @param {import('@playwright/test').Page} page @param {number} count */
export const embed = (page, count) => page.evaluate(async many => {
  for (let one = 0; one < many; one++) {
    const element = /** @type {any} */ (document.createElement('gan-trainer'))
    element.setAttribute('dataset', 'ring')
    document.body.append(element)
    const ready = new Promise((resolve, reject) => {
      element.addEventListener('atelier-ready', resolve, { once: true })
      element.addEventListener('atelier-error', event => reject(new Error(event.detail.message)), { once: true })
    })
    await element.start()
    // A clock that still ran would hold the element after it is gone.
    let clock
    await Promise.race([ready, new Promise(resolve => { clock = setTimeout(resolve, 20_000) })])
    clearTimeout(clock)
    if (element.state !== 'open') throw new Error(`the element is ${element.state}`)
    await element.play()
    await new Promise(resolve => setTimeout(resolve, 150))
    element.remove()
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}, count)
