// The people of the faces room and their photos, as values that are never changed in place: so every step can be undone.
import { within } from '../elements/draw/crop.js'

/** @typedef {import('../elements/draw/crop.js').Crop} Crop */
/**
 * @typedef {object} Source one photo as it was brought
 * @property {Blob} blob
 * @property {string} name
 * @property {number} width upright, pixels
 * @property {number} height
 * @property {ImageBitmap} bitmap for the screen, smaller where the photo is large
 * @property {(Crop & { score: number })[]} faces as they were found
 * @property {boolean} [drawn] no photo: our own code drew it
 *
 * @typedef {object} Shot a photo as a picture of somebody
 * @property {number} id
 * @property {Source} source
 * @property {Crop} crop
 * @property {number} face index of the face that was chosen; -1: the square was placed by hand
 * @property {boolean} placed false: no face was found, and nobody has said yet where one is
 * @property {number | null} weight the visitor's own confidence
 *
 * @typedef {object} Somebody
 * @property {number} id
 * @property {string} name '' for those that are only numbered
 * @property {Shot[]} shots
 * @property {any} [kept] somebody from a file: features without photos
 * @property {(number | null)[]} [weights] the visitor's own confidences of somebody from a file
 *
 * @typedef {{ people: Somebody[], chosen: number, partner: number, shot: number }} State ids; 0 where there is none
 */

/** Photos that are fused into one person. */
export const mostShots = 8
/** Rows that an experiment can show. */
export const mostPeople = 6
/** Steps that can be taken back. */
const mostPast = 60

let lastId = 0
export const nextId = () => ++lastId

/** @type {State} */
const empty = { people: [], chosen: 0, partner: 0, shot: 0 }

/** @param {Somebody} person */
export const usable = person => (person.kept ? true : person.shots.some(({ placed }) => placed))

/** What the encoder has to see; equal keys have equal features. @param {Somebody} person */
export function encodingKey({ id, shots, kept }) {
  if (kept) return `kept ${id}`
  return shots.filter(({ placed }) => placed).map(({ id: shot, crop: { x, y, size, roll } }) => [shot, x, y, size, roll].join(' ')).join('; ')
}

/** The visitor's own confidences, the encoder's where there is none. @param {Somebody} person @param {ArrayLike<number>} confidences @returns {number[]} */
export function weightsOf({ shots, kept, weights }, confidences) {
  const own = kept ? weights ?? [] : shots.filter(({ placed }) => placed).map(({ weight }) => weight)
  const chosen = Array.from(confidences, (confidence, index) => own[index] ?? confidence)
  // Nothing is no mixture: where every photo was taken out, the encoder's word stands.
  return chosen.some(weight => weight > 0) ? chosen : Array.from(confidences)
}

/** @param {number[]} weights */
export function sharesOf(weights) {
  const sum = weights.reduce((one, other) => one + other, 0)
  return weights.map(weight => weight / sum)
}

/** The face that is probably meant. @param {(Crop & { score: number })[]} faces @returns {number} -1 where there is none */
export function likeliest(faces) {
  const largest = Math.max(0, ...faces.map(({ size }) => size))
  // Of the large ones the surest: a face in the background is no competitor, a mistaken one in front neither.
  const near = faces.map((face, index) => ({ ...face, index })).filter(({ size }) => size > 0.6 * largest)
  return near.sort((one, other) => other.score - one.score)[0]?.index ?? -1
}

/** Faces of a photo that nobody is yet, the largest first. @param {State} state @param {Source} source */
export function freeFaces({ people }, source) {
  const shots = people.flatMap(person => person.shots.filter(shot => shot.source === source && shot.placed))
  // A square that was placed by hand is of the face that it holds.
  const holds = (/** @type {Crop} */ crop, /** @type {Crop} */ face) => Object.values(within(crop, face)).every(side => Math.abs(side) < 0.5)
  const taken = (/** @type {Crop} */ one, /** @type {number} */ index) => shots.some(({ face, crop }) => face === index || (face < 0 && holds(crop, one)))
  return source.faces.map((face, index) => ({ ...face, index })).filter(face => !taken(face, face.index)).sort((one, other) => other.size - one.size)
}

export class Album {
  /** @type {State} */
  #state = empty
  /** @type {State[]} */
  #past = []
  /** @type {State[]} */
  #future = []
  /** What a series of small changes is of: one undo takes all of it back. */
  #series = ''

  get state() { return this.#state }
  get canUndo() { return this.#past.length > 0 }
  get canRedo() { return this.#future.length > 0 }

  get person() { return this.#state.people.find(({ id }) => id === this.#state.chosen) }
  /** Whom the chosen person is blended with: who was asked for, or else the first of the others. */
  get partner() {
    const others = this.#state.people.filter(each => each.id !== this.#state.chosen && usable(each))
    return others.find(({ id }) => id === this.#state.partner) ?? others[0]
  }
  get shot() { return this.person?.shots.find(({ id }) => id === this.#state.shot) }

  /** What is looked at is no step of its own. @param {Partial<Pick<State, 'chosen' | 'partner' | 'shot'>>} changes */
  look(changes) {
    this.#state = { ...this.#state, ...changes }
    this.#series = ''
  }

  /** @param {Partial<State>} changes @param {string} [series] */
  #step(changes, series = '') {
    if (!series || series !== this.#series) this.#past = [...this.#past, this.#state].slice(-mostPast)
    this.#series = series
    this.#future = []
    this.#state = { ...this.#state, ...changes }
  }

  /** The hand has let go: the next change is a step of its own. */
  settle() { this.#series = '' }

  undo() { this.#travel('past') }
  redo() { this.#travel('future') }

  /** @param {'past' | 'future'} way */
  #travel(way) {
    const [from, to] = way === 'past' ? [this.#past, this.#future] : [this.#future, this.#past]
    const next = from.pop()
    if (!next) return
    to.push(this.#state)
    this.#state = next
    this.#series = ''
  }

  /** @param {number} id @param {(person: Somebody) => Somebody} change */
  #with(id, change) {
    return this.#state.people.map(person => (person.id === id ? change(person) : person))
  }

  /** @param {number} shot @param {(shot: Shot) => Shot} change */
  #withShot(shot, change) {
    return this.#state.people.map(person => (person.shots.some(({ id }) => id === shot)
      ? { ...person, shots: person.shots.map(each => (each.id === shot ? change(each) : each)) } : person))
  }

  /** Somebody new, who is chosen. @param {Partial<Somebody>} [details] @returns {number} */
  begin(details = {}) {
    const id = nextId()
    const { people, chosen } = this.#state
    this.#step({ people: [...people, { name: '', shots: [], ...details, id }], chosen: id, partner: this.#state.partner || chosen, shot: 0 })
    return id
  }

  /**
   * A photo more of somebody, who is looked at then, if it is who is chosen.
   * @param {Source} source @param {Crop} crop @param {number} face @param {number} [id] whose @returns {number} the shot; 0 where there is no room
   *   for more than `mostShots`, or where the person is gone
   */
  add(source, crop, face, id = this.#state.chosen) {
    const whose = this.#state.people.find(person => person.id === id)
    if (!whose || whose.shots.length >= mostShots) return 0
    const shot = { id: nextId(), source, crop, face, placed: face >= 0, weight: null }
    const people = this.#with(id, person => ({ ...person, shots: [...person.shots, shot] }))
    this.#step({ people, ...(id === this.#state.chosen && { shot: shot.id }) })
    return shot.id
  }

  /** @param {number} shot @param {Crop} crop @param {number} [face] */
  place(shot, crop, face = -1) {
    this.#step({ people: this.#withShot(shot, each => ({ ...each, crop, face, placed: true })) }, face < 0 ? `crop ${shot}` : '')
  }

  /** @param {number} shot @param {number | null} weight */
  weigh(shot, weight) {
    this.#step({ people: this.#withShot(shot, each => ({ ...each, weight })) }, `weight ${shot}`)
  }

  /** Of somebody from a file. @param {number} id @param {number} index @param {number | null} weight */
  weighKept(id, index, weight) {
    const set = (/** @type {Somebody} */ person) => {
      const weights = [...(person.weights ?? [])]
      weights[index] = weight
      return { ...person, weights: Array.from(weights, each => each ?? null) }
    }
    this.#step({ people: this.#with(id, set) }, `weight ${id} ${index}`)
  }

  /** @param {number} shot */
  removeShot(shot) {
    const people = this.#state.people.map(person => ({ ...person, shots: person.shots.filter(({ id }) => id !== shot) }))
    this.#step({ people, shot: this.#state.shot === shot ? 0 : this.#state.shot })
  }

  /** @param {number} id */
  removePerson(id) {
    const people = this.#state.people.filter(person => person.id !== id)
    const other = (/** @type {number} */ wished) => (people.some(person => person.id === wished) ? wished : people.at(-1)?.id ?? 0)
    this.#step({ people, chosen: other(this.#state.chosen), partner: other(this.#state.partner), shot: 0 })
  }
}
