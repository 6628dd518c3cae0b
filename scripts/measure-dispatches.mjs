/**
 * What a graphics card is asked for: dispatches, workgroups, threads, bytes of the buffers bound to them and of shared memory, for a painting of the
 * built-in picture by the shipped Monet at 256 px and for a training step of each family. A table, and a line of JSON last.
 * Counts, no times: a software adapter gives the same as a card.
 */
import { openSite } from '../tests/faults/site.mjs'
import { launch } from '../tests/faults/world.mjs'
import { families } from '../tests/faults/training.mjs'
import { build } from './build.mjs'

/* global GPUDevice, GPUComputePassEncoder */

/** Counts in a worker before its own text runs, and tells whoever asks. */
function counting() {
  const scope = /** @type {any} */ (globalThis)
  if (!scope.GPUDevice) return
  const nothing = () => ({ dispatches: 0, workgroups: 0, threads: 0, bytes: 0, shared: 0, pipelines: 0 })
  let counts = nothing()
  const known = { modules: new WeakMap(), pipelines: new WeakMap(), groups: new WeakMap() }
  /** Bytes of one element of WGSL. @param {string} type */
  const sizeOf = type => ({ vec4: 16, vec3: 16, vec2: 8 })[type.slice(0, 4)] ?? 4
  const before = (/** @type {any} */ prototype, /** @type {string} */ name, /** @type {(it: any, args: any[], made: any) => void} */ note) => {
    const native = prototype[name]
    prototype[name] = function (...args) {
      const made = native.apply(this, args)
      note(this, args, made)
      return made
    }
  }
  before(GPUDevice.prototype, 'createShaderModule', (_, [{ code }], module) => {
    const number = (/** @type {string} */ text) => Number(/^\d+/.exec(text.trim())?.[0] ?? code.match(new RegExp(`const ${text.trim()}\\s*(?::\\s*u32)?\\s*=\\s*(\\d+)`))?.[1] ?? 1)
    const size = /@workgroup_size\(([^)]*)\)/.exec(code)?.[1].split(',').map(number) ?? [1]
    const shared = [...code.matchAll(/var<workgroup>\s*\w+\s*:\s*array<\s*([\w<>]+?)\s*,\s*(\w+)\s*>/g)].reduce((sum, [, type, length]) => sum + sizeOf(type) * number(length), 0)
    known.modules.set(module, { threads: size.reduce((one, other) => one * other, 1), shared })
  })
  const note = (/** @type {any} */ pipeline, /** @type {any} */ { compute }) => {
    counts.pipelines++
    known.pipelines.set(pipeline, known.modules.get(compute.module))
  }
  before(GPUDevice.prototype, 'createComputePipeline', (_, [asked], made) => note(made, asked))
  before(GPUDevice.prototype, 'createComputePipelineAsync', (_, [asked], made) => { made.then((/** @type {any} */ pipeline) => note(pipeline, asked)) })
  before(GPUDevice.prototype, 'createBindGroup', (_, [{ entries }], made) => known.groups.set(made, [...entries].reduce((sum, { resource }) => sum + (resource.size ?? (resource.buffer ?? resource).size - (resource.offset ?? 0)), 0)))
  const now = new WeakMap()
  const state = (/** @type {any} */ pass) => { if (!now.has(pass)) now.set(pass, { pipeline: null, groups: new Map() }); return now.get(pass) }
  before(GPUComputePassEncoder.prototype, 'setPipeline', (pass, [pipeline]) => { state(pass).pipeline = known.pipelines.get(pipeline) })
  before(GPUComputePassEncoder.prototype, 'setBindGroup', (pass, [index, group]) => state(pass).groups.set(index, known.groups.get(group) ?? 0))
  before(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', (pass, [x, y = 1, z = 1]) => {
    const { pipeline, groups } = state(pass)
    counts.dispatches++
    counts.workgroups += x * y * z
    counts.threads += x * y * z * (pipeline?.threads ?? 1)
    counts.shared = Math.max(counts.shared, pipeline?.shared ?? 0)
    for (const bytes of groups.values()) counts.bytes += bytes
  })
  const channel = new BroadcastChannel('dispatches')
  channel.onmessage = ({ data }) => {
    if (data !== 'tell') return
    channel.postMessage(counts)
    counts = nothing()
  }
}

/** Runs in the page: what a fourth painting or step is counted as, when every kernel should have been compiled; null where the session went on on the processor. */
async function counted([what, query]) {
  const { openAtelier } = await import(new URL('../gan-atelier.js', location.href).href)
  const channel = new BroadcastChannel('dispatches')
  /** Of all workers, most of which have counted nothing. */
  const tell = async () => {
    const all = { dispatches: 0, workgroups: 0, threads: 0, bytes: 0, shared: 0, pipelines: 0 }
    channel.onmessage = ({ data }) => {
      if (data === 'tell') return
      for (const key of ['dispatches', 'workgroups', 'threads', 'bytes', 'pipelines']) all[key] += data[key]
      all.shared = Math.max(all.shared, data.shared)
    }
    channel.postMessage('tell')
    await new Promise(resolve => setTimeout(resolve, 500))
    return all
  }
  const atelier = await openAtelier({ device: 'webgpu' })
  let work, resident
  if (what === 'painting') {
    const translator = resident = await atelier.translator('monet')
    const picture = await atelier.scene({ width: 256, height: 192 })
    work = () => translator.translate(picture, { size: 'working', side: 256 })
  } else {
    const config = Object.fromEntries([...new URLSearchParams(query)].filter(([key]) => key !== 'v').map(([key, value]) => [key, Number.isNaN(Number(value)) ? value : Number(value)]))
    const session = resident = await atelier.train(config)
    work = () => session.step(1)
  }
  for (let time = 0; time < 3; time++) await work()
  await tell()
  await work()
  return resident.device.kind === 'webgpu' ? tell() : null
}

export async function measureDispatches() {
  await build()
  const site = await openSite(`(${counting})()`)
  const browser = await launch()
  const result = {}
  try {
    for (const [what, query] of [['painting', ''], ...Object.entries(families)]) {
      const page = await browser.newPage()
      await page.goto(`${site.address}/en/index.html`)
      result[what] = await page.evaluate(counted, [what, query])
      await page.close()
      if (!result[what]) {
        console.log(`${what.padEnd(10)} not counted: it ran on the processor`)
        continue
      }
      const { dispatches, workgroups, threads, bytes, shared, pipelines } = result[what]
      console.log(`${what.padEnd(10)} ${String(dispatches).padStart(6)} dispatches ${String(workgroups).padStart(8)} workgroups ${String(threads).padStart(9)} threads ${(bytes / 1e6).toFixed(1).padStart(8)} MB bound ${String(shared).padStart(6)} bytes shared ${String(pipelines).padStart(4)} kernels compiled`)
    }
  } finally {
    await browser.close()
    await site.close()
  }
  console.log(JSON.stringify(result))
  return 0
}
