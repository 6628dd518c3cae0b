/**
 * How soon the built page shows something, how soon something computed here, and the longest time it did not answer:
 * while it boots, trains, and paints the built-in picture.
 */
import { spawn } from 'node:child_process'
import { findChromium } from './tools.mjs'
import { build } from './build.mjs'
import { root } from './run.mjs'
import { ports } from '../tests/e2e/serve.mjs'

const trainingMs = 8000
/** Painting goes on for at least this long, or until it is done. */
const paintingMs = 120_000

/** Runs in the page before anything else. */
function watch() {
  globalThis.tasks = []
  const note = list => { for (const { duration, startTime, name } of list.getEntries()) globalThis.tasks.push({ duration, startTime, name }) }
  new PerformanceObserver(note).observe({ type: 'longtask', buffered: true })
}

export async function serve() {
  const server = spawn(process.execPath, ['tests/e2e/serve.mjs'], { cwd: root, stdio: 'inherit' })
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(`http://localhost:${ports.site}/gan-atelier.js`).then(answer => answer.ok, () => false)) return server
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  server.kill()
  throw new Error('the built page could not be served')
}

/**
 * The longest task by the processor's clock: on a busy machine the wall's clock counts other programs' work too.
 * @param {Buffer} trace
 */
function longestByProcessor(trace) {
  const { traceEvents } = JSON.parse(trace.toString())
  const threads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}:${tid}`))
  const tasks = traceEvents.filter(({ ph, name, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid}:${tid}`))
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0)
}

/** The longest task of a stage, in a fresh page. @param {import('@playwright/test').Browser} browser */
async function stage(browser, name, hash, act) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(watch)
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await page.goto(`http://localhost:${ports.site}/en/${hash}`)
  const result = await act(page)
  const tasks = await page.evaluate(() => globalThis.tasks)
  const cpu = longestByProcessor(await browser.stopTracing())
  const longest = Math.max(0, ...tasks.map(({ duration }) => duration))
  console.log(`${name}: ${tasks.length} tasks over 50 ms, the longest ${longest} ms, or ${cpu.toFixed(0)} ms of the processor`)
  await context.close()
  return { longest, cpu, ...result }
}

/** @param {import('@playwright/test').Page} page */
async function boot(page) {
  await page.waitForFunction(() => performance.getEntriesByName('gan-atelier-first-sample').length, null, { timeout: 60_000 })
  return page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now(),
    frame: performance.getEntriesByName('gan-atelier-first-sample')[0].startTime
  }))
}

/** @param {import('@playwright/test').Page} page */
async function train(page) {
  const play = page.locator('[data-command="play"]:enabled, [data-command="pause"]:enabled').first()
  await play.waitFor({ timeout: 60_000 })
  if (await play.getAttribute('data-command') === 'play') await play.click()
  await page.waitForTimeout(trainingMs)
}

/** @param {import('@playwright/test').Page} page */
async function paint(page) {
  await page.locator('[data-command="scene"]').click()
  await page.locator('[data-command="download"]').waitFor({ timeout: paintingMs })
}

export async function measurePage() {
  await build()
  const { chromium } = await import('@playwright/test')
  const server = await serve()
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox'] })
  try {
    const first = await stage(browser, 'boot', '#home', boot)
    const training = await stage(browser, 'training', '#train?v=1&dataset=ring&seed=7', train)
    const painting = await stage(browser, 'painting', '#stylize', paint)
    const longest = (/** @type {'longest' | 'cpu'} */ clock) => Math.round(Math.max(first[clock], training[clock], painting[clock]))
    console.log(JSON.stringify({
      first_paint_ms: Math.round(first.paint), first_frame_ms: Math.round(first.frame),
      longest_task_ms: longest('longest'), longest_task_cpu_ms: longest('cpu')
    }))
    return 0
  } finally {
    await browser.close()
    server.kill()
  }
}
