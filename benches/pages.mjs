/** Fresh pages of one browser, each for one engine on one case. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { generatorTensors, writePth } from '../tests/e2e/weight-files.mjs'
import { findChromium } from '../scripts/tools.mjs'
import { columns } from './cases.js'
import { layersOf, multiplyAdds } from './onnx.js'
import { serve, work } from './serve.mjs'
import { writeTflite } from './tflite.mjs'

/** @typedef {import('./cases.js').Case} Case */

/** Seconds; a page that takes longer is given up. A painting of 4096 px is sixty times one of 512. */
const patience = { usual: 300, large: 1800 }
/** Paintings of two engines differ by no more than this in any byte; first losses of two, on other random numbers, by no more than this share. */
export const tolerance = { byte: 2, loss: 0.15 }

const webgpu = ['--enable-unsafe-webgpu', '--enable-features=Vulkan']
/** WebGPU without a GPU, as in the page's tests: for ratios among engines, not for speed. */
const software = '--use-webgpu-adapter=swiftshader'

/** In a page. @param {{ file: string, name: string, given: any }} call */
const callIn = async ({ file, name, given }) => (await import(file))[name](given)

/** One thread is all that a page may find here, whatever it asks. */
function alone() {
  Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 1 })
}

/** @template T @param {Promise<T>} promise @param {number} seconds @returns {Promise<T>} */
function inTime(promise, seconds) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`over ${seconds} s`)), 1000 * seconds) })
  return /** @type {Promise<T>} */ (Promise.race([promise, late])).finally(() => clearTimeout(timer))
}

export class Pages {
  #browser
  #servers

  /** @param {import('@playwright/test').Browser} browser @param {Awaited<ReturnType<typeof serve>>[]} servers plain, isolated */
  constructor(browser, servers) {
    this.#browser = browser
    this.#servers = servers
  }

  /** @param {boolean} [gpu] the machine's own */
  static async open(gpu = false) {
    const { chromium } = await import('@playwright/test')
    const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox', ...webgpu, ...(gpu ? [] : [software])] })
    return new Pages(browser, [await serve(false), await serve(true)])
  }

  async close() {
    await this.#browser.close()
    for (const server of this.#servers) server.close()
  }

  version() {
    return this.#browser.version()
  }

  /** Whether the browser is still there. */
  get alive() {
    return this.#browser.isConnected()
  }

  /** @param {keyof typeof columns} column @param {string} file @param {string} name of what it exports @param {any} given @param {number} [seconds] */
  async #call(column, file, name, given, seconds = patience.usual) {
    const { isolated, threads } = columns[column]
    const context = await this.#browser.newContext()
    try {
      const page = await context.newPage()
      if (threads === 1) await page.addInitScript(alone)
      const crashed = new Promise((_, reject) => page.on('crash', () => reject(new Error('the page crashed'))))
      await page.goto(`${this.#servers[Number(isolated)].url}/benches/page.html`)
      return await inTime(/** @type {Promise<any>} */ (Promise.race([page.evaluate(callIn, { file, name, given }), crashed])), seconds)
    } finally {
      await context.close()
    }
  }

  /** What this browser's WebGPU computes on, or null. @returns {Promise<string | null>} */
  adapter() {
    return this.#call('plain', '/benches/adapter.js', 'adapter', null)
  }

  /** The files of a case; multiply-adds of a painting. @param {Case} kase @returns {Promise<number | null>} */
  async prepare(kase) {
    const folder = path.join(work, 'cases', kase.name)
    mkdirSync(folder, { recursive: true })
    if (kase.network) writeFileSync(path.join(folder, 'weights.pth'), writePth(generatorTensors(kase.network)))
    await this.#call('plain', '/benches/prepare.js', 'prepare', kase)
    if (kase.training) return null
    const network = layersOf(readFileSync(path.join(folder, 'network.onnx')), [1, 3, kase.side, kase.side])
    const flatbuffers = await import(path.join(work, 'node_modules/flatbuffers/mjs/flatbuffers.js'))
    writeFileSync(path.join(folder, 'network.tflite'), writeTflite(network, flatbuffers))
    return multiplyAdds(network)
  }

  /** @param {string} engine @param {Case} kase @param {keyof typeof columns} column @param {number} budget @returns {ReturnType<typeof import('./measure.js').measure>} */
  measure(engine, kase, column, budget) {
    // Numbers without end do not travel as JSON.
    const threads = Math.min(columns[column].threads, 1024)
    return this.#call(column, '/benches/measure.js', 'measure', { engine, kase, threads, budget })
  }

  /** @param {{ side: number, rounds: number }} options @returns {ReturnType<typeof import('./layers.js').layers>} */
  layers(options) {
    return this.#call('one', '/benches/layers.js', 'layers', options)
  }

  /** @param {{ model: string, side: number, size: string }} painting @returns {Promise<{ ms: number, bytes: number }>} */
  memory(painting) {
    return this.#call('plain', '/benches/memory.js', 'memory', painting, patience.large)
  }
}

/** How far two paintings are apart. @param {Case} kase @param {string} engine @returns {number} in bytes */
export function difference({ name }, engine) {
  const [ours, theirs] = ['ours', engine].map(each => readFileSync(path.join(work, 'cases', name, `${each}.rgba`)))
  return ours.reduce((largest, byte, at) => Math.max(largest, Math.abs(byte - theirs[at])), 0)
}
