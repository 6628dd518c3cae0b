// The losses of a training, thinned so that a long one costs no more to keep and draw than a short one.

/** @typedef {import('../elements/loss-chart.js').LossSeries} LossSeries */

/** Above this, neighbours are averaged in pairs. */
const most = 1200

export class LossHistory {
  constructor() {
    /** @type {LossSeries} */
    this.series = { step: [], d: [], g: [] }
    /** Steps that one kept point stands for. */
    this.stride = 1
    /** @type {{ count: number, d: number, g: number }} */
    this.pending = { count: 0, d: 0, g: 0 }
  }

  /** @param {number} lastStep @param {ArrayLike<number>} d one a step @param {ArrayLike<number>} g */
  add(lastStep, d, g) {
    const count = Math.max(d.length, g.length)
    for (let index = 0; index < count; index++) {
      this.addOne(lastStep - count + 1 + index, d[index] ?? NaN, g[index] ?? NaN)
    }
    if (this.series.step.length > most) this.halve()
  }

  addOne(step, d, g) {
    const { pending, series } = this
    pending.count += 1
    pending.d += d
    pending.g += g
    if (pending.count < this.stride) return
    series.step.push(step)
    series.d.push(finiteOrNull(pending.d / pending.count))
    series.g.push(finiteOrNull(pending.g / pending.count))
    this.pending = { count: 0, d: 0, g: 0 }
  }

  halve() {
    const { step, d, g } = this.series
    const pairs = Math.floor(step.length / 2)
    const mean = values => Array.from({ length: pairs }, (_, index) => average(values[2 * index], values[2 * index + 1]))
    this.series = { step: Array.from({ length: pairs }, (_, index) => step[2 * index + 1]), d: mean(d), g: mean(g) }
    this.stride *= 2
  }

  /** As it was at an earlier step. @param {number} step */
  until(step) {
    const { series, stride } = this
    const end = series.step.findLastIndex(each => each <= step) + 1
    const earlier = new LossHistory()
    earlier.series = { step: series.step.slice(0, end), d: series.d.slice(0, end), g: series.g.slice(0, end) }
    earlier.stride = stride
    return earlier
  }

  /** A new object each time, so that an element sees the change. @returns {LossSeries} */
  snapshot() {
    return { ...this.series }
  }

  toJSON() {
    return { series: this.series, stride: this.stride }
  }

  /** What was kept may be half of it: then the curves begin anew, and the training goes on. */
  static from(kept) {
    const history = new LossHistory()
    const { step, d, g } = kept?.series ?? {}
    if ([step, d, g].every(values => Array.isArray(values) && values.length === step.length)) Object.assign(history, { series: kept.series, stride: kept.stride ?? 1 })
    return history
  }
}

/** A step of one network alone has no loss of the other: a gap in its curve. */
const finiteOrNull = value => /** @type {number} */ (Number.isFinite(value) ? value : null)

const average = (a, b) => (a === null ? b : b === null ? a : (a + b) / 2)

/** The figures that are followed over a training, where it has them. */
export const followed = /** @type {const} */ (['modes', 'high_quality', 'reverse_kl', 'score_real', 'score_fake', 'mmd2', 'cycle', 'identity', 'right_person', 'yaw_error', 'reconstruction'])

/** A training's figures from report to report, thinned like the losses. */
export class FigureHistory {
  constructor() {
    /** @type {Record<string, (number | null)[]> & { step: number[] }} */
    this.series = { step: [], ...Object.fromEntries(followed.map(key => [key, []])) }
    this.stride = 1
    this.skipped = 0
  }

  /** What a way has to tell of an earlier part of a training. @param {{ step: number, metrics: Record<string, any> }[]} [frames] */
  static of(frames = []) {
    const figures = new FigureHistory()
    for (const { step, metrics } of frames) figures.add(step, metrics)
    return figures
  }

  /** As it was at an earlier step. @param {number} step */
  until(step) {
    const end = this.series.step.findLastIndex(each => each <= step) + 1
    const earlier = new FigureHistory()
    for (const [key, values] of Object.entries(this.series)) earlier.series[key] = values.slice(0, end)
    earlier.stride = this.stride
    return earlier
  }

  /** @param {number} step @param {Record<string, any>} metrics */
  add(step, metrics) {
    if (++this.skipped < this.stride) return
    this.skipped = 0
    this.series.step.push(step)
    for (const key of followed) this.series[key].push(finiteOrNull(metrics[key]))
    if (this.series.step.length <= most) return
    for (const values of Object.values(this.series)) values.splice(0, Infinity, .../** @type {any[]} */ (values).filter((_, index) => index % 2))
    this.stride *= 2
  }
}
