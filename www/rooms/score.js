// PacGAN's protocol in the tab: one training a seed with the dataset's preset, 2,500 samples at its end, mean and standard error.
// The same question to the engine as `npm run measure -- ring` asks natively.
import { csv } from './tables.js'

/** Lin et al. 2018, section 4.1: the samples looked at, always from the same latents. */
const protocol = { count: 2500, seed: 1 }
/** On the way a smaller look will do, this often. */
const glance = { count: 500, seed: 1 }
const glanceMs = 1500
/** A call to the worker takes about as long as this. */
const callMs = 250

const spread = (mean, error) => ({ mean, error })
const published = (name, modes, modesError, quality, qualityError, kl, klError) => ({
  name, scores: { modes: spread(modes, modesError), high_quality: spread(quality / 100, qualityError / 100), reverse_kl: spread(kl, klError) },
})

/** Lin et al. 2018, "PacGAN", tables of section 4.1: ten runs, standard errors. */
export const rows = {
  ring: [
    published('GAN', 6.3, 0.5, 98.2, 0.2, 0.45, 0.09), published('ALI', 6.6, 0.3, 97.6, 0.4, 0.36, 0.04),
    published('PacGAN2', 7.9, 0.1, 95.6, 2.0, 0.07, 0.03), published('PacGAN3', 7.8, 0.1, 97.7, 0.3, 0.10, 0.02), published('PacGAN4', 7.8, 0.1, 95.9, 1.4, 0.07, 0.02),
  ],
  grid: [
    published('GAN', 17.3, 0.8, 94.8, 0.7, 0.70, 0.07), published('ALI', 24.1, 0.4, 95.7, 0.6, 0.14, 0.03),
    published('PacGAN2', 23.8, 0.7, 91.3, 0.8, 0.13, 0.04), published('PacGAN3', 24.6, 0.4, 94.2, 0.4, 0.06, 0.02), published('PacGAN4', 24.8, 0.2, 93.6, 0.6, 0.04, 0.01),
  ],
}

/** Mean and standard error; of one value there is no error. @param {number[]} values */
export function meanAndError(values) {
  const n = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  return { mean, error: Math.sqrt(variance / n) }
}

/** @param {import('../elements/score-board.js').Run[]} runs @returns {import('../elements/score-board.js').Scores | null} */
export function scoresOf(runs) {
  const found = runs.flatMap(run => (run.done && run.found ? [run.found] : []))
  if (!found.length) return null
  const of = key => meanAndError(found.map(each => each[key] ?? NaN))
  return { modes: of('modes'), high_quality: of('high_quality'), reverse_kl: of('reverse_kl') }
}

/** @param {string} dataset @param {import('../elements/score-board.js').Run[]} runs */
export function scoreTable(dataset, runs) {
  const ended = runs.filter(({ done }) => done)
  const scores = scoresOf(runs)
  const column = (key, digits = 6) => [...ended.map(({ found }) => found?.[key]), ...(scores ? [scores[key].mean, scores[key].error] : [])]
    .map(value => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null))
  const sums = scores ? [null, null] : []
  return csv({
    dataset: [...ended, ...sums].map(() => dataset),
    seed: [...ended.map(({ seed }) => seed), ...(scores ? ['mean', 'standard_error'] : [])],
    iterations: [...ended.map(({ step }) => step), ...sums],
    modes: column('modes'), high_quality: column('high_quality'), reverse_kl: column('reverse_kl'),
    seconds: [...ended.map(({ seconds }) => Number(seconds.toFixed(1))), ...sums],
  })
}

export class Score extends EventTarget {
  /** @param {() => Promise<import('../gan-atelier.js').Atelier>} atelier */
  constructor(atelier) {
    super()
    this.atelier = atelier
    this.dataset = ''
    /** @type {import('../elements/score-board.js').Run[]} */
    this.runs = []
    this.running = false
    /** Counts what was begun and stopped: a run of before finds that it is over. */
    this.turn = 0
    /** The run before, which may still have a step under way. @type {Promise<void>} */
    this.ended = Promise.resolve()
  }

  news() {
    this.dispatchEvent(new Event('change'))
  }

  /** One seed after the other. @param {string} dataset @param {{ first: number, count: number, steps: number }} asked */
  async run(dataset, { first, count, steps }) {
    if (this.running) return
    const turn = ++this.turn
    const runs = Array.from({ length: count }, (_, index) => ({ seed: first + index, step: 0, steps, seconds: 0, done: false, found: null }))
    Object.assign(this, { dataset, runs, running: true })
    this.news()
    this.ended = this.ended.then(() => this.all(runs, turn))
    await this.ended
  }

  /** @param {import('../elements/score-board.js').Run[]} runs @param {number} turn */
  async all(runs, turn) {
    try {
      for (const run of runs) if (this.turn === turn) await this.one(run, turn)
    } catch (error) {
      if (this.turn === turn) this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    } finally {
      // What was broken off counts for nothing.
      if (this.runs === runs) this.runs = runs.filter(({ done }) => done)
      if (this.turn === turn) this.running = false
      this.news()
    }
  }

  stop() {
    if (!this.running) return
    this.turn++
    this.running = false
    this.news()
  }

  /** @param {import('../elements/score-board.js').Run} run @param {number} turn */
  async one(run, turn) {
    const session = await (await this.atelier()).train(/** @type {any} */ ({ family: 'gan', dataset: this.dataset, seed: run.seed, anneal_steps: run.steps }))
    const began = performance.now()
    let [chunk, glanced] = [10, began]
    try {
      while (this.turn === turn && run.step < run.steps) {
        const called = performance.now()
        const n = Math.min(chunk, run.steps - run.step)
        run.step = (await session.step(n)).step
        chunk = Math.max(1, Math.round((n * callMs) / Math.max(1, performance.now() - called)))
        if (performance.now() - glanced > glanceMs) {
          run.found = await session.inspect({ what: 'coverage', ...glance })
          glanced = performance.now()
        }
        run.seconds = (performance.now() - began) / 1000
        this.news()
      }
      if (this.turn !== turn || run.step < run.steps) return
      run.found = await session.inspect({ what: 'coverage', ...protocol })
      run.done = true
      this.news()
    } finally {
      await session.close()
    }
  }
}
