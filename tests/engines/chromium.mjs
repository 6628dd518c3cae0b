/** Chromium, through Playwright. */
import { chromium } from '@playwright/test'
import path from 'node:path'
import { findChromium } from '../../scripts/tools.mjs'
import { asText, fromText, screen } from './driver.mjs'

/** @param {import('./driver.mjs').Place} place @returns {Promise<import('./driver.mjs').Driver>} */
export async function openChromium({ folder, proxy }) {
  // Named as an argument, the proxy leaves localhost out; Playwright's own option would not.
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--proxy-server=http://127.0.0.1:${proxy}`] })
  const page = await browser.newPage({ viewport: screen })
  page.setDefaultTimeout(120_000)
  page.on('download', download => download.saveAs(path.join(folder, download.suggestedFilename())))
  return {
    version: `Chromium ${browser.version()}`,
    downloads: folder,
    goto: async url => { await page.goto(url) },
    evaluate: async (run, ...args) => fromText(await page.evaluate(asText(run, args))),
    screenshot: () => page.screenshot(),
    close: () => browser.close()
  }
}
