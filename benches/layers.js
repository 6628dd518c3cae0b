/** In a fresh page: each convolution of our kernels alone, and what a core could do at most, for both builds of them. */
import { Kernels } from '/www/engine/kernels.js'

/** The shipped painters' network. */
const shape = { filters: 24, blocks: 6, transposed: false }
const builds = { exact: 'kernels.wasm', relaxed: 'kernels_relaxed.wasm' }

/** @param {number} count */
const numbers = count => Float32Array.from({ length: count }, (_, at) => (Math.imul(at, 2_654_435_761) >>> 8) / 2 ** 24 - 0.5)

/** Multiplications a second in registers alone, least of some tries. @param {any} exports */
function most(exports) {
  const turns = 4e6
  let best = Infinity
  for (let tries = 0; tries < 8; tries++) {
    const began = performance.now()
    exports.multiply_add(turns, 0.5)
    best = Math.min(best, performance.now() - began)
  }
  return (48 * turns) / best / 1e6
}

/**
 * @param {{ side: number, rounds: number }} options
 * @returns {Promise<{ build: string, peak: number, layers: { name: string, multiplications: number, ms: number }[] }[]>} peak in 10^9 a second
 */
export async function layers({ side, rounds }) {
  const found = []
  for (const [build, file] of Object.entries(builds)) {
    const module = await WebAssembly.compileStreaming(fetch(`/pkg/cpu/${file}`)).catch(() => null)
    if (!module) continue
    const kernels = await Kernels.start(module)
    const { exports } = kernels
    const { filters, blocks, transposed } = shape
    const network = kernels.open(shape, numbers(exports.weights(filters, blocks, Number(transposed))))
    const picture = numbers(3 * side * side)
    const nothing = new Float32Array()
    /** @type {{ name: string, multiplications: number, ms: number }[]} */
    const times = []
    for (let round = 0; round < rounds; round++) {
      const strip = kernels.begin(network, { first: 0, end: side / 4, all: side / 4, width: side }, picture)
      for (let at = 0; at < network.convolutions; at++) {
        const multiplications = strip.work()
        const began = performance.now()
        strip.settle([strip.convolve(nothing, nothing)])
        const ms = performance.now() - began
        times[at] ??= { name: nameOf(at, network.convolutions), multiplications, ms }
        times[at].ms = Math.min(times[at].ms, ms)
      }
      strip.close()
    }
    found.push({ build, peak: most(exports), layers: times })
  }
  return found
}

/** @param {number} at @param {number} all */
function nameOf(at, all) {
  if (at < 3) return ['7 x 7 in', 'halving 1', 'halving 2'][at]
  return at >= all - 3 ? ['doubling 1', 'doubling 2', '7 x 7 out'][at - all + 3] : `residual ${at - 2}`
}
