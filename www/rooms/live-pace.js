// How large the live camera is painted: as large as can be painted often enough. Told what each painting took, it says when to change.

/** Longer sides, pixels. */
export const sides = [256, 224, 192, 160, 128, 96]
/** Paintings a second below which it is made smaller. */
export const leastRate = 12

const budgetMs = 1000 / leastRate
/** A verdict is over this long, and at least this many paintings. */
const windowMs = 1500
const leastPaintings = 3
/** The first ones after a change are slower: workers are hired, memory grows. */
const warming = 2
/** The next larger side is tried only where it would leave so much of the time unused, and only after the present one has held for so long; longer each time that it did not hold. */
const spare = 0.8
const firstPatienceMs = 6000
/** The rate is that of so long. */
const rateMs = 2000

export class Pace {
  side = sides[0]
  /** Whether even the smallest side is too slow. */
  short = false
  #patience = firstPatienceMs
  #held = 0
  #risen = false
  #skip = warming
  #since = 0
  #count = 0
  #sum = 0
  /** When the last ones were done. @type {number[]} */
  #done = []

  /** Paintings a second; null while there are too few to tell. */
  get rate() {
    const done = this.#done
    return done.length < 3 ? null : (1000 * (done.length - 1)) / (done[done.length - 1] - done[0])
  }

  /** Another painter, or a pause: what was measured before says nothing. */
  rest() {
    this.#done = []
    this.#again()
  }

  #again() {
    this.#skip = warming
    this.#held = 0
    this.#clear()
  }

  #clear() {
    this.#count = 0
    this.#sum = 0
  }

  /**
   * @param {number} now ms @param {number} ms that the painting took, from the camera's picture on
   * @param {boolean} [alone] whether nothing else was painted meanwhile: only then does it count for the side
   */
  painted(now, ms, alone = true) {
    this.#done = [...this.#done.filter(at => now - at < rateMs), now]
    if (!alone) return this.#again()
    if (this.#skip) {
      this.#skip--
      return
    }
    if (!this.#count) this.#since = now - ms
    this.#count++
    this.#sum += ms
    const elapsed = now - this.#since
    if (elapsed < windowMs || this.#count < leastPaintings) return
    this.#judge(this.#sum / this.#count, elapsed)
    this.#clear()
  }

  /** @param {number} ms of a painting in the mean @param {number} elapsed */
  #judge(ms, elapsed) {
    const at = sides.indexOf(this.side)
    this.short = ms > budgetMs && at === sides.length - 1
    // The time goes with the pixels, a little better than that.
    const wouldTake = (/** @type {number} */ side) => ms * (side / this.side) ** 2
    if (ms > budgetMs && at < sides.length - 1) {
      if (this.#risen) this.#patience *= 2
      this.#turn(sides.slice(at + 1).find(side => wouldTake(side) <= budgetMs) ?? sides[sides.length - 1], false)
    } else if (at > 0 && wouldTake(sides[at - 1]) <= spare * budgetMs) {
      this.#held += elapsed
      if (this.#held >= this.#patience) this.#turn(sides[at - 1], true)
    } else this.#held = 0
  }

  /** @param {number} side @param {boolean} risen */
  #turn(side, risen) {
    this.side = side
    this.#risen = risen
    this.#again()
  }
}
