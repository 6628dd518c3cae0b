// The entrance: a ring that is already learning. Recorded frames play until the engine has caught up with them;
// then the same training goes on live, from the same seed and latents, so that nothing jumps.
import { css, html, nothing } from 'lit'
import '../elements/plane-view.js'
import '../elements/turned-horse.js'
import { t } from '../i18n/translate.js'
import { followRecoveries } from './recovery.js'
import { openStage } from './stage.js'
import { Trainer } from './trainer.js'

const styles = css`
  figure { margin: 0; }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.7rem, 3.2vw, 1.9rem); box-shadow: 0 1px 0 var(--rule), 0 0.8rem 1.8rem -1.3rem rgb(0 0 0 / 0.5); }
  plane-view { border: 1px solid var(--rule); }
  figcaption { margin-top: 0.9rem; display: flex; justify-content: space-between; gap: 1rem; align-items: start; min-height: 3.4rem; }
  strong { display: block; font: 600 1.05rem/1.4 var(--serif); }
`

/** The recording tells its story in about this time. */
const storyMs = 14_000
/** Once the live training runs, the recording waits for it at this share of its pace. */
const waitingPace = 0.15
/** The recording has no heat map: the live one comes in gently. */
const fadeMs = 2500
/** Where the live training rests: by then the ring is learned, and a page left open costs nothing. */
const lastStep = 14_000

/** @param {number[]} from @param {number[]} to @param {number} share 0..1 */
function between(from, to, share) {
  return Float32Array.from(from, (value, index) => value + (to[index] - value) * share)
}

export class HomeRoom {
  constructor({ mount, atelier }) {
    this.atelier = atelier
    /** @type {any} */
    this.recorded = null
    this.mode = 'wait'
    this.recordedStep = 0
    /** @type {Float32Array | undefined} */
    this.fake = undefined
    this.frame = 0
    this.liveSince = 0
    /** How much of the recording has been told, ms. */
    this.told = 0
    this.trainer = new Trainer()
    this.trainer.wants = { heatmap: true }
    this.trainer.addEventListener('change', () => this.learned())
    followRecoveries(this.trainer)
    this.stage = openStage(mount, () => this.view(), styles)
  }

  get still() {
    return matchMedia('(prefers-reduced-motion: reduce)').matches
  }

  async enter() {
    this.inside = true
    // A build without a recording starts with the live training.
    this.recorded ??= await import('../generated/ring.json').then(({ default: film }) => ('points' in film ? film : null)).catch(() => null)
    if (this.still && this.recorded) return this.showStill()
    if (this.trainer.session) return this.resume()
    if (this.recorded) this.replay()
    await this.startLive()
  }

  async leave() {
    this.inside = false
    cancelAnimationFrame(this.frame)
    await this.trainer.pause()
  }

  resume() {
    if (this.trainer.step < lastStep) this.trainer.play()
  }

  showStill() {
    const last = this.recorded.points.length - 1
    this.mode = 'still'
    this.fake = Float32Array.from(this.recorded.points[last])
    this.recordedStep = this.recorded.steps[last]
    this.stage.draw()
  }

  replay() {
    const { points, steps } = this.recorded
    let last = performance.now()
    this.mode = 'recorded'
    const tick = now => {
      if (this.mode !== 'recorded' || !this.inside) return
      // A frame's time stamp may lie before the moment it was asked for.
      this.told += Math.max(0, now - last) * (this.trainer.running ? waitingPace : 1)
      last = Math.max(now, last)
      const at = Math.min(points.length - 1, (this.told / storyMs) * (points.length - 1))
      const index = Math.min(points.length - 2, Math.floor(at))
      this.fake = between(points[index], points[index + 1], at - index)
      this.recordedStep = Math.round(steps[index] + (steps[index + 1] - steps[index]) * (at - index))
      this.stage.draw()
      this.frame = requestAnimationFrame(tick)
    }
    this.frame = requestAnimationFrame(tick)
  }

  async startLive() {
    const atelier = await this.atelier()
    const seed = this.recorded?.seed ?? 7
    if (this.recorded) this.trainer.watch = { ...this.trainer.watch, seed, points: this.recorded.points[0].length / 2, real: this.recorded.real.length / 2 }
    await this.trainer.attempt(async () => {
      const session = await atelier.train({ family: 'gan', dataset: 'ring', seed })
      await this.trainer.adopt(session)
      if (this.inside) this.trainer.play()
    })
  }

  learned() {
    const { trainer } = this
    if (!trainer.session) return
    if (this.mode === 'wait' || (this.mode === 'recorded' && trainer.step >= this.recordedStep)) {
      this.mode = 'live'
      this.liveSince = performance.now()
      // From here it is watched: a calmer pace shows more.
      trainer.speed = 'run'
    }
    if (trainer.step >= lastStep && trainer.running) {
      this.mode = 'done'
      trainer.pause()
    }
    if (this.mode !== 'recorded') this.stage.draw()
  }

  async again() {
    this.mode = 'live'
    this.stage.draw()
    await this.startLive()
  }

  caption() {
    const live = { live: 'home.label_live', done: 'home.label_done' }[this.mode]
    if (live) return t(live, { step: this.trainer.step })
    const recorded = { recorded: 'home.label_recorded', still: 'home.label_still' }[this.mode]
    return recorded ? t(recorded, { step: this.recordedStep }) : t('home.label_wait')
  }

  view() {
    const isLive = this.mode === 'live' || this.mode === 'done'
    const { view, dataset } = this.trainer
    return html`<figure>
      <div class="frame"><plane-view label=${t('home.picture')} .extent=${dataset?.extent ?? this.recorded?.extent ?? [-1.5, 1.5, -1.5, 1.5]}
        .real=${isLive ? view.real : this.recorded?.real} .fake=${isLive ? view.fake : this.fake} .heatmap=${isLive ? view.heatmap : undefined}
            .wash=${Math.min(1, (performance.now() - this.liveSince) / fadeMs)}></plane-view></div>
      <figcaption><span><strong>${t('home.label_title')}</strong><span class="small soft" data-mode=${this.mode}>${this.caption()}</span></span>
        ${this.mode === 'done' ? html`<button type="button" class="plain small" @click=${() => this.again()}>${t('home.again')}</button>` : nothing}</figcaption>
    </figure>`
  }
}
