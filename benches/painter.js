/**
 * A generator for peers that read no file of it: its layers one by one, by the few operations that an engine offers. Channels come last.
 */
import { layersOf } from './onnx.js'
import { readBytes } from './files.js'
import { doublingOf } from './patches.js'

/** @typedef {import('./onnx.js').Constant} Constant */
/** @typedef {any} Tensor of the engine */

/**
 * What an engine offers. Nothing is consumed; numbers stand for tensors of one number.
 * @typedef {object} Ops
 * @property {(values: ArrayLike<number>, shape: number[]) => Tensor} tensor
 * @property {(x: Tensor) => number[]} shape
 * @property {(a: Tensor, b: Tensor | number) => Tensor} add
 * @property {(a: Tensor, b: Tensor | number) => Tensor} sub
 * @property {(a: Tensor, b: Tensor | number) => Tensor} mul
 * @property {(a: Tensor, b: Tensor) => Tensor} div
 * @property {(a: Tensor, b: Tensor) => Tensor} matmul of `[n, k]` and `[k, m]`
 * @property {(x: Tensor, shape: number[]) => Tensor} reshape
 * @property {(x: Tensor, axes: number[]) => Tensor} transpose
 * @property {(x: Tensor, ranges: ([number, number] | null)[]) => Tensor} slice from, to; null for all of an axis
 * @property {(parts: Tensor[], axis: number) => Tensor} concat
 * @property {(x: Tensor, by: [number, number][]) => Tensor} pad by zeros
 * @property {(x: Tensor, axes: number[]) => Tensor} mean keeps the axes
 * @property {(x: Tensor) => Tensor} sqrt
 * @property {(x: Tensor) => Tensor} exp
 * @property {(x: Tensor) => Tensor} log
 * @property {(x: Tensor) => Tensor} relu
 * @property {(x: Tensor) => Tensor} leaky slope 0.2
 * @property {(x: Tensor) => Tensor} tanh
 * @property {(x: Tensor) => Tensor} sigmoid
 * @property {(x: Tensor) => Tensor} softplus
 * @property {(x: Tensor, least: number, most: number) => Tensor} clip
 * @property {(x: Tensor, by: number) => Tensor} mirror
 * @property {(x: Tensor, kernel: Tensor, stride: number) => Tensor} conv kernel: `[height, width, inputs, outputs]`; no border
 */

/** Channels last, as the engines here take kernels. @param {Ops} ops @param {Constant} constant @param {number[]} axes */
const turned = (ops, { values, shape }, axes) => ops.transpose(ops.tensor(values, shape), axes)

/** Of a doubling by interpolation, what each pixel has of each block. @param {number} length @param {number} by */
function shares(length, by) {
  const blocks = length / by
  const matrix = new Float32Array(length * blocks)
  for (let pixel = 0; pixel < length; pixel++) {
    const centre = Math.min(Math.max((pixel + 0.5) / by - 0.5, 0), blocks - 1)
    const lower = Math.floor(centre)
    matrix[pixel * blocks + lower] += 1 - (centre - lower)
    matrix[pixel * blocks + Math.min(lower + 1, blocks - 1)] += centre - lower
  }
  return matrix
}

/** Along the height; twice, with the axes exchanged, along both. @param {Ops} ops @param {Tensor} x @param {number} by */
function interpolated(ops, x, by) {
  const once = (/** @type {Tensor} */ y) => {
    const [n, h, w, c] = ops.shape(y)
    const lines = ops.matmul(ops.tensor(shares(by * h, by), [by * h, h]), ops.reshape(y, [h, w * c]))
    return ops.transpose(ops.reshape(lines, [n, by * h, w, c]), [0, 2, 1, 3])
  }
  return once(once(x))
}

/** @type {Record<string, (ops: Ops, layer: import('./onnx.js').Layer, x: Tensor, second: Tensor, bias: Tensor) => Tensor>} */
const drawn = {
  mirror: (ops, { by }, x) => ops.mirror(x, by),
  conv(ops, { by, stride }, x, kernel, bias) {
    const around = /** @type {[number, number][]} */ ([[0, 0], [by, by], [by, by], [0, 0]])
    const y = ops.conv(by ? ops.pad(x, around) : x, kernel, stride)
    return bias ? ops.add(y, bias) : y
  },
  transposed: (ops, _, x, kernel) => doublingOf(ops, x, kernel),
  norm(ops, { epsilon }, x) {
    const centred = ops.sub(x, ops.mean(x, [1, 2]))
    const variance = ops.mean(ops.mul(centred, centred), [1, 2])
    return ops.div(centred, ops.sqrt(ops.add(variance, epsilon)))
  },
  relu: (ops, _, x) => ops.relu(x),
  tanh: (ops, _, x) => ops.tanh(x),
  atanh: (ops, _, x) => ops.mul(ops.sub(ops.log(ops.add(x, 1)), ops.log(ops.sub(ops.mul(x, -1), -1))), 0.5),
  add: (ops, _, x, other) => ops.add(x, other),
  scale: (ops, { by }, x) => ops.mul(x, by),
  clip: (ops, { least, most }, x) => ops.clip(x, least, most),
  blocks(ops, { by }, x) {
    const [n, h, w, c] = ops.shape(x)
    return ops.reshape(ops.mean(ops.reshape(x, [n * h / by, by, w / by, by, c]), [1, 3]), [n, h / by, w / by, c])
  },
  smooth: (ops, { by }, x) => interpolated(ops, x, by),
  repeat(ops, { by }, x) {
    const [n, h, w, c] = ops.shape(x)
    const across = ops.concat(Array(by).fill(ops.reshape(x, [n * h, w, 1, c])), 2)
    return ops.reshape(ops.concat(Array(by).fill(ops.reshape(across, [n * h, 1, by * w * c])), 1), [n, by * h, by * w, c])
  }
}

/**
 * @param {Ops} ops @param {import('./cases.js').Case} kase
 * @returns {Promise<{ weights: Tensor[], paint: (weights: Tensor[], picture: Tensor) => Tensor }>} paint: `[1, height, width, 3]` to the same
 */
export async function painterOf(ops, { name, side }) {
  const { layers, constants, input, output } = layersOf(await readBytes(name, 'network.onnx'), [1, 3, side, side])
  /** @type {Tensor[]} */
  const weights = []
  /** Places among the weights, by name. @type {Map<string, number>} */
  const places = new Map()
  const hold = (/** @type {string} */ weight, /** @type {Tensor} */ tensor) => places.set(weight, weights.push(tensor) - 1)
  for (const { kind, inputs: [, weight, bias] } of layers) {
    if (kind !== 'conv' && kind !== 'transposed') continue
    hold(weight, turned(ops, /** @type {Constant} */ (constants.get(weight)), kind === 'conv' ? [2, 3, 1, 0] : [2, 3, 0, 1]))
    const added = constants.get(bias)
    if (added) hold(bias, ops.tensor(added.values, added.shape))
  }
  function paint(/** @type {Tensor[]} */ given, /** @type {Tensor} */ picture) {
    const found = new Map([[input, picture]])
    const of = (/** @type {string} */ value) => found.get(value) ?? given[places.get(value) ?? -1]
    for (const layer of layers) {
      const [x, second, bias] = layer.inputs.map(of)
      found.set(layer.output, drawn[layer.kind](ops, layer, x, second, bias))
    }
    return found.get(output)
  }
  return { weights, paint }
}
