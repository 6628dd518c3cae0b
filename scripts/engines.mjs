/**
 * The two engines: one crate, compiled twice; beside the processor's its painting kernels. Built again only when a source changed.
 * The profile and flags are the tests' in a browser, so that both share their compiled dependencies. No wasm-opt: over the CPU engine
 * `-Oz` took minutes and made what travels larger (516 KB of brotli became 571 KB, though 3.8 MB raw became 3.2 MB).
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { output, root, runOrThrow, say, wasmEnvironment } from './run.mjs'
import { bindgen } from './tools.mjs'
import { kernels } from './vite-engines.js'

export const engineNames = ['cpu', 'webgpu']
const features = { cpu: [], webgpu: ['--no-default-features', '--features', 'webgpu'] }
const wasmName = 'gan_atelier_bg.wasm'

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesUnder(full)
    else yield full
  }
}

/** A digest of everything that an engine is made of; programs of our own (src/bin) are not in it. */
function sourceHash() {
  const hash = createHash('sha256')
  const sources = [...filesUnder(path.join(root, 'src'))].filter(file => !file.startsWith(path.join(root, 'src/bin')))
  for (const file of [...['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', '.cargo/config.toml'].map(name => path.join(root, name)), ...sources]) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

const stampOf = folder => {
  const stamp = path.join(folder, 'stamp')
  return existsSync(stamp) && existsSync(path.join(folder, wasmName)) ? readFileSync(stamp, 'utf8') : null
}

/** Whether what is built is of these sources. @param {'cpu' | 'webgpu'} name */
export const isCurrent = name => stampOf(path.join(root, 'pkg', name)) === sourceHash()

/** Puts a finished folder in the place of another at once: a dev server may be serving from it. */
function swap(fresh, place) {
  const old = `${place}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, old)
  renameSync(fresh, place)
  rmSync(old, { recursive: true, force: true })
}

const target = 'wasm32-unknown-unknown'
const targetFolder = () => process.env.CARGO_TARGET_DIR ?? path.join(root, 'target')

/** How many crates an engine consists of, those that build them included. @param {'cpu' | 'webgpu'} name */
function crateCount(name) {
  const tree = output('cargo', ['tree', '--locked', '--target', target, '--edges', 'normal,build', '--prefix', 'none', '--no-dedupe', ...features[name]])
  return new Set((tree ?? '').split('\n').filter(Boolean).map(line => line.split(' ').slice(0, 2).join(' '))).size
}

/**
 * Compiles an engine whose sources changed. @param {'cpu' | 'webgpu'} name @param {(done: number, total: number) => void} [tell] crates
 * @returns {Promise<void>}
 */
export async function compileEngine(name, tell) {
  const place = path.join(root, 'pkg', name)
  if (stampOf(place) === sourceHash()) return
  say(`${name} engine${existsSync(place) ? '' : ' (the first time takes minutes)'}`)
  await runOrThrow('cargo', ['fetch', '--locked', '--target', target])
  const total = tell ? crateCount(name) : 0
  let done = 0
  const count = line => {
    if (/^\s*(Compiling|Fresh) /.test(line)) tell?.(Math.min(++done, total), total)
  }
  await runOrThrow('cargo', ['build', '--locked', '--lib', '--profile', 'engine', '--target', target, ...features[name]], { env: wasmEnvironment(), ...(tell && { lines: count }) })
}

/** What the kernels are compiled for, beside what every engine is. */
const kernelFlags = { exact: '+simd128', relaxed: '+simd128,+relaxed-simd' }

/** The painting kernels as modules of their own, beside the processor engine. @param {string} folder */
async function buildKernels(folder) {
  for (const [name, flags] of Object.entries(kernelFlags)) {
    await runOrThrow('cargo', ['build', '--locked', '--package', 'gan-atelier-kernels-module', '--profile', 'engine', '--target', target], { env: wasmEnvironment(flags) })
    copyFileSync(path.join(targetFolder(), target, 'engine/gan_atelier_kernels_module.wasm'), path.join(folder, kernels[name]))
  }
}

/**
 * @param {'cpu' | 'webgpu'} name @param {(done: number, total: number) => void} [tell] crates compiled
 * @returns {Promise<boolean>} whether anything was built
 */
export async function buildEngine(name, tell) {
  const place = path.join(root, 'pkg', name)
  const stamp = sourceHash()
  if (stampOf(place) === stamp) return false
  await compileEngine(name, tell)
  const fresh = `${place}.new`
  rmSync(fresh, { recursive: true, force: true })
  const compiled = path.join(targetFolder(), target, 'engine/gan_atelier.wasm')
  await runOrThrow(bindgen, [compiled, fresh])
  if (name === 'cpu') await buildKernels(fresh)
  writeFileSync(path.join(fresh, 'stamp'), stamp)
  swap(fresh, place)
  return true
}

/** The processor engine with its functions' names, for a profile: as fast, and larger. @returns {Promise<string>} where it lies */
export async function namedEngine() {
  say('cpu engine with names')
  const names = ['--config', 'profile.engine.strip="none"']
  await runOrThrow('cargo', ['build', '--locked', '--lib', '--profile', 'engine', '--target', target, ...names, ...features.cpu], { env: wasmEnvironment() })
  const folder = path.join(targetFolder(), 'named')
  await runOrThrow(bindgen, [path.join(targetFolder(), target, 'engine/gan_atelier.wasm'), folder])
  return folder
}
