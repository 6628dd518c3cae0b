// <gan-lesson>, once somebody wants it: one lesson with its live networks and its goals. Nothing is remembered on other people's pages.
import { css, html, nothing } from 'lit'
import { speak, t } from '../i18n/translate.js'
import { lessonText, lessons, loadTexts } from '../lessons/index.js'
import { LiveLesson } from '../rooms/lesson.js'
import { lessonBody, lessonStyles } from '../rooms/lesson-view.js'
import { openStage } from '../rooms/stage.js'
import { AtelierError } from '../engine/protocol.js'
import { atelierUrl } from './code.js'
import { tellsRecovered } from './recovered.js'
import { runsOn } from './runs-on.js'

const styles = css`
  h2 { font-size: 1.35rem; margin-bottom: 0.9rem; }
  .below { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; justify-content: space-between; margin-top: 1rem; }
`

/**
 * What can be used of an earlier `progress`: the lesson may have changed since, and whoever kept it may have kept something else.
 * @param {any} kept @param {import('../lessons/index.js').Lesson} lesson @returns {import('../rooms/lesson.js').Kept}
 */
function keptOf(kept, { name, choices = [] }) {
  if (!kept || kept.lesson !== name) return {}
  const reached = (Array.isArray(kept.goals) ? kept.goals : []).filter(goal => goal?.reached)
  const steps = reached.filter(({ step }) => Number.isFinite(step)).map(({ id, step }) => [id, step])
  return { seed: kept.seed, done: reached.map(({ id }) => id), steps: Object.fromEntries(steps), choice: choices.some(({ id }) => id === kept.choice) ? kept.choice : '' }
}

const commands = ['play', 'pause', 'reset', 'step', 'discriminator', 'generator']

class EmbeddedLesson {
  /** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
  constructor(host, mount) {
    this.host = host
    this.mount = mount
    const name = host.getAttribute('name') ?? lessons[0].name
    const lesson = lessons.find(each => each.name === name)
    if (!lesson) throw new AtelierError('Unsupported', `There is no lesson "${name}".`, { reason: 'lesson', lesson: name })
    const asked = host.getAttribute('seed')
    const carried = keptOf(host.carried, lesson)
    // What was reached with another seed was not with this one.
    const kept = asked === null || String(carried.seed ?? asked) === asked ? carried : {}
    const wished = { seed: asked ?? kept.seed, settings: host.getAttribute('settings') ?? '' }
    this.live = new LiveLesson(lesson, () => host.atelier(), { ...kept, ...wished })
    this.live.addEventListener('change', () => this.stage?.draw())
    this.live.addEventListener('failed', event => host.report(/** @type {CustomEvent} */ (event).detail))
    const told = tellsRecovered(host, 'note.recovered')
    this.live.addEventListener('recovered', event => told(/** @type {CustomEvent} */ (event).detail))
    this.live.addEventListener('goal', event => {
      const { id: goal, step, all } = /** @type {CustomEvent} */ (event).detail
      host.fire('report', { goal, step, all })
    })
    this.live.addEventListener('report', event => {
      const { step, loss_d, loss_g, metrics, ms_per_step } = /** @type {CustomEvent} */ (event).detail
      host.fire('report', { step, loss_d, loss_g, metrics, ms_per_step })
    })
  }

  async open() {
    const { host, live } = this
    await live.open(live.kept.choice)
    if (live.error) throw live.error
    this.stage = openStage(this.mount, () => this.view(), /** @type {any} */ (css`${lessonStyles}${styles}`))
    host.fire('ready', { device: live.trainer.session?.device, config: live.trainer.session?.config, lesson: live.lesson.name })
    return this
  }

  /** @param {string} name @param {any} [value] */
  async command(name, value) {
    if (!commands.includes(name)) throw new AtelierError('Unsupported', `A lesson has no "${name}".`, { reason: 'command', command: name })
    if (name !== 'step') await this.live.command(name)
    else for (let step = 0; step < (Number(value) || 1); step++) await this.live.command('')
    return { step: this.live.witness.step, done: [...this.live.done] }
  }

  get progress() { return this.live.progress }

  /** Out of sight nothing is computed. @param {boolean} shown */
  attend(shown) {
    this.live.trainer.attend(shown)
  }

  close() {
    this.stage?.close()
    // Ending the training is news as well, and nobody is left to hear it in a language.
    this.stage = undefined
    this.live.close().catch(() => {})
  }

  view() {
    const { host, live } = this
    const title = lessonText(live.lesson.name)?.title ?? ''
    const wishes = ['seed', 'settings'].flatMap(name => (host.getAttribute(name) ? [[name, /** @type {string} */ (host.getAttribute(name))]] : []))
    const home = atelierUrl(host.language, `learn?${new URLSearchParams([['lesson', live.lesson.name], ...wishes])}`)
    return html`<section aria-label=${title}><h2>${title}</h2>
      ${lessonBody(live, { hides: part => host.hides(part), locked: host.wishes('locked') })}
      ${runsOn(live.trainer.session?.device)}
      ${host.hides('link') ? nothing : html`<p class="below small soft"><span>${t('poster.private')}</span>${home ? html`<a href=${home} target="_blank" rel="noopener">${t('embed.open')}</a>` : nothing}</p>`}
    </section>`
  }
}

/** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
export async function open(host, mount) {
  await Promise.all([speak(host, host.language), loadTexts(host.language)])
  const live = new EmbeddedLesson(host, mount)
  try {
    return await live.open()
  } catch (error) {
    live.close()
    throw error
  }
}
