/**
 * The two engines: one crate, compiled twice. Built again only when a source changed.
 * The flags are wasm-pack test's, so that build and tests share their compiled dependencies.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { packageBin, root, runOrThrow, say } from './run.mjs'

export const engineNames = ['cpu', 'webgpu']
const features = { cpu: [], webgpu: ['--no-default-features', '--features', 'webgpu'] }
const wasmName = 'gan_atelier_bg.wasm'

/** What rustc's wasm target switches on; wasm-opt has to be told. */
const wasmFeatures = ['bulk-memory', 'bulk-memory-opt', 'nontrapping-float-to-int', 'simd', 'reference-types', 'sign-ext', 'mutable-globals', 'multivalue', 'call-indirect-overlong']

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

/** Puts a finished folder in the place of another at once: a dev server may be serving from it. */
function swap(fresh, place) {
  const old = `${place}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, old)
  renameSync(fresh, place)
  rmSync(old, { recursive: true, force: true })
}

/**
 * @param {'cpu' | 'webgpu'} name
 * @returns {Promise<boolean>} whether anything was built
 */
export async function buildEngine(name) {
  const place = path.join(root, 'pkg', name)
  const stamp = sourceHash()
  if (stampOf(place) === stamp) return false
  say(`${name} engine${existsSync(place) ? '' : ' (the first time takes minutes)'}`)
  const fresh = `${place}.new`
  rmSync(fresh, { recursive: true, force: true })
  await runOrThrow('wasm-pack', ['build', '--release', '--target', 'web', '--mode', 'no-install', '--no-pack', '--out-dir', fresh, '--out-name', 'gan_atelier', '.', '--', ...features[name]])
  writeFileSync(path.join(fresh, 'stamp'), stamp)
  swap(fresh, place)
  return true
}

/**
 * The engine for a release: wasm-opt -Oz over what `buildEngine` made, a third of its size.
 * @param {'cpu' | 'webgpu'} name
 */
export async function optimiseEngine(name) {
  const source = path.join(root, 'pkg', name)
  const place = path.join(root, 'pkg/release', name)
  const stamp = createHash('sha256').update(readFileSync(path.join(source, wasmName))).digest('hex')
  if (stampOf(place) === stamp) return
  say(`wasm-opt for the ${name} engine`)
  const fresh = `${place}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const flags = wasmFeatures.map(feature => `--enable-${feature}`)
  await runOrThrow(process.execPath, ['--max-old-space-size=8192', packageBin.wasmOpt, '-Oz', ...flags, path.join(source, wasmName), '-o', path.join(fresh, wasmName)])
  writeFileSync(path.join(fresh, 'gan_atelier.js'), readFileSync(path.join(source, 'gan_atelier.js')))
  writeFileSync(path.join(fresh, 'stamp'), stamp)
  swap(fresh, place)
  const megabytes = file => (statSync(file).size / 1e6).toFixed(1)
  console.log(`${megabytes(path.join(source, wasmName))} MB -> ${megabytes(path.join(place, wasmName))} MB`)
}
