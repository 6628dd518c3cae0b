/**
 * The two engines: one crate, compiled twice. Built again only when a source changed.
 * The profile and flags are the tests' in a browser, so that both share their compiled dependencies. No wasm-opt: over the CPU engine
 * `-Oz` took minutes and made what travels larger (516 KB of brotli became 571 KB, though 3.8 MB raw became 3.2 MB).
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, runOrThrow, say } from './run.mjs'

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
  await runOrThrow('wasm-pack', ['build', '--profile', 'engine', '--target', 'web', '--mode', 'no-install', '--no-pack', '--out-dir', fresh, '--out-name', 'gan_atelier', '.', '--', ...features[name]])
  writeFileSync(path.join(fresh, 'stamp'), stamp)
  swap(fresh, place)
  return true
}
