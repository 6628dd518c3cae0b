/** What a machine with rustup and Node lacks, installed; what is there is left alone. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { obtain, output, root, run, runOrThrow, say } from './run.mjs'

const read = file => readFileSync(path.join(root, file), 'utf8')

/** The node packages of the lock file. */
export async function ensurePackages() {
  const lock = createHash('sha256').update(read('package-lock.json')).digest('hex')
  const stamp = path.join(root, 'node_modules/.gan-atelier-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('Node packages')
  await obtain('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
  writeFileSync(stamp, lock)
}

/** The Rust version, components and target that rust-toolchain.toml names. */
export async function ensureToolchain() {
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

/** Programs that run for seconds are not worth the minutes that optimising them takes. */
const quickly = { CARGO_PROFILE_RELEASE_OPT_LEVEL: '0', CARGO_PROFILE_RELEASE_LTO: 'off', CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16' }

/** Without the program's own lock file: not every registry has each version that it names. @param {string} crate */
async function install(crate) {
  say(`${crate} (once)`)
  await runOrThrow('cargo', ['install', crate], { env: quickly })
}

const bindgenFolder = path.join(root, 'target/bindgen')
/** What binds an engine to JavaScript: wasm-bindgen's library in a program of ours, in a fifth of the time that its own takes to compile. */
export const bindgen = path.join(bindgenFolder, 'release', process.platform === 'win32' ? 'bindgen.exe' : 'bindgen')

export async function ensureBindgen() {
  const quiet = existsSync(bindgen) ? ['--quiet'] : []
  await runOrThrow('cargo', ['build', '--release', '--locked', ...quiet, '--manifest-path', path.join(root, 'scripts/bindgen/Cargo.toml'), '--target-dir', bindgenFolder])
}

export async function ensureBuildTools() {
  await ensureToolchain()
  await ensureBindgen()
}

/** What runs the engine's tests in a browser: of exactly the version that the crate was compiled with. */
async function ensureTestRunner() {
  const version = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(read('Cargo.lock'))?.[1]
  if (!output('wasm-bindgen', ['--version'])?.endsWith(` ${version}`)) await install(`wasm-bindgen-cli@${version}`)
}

export async function ensureWasmPack() {
  if (!output('wasm-pack', ['--version'])) await install('wasm-pack')
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** @param {string[]} names of programs @returns {string | null} the first that is there */
function findProgram(names) {
  const finder = process.platform === 'win32' ? 'where' : 'which'
  for (const name of names) {
    const found = output(finder, [name])
    if (found) return found.split('\n')[0]
  }
  return null
}

/** The system's Chromium, which Playwright and wasm-pack drive. */
export const findChromium = () => process.env.CHROMIUM ?? process.env.CHROME_BIN ?? findProgram(browsers)

/** The system's Firefox, which needs no driver. */
export const findFirefox = () => process.env.FIREFOX ?? findProgram(['firefox-esr', 'firefox'])

/** WebKit's smallest browser; Debian keeps it in a library's folder. @returns {string | null} */
export function findMiniBrowser() {
  if (process.env.MINIBROWSER) return process.env.MINIBROWSER
  const files = output('dpkg', ['-L', 'libwebkit2gtk-4.1-0']) ?? ''
  return findProgram(['MiniBrowser']) ?? files.split('\n').find(file => file.endsWith('/MiniBrowser')) ?? null
}

const hasDriver = () => Boolean(process.env.CHROMEDRIVER || output('chromedriver', ['--version']))
const hasChineseFont = () => process.platform !== 'linux' || Boolean(output('fc-list', [':lang=zh-tw', 'family']))

/** Chromium, its driver and a Chinese font: by apt where that may install, else one line says what is missing. */
export async function ensureTestTools() {
  await ensureTestRunner()
  await ensureBy(() => [!findChromium() && 'chromium', !hasDriver() && 'chromium-driver', !hasChineseFont() && 'fonts-noto-cjk'].filter(Boolean), ['fontconfig'])
}

/** Firefox and WebKit, with what shows it where there is no screen; WebKit's driver is Linux's alone. */
export async function ensureEngines() {
  const webkit = process.platform === 'linux'
  await ensureBy(() => [
    !findFirefox() && 'firefox-esr', webkit && !(findProgram(['WebKitWebDriver']) && findMiniBrowser()) && 'webkit2gtk-driver', webkit && !findProgram(['Xvfb']) && 'xvfb'
  ].filter(Boolean))
}

/** @param {() => any[]} missing names of Debian's packages @param {string[]} [along] */
export async function ensureBy(missing, along = []) {
  if (missing().length && output('apt-get', ['--version'])) {
    say(`apt: ${missing().join(', ')}`)
    const rootUser = process.getuid?.() === 0
    const apt = async args => (rootUser ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]))
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...missing(), ...along])
  }
  const left = missing()
  if (left.length) throw new Error(`The tests need ${left.join(', ')}: install them (Debian and Ubuntu: sudo apt install ${left.join(' ')}), then run this again.`)
}
