/**
 * `npm test`: every check there is, two beside each other, or those named (`npm test -- rust browser`), one after the other; a table last.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { inLanes, tellingOf } from './lanes.mjs'
import { ensureBuildTools, ensureEngines, ensurePackages, ensureTestTools, ensureWasmPack, findChromium } from './tools.mjs'
import { output, packageBin, root, run, say, wasmEnvironment } from './run.mjs'

const node = process.execPath
/** A test in a browser may compile shaders on a software adapter. */
const patient = { WASM_BINDGEN_TEST_TIMEOUT: '600' }

const driver = () => process.env.CHROMEDRIVER ?? output(process.platform === 'win32' ? 'where' : 'which', ['chromedriver']) ?? ''

/**
 * tests/web.rs in a browser, on one engine, compiled as the engines are: what `wasm-pack test --headless --chrome` runs, without first
 * linking every other test of the crate, none of which is for a browser.
 * @param {string[]} features @param {string[]} [more] what has to compile there besides
 */
function browserTests(features, more = []) {
  const args = ['test', '--profile', 'engine', '--target', 'wasm32-unknown-unknown', ...features, ...more, '--test', 'web']
  return run('cargo', args, { env: { ...wasmEnvironment(), ...patient, CHROMEDRIVER: driver(), WASM_BINDGEN_TEST_ONLY_WEB: '1' } })
}

/** The same as somebody would type it. wasm-pack hands no profile on to its build: everything is compiled once more, for ten minutes. */
async function wasmPack() {
  await ensureWasmPack()
  return run('wasm-pack', ['test', '--headless', '--chrome', ...(driver() ? ['--chromedriver', driver()] : [])], { env: patient })
}

async function buildSite() {
  const { build } = await import('./build.mjs')
  await build()
  return 0
}

/** Named one by one, since versions of Node differ in what they make of a folder. */
const scriptTests = () => readdirSync(path.join(root, 'tests/js')).filter(name => name.endsWith('.test.js')).map(name => `tests/js/${name}`)

/** Run where they are named. */
const extra = {
  'wasm-pack': wasmPack,
  'browser-1': () => browser('1/2'),
  'browser-2': () => browser('2/2')
}

/** What compiles into the same folder, or packs the module, does not run beside its like. */
const lock = { format: 'native', clippy: 'native', rust: 'native', onnx: 'native', 'wasm-cpu': 'wasm', 'wasm-webgpu': 'wasm', build: 'wasm', sites: 'package', notebooks: 'package' }
const compiled = ['format', 'clippy', 'rust', 'wasm-cpu', 'wasm-webgpu', 'build']

/** All steps, the longest of those that need the built page first. @returns {import('./lanes.mjs').Task[]} */
function tasks() {
  const later = Object.keys(steps).filter(name => !compiled.includes(name) && name !== 'browser')
  return [
    ...compiled.map(name => ({ name })),
    ...['browser-1', 'browser-2', ...later].map(name => ({ name, after: ['build'] }))
  ].map(task => ({ ...task, alone: lock[task.name], args: [import.meta.filename, task.name, '--part'] }))
}

/** A part of the browser's tests: `1/2`. @param {string} [shard] */
const browser = shard => run(node, [packageBin.playwright, 'test', ...(shard ? [`--shard=${shard}`] : [])], { env: { CHROMIUM: findChromium() ?? '' } })

/** The cheap ones first; then in the order in which one step's compiled dependencies serve the next. */
const steps = {
  format: () => run('cargo', ['fmt', '--all', '--check']),
  clippy: () => run('cargo', ['clippy', '--all-targets', '--features', 'train', '--', '-D', 'warnings']),
  rust: () => run('cargo', ['test', '--features', 'train']),
  // The library's own tests are not for a browser, but must compile there: for one engine, since it takes minutes.
  'wasm-cpu': () => browserTests([], ['--lib']),
  'wasm-webgpu': () => browserTests(['--no-default-features', '--features', 'webgpu']),
  build: buildSite,
  onnx: async () => (await import('./onnx.mjs')).testOnnx(),
  types: () => run(node, [packageBin.tsc]),
  js: () => run(node, ['--import', './tests/js/hooks.mjs', '--test', ...scriptTests()]),
  browser: () => browser(),
  engines: async () => {
    await ensureEngines()
    return run(node, ['tests/engines/run.mjs'], { env: { CHROMIUM: findChromium() ?? '' } })
  },
  sites: async () => {
    await (await import('../tests/sites/build.mjs')).buildSites()
    return run(node, [packageBin.playwright, 'test', '--config', 'tests/sites/playwright.config.js'], { env: { CHROMIUM: findChromium() ?? '' } })
  },
  faults: async () => {
    const { faults, optionsOf } = await import('./faults.mjs')
    return faults(optionsOf(['--small']))
  },
  notebooks: async () => (await import('./notebooks.mjs')).testNotebooks(),
  soak: async () => (await import('./soak.mjs')).soak({ minutes: 3 })
}

async function prepare() {
  await ensurePackages()
  await ensureBuildTools()
  await ensureTestTools()
}

/** @param {string[]} names */
async function inTurn(names) {
  const results = []
  for (const name of names) {
    say(name)
    const began = performance.now()
    let why = ''
    const code = await { ...steps, ...extra }[name]().catch(error => { console.error(error.message); why = error.message; return 1 })
    results.push({ name, code, why, seconds: (performance.now() - began) / 1000 })
  }
  return results
}

async function main() {
  const words = process.argv.slice(2)
  const wanted = words.filter(word => word !== '--part')
  const all = { ...steps, ...extra }
  const unknown = wanted.filter(name => !(name in all))
  if (unknown.length) throw new Error(`There is no step ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}.`)
  // A part of the whole: prepared, and told, by that.
  if (words.includes('--part')) return all[wanted[0]]()
  await prepare()
  const began = performance.now()
  const results = wanted.length ? await inTurn(Object.keys(all).filter(name => wanted.includes(name))) : await inLanes(tasks())
  say('Summary')
  for (const { name, code, seconds, why = '' } of results) {
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(12)} ${seconds.toFixed(0).padStart(5)} s${why && `  ${why}`}`)
  }
  if (!wanted.length) for (const { name } of results.filter(({ code }) => code !== 0)) console.log([`${name}:`, ...tellingOf(name)].join('\n  '))
  console.log(`      ${'all'.padEnd(12)} ${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s`)
  return results.some(({ code }) => code !== 0) ? 1 : 0
}

main().then(code => process.exit(code), error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
