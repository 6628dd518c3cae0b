// What was seen of a lesson's training: the facts that its goals are measured from and its diagrams drawn from. Pure, so that
// `npm test` plays every lesson on the engine without a page.

/** @typedef {{ name: string, shape: number[], norm: number }} Tensor as `session.inspect({ what: 'tensors' })` tells it */
/** @typedef {{ name: string, shape: number[], norm: number, change: number, moved: boolean }} Layer */
/** @typedef {'' | 'discriminator' | 'generator' | 'both'} Turn */

export const networks = /** @type {const} */ (['generator', 'discriminator'])

/** A layer's tensors are named alike up to the last dot. @param {Tensor[]} tensors @returns {Map<string, Tensor[]>} */
function byLayer(tensors) {
  const layers = new Map()
  for (const tensor of tensors) {
    const name = tensor.name.includes('.') ? tensor.name.slice(0, tensor.name.lastIndexOf('.')) : tensor.name
    layers.set(name, [...(layers.get(name) ?? []), tensor])
  }
  return layers
}

/**
 * Layers with how far each has moved: the distance between the lists of its tensors' norms, exactly 0 where nothing was changed.
 * @param {Tensor[]} now @param {Tensor[]} [before] @returns {Layer[]}
 */
export function layersOf(now, before = []) {
  const earlier = new Map(before.map(({ name, norm }) => [name, norm]))
  return [...byLayer(now)].map(([name, tensors]) => {
    const [shape] = tensors.map(tensor => tensor.shape).toSorted((one, other) => other.length - one.length)
    const changes = tensors.map(tensor => tensor.norm - (earlier.get(tensor.name) ?? tensor.norm))
    return { name, shape: shape ?? [], norm: Math.hypot(...tensors.map(({ norm }) => norm)), change: Math.hypot(...changes), moved: changes.some(change => change !== 0) }
  })
}

export class Witness {
  /** Of the lesson's, '' for its own experiment. */
  choice = ''
  step = 0
  /** Steps of each network alone, and of both. @type {{ discriminator: number, generator: number, both: number }} */
  turns = { discriminator: 0, generator: 0, both: 0 }

  constructor() {
    this.begin('')
  }

  /** A training begins. @param {string} choice */
  begin(choice) {
    this.choice = choice
    this.step = 0
    /** @type {Record<string, any>} */
    this.metrics = {}
    this.turns = { discriminator: 0, generator: 0, both: 0 }
    /** @type {Turn} */
    this.turn = ''
    /** @type {Record<string, Tensor[]> | undefined} */
    this.tensors = undefined
    this.seenAt = -1
    /** @type {{ generator: Layer[], discriminator: Layer[] }} */
    this.layers = { generator: [], discriminator: [] }
  }

  /** @param {{ step: number, metrics: Record<string, any> }} report @param {'discriminator' | 'generator'} [only] */
  took({ step, metrics }, only) {
    this.turns[only ?? 'both'] += step - this.step
    Object.assign(this, { step, metrics, turn: only ?? 'both' })
  }

  /** @param {Record<'generator' | 'discriminator', Tensor[]>} tensors */
  saw(tensors) {
    // Looked at again without a step in between: what the last step moved stays told.
    if (this.seenAt === this.step) return
    const { tensors: before } = this
    Object.assign(this, { tensors, seenAt: this.step })
    this.layers = { generator: layersOf(tensors.generator, before?.generator), discriminator: layersOf(tensors.discriminator, before?.discriminator) }
  }

  /** By dotted names, as goals name them. */
  get facts() {
    const count = (/** @type {'generator' | 'discriminator'} */ network, moved) => this.layers[network].filter(layer => layer.moved === moved).length
    return {
      ...this.metrics, step: this.step, choice: this.choice, turn: this.turn, turns: this.turns,
      moved: { generator: count('generator', true), discriminator: count('discriminator', true) },
      still: { generator: count('generator', false), discriminator: count('discriminator', false) },
    }
  }
}
