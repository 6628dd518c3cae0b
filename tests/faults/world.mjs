/** A page of the built site with its workers watched, and how long a driver waits for it. */
import { chromium } from '@playwright/test'
import { findChromium } from '../../scripts/tools.mjs'
import { asHardware, inPage } from './hooks.mjs'
import { address } from './site.mjs'

/* What stands in the page: tests/faults/hooks.mjs. */
/* global watch */

/** A slow machine that also does other work is no fault. */
export const patienceMs = 90_000

/** WebGPU without a GPU, as the other tests in a browser have it. */
const software = ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader']
export const launching = { executablePath: findChromium() ?? undefined, args: ['--no-sandbox', '--disable-background-networking', '--js-flags=--expose-gc', ...software] }
export const launch = () => chromium.launch(launching)

/** @param {() => any} read @param {string} what @param {number} [ms] */
export async function until(read, what, ms = patienceMs) {
  for (const late = performance.now() + ms; ;) {
    const found = await read()
    if (found) return found
    if (performance.now() > late) throw new Error(`${what}: not within ${ms / 1000} s`)
    await new Promise(resolve => setTimeout(resolve, 60))
  }
}

export const rest = (/** @type {number} */ ms) => new Promise(resolve => setTimeout(resolve, ms))

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {{ serviceWorkers?: 'allow' | 'block', hardware?: boolean, before?: () => void }} [options] hardware: the software adapter passes for a card
 */
export async function newContext(browser, { serviceWorkers = 'block', hardware = false, before } = {}) {
  const context = await browser.newContext({ serviceWorkers, viewport: { width: 1280, height: 900 }, acceptDownloads: true })
  context.setDefaultTimeout(patienceMs)
  await context.addInitScript(inPage)
  if (hardware) await context.addInitScript(asHardware)
  if (before) await context.addInitScript(before)
  return context
}

/** @param {import('@playwright/test').BrowserContext} context @param {string} hash of the address */
export async function openPage(context, hash) {
  const page = await context.newPage()
  await page.goto(`${address}/en/${hash}`)
  return page
}

/** What was watched so far. @param {import('@playwright/test').Page} page */
export const seen = page => page.evaluate(() => {
  const { losses, answers, odd, sentences, step, checkpoint, opened, answered, mishaps } = watch
  return { losses, answers, odd, sentences, step, checkpoint, opened, answered, mishaps, visible: [...document.querySelectorAll('page-note')].map(note => /** @type {HTMLElement} */ (note).dataset.notice) }
})

/** Numbers of the page are written as people read them. @param {number} count */
export const written = count => count.toLocaleString('en')
