/** What a page holds at rest, and how long its main thread did not answer. */

/* global soak */

/**
 * @typedef {object} Held
 * @property {number} heap bytes of JavaScript, after garbage was collected
 * @property {number} nodes of documents @property {number} listeners @property {number} documents
 * @property {number} workers @property {number} wasm bytes of all of them @property {number} largest bytes of the one that holds most
 * @property {number} buffers of the graphics card @property {number} gpu their bytes
 */

/**
 * How much more than after two minutes may be there at the end. WebAssembly memory never shrinks and grows by what a visit happens to want
 * at one time; the others are what caches of bounded size may still take.
 * @type {Record<keyof Held, { share: number, more: number }>}
 */
export const tolerance = {
  heap: { share: 0.1, more: 4e6 }, nodes: { share: 0.05, more: 400 }, listeners: { share: 0.05, more: 60 }, documents: { share: 0, more: 1 },
  workers: { share: 0, more: 0 }, wasm: { share: 0.1, more: 8e6 }, largest: { share: 0.1, more: 8e6 }, buffers: { share: 0.02, more: 4 }, gpu: { share: 0.05, more: 1e6 }
}

/** Longest time on the processor that a task of the page may take, ms. */
export const answerMs = 50

/** @param {import('@playwright/test').Page} page @returns {Promise<Held>} */
export async function held(page) {
  const line = await page.context().newCDPSession(page)
  try {
    await line.send('Performance.enable')
    for (let time = 0; time < 3; time++) {
      await line.send('HeapProfiler.collectGarbage')
      await new Promise(resolve => setTimeout(resolve, 300))
    }
    const { metrics } = await line.send('Performance.getMetrics')
    const of = name => metrics.find(each => each.name === name)?.value ?? 0
    const found = await page.evaluate(async () => ({ workers: soak.workers(), held: await soak.held() }))
    const sum = key => found.held.reduce((total, each) => total + each[key], 0)
    return {
      heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners'), documents: of('Documents'), workers: found.workers,
      wasm: sum('wasm'), largest: Math.max(0, ...found.held.map(({ wasm }) => wasm)), buffers: sum('buffers'), gpu: sum('bytes')
    }
  } finally {
    await line.detach()
  }
}

/**
 * The longest task of the page's main thread by the processor's clock: on a busy machine the wall's clock counts other programs' work too.
 * @param {Buffer} trace
 */
function longestTask(trace) {
  const { traceEvents } = JSON.parse(trace.toString())
  const threads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}:${tid}`))
  return traceEvents.filter(({ ph, name, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && threads.has(`${pid}:${tid}`))
    .reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0)
}

/** An act under a trace. @param {import('@playwright/test').Page} page @param {() => Promise<any>} act @returns {Promise<number>} ms */
export async function traced(page, act) {
  const browser = /** @type {import('@playwright/test').Browser} */ (page.context().browser())
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  const failed = await act().then(() => null, error => error)
  const trace = await browser.stopTracing()
  if (failed) throw failed
  return longestTask(trace)
}

/** @param {Held} after what two minutes left @param {Held} end @returns {string[]} which bounds are broken */
export function broken(after, end) {
  return Object.entries(tolerance).filter(([key, { share, more }]) => end[key] > after[key] * (1 + share) + more)
    .map(([key]) => `${key}: ${end[key]} at the end, ${after[key]} after two minutes`)
}
