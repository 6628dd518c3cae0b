/** One training step (src/training/gan.rs, pictures.rs, rgan.rs) by what a peer offers: the discriminator's turn, the generator's, Adam, the average. */
import { readBytes, readTensors } from './files.js'
import { families, normals } from './families.js'

/** @typedef {any} Tensor */
/** @typedef {import('./painter.js').Ops} Ops */
/** @typedef {{ generator: Tensor[], discriminator: Tensor[], average: Tensor[], moments: Tensor[][] }} State moments: first and second, of generator and discriminator */
/** @typedef {{ state: State, losses: Tensor[] }} Stepped */

/** @typedef {Ops & { differentiate: (f: (weights: Tensor[]) => Tensor, weights: Tensor[]) => { value: Tensor, gradients: Tensor[] } }} TrainingOps */

/** PyTorch's. */
const epsilon = 1e-8

/** @type {Record<string, { discriminator: (ops: Ops, real: Tensor, fake: Tensor) => Tensor, generator: (ops: Ops, fake: Tensor) => Tensor }>} */
const losses = {
  non_saturating: {
    discriminator: (ops, real, fake) => ops.add(mean(ops, ops.softplus(ops.mul(real, -1))), mean(ops, ops.softplus(fake))),
    generator: (ops, fake) => mean(ops, ops.softplus(ops.mul(fake, -1)))
  },
  least_squares: {
    discriminator: (ops, real, fake) => ops.mul(ops.add(mean(ops, square(ops, ops.sub(real, 1))), mean(ops, square(ops, fake))), 0.5),
    generator: (ops, fake) => ops.mul(mean(ops, square(ops, ops.sub(fake, 1))), 0.5)
  }
}

const square = (/** @type {Ops} */ ops, /** @type {Tensor} */ x) => ops.mul(x, x)
const mean = (/** @type {Ops} */ ops, /** @type {Tensor} */ x) => ops.reshape(ops.mean(x, ops.shape(x).map((_, axis) => axis)), [])

/** @param {Ops} ops @param {Tensor[]} weights @param {Tensor[]} gradients @param {Tensor[][]} moments @param {Tensor} rate with the bias corrections @param {Record<string, any>} config */
function adam(ops, weights, gradients, [first, second], rate, { beta_1, beta_2 }) {
  const m = first.map((old, at) => ops.add(ops.mul(old, beta_1), ops.mul(gradients[at], 1 - beta_1)))
  const v = second.map((old, at) => ops.add(ops.mul(old, beta_2), ops.mul(square(ops, gradients[at]), 1 - beta_2)))
  const learned = weights.map((weight, at) => ops.sub(weight, ops.mul(ops.div(m[at], ops.add(ops.sqrt(v[at]), epsilon)), rate)))
  return { learned, moments: [m, v] }
}

/**
 * The case as a peer trains it.
 * @param {TrainingOps} ops @param {import('./cases.js').Case} kase
 * @returns {Promise<{ state: State, step: (state: State, batch: Tensor[]) => Stepped, batch: () => Tensor[] }>} step may be compiled: it depends on nothing else
 */
export async function trainingOf(ops, { name }) {
  const { shape, config } = JSON.parse(new TextDecoder().decode(await readBytes(name, 'real.json')))
  const data = { shape, config, real: new Float32Array((await readBytes(name, 'real.f32')).buffer) }
  const family = families[config.family]
  const loss = losses[config.loss]
  const saved = Object.entries(readTensors(await readBytes(name, 'session.safetensors')))

  const partOf = (/** @type {string} */ network) => saved.filter(([key]) => key.startsWith(`${network}.`) && !key.includes('.running_')).map(([key, { values, shape }]) => {
    const own = key.slice(network.length + 1)
    return { own, tensor: family.turn(ops, own, ops.tensor(values, shape)) }
  })
  const [generator, discriminator, average] = ['generator', 'discriminator', 'average'].map(partOf)
  const named = (/** @type {{ own: string }[]} */ part, /** @type {Tensor[]} */ weights) => Object.fromEntries(part.map(({ own }, at) => [own, weights[at]]))
  const make = (/** @type {Tensor[]} */ weights, /** @type {Tensor} */ latent) => family.make(ops, named(generator, weights), latent)
  const judge = (/** @type {Tensor[]} */ weights, /** @type {Tensor[]} */ sides) => family.judge(ops, named(discriminator, weights), sides)
  const zeros = (/** @type {{ tensor: Tensor }[]} */ part) => part.map(({ tensor }) => ops.tensor(new Float32Array(ops.shape(tensor).reduce((a, b) => a * b, 1)), ops.shape(tensor)))

  /** @param {State} state @param {Tensor[]} batch @returns {Stepped} */
  function step(state, [real, latent_d, latent_g, rates, ...noise]) {
    const rate = (/** @type {number} */ at) => ops.slice(rates, [[at, at + 1]])
    const blurred = (/** @type {Tensor} */ x, /** @type {number} */ at) => (noise.length ? ops.add(x, noise[at]) : x)
    const [m_g, v_g, m_d, v_d] = state.moments
    const fake = make(state.generator, latent_d)
    const d = ops.differentiate(weights => {
      const [of_real, of_fake] = judge(weights, [blurred(real, 0), blurred(fake, 1)])
      return loss.discriminator(ops, of_real, of_fake)
    }, state.discriminator)
    const after_d = adam(ops, state.discriminator, d.gradients, [m_d, v_d], rate(1), config)
    const g = ops.differentiate(weights => loss.generator(ops, judge(after_d.learned, [blurred(make(weights, latent_g), 2)])[0]), state.generator)
    const after_g = adam(ops, state.generator, g.gradients, [m_g, v_g], rate(0), config)
    const decay = config.average_decay
    const average = state.average.map((old, at) => ops.add(ops.mul(old, decay), ops.mul(after_g.learned[at], 1 - decay)))
    const moments = [...after_g.moments, ...after_d.moments]
    return { state: { generator: after_g.learned, discriminator: after_d.learned, average, moments }, losses: [d.value, g.value] }
  }

  let steps = 0
  function batch() {
    steps++
    const n = config.batch_size
    const correction = Math.sqrt(1 - config.beta_2 ** steps) / (1 - config.beta_1 ** steps)
    const real = family.draw(data, n)
    const noise = config.instance_noise ? [0, 1, 2].map(() => ({ values: normals(real.values.length).map(value => config.instance_noise * value), shape: real.shape })) : []
    const rates = { values: Float32Array.of(config.learning_rate_g * correction, config.learning_rate_d * correction), shape: [2] }
    return [real, family.latent(data, n), family.latent(data, n), rates, ...noise].map(({ values, shape }) => ops.tensor(values, shape))
  }
  const weightsOf = (/** @type {{ tensor: Tensor }[]} */ part) => part.map(({ tensor }) => tensor)
  const state = {
    generator: weightsOf(generator), discriminator: weightsOf(discriminator), average: weightsOf(average),
    moments: [zeros(generator), zeros(generator), zeros(discriminator), zeros(discriminator)]
  }
  return { state, step, batch }
}

/**
 * The first steps are looked at one by one, for their mean losses.
 * @param {number} steps of one run @param {() => Promise<void>} once @param {() => Promise<number[]>} read the last step's losses
 * @returns {Promise<import('./measure.js').Opened>}
 */
export async function opened(steps, once, read) {
  const losses = [0, 0]
  for (let at = 0; at < steps; at++) {
    await once()
    for (const [which, loss] of (await read()).entries()) losses[which] += loss / steps
  }
  return {
    losses,
    async run() {
      for (let at = 0; at < steps; at++) await once()
      await read()
    }
  }
}
