// What the faces room shows, as keys and ways to make it: everything follows from the album and the pose.
import { nineYaws } from '../elements/face-turner.js'
import { encodingKey, usable, weightsOf } from './faces-album.js'

/**
 * @typedef {Pick<import('./faces.js').FacesRoom, 'album' | 'studio' | 'pose' | 'person' | 'encoded' | 'model'>} Room what is needed of one
 * @typedef {import('./faces-album.js').Somebody} Somebody
 */

/** Steps along the path between two people. */
export const pathShares = Array.from({ length: 7 }, (_, index) => index / 6)
/** Columns of the experiment. */
export const gridYaws = [-60, -30, 0, 30, 60]

/** Cannot be made yet. */
const nothing = { key: '', make: async () => {} }

/** @param {Somebody} person @param {any} encoded @param {number[]} [weights] */
const mixture = (person, encoded, weights = weightsOf(person, encoded.weights)) => ({ key: `${encodingKey(person)} by ${weights.map(weight => weight.toFixed(3)).join(' ')}`, weights })

/** @param {Room} room @param {Somebody} person @param {number} yaw @param {number[]} [weights] @param {number} [seed] */
export function turned(room, person, yaw, weights, seed = room.pose.seed) {
  const encoded = room.encoded(person)
  if (!encoded) return nothing
  const mixed = mixture(person, encoded, weights)
  return { key: `turned ${yaw} ${seed} of ${mixed.key}`, make: async () => (await room.model()).rotate(encoded, yaw, { weights: mixed.weights, seed }) }
}

/** A turned face, made where it is not there yet. @param {Room} room @param {{ key: string, make: () => Promise<any> }} face */
export const drawn = async (room, { key, make }) => room.studio.get(key) ?? make()

/** The code behind the turned face, and what the discriminator's heads say of it. @param {Room} room @param {Somebody} person @param {number} yaw */
export function codeOf(room, person, yaw) {
  const encoded = room.encoded(person)
  if (!encoded) return nothing
  const { weights, key } = mixture(person, encoded)
  const { seed } = room.pose
  const face = turned(room, person, yaw)
  const make = async () => {
    const faces = await room.model()
    const picture = await drawn(room, face)
    return { ...await faces.code(encoded, yaw, { weights, seed }), read: await faces.judge(picture) }
  }
  return { key: `code ${yaw} ${seed} of ${key}`, make }
}

/** The middle of a made picture is where a face is looked for. @param {ImageData} picture */
const whole = ({ width, height }) => ({ x: width / 2, y: height / 2, size: width, roll: 0 })

/** @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
function cosine(one, other) {
  const dot = (/** @type {ArrayLike<number>} */ a, /** @type {ArrayLike<number>} */ b) => Array.from(a).reduce((sum, value, index) => sum + value * b[index], 0)
  return dot(one, other) / (Math.sqrt(dot(one, one) * dot(other, other)) || 1)
}

/** What the networks read back from a made face: its yaw by the discriminator, its likeness to the person by the encoder. @param {Room} room @param {Somebody} person @param {number} yaw */
export function readBack(room, person, yaw) {
  const encoded = room.encoded(person)
  const face = turned(room, person, yaw)
  if (!encoded || !face.key) return nothing
  const make = async () => {
    const faces = await room.model()
    const picture = await drawn(room, face)
    const { weights } = mixture(person, encoded)
    const { identity_features } = await faces.code(encoded, yaw, { weights })
    const { features } = await faces.encode([{ image: picture, crop: whole(picture) }])
    return { yaw: (await faces.judge(picture)).yaw, same: cosine(features, identity_features) }
  }
  return { key: `read ${face.key}`, make }
}

/** The frontal face from the first photos only: the weights of the others are nothing. Where the first ones' are, too, there is none. @param {Room} room @param {Somebody} person */
export function fusion(room, person) {
  const encoded = room.encoded(person)
  if (!encoded || encoded.weights.length < 2) return []
  const all = weightsOf(person, encoded.weights)
  const first = (/** @type {number} */ last) => all.map((weight, index) => (index <= last ? weight : 0))
  return all.map((_, last) => (first(last).some(weight => weight > 0) ? turned(room, person, 0, first(last)) : nothing))
}

/** @param {Room} room @param {number} share @param {number} yaw */
export function blended(room, share, yaw) {
  const { person, album: { partner } } = room
  const [one, other] = [room.encoded(person), room.encoded(partner)]
  if (!one || !other || !person || !partner || person === partner) return nothing
  const mixed = [mixture(person, one), mixture(partner, other)]
  const { seed } = room.pose
  return {
    key: `blend ${share.toFixed(2)} ${yaw} ${seed} of ${mixed.map(({ key }) => key).join(' and ')}`,
    make: async () => (await room.model()).blend(one, other, share, yaw, { weights: mixed.map(({ weights }) => weights), seed }),
  }
}

/** @param {Room} room @param {Somebody} person */
export const encodingOf = (room, person) => ({
  key: encodingKey(person),
  make: async () => (await room.model()).encode(person.shots.filter(({ placed }) => placed).map(({ source: { blob }, crop }) => ({ image: blob, crop }))),
})

/** Everything that can be seen, the most wanted first. @param {Room} room @returns {import('./faces-studio.js').Wanted[]} */
export function plan(room) {
  const { person, pose, album: { state: { people } } } = room
  const encodings = people.filter(each => !each.kept && usable(each)).map(each => encodingOf(room, each))
  if (!person) return encodings
  const own = encodings.filter(({ key }) => key === encodingKey(person))
  const ready = people.filter(usable)
  return [
    ...own, turned(room, person, pose.yaw), ...encodings, blended(room, pose.share, pose.blendYaw),
    ...nineYaws.map(yaw => turned(room, person, yaw)), codeOf(room, person, pose.yaw), ...fusion(room, person),
    ...pathShares.map(share => blended(room, share, pose.blendYaw)),
    ...ready.flatMap(each => gridYaws.map(yaw => turned(room, each, yaw))),
    ...ready.flatMap(each => gridYaws.map(yaw => readBack(room, each, yaw))),
  ].filter(({ key }) => key)
}
