/** TensorFlow.js on the CPU: its own convolutions for painting, matrix products for training. */
import { readPicture, rgbaOf } from '../files.js'
import { painterOf } from '../painter.js'
import { opened, trainingOf } from '../training.js'

/** Not modules: they leave `tf` behind. @param {string} url */
function load(url) {
  return new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement('script'), { src: url, onload: resolve, onerror: () => reject(new Error(url)) }))
  })
}

/** @param {any} tf @returns {import('../training.js').TrainingOps} */
function opsOf(tf) {
  return {
    tensor: (values, shape) => tf.tensor(values instanceof Float32Array ? values : Float32Array.from(values), shape),
    shape: x => x.shape,
    add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div,
    matmul: (a, b) => tf.matMul(a, b),
    reshape: tf.reshape,
    transpose: tf.transpose,
    slice: (x, ranges) => tf.slice(x, ranges.map(range => range?.[0] ?? 0), ranges.map((range, axis) => (range ? range[1] - range[0] : x.shape[axis]))),
    concat: tf.concat,
    pad: (x, by) => tf.pad(x, by),
    mean: (x, axes) => tf.mean(x, axes, true),
    sqrt: tf.sqrt, exp: tf.exp, log: tf.log, relu: tf.relu, tanh: tf.tanh, sigmoid: tf.sigmoid, softplus: tf.softplus,
    leaky: x => tf.leakyRelu(x, 0.2),
    clip: tf.clipByValue,
    mirror: (x, by) => tf.mirrorPad(x, [[0, 0], [by, by], [by, by], [0, 0]], 'reflect'),
    conv: (x, kernel, stride) => tf.conv2d(x, kernel, stride, 'valid'),
    differentiate(f, weights) {
      const { value, grads } = tf.valueAndGrads((...given) => f(given))(weights)
      return { value, gradients: grads }
    }
  }
}

/** @param {any} tf @param {import('../cases.js').Case} kase @returns {Promise<import('../measure.js').Opened>} */
async function paint(tf, kase) {
  const { weights, paint } = await painterOf(opsOf(tf), kase)
  const numbers = await readPicture(kase, 'last')
  let painting
  return {
    async run() {
      const result = tf.tidy(() => paint(weights, tf.tensor(numbers, [1, kase.side, kase.side, 3])))
      painting = await result.data()
      result.dispose()
    },
    output: async () => rgbaOf(painting, 'last')
  }
}

/** @param {any} tf @param {import('../cases.js').Case} kase */
async function train(tf, kase) {
  const { state: first, step, batch } = await trainingOf(opsOf(tf), kase)
  let state = first
  let losses = []
  const once = async () => {
    const before = [state, losses]
    ;({ state, losses } = tf.tidy(() => step(state, batch())))
    tf.dispose(before)
  }
  return opened(kase.steps, once, () => Promise.all(losses.map(async loss => (await loss.data())[0])))
}

/** @param {import('../cases.js').Case} kase @param {{ threads: number }} options */
export async function open(kase, { threads }) {
  await load('/peers/@tensorflow/tfjs/dist/tf.min.js')
  await load('/peers/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js')
  const { tf } = /** @type {any} */ (globalThis)
  tf.wasm.setWasmPaths('/peers/@tensorflow/tfjs-backend-wasm/dist/')
  tf.wasm.setThreadsCount(threads)
  if (threads === 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  return (kase.training ? train : paint)(tf, kase)
}
