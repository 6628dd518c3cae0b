/** What a machine with rustup and Node lacks, installed; what is there is left alone. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { output, root, run, runOrThrow, say } from './run.mjs'

const read = file => readFileSync(path.join(root, file), 'utf8')

/** The node packages of the lock file. */
export async function ensurePackages() {
  const lock = createHash('sha256').update(read('package-lock.json')).digest('hex')
  const stamp = path.join(root, 'node_modules/.gan-atelier-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Node packages')
  await runOrThrow('npm', ['ci', '--no-audit', '--no-fund'])
  writeFileSync(stamp, lock)
}

/** The Rust version, components and target that rust-toolchain.toml names. */
async function ensureToolchain() {
  if (!output('rustup', ['--version'])) {
    throw new Error('Rust is missing: install rustup (https://rustup.rs), then run this again.')
  }
  const file = read('rust-toolchain.toml')
  const channel = /channel\s*=\s*"([^"]+)"/.exec(file)?.[1] ?? 'stable'
  const list = key => [...(new RegExp(`${key}\\s*=\\s*\\[([^\\]]*)\\]`).exec(file)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(match => match[1])
  const installed = output('rustup', ['toolchain', 'list']) ?? ''
  if (!installed.split('\n').some(line => line.startsWith(channel))) {
    say(`Rust ${channel}`)
    await runOrThrow('rustup', ['toolchain', 'install', channel, '--profile', 'minimal', '--no-self-update'])
  }
  const parts = output('rustup', ['component', 'list', '--installed', '--toolchain', channel]) ?? ''
  const targets = output('rustup', ['target', 'list', '--installed', '--toolchain', channel]) ?? ''
  for (const target of list('targets')) {
    if (!targets.includes(target)) await runOrThrow('rustup', ['target', 'add', target, '--toolchain', channel])
  }
  for (const component of list('components')) {
    if (!parts.includes(component)) await runOrThrow('rustup', ['component', 'add', component, '--toolchain', channel])
  }
}

/** wasm-bindgen's program must be of exactly the version that the crate was compiled with. */
async function ensureWasmTools() {
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(read('Cargo.lock'))?.[1]
  const wanted = []
  if (!output('wasm-bindgen', ['--version'])?.endsWith(` ${version}`)) wanted.push(`wasm-bindgen-cli@${version}`)
  if (!output('wasm-pack', ['--version'])) wanted.push('wasm-pack')
  if (!wanted.length) return
  say(`${wanted.join(' and ')} (once, a few minutes)`)
  await runOrThrow('cargo', ['install', ...wanted])
}

export async function ensureBuildTools() {
  await ensureToolchain()
  await ensureWasmTools()
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The system's Chromium, which Playwright and wasm-pack drive. */
export function findChromium() {
  const named = process.env.CHROMIUM ?? process.env.CHROME_BIN
  if (named) return named
  const finder = process.platform === 'win32' ? 'where' : 'which'
  for (const name of browsers) {
    const found = output(finder, [name])
    if (found) return found.split('\n')[0]
  }
  return null
}

const hasDriver = () => Boolean(process.env.CHROMEDRIVER || output('chromedriver', ['--version']))
const hasChineseFont = () => process.platform !== 'linux' || Boolean(output('fc-list', [':lang=zh-tw', 'family']))

/** Chromium, its driver and a Chinese font: by apt where that may install, else one line says what is missing. */
export async function ensureTestTools() {
  const missing = () => [!findChromium() && 'chromium', !hasDriver() && 'chromium-driver', !hasChineseFont() && 'fonts-noto-cjk'].filter(Boolean)
  if (missing().length && output('apt-get', ['--version'])) {
    say(`apt: ${missing().join(', ')}`)
    const rootUser = process.getuid?.() === 0
    const apt = async args => (rootUser ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]))
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...missing(), 'fontconfig'])
  }
  const left = missing()
  if (left.length) throw new Error(`The tests need ${left.join(', ')}: install them (Debian and Ubuntu: sudo apt install ${left.join(' ')}), then run this again.`)
}
