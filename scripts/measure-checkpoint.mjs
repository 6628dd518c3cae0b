/**
 * A published checkpoint in the browser, on the CPU engine: how long a file of the published size takes to load, how much memory the
 * engine holds at most, and how far its numbers are from PyTorch's.
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { serve } from './measure-page.mjs'
import { root } from './run.mjs'
import { findChromium } from './tools.mjs'
import { ports } from '../tests/e2e/serve.mjs'
import { generatorTensors, readSafetensors, rgbaOf, writePth } from '../tests/e2e/weight-files.mjs'

/** The published networks' size: 45 MB. */
const published = { filters: 64, blocks: 9 }
/** The side at which the published networks were trained. */
const side = 256

/** A file with PyTorch's input and output: nine blocks where the checkout has them beside it, else the small one of the tests. */
function golden() {
  const beside = path.join(root, '../shared/golden/cyclegan')
  if (existsSync(beside)) {
    const { input, output } = readSafetensors(readFileSync(path.join(beside, 'latest_net_G_A.reference.safetensors')))
    return { file: readFileSync(path.join(beside, 'latest_net_G_A.pth')), input, output }
  }
  const folder = path.join(root, 'tests/golden/checkpoints')
  const cases = readSafetensors(readFileSync(path.join(folder, 'expected.safetensors')))
  return { file: readFileSync(path.join(folder, 'nine.pth')), input: cases.input, output: cases['nine.output'] }
}

/** In the page: the real worker, by the public module. The engine is fetched and compiled before the clock starts. */
async function load({ module, side }) {
  const { openAtelier } = await import(module)
  const atelier = await openAtelier({ device: 'cpu' })
  const picture = await atelier.scene({ width: side, height: side })
  const file = await fetch('/published.pth').then(answer => answer.blob())
  const began = performance.now()
  const translator = await atelier.translator(file)
  const seconds = (performance.now() - began) / 1000
  const loaded = await translator.memory()
  const { ms } = await translator.translate(picture, { side })
  const painted = await translator.memory()
  await atelier.close()
  return { bytes: file.size, seconds, loaded, painted, ms }
}

/** In the page: the engine itself, since what a translator gives out is rounded to bytes. */
async function compare({ glue, expected, rgba, width, height }) {
  const engine = await import(glue)
  await engine.default()
  await engine.openDevice()
  const file = new Uint8Array(await fetch('/golden.pth').then(answer => answer.arrayBuffer()))
  const values = await engine.generatorOutput(file, Uint8ClampedArray.from(rgba), width, height)
  return values.reduce((largest, value, at) => Math.max(largest, Math.abs(value - expected[at])), 0)
}

/** @param {import('@playwright/test').Page} page the same origin as the module's; nothing of the page itself runs */
async function measure(page) {
  const site = `http://localhost:${ports.site}`
  const { file, input, output } = golden()
  const give = (name, bytes) => page.route(`**/${name}`, route => route.fulfill({ body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }))
  await give('published.pth', writePth(generatorTensors(published)))
  await give('golden.pth', file)
  let glue = ''
  page.on('request', request => { if (/engines\/cpu.*\.js$/.test(request.url())) glue = request.url() })
  await page.goto(`${site}/host/`)
  const figures = await page.evaluate(load, { module: `${site}/gan-atelier.js`, side })
  const { rgba, width, height } = rgbaOf(input)
  const difference = await page.evaluate(compare, { glue, expected: [...output.values], rgba: [...rgba], width, height })
  return { ...figures, difference }
}

export async function measureCheckpoint() {
  await build()
  const { chromium } = await import('@playwright/test')
  const server = await serve()
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox'] })
  try {
    const { bytes, seconds, loaded, painted, ms, difference } = await measure(await browser.newPage())
    console.log(`memory over file: ${(loaded / bytes).toFixed(2)} when loaded, ${(painted / bytes).toFixed(2)} after a picture of ${side} px, which took ${(ms / 1000).toFixed(1)} s`)
    console.log(JSON.stringify({
      max_abs_diff: difference, file_bytes: bytes, peak_wasm_bytes: loaded, load_seconds: Number(seconds.toFixed(3)), peak_wasm_bytes_painting: painted
    }))
    return 0
  } finally {
    await browser.close()
    server.kill()
  }
}
