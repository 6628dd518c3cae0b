// Makes what the faces room shows, one piece after another, the most wanted first: what is shown follows from keys, so that a piece is
// made once, a step back costs nothing, and a slider that moves on is followed without a queue.

/** @typedef {{ key: string, make: () => Promise<any> }} Wanted */

/** A made face is 37 KB. */
const mostKept = 600

export class Studio {
  /** By key, the latest last. @type {Map<string, any>} */
  #made = new Map()
  /** What cannot be made is not tried again by itself. @type {Map<string, any>} */
  #failed = new Map()
  /** What each place showed last: it stays until the next is there. @type {Map<string, any>} */
  #shown = new Map()
  #working = false

  /** @param {{ wanted: () => Wanted[], changed: () => void, failed: (error: any, key: string) => void }} room the most wanted first */
  constructor(room) {
    this.room = room
  }

  get working() { return this.#working }

  /** @param {string} key @returns {any} undefined while it is not made */
  get(key) {
    const value = this.#made.get(key)
    if (value === undefined) return undefined
    // Used: so it is the last to be forgotten.
    this.#made.delete(key)
    this.#made.set(key, value)
    return value
  }

  /** @param {string} key */
  failure(key) { return this.#failed.get(key) }

  /** What a place shows: its own, or until that is made what it showed before. @param {string} place @param {string} key '' while nobody knows yet */
  show(place, key) {
    const value = key ? this.get(key) : undefined
    if (value !== undefined) this.#shown.set(place, value)
    return value ?? this.#shown.get(place)
  }

  /** @param {string} key @param {any} value */
  #keep(key, value) {
    this.#made.set(key, value)
    while (this.#made.size > mostKept) this.#made.delete(/** @type {string} */ (this.#made.keys().next().value))
  }

  /** @returns {Wanted | undefined} */
  get next() {
    return this.room.wanted().find(({ key }) => !this.#made.has(key) && !this.#failed.has(key))
  }

  /** Until everything that is wanted is there. */
  async follow() {
    if (this.#working) return
    this.#working = true
    try {
      for (let next = this.next; next; next = this.next) {
        const { key, make } = next
        await make().then(value => this.#keep(key, value), error => {
          this.#failed.set(key, error)
          this.room.failed(error, key)
        })
        this.room.changed()
      }
    } finally {
      this.#working = false
      this.room.changed()
    }
  }

  /** After an error that may pass: everything may be tried again. */
  forgive() { this.#failed.clear() }

  forget() {
    this.#made.clear()
    this.#shown.clear()
    this.#failed.clear()
  }
}
