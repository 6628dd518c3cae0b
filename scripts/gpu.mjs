/**
 * `npm run gpu`: what a real graphics card makes of it, in one run of at most eight minutes once everything is built. In headless Chromium our
 * engine beside others; in PyTorch and, where it is built, natively through Vulkan the same painting and the same training step. Tables, and a
 * line of JSON last. `-- --minutes 5`, `-- --no-build`; `-- --software` tries the script where there is no card: its times mean nothing.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { onCard } from '../benches/cases.js'
import { ensurePeers, versions } from '../benches/peers.mjs'
import { caseJson, table } from '../benches/report.mjs'
import { output, root, say } from './run.mjs'
import { ensureBuildTools, ensurePackages } from './tools.mjs'

const { values: options } = parseArgs({ options: {
  minutes: { type: 'string', default: '8' }, 'no-build': { type: 'boolean', default: false }, software: { type: 'boolean', default: false }
} })
const minutes = Number(options.minutes)
if (!(minutes > 0)) throw new Error(`--minutes is a number above zero, not ${options.minutes}.`)

/** The last line of a program's words, where it is JSON. @param {string | null} words */
function answer(words) {
  try {
    return JSON.parse(words?.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}

/** PyTorch on the card, where there is one. */
function torch() {
  const python = ['python3', 'python'].find(name => output(name, ['-c', 'import torch']) !== null)
  return python ? answer(output(python, [path.join(root, 'benches/torch_speed.py'), ...(options.software ? ['--software'] : [])])) : null
}

/** Our networks through Vulkan; its build takes half an hour on two cores, so it is not made here. */
function native() {
  const program = path.join(root, 'target/release', process.platform === 'win32' ? 'measure.exe' : 'measure')
  return existsSync(program) ? answer(output(program, ['speed', '--device', 'vulkan'])) : null
}

/** @param {string} name @param {any} found */
const line = (name, found) => (found ? `${name} (${found.device}${found.torch ? `, ${found.torch}` : ''}): a painting ${found.painting_ms.toFixed(1)} ms, a DCGAN's step ${found.dcgan_step_ms.toFixed(1)} ms` : `${name}: not measured here`)

async function main() {
  await ensurePackages()
  if (!options['no-build']) {
    await ensureBuildTools()
    await (await import('./build.mjs')).build()
  }
  await ensurePeers()
  const began = performance.now()
  // A minute of the whole for what is no browser.
  const late = () => performance.now() - began > 60_000 * Math.max(minutes - 1, minutes / 2)
  const { runBenches } = await import('../benches/run.mjs')
  const engines = [...new Set(onCard.flatMap(({ peers }) => peers))]
  const { results, adapter, browser } = await runBenches({
    cases: onCard, engines, columns: ['plain'], rounds: 2, budget: 1000, memory: false, gpu: !options.software, late
  })
  const shown = results.filter(({ engines: cells }) => Object.keys(cells).length)
  console.log(`\n${adapter ?? 'no adapter'}, Chromium ${browser}\n\n${table(shown, ['ours', ...engines])}\n`)
  say('Beside PyTorch')
  const beside = { torch: torch(), native: native() }
  console.log(line('PyTorch', beside.torch))
  console.log(line('Natively through Vulkan', beside.native))
  if (!beside.native) console.log('    (cargo build --release --features vulkan --bin measure, once)')
  console.log(JSON.stringify({ adapter, browser, software: options.software, versions: versions(), cases: shown.map(caseJson), ...beside, seconds: Math.round((performance.now() - began) / 1000) }))
  return adapter && shown.every(({ engines: { ours } }) => Object.values(ours).every(cell => !cell.failed)) ? 0 : 1
}

main().then(code => process.exit(code), error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
