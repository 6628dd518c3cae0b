/** What a visitor downloads: each engine (wasm and glue), and the shell that the first paint needs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from './build.mjs'
import { engineNames } from './engines.mjs'
import { root } from './run.mjs'

/** Bytes of brotli at most: these hold for a release. */
const limits = { cpu: 600_000, webgpu: 3_200_000 }

function sizes(files) {
  const total = { raw: 0, gzip: 0, brotli: 0 }
  for (const file of files) {
    const bytes = readFileSync(file)
    // As the brotli program does by itself; every browser takes a window of this size.
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    total.raw += bytes.length
    total.gzip += gzipSync(bytes, { level: 9 }).length
    total.brotli += brotliCompressSync(bytes, { params: quality }).length
  }
  return total
}

/** The document and everything that it names to load at once: styles, scripts, and what those import statically. */
function shellFiles() {
  const start = path.join(root, 'dist/en/index.html')
  const found = new Set([start])
  const queue = [start]
  while (queue.length) {
    const file = queue.pop()
    const text = readFileSync(file, 'utf8')
    const html = file.endsWith('.html')
    const pattern = html ? /<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.(?:js|css))"/g : /(?:^|[;}\n])(?:import|export)\b[^;"']*["'](\.[^"']+\.js)["']/g
    for (const [, link] of text.matchAll(pattern)) {
      const next = path.resolve(path.dirname(file), link)
      if (found.has(next)) continue
      found.add(next)
      if (next.endsWith('.js')) queue.push(next)
    }
  }
  return [...found]
}

export async function measureSize() {
  await build()
  const result = {}
  for (const name of engineNames) {
    const folder = path.join(root, 'pkg', name)
    result[name] = sizes(['gan_atelier_bg.wasm', 'gan_atelier.js'].map(file => path.join(folder, file)))
  }
  result.shell = sizes(shellFiles())
  let within = true
  for (const [name, limit] of Object.entries(limits)) {
    const fits = result[name].brotli <= limit
    within &&= fits
    console.log(`${name}: ${result[name].brotli} of at most ${limit} bytes of brotli${fits ? '' : ': TOO LARGE'}`)
  }
  console.log(JSON.stringify(result))
  return within ? 0 : 1
}
