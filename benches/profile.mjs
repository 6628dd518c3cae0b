/**
 * Where a training's time goes on the processor: shares of a step by kind of work, from the sampling profiler of Node, whose WebAssembly is
 * Chromium's. The engine is the one that ships, with its functions' names left in.
 */
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { namedEngine } from '../scripts/engines.mjs'
import { cases } from './cases.js'

/** What is trained: the benches' cases, and the families that no peer has. */
const trainings = [
  ...cases.filter(({ training, device }) => training && device === 'cpu').map(({ name, training, steps }) => ({ name, config: training, steps: steps ?? 10 })),
  { name: 'acgan-faces', config: { family: 'acgan', dataset: 'faces' }, steps: 5 },
  { name: 'horses', config: { family: 'cyclegan', dataset: 'horses' }, steps: 5 },
  { name: 'drgan', config: { family: 'drgan', dataset: 'faces' }, steps: 5 }
]
/** Steps that are profiled, in chunks that a report follows. */
const chunks = 12

/** The first that a function's name fits. @type {[string, RegExp][]} */
const kinds = [
  ['drawing of data', /gan_atelier::(data|image)|Stream::/],
  ['matrix products', /panel::panel|outer::outer|gemm|product::Product/],
  ['windows laid', /sliding::|dense::|padded::|planes::/],
  ['norms', /norm::/],
  ['activations', /bend::|lstm::|Bend/],
  ['optimiser', /adam::|optim::/],
  ['copies', /copy|contiguous|slice|concat|::cat|select|gather|memcpy|memmove|clone/],
  ['elementwise', /ops::(binary|unary|reduce|float|mask|comparison|activation|expand)|simd::|fmax|fmin|expf|logf|sinf|cosf|tanhf/],
  ['memory', /alloc|malloc|free|memset/],
  ['the graph', /autodiff|burn_|dispatch|hash/],
  ['reports', /report|metrics|session|serde|js_sys|wasm_bindgen/],
  ['waiting', /^\((idle|program|garbage collector)\)$/]
]

/** @param {string} name */
const kindOf = name => kinds.find(([, fits]) => fits.test(name))?.[0] ?? 'rest'

/** @param {any} profile of the inspector @returns {Record<string, number>} shares by kind, of all that was not waiting */
export function shares({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, callFrame.functionName]))
  /** @type {Record<string, number>} */
  const times = {}
  samples.forEach((id, at) => {
    const kind = kindOf(names.get(id) ?? '')
    times[kind] = (times[kind] ?? 0) + timeDeltas[at]
  })
  delete times.waiting
  const whole = Object.values(times).reduce((sum, time) => sum + time, 0) || 1
  return Object.fromEntries(Object.entries(times).map(([kind, time]) => [kind, time / whole]))
}

/** @param {any} engine @param {Session} inspector @param {{ config: Record<string, any>, steps: number }} training */
async function profile(engine, inspector, { config, steps }) {
  const training = engine.Training.start(config, undefined)
  await training.step(steps)
  await inspector.post('Profiler.start')
  const began = performance.now()
  for (let at = 0; at < chunks; at++) await training.step(steps)
  const ms = (performance.now() - began) / (chunks * steps)
  const { profile } = await inspector.post('Profiler.stop')
  training.free()
  return { ms, shares: shares(profile) }
}

/** @param {(name: string) => boolean} isWanted */
export async function showProfiles(isWanted) {
  const folder = await namedEngine()
  const engine = await import(pathToFileURL(path.join(folder, 'gan_atelier.js')).href)
  await engine.default({ module_or_path: readFileSync(path.join(folder, 'gan_atelier_bg.wasm')) })
  await engine.openDevice()
  const inspector = new Session()
  inspector.connect()
  await inspector.post('Profiler.enable')
  await inspector.post('Profiler.setSamplingInterval', { interval: 200 })
  const found = []
  for (const training of trainings.filter(({ name }) => isWanted(name))) found.push({ name: training.name, ...await profile(engine, inspector, training) })
  const columns = [...kinds.map(([kind]) => kind).filter(kind => kind !== 'waiting'), 'rest']
  const line = cells => `| ${cells.join(' | ')} |`
  console.log(`\nShares of a training step on the processor, in per cent.\n\n${line(['training', 'ms', ...columns])}\n${line(['---', ...columns.map(() => '--:'), '--:'])}`)
  for (const { name, ms, shares } of found) console.log(line([name, ms.toFixed(1), ...columns.map(kind => Math.round(100 * (shares[kind] ?? 0)))]))
  console.log(JSON.stringify(found))
  return 0
}
