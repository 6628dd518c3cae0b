// Moments of a training to come back to: the session as a file, and what was seen of it. Held in memory, within a budget.

/** @typedef {{ step: number, blob: Blob, frame: import('./way.js').Frame, config: Record<string, any> }} Moment config: as it was set then */

/** As many as a finger can tell apart on a slider. */
const mostMoments = 32
/** A session of pictures is megabytes; a tab on a telephone has a few hundred in all. */
const budgetBytes = 96e6
/** Saving takes a few milliseconds, and training goes before it. */
const leastMs = 1200

export class Timeline {
  constructor() {
    /** @type {Moment[]} by step */
    this.moments = []
    /** Least steps between two moments; doubles when every second one is given up. */
    this.stride = 1
    this.addedAt = -Infinity
  }

  clear() {
    Object.assign(this, { moments: [], stride: 1, addedAt: -Infinity })
  }

  /** The last one up to a step: from there the training can go on. @param {number} step @returns {Moment | undefined} */
  near(step) {
    return this.moments.findLast(moment => moment.step <= step)
  }

  /** @param {number} step */
  has(step) {
    return this.moments.some(moment => moment.step === step)
  }

  /** Whether the training has come far enough for another moment. @param {number} step */
  due(step) {
    const last = this.moments.at(-1)
    return performance.now() - this.addedAt > leastMs && step - (last?.step ?? -Infinity) >= this.stride
  }

  /** @param {Moment} moment */
  add(moment) {
    this.addedAt = performance.now()
    this.moments = [...this.moments, moment]
    while (this.moments.length > 2 && (this.moments.length > mostMoments || this.bytes() > budgetBytes)) this.thin()
  }

  bytes() {
    return this.moments.reduce((sum, { blob }) => sum + blob.size, 0)
  }

  /** Every second moment goes, so that the rest still covers the whole training; the first and the last stay. */
  thin() {
    const last = this.moments.length - 1
    this.moments = this.moments.filter((_, index) => index === 0 || index === last || index % 2 === 0)
    const span = this.moments[this.moments.length - 1].step - this.moments[0].step
    this.stride = Math.max(this.stride, Math.floor(span / (this.moments.length - 1)))
  }

  /** What came after a step did not happen. @param {number} step */
  until(step) {
    this.moments = this.moments.filter(moment => moment.step <= step)
  }
}
