// What is asked of networks that make pictures, besides their scores: a grid of classes, a walk between two latents.

/** @typedef {import('../engine/training.js').TrainingSession} Session */

/** Rows of the grid; more columns than this cost more than a look is worth. */
const rows = 5
const mostColumns = 40
const walkFrames = 24
const smileFrames = 9

/** The same latents under every class. @param {Session} session @param {number} seed */
export async function classGrid(session, seed) {
  const names = session.dataset.classes ?? []
  const columns = []
  for (const [label, name] of names.slice(0, mostColumns).entries()) {
    const { data, shape } = await session.sample({ count: rows, seed, label })
    columns.push({ name, data, shape })
  }
  return columns
}

/** @param {Session} session @param {{ from: number, to: number, label?: number }} ends seeds of two latents */
export async function latentWalk(session, { from, to, label }) {
  const dimension = session.config.latent_dim
  const latent = between(normals(from, dimension), normals(to, dimension), walkFrames)
  // A DCGAN knows no classes, whatever its pictures have.
  const { data, shape } = await session.sample({ count: walkFrames, latent, ...(session.config.family === 'acgan' && { label }) })
  return { data, shape }
}

/**
 * Every person of the drawn faces, moved along the direction that was found.
 * @param {Session} session @param {{ direction: number[], latent: number[], reach: number }} found
 */
export async function smiles(session, { direction, latent, reach }) {
  const moved = Array.from({ length: smileFrames }, (_, frame) => reach * ((2 * frame) / (smileFrames - 1) - 1)).flatMap(way => latent.map((value, index) => value + way * direction[index]))
  const people = []
  for (let label = 0; label < (session.dataset.classes?.length ?? 0); label++) {
    const { data, shape } = await session.sample({ count: smileFrames, latent: Float32Array.from(moved), label })
    people.push({ data, shape })
  }
  return people
}

/**
 * Along the sphere that both lie near: in between a straight line would be shorter than anything the generator has seen (White 2016).
 * @param {Float32Array} a @param {Float32Array} b @param {number} count @returns {Float32Array} one vector after another
 */
export function between(a, b, count) {
  const length = v => Math.hypot(...v)
  const dot = a.reduce((sum, value, index) => sum + value * b[index], 0) / (length(a) * length(b))
  const angle = Math.acos(Math.min(1, Math.max(-1, dot)))
  const way = new Float32Array(count * a.length)
  for (let frame = 0; frame < count; frame++) {
    const share = frame / (count - 1)
    const [one, two] = angle < 1e-3 ? [1 - share, share] : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)]
    for (let index = 0; index < a.length; index++) way[frame * a.length + index] = one * a[index] + two * b[index]
  }
  return way
}

/** Independent standard normals. Not the training's randomness: where a walk leads is the visitor's to choose. @param {number} seed @param {number} count */
export function normals(seed, count) {
  let state = seed >>> 0
  const uniform = () => {
    // "mulberry32" by Tommy Ettinger, public domain.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  return Float32Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()))
}
