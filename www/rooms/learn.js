// "What is a GAN?": the article stands in the document; here are its diagrams and the two networks to try it on.
import { css, html, nothing } from 'lit'
import '../elements/appraiser-row.js'
import '../elements/contest-diagram.js'
import { number, t } from '../i18n/translate.js'
import { failure } from './notices.js'
import { openStage } from './stage.js'
import { Trainer } from './trainer.js'

const styles = css`
  .desk { display: grid; gap: 1.25rem; border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.9rem, 2.6vw, 1.8rem); }
  .said { font: 600 1.1rem/1.5 var(--serif); min-height: 1.5em; }
  .seal { font-size: 0.8rem; }
`
/** Small batches are enough here, and every step answers at once. */
const experiment = { family: 'gan', dataset: 'digits', seed: 3 }

const mean = scores => scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length)
const shown = score => number(score, { minimumFractionDigits: 2, maximumFractionDigits: 2 })

export class LearnRoom {
  constructor({ mounts, atelier }) {
    this.atelier = atelier
    this.trainer = new Trainer({ seed: 1, points: 0, real: 0, pictures: 8 })
    /** @type {() => string} */
    this.said = () => ''
    this.steps = Promise.resolve()
    /** @type {'' | 'discriminator' | 'generator'} */
    this.turn = ''
    this.trainer.addEventListener('change', () => this.changed())
    this.trainer.addEventListener('failed', event => failure(/** @type {CustomEvent} */ (event).detail))
    openStage(mounts['learn-roles'], () => html`<contest-diagram></contest-diagram>`)
    openStage(mounts['learn-discriminator'], () => html`<contest-diagram turn="discriminator"></contest-diagram>`)
    openStage(mounts['learn-generator'], () => html`<contest-diagram turn="generator"></contest-diagram>`)
    this.stage = openStage(mounts.learn, () => this.view(), styles)
  }

  async enter() {
    if (!this.trainer.session) await this.restart()
  }

  async leave() {
    await this.trainer.pause()
  }

  async restart() {
    this.turn = ''
    await this.trainer.attempt(async () => {
      const atelier = await this.atelier()
      const session = await atelier.train(experiment)
      await this.trainer.adopt(session)
      this.said = () => t('learn.said_start')
      this.stage.draw()
    })
  }

  scores() {
    const { real, fake } = this.trainer.view.scores ?? {}
    return { real: real ? shown(mean(real.scores)) : '–', fake: fake ? shown(mean(fake.scores)) : '–' }
  }

  /** Every press counts: a quick one waits for the step before it. @param {'discriminator' | 'generator'} network */
  step(network) {
    this.steps = this.steps.then(() => this.stepNow(network))
  }

  async stepNow(network) {
    const before = this.scores()
    await this.trainer.single(network)
    const after = this.scores()
    this.turn = network
    const values = { ...after, real_before: before.real, fake_before: before.fake }
    this.said = () => t(network === 'discriminator' ? 'learn.said_d' : 'learn.said_g', values)
    this.stage.draw()
  }

  changed() {
    if (this.trainer.running) {
      this.turn = ''
      const values = { ...this.scores(), step: this.trainer.step }
      this.said = () => t('learn.said_turns', values)
    }
    this.stage.draw()
  }

  toggle() {
    if (this.trainer.running) return this.trainer.pause()
    this.trainer.play()
  }

  view() {
    const { trainer } = this
    const { scores } = trainer.view
    const ready = Boolean(trainer.session) && !trainer.running
    return html`<div class="desk">
      <div class="row">
        <button type="button" data-command="discriminator" ?disabled=${!ready} @click=${() => this.step('discriminator')}><span class="seal real"
            aria-hidden="true">鑑</span>${t('learn.step_d')}</button>
        <button type="button" data-command="generator" ?disabled=${!ready} @click=${() => this.step('generator')}><span class="seal made"
            aria-hidden="true">仿</span>${t('learn.step_g')}</button>
        <button type="button" data-command="turns" ?disabled=${!trainer.session}
            @click=${() => this.toggle()}>${t(trainer.running ? 'learn.stop' : 'learn.take_turns')}</button>
        ${trainer.step ? html`<button type="button" class="plain" data-command="again" @click=${() => this.restart()}>${t('learn.again')}</button>` : nothing}
      </div>
      <p class="said" aria-live=${trainer.running ? 'off' : 'polite'}>${this.said()}</p>
      <appraiser-row .real=${scores?.real} .fake=${scores?.fake}></appraiser-row>
      <contest-diagram turn=${this.turn}></contest-diagram>
    </div>`
  }
}
