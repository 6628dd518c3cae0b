// One lesson with its live training: shared by the room and by <gan-lesson>. Fires `change` for drawing and `goal` with { id } when one is reached.
import { missed, reached, standing } from '../lessons/goals.js'
import { Witness } from '../lessons/witness.js'
import { decodeExperiment, defaultsFor, encodeExperiment, readQuery } from '../store.js'
import { Trainer } from './trainer.js'

/** @typedef {import('../lessons/index.js').Lesson} LessonData */

/** While it runs, layers are read this often: reading them costs about a step. */
const layersMs = 400

/** What a learner did on another day, and what a teacher wished otherwise. @typedef {{ done?: string[], steps?: Record<string, number>, seed?: string | number, settings?: string, choice?: string }} Kept */

/** What an address may not change: the lesson would be another one. */
const fixed = ['v', 'family', 'dataset', 'points']

/**
 * A seed and settings for this lesson in place of its own.
 * @param {any} schema @param {string} dataset @param {Kept} kept
 * @returns {{ changes: Record<string, any>, ignored: string[] }} ignored: as `name=value`
 */
export function changesIn(schema, dataset, { seed = '', settings = '' }) {
  const asked = readQuery(settings)
  if (String(seed).trim()) asked.set('seed', String(seed))
  const [refused, wished] = [true, false].map(not => [...asked].filter(([key]) => fixed.includes(key) === not))
  const { config, ignored } = decodeExperiment(schema, new URLSearchParams([['dataset', dataset], ...wished]))
  const unread = ignored.map(({ key, value }) => [key, value])
  const changes = wished.filter(([key]) => !unread.some(([name]) => name === key)).map(([key]) => [key, config[key]])
  return { changes: Object.fromEntries(changes), ignored: [...refused, ...unread].map(pair => pair.join('=')) }
}

/** Looks at the networks themselves as well, and bears witness. */
class LessonTrainer extends Trainer {
  /** @param {Witness} witness @param {(report: any) => void} told */
  constructor(witness, told) {
    super({ seed: 1, pictures: 8, pairs: 2 })
    this.witness = witness
    this.told = told
    this.layersAt = 0
  }

  /** @param {any} report @param {'discriminator' | 'generator'} [only] */
  take(report, only) {
    super.take(report)
    this.witness.took(report, only)
    this.told(report)
  }

  async look(everything = false) {
    const { session } = this
    if (session && (everything || performance.now() - this.layersAt > layersMs)) {
      this.witness.saw(/** @type {any} */ (await session.inspect({ what: 'tensors' })))
      this.layersAt = performance.now()
    }
    await super.look(everything)
  }
}

export class LiveLesson extends EventTarget {
  /** @param {LessonData} lesson @param {() => Promise<import('../gan-atelier.js').Atelier>} atelier @param {Kept} [kept] */
  constructor(lesson, atelier, kept = {}) {
    super()
    this.lesson = lesson
    this.atelier = atelier
    this.kept = kept
    const ids = lesson.goals.map(({ id }) => id)
    this.done = new Set((kept.done ?? []).filter(id => ids.includes(id)))
    /** The step at which each goal was reached, where it is known. @type {Record<string, number>} */
    this.steps = { ...kept.steps }
    /** Wishes that could not be met, as `name=value`. @type {string[]} */
    this.ignored = []
    this.witness = new Witness()
    this.trainer = new LessonTrainer(this.witness, report => this.dispatchEvent(new CustomEvent('report', { detail: report })))
    this.trainer.addEventListener('change', () => this.#changed())
    this.trainer.addEventListener('failed', event => this.#failed(/** @type {CustomEvent} */ (event).detail))
    this.trainer.addEventListener('recovered', event => this.dispatchEvent(new CustomEvent('recovered', { detail: /** @type {CustomEvent} */ (event).detail })))
    /** @type {any} */
    this.schema = null
    /** @type {Record<string, any>} */
    this.config = {}
    /** What went wrong with the last start or step. @type {any} */
    this.error = null
    /** How made pictures are looked at. */
    this.look = lesson.look ?? ''
    this.turns = Promise.resolve()
    this.opened = 0
    /** Ends when what was begun last is there, or has failed. */
    this.opening = Promise.resolve()
    /** For whoever asks later. */
    this.read = () => this.progress
  }

  /** Begins it anew, with a choice's settings where one is named. @param {string} [choice] @returns {Promise<void>} */
  open(choice = this.witness.choice) {
    this.opening = this.#open(choice)
    return this.opening
  }

  /** @param {string} choice */
  async #open(choice) {
    const turn = ++this.opened
    this.error = null
    try {
      const atelier = await this.atelier()
      const { family, ...experiment } = this.lesson.experiment
      this.schema = await atelier.schema(family)
      const settings = this.lesson.choices?.find(({ id }) => id === choice)?.settings
      const own = { ...experiment, ...settings }
      const { changes, ignored } = changesIn(this.schema, own.dataset, this.kept)
      this.ignored = ignored
      const session = await atelier.train({ ...own, ...changes, family })
      if (turn !== this.opened) return await session.close()
      await this.trainer.pause()
      this.witness.begin(choice)
      // Where the gradient goes, shown where there is a plane to show it in.
      Object.assign(this.trainer.wants, { gradients: this.lesson.show.includes('flow'), classes: this.look === 'classes', walk: this.look === 'walk' })
      this.config = { ...defaultsFor(this.schema, session.config.dataset ?? ''), ...session.config }
      await this.trainer.adopt(session)
    } catch (error) {
      // What was closed for another is no failure.
      if (turn === this.opened) this.#failed(error)
    }
  }

  #changed() {
    for (const goal of this.lesson.goals) {
      if (this.done.has(goal.id) || !reached(goal, this.witness.facts)) continue
      this.done.add(goal.id)
      this.steps[goal.id] = this.witness.step
      this.dispatchEvent(new CustomEvent('goal', { detail: { id: goal.id, step: this.witness.step, all: this.finished } }))
    }
    this.dispatchEvent(new Event('change'))
  }

  /** @param {any} error */
  #failed(error) {
    this.error = error
    this.dispatchEvent(new CustomEvent('failed', { detail: error }))
    this.dispatchEvent(new Event('change'))
  }

  get finished() { return this.lesson.goals.every(({ id }) => this.done.has(id)) }

  /** @returns {{ id: string, done: boolean, missed: boolean, standing: ReturnType<typeof standing> }[]} */
  get goals() {
    const { facts } = this.witness
    return this.lesson.goals.map(goal => ({ id: goal.id, done: this.done.has(goal.id), missed: missed(goal, facts), standing: standing(goal, facts) }))
  }

  /** The address of the training room with this very state. */
  get query() { return this.schema ? encodeExperiment(this.schema, this.config) : '' }

  /** What a page may keep, and give back as `kept`; also what a learner hands in. */
  get progress() {
    const { lesson, witness, config, done, steps } = this
    const goals = lesson.goals.map(({ id }) => ({ id, reached: done.has(id), step: done.has(id) ? steps[id] ?? null : null }))
    return { lesson: lesson.name, seed: config.seed ?? lesson.experiment.seed, choice: witness.choice, step: witness.step, settings: this.query, goals }
  }

  /** Every press counts: a quick one waits for the step before it. @param {string} name */
  command(name) {
    if (name === 'pause') return this.trainer.pause()
    if (name === 'reset') return this.open()
    // What is pressed while it begins anew is meant for what begins, and what was pressed before is not.
    const { opened } = this
    const press = () => {
      if (opened !== this.opened) return
      if (name === 'play') this.trainer.play()
      else return this.trainer.single(/** @type {any} */ (name || undefined))
    }
    if (name === 'play') return this.opening.then(press)
    this.turns = this.turns.then(() => this.opening).then(press)
    return this.turns
  }

  /** @param {string} name */
  set speed(name) {
    this.trainer.speed = /** @type {any} */ (name)
    this.dispatchEvent(new Event('change'))
  }

  /** @param {string} name */
  lookAs(name) {
    this.look = name
    return this.trainer.want({ classes: name === 'classes', walk: name === 'walk' })
  }

  /** @param {object} change */
  walkOn(change) {
    this.trainer.walk = { ...this.trainer.walk, ...change }
    return this.trainer.want({})
  }

  close() {
    this.opened++
    return this.trainer.dispose()
  }
}
