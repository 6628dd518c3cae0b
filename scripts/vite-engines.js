/**
 * The engines are static files beside the bundle: they are fetched when a task needs one, and compiled once.
 * `virtual:engines` says where: in the dev server under /engines/NAME/, in dist under engines/NAME-HASH/, and in the npm package by
 * a `new URL(..., import.meta.url)` for each file, which is what bundlers look for.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
export const engineNames = ['cpu', 'webgpu']
const glue = 'gan_atelier.js'
const wasm = 'gan_atelier_bg.wasm'
/** The processor engine has painting kernels beside it. */
export const kernels = { exact: 'kernels.wasm', relaxed: 'kernels_relaxed.wasm' }

function builtEngines(only = engineNames) {
  const found = {}
  for (const name of only) {
    const folder = path.join(root, 'pkg', name)
    if (!existsSync(path.join(folder, wasm)) || !existsSync(path.join(folder, glue))) continue
    const files = [glue, wasm, ...Object.values(kernels)].filter(file => existsSync(path.join(folder, file))).map(file => [file, readFileSync(path.join(folder, file))])
    const hash = createHash('sha256')
    for (const [, bytes] of files) hash.update(bytes)
    const place = `engines/${name}-${hash.digest('hex').slice(0, 8)}`
    found[name] = { place, files, bytes: files[1][1].length }
  }
  return found
}

/** Placeholder for the way from a chunk to the root of dist; each chunk gets its own. */
const rootMark = '__ATELIER_ROOT__'

/** Where the kernels of a folder lie. @param {string} place @param {(file: string) => boolean} has */
function kernelPlaces(place, has) {
  const places = Object.entries(kernels).map(([name, file]) => [name, `${place}/${file}`])
  return places.every(([, file]) => has(file)) ? { kernels: Object.fromEntries(places) } : {}
}

function moduleSource(engines) {
  return `const here = import.meta.url
export const root = new URL('${rootMark}', here).href
export const locate = place => new URL(place, root).href
export const engines = ${JSON.stringify(engines)}`
}

/** Stands for a file's URL until the chunk that names it is written. */
const fileMark = '__ATELIER_FILE__'

/** A package belongs to no site. @param {Record<string, any>} engines @param {string[]} files from the package's own root */
function packageSource(engines, files) {
  const urls = files.map(file => `${JSON.stringify(file)}: ${fileMark}(${JSON.stringify(file)})`)
  return `const files = { ${urls.join(', ')} }
export const root = ''
export const locate = place => files[place]
export const engines = ${JSON.stringify(engines)}`
}

function serveEngine(request, response, next) {
  const match = /^\/engines\/(\w+)\/([\w.]+)(?:\?|$)/.exec(request.url)
  if (!match) return next()
  const [, name, file] = match
  const full = path.join(root, 'pkg', name, file)
  if (!engineNames.includes(name) || ![glue, wasm, ...Object.values(kernels)].includes(file) || !existsSync(full)) {
    response.statusCode = 404
    return response.end('this engine is still being built')
  }
  response.setHeader('content-type', file.endsWith('.wasm') ? 'application/wasm' : 'text/javascript')
  response.setHeader('content-length', statSync(full).size)
  response.setHeader('cache-control', 'no-cache')
  response.setHeader('access-control-allow-origin', '*')
  if (request.method === 'HEAD') return response.end()
  createReadStream(full).pipe(response)
}

/** @param {{ files?: string[], only?: string[] }} [options] files: those that a package carries, by their places in it; only: its engines @returns {import('vite').Plugin} */
export function engines({ files, only } = {}) {
  const id = '\0virtual:engines'
  let built = {}
  let development = false
  return {
    name: 'gan-atelier-engines',
    configResolved: config => { development = config.command === 'serve' },
    resolveId: source => (source === 'virtual:engines' ? id : null),
    load(source) {
      if (source !== id) return null
      if (development) {
        const places = engineNames.map(name => [name, { glue: `engines/${name}/${glue}`, wasm: `engines/${name}/${wasm}`, bytes: 0, ...(name === 'cpu' && kernelPlaces(`engines/${name}`, () => true)) }])
        return moduleSource(Object.fromEntries(places)).replace(rootMark, '/')
      }
      built = builtEngines(only)
      if (files) {
        const named = Object.entries(built).map(([name, { bytes }]) => [name, { glue: `engines/${name}/${glue}`, wasm: `engines/${name}/${wasm}`, bytes, ...kernelPlaces(`engines/${name}`, file => files.includes(file)) }])
        return packageSource(Object.fromEntries(named), files)
      }
      const places = Object.entries(built).map(([name, { place, bytes, files: found }]) => [name, { glue: `${place}/${glue}`, wasm: `${place}/${wasm}`, bytes, ...kernelPlaces(place, file => found.some(([each]) => `${place}/${each}` === file)) }])
      return moduleSource(Object.fromEntries(places))
    },
    renderChunk(code, chunk) {
      if (!code.includes(rootMark) && !code.includes(fileMark)) return null
      const up = '../'.repeat(chunk.fileName.split('/').length - 1) || './'
      const marked = new RegExp(`${fileMark}\\(\\s*["'\`]([^"'\`]+)["'\`]\\s*\\)`, 'g')
      return { code: code.replaceAll(rootMark, up).replace(marked, (_, file) => `new URL(${JSON.stringify(up + file)}, import.meta.url).href`), map: null }
    },
    generateBundle() {
      if (files) return
      for (const { place, files } of Object.values(built)) {
        for (const [file, source] of files) this.emitFile({ type: 'asset', fileName: `${place}/${file}`, source })
      }
    },
    configureServer: server => { server.middlewares.use(serveEngine) }
  }
}
