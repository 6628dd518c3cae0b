/** The networks that are trained (src/models/mlp.rs, dcgan.rs, rgan.rs), for peers: from the same first weights, by the same names. */
import { doubled, doublingKernel, halved, halvingKernel } from './patches.js'

/** @typedef {import('./painter.js').Ops} Ops */
/** @typedef {any} Tensor */
/** @typedef {Record<string, Tensor>} Weights */
/** @typedef {{ real: Float32Array, shape: number[], config: Record<string, any> }} Data */

/**
 * @typedef {object} Family
 * @property {(ops: Ops, name: string, tensor: Tensor) => Tensor} turn a weight, as the engine multiplies by it
 * @property {(ops: Ops, weights: Weights, latent: Tensor) => Tensor} make
 * @property {(ops: Ops, weights: Weights, sides: Tensor[]) => Tensor[]} judge real and made samples, or made ones alone: logits
 * @property {(data: Data, n: number) => { values: Float32Array, shape: number[] }} latent
 * @property {(data: Data, n: number) => { values: Float32Array, shape: number[] }} draw real samples
 */

export function normals(/** @type {number} */ count) {
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()))
}

/** Samples that follow each other along the first axis. @param {Data} data @param {number} n */
function draw({ real, shape: [count, ...rest] }, n) {
  const size = rest.reduce((product, side) => product * side, 1)
  const values = new Float32Array(n * size)
  for (let at = 0; at < n; at++) {
    const from = Math.floor(Math.random() * count) * size
    values.set(real.subarray(from, from + size), at * size)
  }
  return { values, shape: [n, ...rest] }
}

/** Both sides in one pass. @param {Ops} ops @param {Tensor[]} sides @param {number} axis @param {(x: Tensor) => Tensor} forward to the same number of samples */
function together(ops, sides, axis, forward) {
  if (sides.length === 1) return [forward(sides[0])]
  const logits = forward(ops.concat(sides, axis))
  const half = ops.shape(logits)[axis] / 2
  const side = (/** @type {number} */ from) => ops.slice(logits, ops.shape(logits).map((_, at) => (at === axis ? [from, from + half] : null)))
  return [side(0), side(half)]
}

/** @param {Ops} ops @param {Weights} weights @param {Tensor} input */
function perceptron(ops, weights, input) {
  const last = Object.keys(weights).length / 2 - 1
  return Array.from({ length: last + 1 }, (_, at) => at).reduce((x, at) => {
    const y = ops.add(ops.matmul(x, weights[`layers.${at}.weight`]), weights[`layers.${at}.bias`])
    return at < last ? ops.leaky(y) : y
  }, input)
}

/** @param {Ops} ops @param {Weights} weights @param {string} name @param {Tensor} x `[n, h, w, c]` */
function batchNorm(ops, weights, name, x) {
  const centred = ops.sub(x, ops.mean(x, [0, 1, 2]))
  const variance = ops.mean(ops.mul(centred, centred), [0, 1, 2])
  const normal = ops.div(centred, ops.sqrt(ops.add(variance, 1e-5)))
  return ops.add(ops.mul(normal, weights[`${name}.weight`]), weights[`${name}.bias`])
}

/** @param {Ops} ops @param {Weights} weights @param {Tensor} latent */
function makePictures(ops, weights, latent) {
  const [n] = ops.shape(latent)
  const channels = ops.shape(weights['norms.0.weight'])[0]
  let x = ops.add(ops.matmul(latent, weights['project.weight']), weights['project.bias'])
  const start = Math.sqrt(ops.shape(x)[1] / channels)
  x = ops.transpose(ops.reshape(x, [n, channels, start, start]), [0, 2, 3, 1])
  for (let at = 0; `doublings.${at}.weight` in weights; at++) {
    x = doubled(ops, ops.relu(batchNorm(ops, weights, `norms.${at}`, x)), weights[`doublings.${at}.weight`])
    const bias = weights[`doublings.${at}.bias`]
    if (bias) x = ops.add(x, bias)
  }
  return ops.tanh(x)
}

/** @param {Ops} ops @param {Weights} weights @param {Tensor} pictures */
function judgePictures(ops, weights, pictures) {
  let x = ops.leaky(ops.add(halved(ops, pictures, weights['body.halvings.0.weight']), weights['body.halvings.0.bias']))
  for (let at = 1; `body.halvings.${at}.weight` in weights; at++) {
    x = ops.leaky(batchNorm(ops, weights, `body.norms.${at - 1}`, halved(ops, x, weights[`body.halvings.${at}.weight`])))
  }
  const [n, h, w, c] = ops.shape(x)
  const features = ops.reshape(ops.transpose(x, [0, 3, 1, 2]), [n, h * w * c])
  return ops.add(ops.matmul(features, weights['source.weight']), weights['source.bias'])
}

/** @param {Ops} ops @param {Weights} weights @param {Tensor} input `[steps, n, inputs]` */
function recurrent(ops, weights, input) {
  const [steps, n, inputs] = ops.shape(input)
  const [hidden] = ops.shape(weights['lstm.weight_hidden'])
  const given = ops.add(ops.matmul(ops.reshape(input, [steps * n, inputs]), weights['lstm.weight_input']), weights['lstm.bias'])
  const shown = []
  let [cell, last] = [ops.tensor(new Float32Array(n * hidden), [n, hidden]), ops.tensor(new Float32Array(n * hidden), [n, hidden])]
  for (let step = 0; step < steps; step++) {
    const gates = ops.add(ops.matmul(last, weights['lstm.weight_hidden']), ops.slice(given, [[step * n, (step + 1) * n], null]))
    const gate = (/** @type {number} */ at) => ops.slice(gates, [null, [at * hidden, (at + 1) * hidden]])
    cell = ops.add(ops.mul(ops.sigmoid(gate(1)), cell), ops.mul(ops.sigmoid(gate(0)), ops.tanh(gate(2))))
    last = ops.mul(ops.sigmoid(gate(3)), ops.tanh(cell))
    shown.push(last)
  }
  const outputs = ops.add(ops.matmul(ops.concat(shown, 0), weights['output.weight']), weights['output.bias'])
  return ops.reshape(outputs, [steps, n, ops.shape(weights['output.weight'])[1]])
}

/** Some of a sequence's noise is held for all its steps. @param {Data} data @param {number} n */
function sequenceLatent({ shape: [, steps], config: { latent_dim: own, held_dim: held } }, n) {
  const values = normals(steps * n * (own + held))
  const step = n * (own + held)
  for (let at = step; at < values.length; at++) if (at % (own + held) >= own) values[at] = values[at % step]
  return { values, shape: [steps, n, own + held] }
}

/** @param {Data} data @param {number} n */
function drawSequences(data, n) {
  const { values, shape: [, steps, dims] } = draw(data, n)
  const turned = new Float32Array(values.length)
  for (let at = 0; at < n; at++) for (let step = 0; step < steps; step++) {
    turned.set(values.subarray((at * steps + step) * dims, (at * steps + step + 1) * dims), (step * n + at) * dims)
  }
  return { values: turned, shape: [steps, n, dims] }
}

const plainLatent = (/** @type {Data} */ { config: { latent_dim } }, /** @type {number} */ n) => ({ values: normals(n * latent_dim), shape: [n, latent_dim] })
const asItIs = (/** @type {Ops} */ _, /** @type {string} */ __, /** @type {Tensor} */ tensor) => tensor

/** @type {Record<string, Family>} */
export const families = {
  gan: {
    turn: asItIs,
    make: perceptron,
    judge: (ops, weights, sides) => together(ops, sides, 0, x => perceptron(ops, weights, x)),
    latent: plainLatent,
    draw
  },
  dcgan: {
    turn: (ops, name, tensor) => (/halvings.*weight/.test(name) ? halvingKernel(ops, tensor) : /doublings.*weight/.test(name) ? doublingKernel(ops, tensor) : tensor),
    make: makePictures,
    // Each side is normalised by itself.
    judge: (ops, weights, sides) => sides.map(side => judgePictures(ops, weights, side)),
    latent: plainLatent,
    draw
  },
  rgan: {
    turn: asItIs,
    make: (ops, weights, latent) => ops.tanh(recurrent(ops, weights, latent)),
    judge: (ops, weights, sides) => together(ops, sides, 1, x => recurrent(ops, weights, x)),
    latent: sequenceLatent,
    draw: drawSequences
  }
}
