/** A bare page that imports the built module, of the site itself or of a stranger, and what the specs need on it. */
import { expect, test as base } from '@playwright/test'
import { ports, subPath } from './serve.mjs'

const site = `http://localhost:${ports.site}`
export const places = {
  'the same origin': { page: `${site}/host/`, module: `${site}/gan-atelier.js` },
  'another origin': { page: `http://localhost:${ports.stranger}/strict.html`, module: `${site}${subPath}gan-atelier.js` }
}

/** Keeps every worker that the page starts, so that a test can end one behind the module's back. */
export function keepWorkers() {
  const Native = Worker
  globalThis.workers = []
  globalThis.Worker = class extends Native {
    constructor(...args) {
      super(...args)
      globalThis.workers.push(this)
    }
  }
}

/** @param {import('@playwright/test').Page} page @param {{ page: string, module: string }} place */
export async function openHost(page, place = places['the same origin']) {
  await page.addInitScript(keepWorkers)
  await page.goto(place.page)
  await page.evaluate(async url => {
    globalThis.atelierModule = await import(url)
    globalThis.open = globalThis.atelierModule.openAtelier
    // What a rejected promise carries, as data that leaves the page.
    globalThis.failure = promise => promise.then(() => null, ({ code, message, details, name }) => ({ code, message, details, name }))
  }, place.module)
}

/**
 * An element with these attributes, open in a stranger's page.
 * @param {import('@playwright/test').Page} page @param {string} tag @param {Record<string, string>} attributes @param {() => void} before runs in that page first, to listen
 */
export async function openElsewhere(page, tag, attributes, before) {
  await openHost(page, places['another origin'])
  await page.evaluate(before)
  await page.evaluate(async ([name, given]) => {
    const element = document.createElement(name)
    for (const [key, value] of Object.entries(given)) element.setAttribute(key, value)
    document.body.append(element)
    await element.start()
  }, /** @type {const} */ ([tag, attributes]))
  return page.locator(tag)
}

/** A test fails on any error in the console, except where it provokes one on purpose. */
export const test = base.extend({
  allowedErrors: [/^$/, { option: true }],
  page: async ({ page, allowedErrors }, use) => {
    const errors = []
    page.on('console', message => { if (message.type() === 'error') errors.push(message.text()) })
    page.on('pageerror', error => errors.push(String(error)))
    await use(page)
    const unexpected = errors.filter(text => !allowedErrors.test(text))
    if (unexpected.length) throw new Error(`errors in the console:\n${unexpected.join('\n')}`)
  }
})

/**
 * What `read` finds once it finds the same twice in a row: the page may still be drawing what was asked of it.
 * @template T @param {() => Promise<T>} read null while there is nothing @param {{ timeout?: number }} [patience] @returns {Promise<T>}
 */
export async function settled(read, patience) {
  /** @type {string | undefined} */
  let last
  let found
  await expect.poll(async () => {
    found = await read()
    const now = JSON.stringify(found)
    const same = found !== null && now === last
    last = now
    return same
  }, { ...patience, intervals: [500] }).toBe(true)
  return /** @type {any} */ (found)
}
