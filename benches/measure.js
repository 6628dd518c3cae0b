/** In a fresh page: one engine on one case. */
import { write } from './files.js'

/**
 * @typedef {object} Opened
 * @property {() => Promise<any>} run the painting, or as many steps as the case says
 * @property {() => Promise<Uint8ClampedArray>} [output] the painting, RGBA
 * @property {number[]} [losses] means of the first steps: discriminator's, generator's
 * @property {() => Promise<number>} [memory] bytes of WebAssembly memory
 */

/** Runs in a page: at least `least`, and more for as long as one page may take. */
const bounds = { least: 3, most: 50 }

/**
 * @param {{ engine: string, kase: import('./cases.js').Case, threads: number, budget: number }} options budget: ms of timed runs
 * @returns {Promise<{ times: number[], losses?: number[], memory?: number, isolated: boolean }>} times: ms a painting or step
 */
export async function measure({ engine, kase, threads, budget }) {
  const { open } = await import(`./engines/${engine}.js`)
  /** @type {Opened} */
  const opened = await open(kase, { threads: Math.min(threads, navigator.hardwareConcurrency) })
  const timed = async () => {
    const started = performance.now()
    await opened.run()
    return (performance.now() - started) / (kase.steps ?? 1)
  }
  const first = await timed()
  // What compiles at its first run may still be settling in the second; where one takes seconds that no longer shows.
  if (first * (kase.steps ?? 1) < budget / 2) await timed()
  const times = []
  const began = performance.now()
  while (times.length < bounds.most && (performance.now() - began < budget || times.length < Math.min(bounds.least, budget / first))) times.push(await timed())
  if (opened.output) await write(kase.name, `${engine}.rgba`, await opened.output())
  return { times, losses: opened.losses, memory: await opened.memory?.(), isolated: globalThis.crossOriginIsolated }
}
