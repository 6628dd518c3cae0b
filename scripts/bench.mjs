/**
 * `npm run bench`: our engine and others in one browser, each in a fresh page in turn; a table, and as its last line JSON. Words choose
 * cases, engines and pages: `npm run bench -- monet ort one`.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { cases, columns } from '../benches/cases.js'
import { ensurePeers, versions } from '../benches/peers.mjs'
import { caseJson, table } from '../benches/report.mjs'
import { build } from './build.mjs'
import { ensureBuildTools, ensurePackages } from './tools.mjs'

const engines = [...new Set(cases.flatMap(({ peers }) => peers))]
/** What people call them. @type {Record<string, string>} */
const short = { ort: 'onnxruntime-web', jax: 'jax-js', tf: 'tfjs', tflite: 'litert' }

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' }, budget: { type: 'string', default: '2000' },
    memory: { type: 'boolean', default: false }, layers: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, gpu: { type: 'boolean', default: false }
  }
})

const isPage = (/** @type {string} */ word) => word in columns
/** Pages are named whole: "one" is also in the name of a painter. @param {string} word @param {string} name */
const means = (word, name) => (isPage(word) ? word === name : name.includes(short[word] ?? word))

/** What the words name, or part of whose name; all where they name none of these. @template T @param {T[]} all @param {(each: T) => string} [nameOf] @returns {T[]} */
function chosen(all, nameOf = String) {
  const found = all.filter(each => words.some(word => means(word, nameOf(each))))
  return found.length ? found : all
}

function check() {
  const names = [...cases.map(({ name }) => name), ...engines, ...Object.keys(columns)]
  const strange = words.find(word => !names.some(name => means(word, name)))
  if (strange) throw new Error(`Nothing here is called "${strange}". There are ${names.join(', ')}.`)
  for (const name of /** @type {const} */ (['rounds', 'budget'])) if (!(Number(options[name]) >= 1)) throw new Error(`--${name} is a number from 1 on.`)
}

/** What bounds a painting: each convolution's share of what one core could multiply. */
async function showLayers() {
  const { Pages } = await import('../benches/pages.mjs')
  const pages = await Pages.open()
  const found = await pages.layers({ side: 512, rounds: Number(options.rounds) }).finally(() => pages.close())
  for (const { build: name, peak, layers } of found) {
    const sum = key => layers.reduce((total, layer) => total + layer[key], 0)
    const rate = ({ multiplications, ms }) => multiplications / ms / 1e6
    const line = layer => `| ${layer.name} | ${(layer.multiplications / 1e9).toFixed(2)} | ${layer.ms.toFixed(1)} | ${rate(layer).toFixed(1)} | ${Math.round((100 * rate(layer)) / peak)} % |`
    const whole = { name: 'all', multiplications: sum('multiplications'), ms: sum('ms') }
    console.log(`\nOur Monet's network at 512 px, ${name} kernels, one thread; a core multiplies and adds at most ${peak.toFixed(1)} thousand million numbers a second.\n`)
    console.log(['| convolution and norm | 10⁹ multiplications | ms, least | 10⁹ a second | of the most |', '|---|--:|--:|--:|--:|', ...[...layers, whole].map(line)].join('\n'))
  }
  console.log(JSON.stringify(found))
  return 0
}

async function main() {
  if (!options.profile) check()
  if (options.profile) {
    await ensurePackages()
    await ensureBuildTools()
    const { showProfiles } = await import('../benches/profile.mjs')
    return showProfiles(name => !words.length || words.some(word => means(word, name)))
  }
  const wanted = { cases: chosen(cases, ({ name }) => name), engines: chosen(engines), columns: /** @type {any} */ (chosen(Object.keys(columns))) }
  await ensurePackages()
  await ensurePeers()
  if (!options['no-build']) await build()
  if (options.layers) return showLayers()
  const { runBenches } = await import('../benches/run.mjs')
  const { results, adapter, browser, memory } = await runBenches({ ...wanted, rounds: Number(options.rounds), budget: Number(options.budget), memory: options.memory, gpu: options.gpu })
  if (!options.json) {
    console.log(`\nMedian (least) of ${options.rounds} rounds.\n\n${table(results, ['ours', ...wanted.engines])}\n`)
    for (const { side, size, ms, bytes, failed } of memory ?? []) {
      console.log(`our Monet, ${side} px, ${size}: ${failed ?? `${(bytes / 2 ** 20).toFixed(0)} MiB of WebAssembly at most, ${(ms / 1000).toFixed(1)} s`}`)
    }
  }
  console.log(JSON.stringify({ adapter, browser, processors: availableParallelism(), versions: versions(), cases: results.map(caseJson), ...(memory && { memory }) }))
  // A peer may fail; ours may not, where there is something to run on.
  const failed = results.filter(({ kase, engines }) => (adapter || kase.device === 'cpu') && Object.values(engines.ours).some(cell => cell.failed))
  return failed.length ? 1 : 0
}

main().then(code => process.exit(code), error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
