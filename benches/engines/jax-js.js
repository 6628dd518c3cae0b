/** jax-js: networks of matrix products, compiled as a whole. */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '/peers/@jax-js/jax/dist/index.js'
import { readPicture, rgbaOf } from '../files.js'
import { painterOf } from '../painter.js'
import { convOf } from '../patches.js'
import { opened, trainingOf } from '../training.js'

/** Its functions consume their arguments; ours do not. @param {any} x */
const ref = x => (typeof x === 'number' ? x : x.ref)

/** @type {import('../training.js').TrainingOps} */
const ops = {
  tensor: (values, shape) => np.array(values instanceof Float32Array ? values : Float32Array.from(values)).reshape(shape),
  shape: x => x.shape,
  add: (a, b) => a.ref.add(ref(b)),
  sub: (a, b) => a.ref.sub(ref(b)),
  mul: (a, b) => a.ref.mul(ref(b)),
  div: (a, b) => a.ref.div(ref(b)),
  matmul: (a, b) => np.matmul(a.ref, b.ref),
  reshape: (x, shape) => x.ref.reshape(shape),
  transpose: (x, axes) => x.ref.transpose(axes),
  slice: (x, ranges) => x.ref.slice(...ranges.map(range => range ?? [])),
  concat: (parts, axis) => np.concatenate(parts.map(ref), axis),
  pad: (x, by) => np.pad(x.ref, by),
  mean: (x, axis) => np.mean(x.ref, axis, { keepdims: true }),
  sqrt: x => np.sqrt(x.ref),
  exp: x => np.exp(x.ref),
  log: x => np.log(x.ref),
  relu: x => nn.relu(x.ref),
  leaky: x => nn.leakyRelu(x.ref, 0.2),
  tanh: x => np.tanh(x.ref),
  sigmoid: x => nn.sigmoid(x.ref),
  softplus: x => nn.softplus(x.ref),
  clip: (x, least, most) => np.clip(x.ref, least, most),
  mirror(x, by) {
    const along = (y, axis) => {
      const length = y.shape[axis]
      const line = at => y.ref.slice(...y.shape.map((_, each) => (each === axis ? [at, at + 1] : [])))
      const near = Array.from({ length: by }, (_, at) => at + 1)
      return np.concatenate([...near.toReversed().map(line), y.ref, ...near.map(at => line(length - 1 - at))], axis)
    }
    return along(along(x, 1), 2)
  },
  conv: (x, kernel, stride) => convOf(ops, x, kernel, stride),
  differentiate(f, weights) {
    const [value, gradients] = valueAndGrad(f)(weights.map(ref))
    return { value, gradients }
  }
}

/** @param {import('../cases.js').Case} kase @returns {Promise<import('../measure.js').Opened>} */
async function paint(kase) {
  const { weights, paint } = await painterOf(ops, kase)
  const compiled = jit((given, picture) => paint(given, picture))
  const numbers = await readPicture(kase, 'last')
  let painting
  return {
    async run() {
      const picture = ops.tensor(numbers, [1, kase.side, kase.side, 3])
      painting = await compiled(weights.map(ref), picture).data()
    },
    output: async () => rgbaOf(painting, 'last')
  }
}

/** @param {import('../cases.js').Case} kase */
async function train(kase) {
  const { state: first, step, batch } = await trainingOf(ops, kase)
  const compiled = jit(step)
  let state = first
  let losses = []
  const once = async () => {
    for (const loss of losses) loss.dispose()
    ;({ state, losses } = compiled(state, batch()))
    // Steps that pile up take several times as long.
    await blockUntilReady(state)
  }
  return opened(kase.steps, once, () => Promise.all(losses.map(async loss => (await loss.ref.data())[0])))
}

/** @param {import('../cases.js').Case} kase */
export async function open(kase) {
  const device = kase.device === 'cpu' ? 'wasm' : 'webgpu'
  await init(device)
  defaultDevice(device)
  return (kase.training ? train : paint)(kase)
}
