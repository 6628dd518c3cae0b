// The learning room: a path of lessons, each with its live networks and goals; a summary, a quiz, a glossary, a reading list.
import { language, onLanguage } from '../i18n/translate.js'
import { hasTexts, lessons, loadTexts } from '../lessons/index.js'
import { pageViews } from './learn-pages.js'
import { learnStyles, learnView } from './learn-view.js'
import { LiveLesson } from './lesson.js'
import { followRecoveries } from './recovery.js'
import { failure } from './notices.js'
import { forgetProgress, progressOf, readProgress, writeProgress } from './progress.js'
import { openStage } from './stage.js'

/** What a teacher may take away. */
const hideable = ['text', 'goals', 'choices', 'controls']

export class LearnRoom {
  /** @param {{ mounts: Record<string, HTMLElement>, atelier: () => Promise<import('../gan-atelier.js').Atelier>, rewriteHash: (hash: string) => void }} context */
  constructor({ mounts, atelier, rewriteHash }) {
    this.atelier = atelier
    this.rewriteHash = rewriteHash
    this.progress = readProgress()
    /** Whether what was written last is remembered: another tab may have added to it since. */
    this.stored = true
    /** '' for the path, one of `pageViews`, or 'lesson'. */
    this.page = ''
    /** The lesson that was asked for; it may not be open yet. @type {import('../lessons/index.js').Lesson | undefined} */
    this.lesson = undefined
    /** @type {LiveLesson | null} */
    this.live = null
    /** Counts visits: an address that was waiting for its texts is passed over once the room was left. */
    this.visits = 0
    /** Counts lessons that were asked for: one that comes late is not opened. */
    this.turn = 0
    /** @type {Set<string>} */
    this.hidden = new Set()
    this.locked = false
    /** What a teacher's link asks for in place of the lesson's own. @type {{ seed: string, settings: string }} */
    this.wish = { seed: '', settings: '' }
    this.projector = false
    /** The panel for teachers is open. */
    this.teaching = false
    onLanguage(() => this.read())
    addEventListener('atelier-cleared', () => this.cleared())
    addEventListener('keydown', event => { if (event.key === 'Escape' && this.projector) this.project(false) })
    this.stage = openStage(mounts.learn, () => learnView(this), learnStyles)
  }

  /** The lessons' texts in the page's language. */
  async read() {
    if (hasTexts()) return
    await loadTexts(language()).catch(error => failure(error))
    this.stage.draw()
  }

  /** @param {URLSearchParams} params */
  async enter(params) {
    const visit = ++this.visits
    await this.read()
    if (visit !== this.visits) return
    this.reread()
    const lesson = lessons.find(({ name }) => name === params.get('lesson'))
    const page = lesson ? 'lesson' : Object.keys(pageViews).find(name => name === params.get('page')) ?? ''
    const wish = { seed: params.get('seed') ?? '', settings: params.get('settings') ?? '' }
    const rewished = Object.entries(wish).some(([key, value]) => value !== this.wish[key])
    const moved = page !== this.page || (lesson && (lesson !== this.live?.lesson || rewished))
    this.wish = wish
    this.hidden = new Set((params.get('hide') ?? '').split(/[\s,]+/).filter(part => hideable.includes(part)))
    this.locked = params.has('locked')
    const arrived = this.page !== '' || this.live
    this.page = page
    this.lesson = lesson
    this.project(params.get('view') === 'projector')
    if (moved) await this.show(lesson)
    if (moved && arrived && visit === this.visits) this.meet()
  }

  /** @param {import('../lessons/index.js').Lesson} [lesson] */
  async show(lesson) {
    const turn = ++this.turn
    const before = this.live
    this.live = null
    await before?.close()
    // Another was asked for meanwhile.
    if (turn !== this.turn) return
    this.live = lesson ? new LiveLesson(lesson, this.atelier, { done: this.progress.done[progressOf(lesson.name, this.wish)], steps: this.progress.steps[progressOf(lesson.name, this.wish)], ...this.wish }) : null
    this.stage.draw()
    const { live } = this
    if (!live) return
    live.addEventListener('change', () => this.stage.draw())
    live.addEventListener('goal', () => this.remember(live))
    followRecoveries(live)
    await live.open('')
  }

  /** Where another page of the room begins. */
  meet() {
    scrollTo(0, 0)
    // The stage draws a moment later.
    setTimeout(() => /** @type {HTMLElement | null} */ (this.stage.root.querySelector('h2[tabindex]'))?.focus({ preventScroll: true }), 40)
  }

  /** Another tab may have added to it, and the visitor may have cleared it. */
  reread() {
    if (this.stored) this.progress = readProgress(this.progress)
  }

  /** What was kept is gone: an open lesson begins anew. */
  async cleared() {
    this.reread()
    if (this.lesson) await this.show(this.lesson)
    else this.stage.draw()
  }

  /** @param {(progress: import('./progress.js').Progress) => Partial<import('./progress.js').Progress>} change */
  record(change) {
    this.reread()
    const { progress } = this
    this.progress = { ...progress, ...change(progress) }
    this.stored = writeProgress(this.progress)
  }

  /** @param {LiveLesson} live */
  remember(live) {
    const name = progressOf(live.lesson.name, live.kept)
    this.record(({ done, steps }) => ({
      done: { ...done, [name]: [...new Set([...done[name] ?? [], ...live.done])] },
      steps: { ...steps, [name]: { ...steps[name], ...live.steps } },
    }))
  }

  /** @param {string} id @param {number} choice */
  answer(id, choice) {
    this.record(({ quiz }) => ({ quiz: { ...quiz, [id]: choice } }))
    this.stage.draw()
  }

  askAgain() {
    this.record(() => ({ quiz: {} }))
    this.stage.draw()
  }

  /** For the next class: nothing reached, nothing answered, fresh networks. */
  async reset() {
    forgetProgress()
    this.progress = readProgress()
    await this.show(this.lesson)
    this.stage.draw()
  }

  /** @param {boolean} on */
  project(on) {
    this.projector = on
    document.documentElement.toggleAttribute('data-projector', on)
    this.rewrite()
    this.stage.draw()
  }

  /** @param {string} part @param {boolean} away */
  hide(part, away) {
    if (away) this.hidden.add(part)
    else this.hidden.delete(part)
    this.rewrite()
    this.stage.draw()
  }

  /** @param {boolean} locked */
  lock(locked) {
    this.locked = locked
    this.rewrite()
    this.stage.draw()
  }

  /** This lesson as it is shown. */
  get query() {
    const params = new URLSearchParams()
    const { lesson } = this
    if (lesson) params.set('lesson', lesson.name)
    else if (this.page) params.set('page', this.page)
    for (const [key, value] of Object.entries(this.wish)) if (lesson && value) params.set(key, value)
    if (lesson && this.hidden.size) params.set('hide', [...this.hidden].join(','))
    if (this.projector) params.set('view', 'projector')
    const text = params.toString().replaceAll('%2C', ',')
    return lesson && this.locked ? `${text}&locked` : text
  }

  rewrite() {
    this.rewriteHash(`#learn${this.query ? `?${this.query}` : ''}`)
  }

  async leave() {
    this.visits++
    this.projector = false
    document.documentElement.removeAttribute('data-projector')
    await this.live?.trainer.pause()
  }
}
