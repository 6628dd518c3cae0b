// <gan-trainer>, once somebody wants it: a training with its view, its controls and what the contest looks like.
import { css, html, nothing } from 'lit'
import '../elements/contest-note.js'
import '../elements/dataset-picker.js'
import '../elements/key-figures.js'
import '../elements/loss-chart.js'
import '../elements/play-controls.js'
import { describeError, speak, t } from '../i18n/translate.js'
import { contestOf } from '../rooms/contest-of.js'
import { openStage } from '../rooms/stage.js'
import { easel, figures } from '../rooms/train-easel.js'
import { Trainer } from '../rooms/trainer.js'
import { decodeExperiment, defaultsFor, encodeExperiment, plainFamily, readQuery } from '../store.js'
import { atelierUrl } from './code.js'
import { tellsRecovered } from './recovered.js'
import { numberIn } from './remarks.js'
import { runsOn } from './runs-on.js'

export const styles = css`
  .whole { display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); }
  .side { display: grid; gap: 1.1rem; align-content: start; min-width: 0; }
  .frame { align-self: start; border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 2cqi, 1rem); }
  .frame plane-view { border: 1px solid var(--rule); }
  .note { border: 1px solid var(--edge); border-inline-start: 4px solid var(--made); background: var(--sheet); padding: 0.6rem 0.9rem; display: grid; gap: 0.5rem; justify-items: start; }
  contest-note { min-height: 4rem; }
  .below { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; justify-content: space-between; }
  @container (min-width: 46rem) { .bench { display: grid; gap: 1.75rem; grid-template-columns: minmax(18rem, 27rem) minmax(0, 1fr); } .bench.wide { grid-template-columns: minmax(0, 1.4fr) minmax(0, 1fr); } }
  @container (max-width: 45.99rem) { .bench { display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); } .frame { max-width: 34rem; } .bench.wide .frame { max-width: none; } }
`

/** Tells every report to the element, and rests where the page asked for it. */
export class ToldTrainer extends Trainer {
  /** @param {Host} host */
  constructor(host) {
    super()
    this.host = host
    this.last = this.wished
    this.limit = () => Math.max(this.last, this.step + 1)
  }

  /** The step that the page asked it to rest at; once it has, it may go on. */
  get wished() { return numberIn(this.host, 'steps') ?? Infinity }

  /** What begins after this rests there again. */
  async release() {
    await super.release()
    this.last = this.wished
  }

  /** @param {any} report */
  take(report) {
    super.take(report)
    this.host.fire('report', { step: report.step, loss_d: report.loss_d, loss_g: report.loss_g, metrics: report.metrics, ms_per_step: report.ms_per_step })
    if (report.step < this.last) return
    this.last = Infinity
    this.pause()
  }
}

/** @typedef {Pick<import('./define.js').Embedded, 'atelier' | 'fire' | 'report' | 'hides' | 'language' | 'still' | 'getAttribute' | 'hasAttribute'> & import('./recovered.js').Host} Host an embedded element, or what stands for one in a notebook */

export class LiveTrainer {
  /** @param {Host} host @param {HTMLElement | null} mount */
  constructor(host, mount, trainer = new ToldTrainer(host)) {
    this.host = host
    this.trainer = trainer
    /** @type {{ draw: () => void, close: () => void } | undefined} */
    this.stage = undefined
    this.trainer.addEventListener('change', () => this.stage?.draw())
    this.trainer.addEventListener('failed', event => this.failed(/** @type {CustomEvent} */ (event).detail))
    const told = tellsRecovered(host, 'note.recovered')
    this.trainer.addEventListener('recovered', event => told(/** @type {CustomEvent} */ (event).detail))
    /** @type {any} */
    this.schema = null
    /** @type {Record<string, any>} */
    this.config = {}
    /** @type {Float32Array | undefined} */
    this.points = undefined
    /** @type {any} */
    this.error = null
    /** @type {{ state: string, remedy: any } | null} */
    this.broken = null
    /** @type {any[]} */
    this.ignored = []
    /** Whether the element has left: a session that comes now is nobody's. */
    this.closed = false
    /** How often something was begun: what was asked for before the last is passed over. */
    this.turns = 0
    /** Ends when the session that came last is in its place. */
    this.adopting = Promise.resolve()
    /** Ends when what was begun last is in its place, or has failed. */
    this.begun = Promise.resolve()
    this.mount = mount
  }

  async open() {
    const { host } = this
    const atelier = await host.atelier()
    const params = readQuery(host.getAttribute('settings') ?? '')
    for (const key of ['family', 'dataset', 'seed']) if (host.hasAttribute(key)) params.set(key, /** @type {string} */ (host.getAttribute(key)))
    this.schema = await atelier.schema(params.get('family') ?? plainFamily)
    const { config, points, ignored } = decodeExperiment(this.schema, params)
    Object.assign(this, { config, points, ignored })
    await this.begin()
    this.stage = openStage(/** @type {HTMLElement} */ (this.mount), () => this.view(), styles)
    host.fire('ready', { device: this.trainer.session?.device, config: this.trainer.session?.config })
    if (!host.still) this.trainer.play()
    return this
  }

  /** What it trains from now on. @returns {Promise<{ session: import('../rooms/trainer.js').Session, schema: any }>} */
  async make() {
    const { schema, config, points } = this
    const atelier = await this.host.atelier()
    return { session: await atelier.train({ ...config, family: schema.family, data: config.dataset === 'drawn' && points ? { points } : undefined }), schema }
  }

  /** @returns {Promise<boolean>} whether it has begun, and nothing else was asked for meanwhile */
  begin() {
    const beginning = this.renew()
    this.begun = beginning.then(() => {}, () => {})
    return beginning
  }

  async renew() {
    const turn = ++this.turns
    const over = () => this.closed || turn !== this.turns
    this.broken = null
    this.error = null
    try {
      const { session, schema } = await this.make()
      // One after another: the next one ends the one before.
      await this.adopting
      if (over()) {
        await session.close()
        return false
      }
      this.schema = schema
      this.config = { ...defaultsFor(schema, session.config.dataset), ...session.config }
      const adopting = this.trainer.adopt(session)
      this.adopting = adopting.then(() => {}, () => {})
      await adopting
      if (this.closed) await session.close()
    } catch (error) {
      if (!over()) throw error
    }
    return !over()
  }

  /** @param {Record<string, any>} [changes] @param {boolean} [play] */
  async again(changes = {}, play = false) {
    this.config = { ...this.config, ...changes }
    const begun = await this.begin().catch(error => this.failed(error))
    if (this.closed) return
    if (begun && play) this.trainer.play()
    this.stage?.draw()
  }

  /** @param {any} error */
  failed(error) {
    this.host.report(error)
    if (error?.code === 'Diverged') this.broken = { state: 'diverged', remedy: error.details?.remedy ?? null }
    else this.error = error
    this.stage?.draw()
  }

  /** @param {string} name @param {any} [value] */
  async command(name, value) {
    const { trainer } = this
    // What is pressed while it begins anew is meant for what begins.
    if (!['pause', 'reset'].includes(name)) await this.begun
    if (this.closed) return {}
    if (name === 'play') trainer.play()
    else if (name === 'pause') await trainer.pause()
    else if (name === 'reset') await this.again()
    else if (name === 'discriminator' || name === 'generator') await trainer.single(name)
    else if (name === 'step') { for (let step = 0; step < (Number(value) || 1); step++) await trainer.single() }
    return { step: trainer.step }
  }

  /** Out of sight nothing is computed. @param {boolean} shown */
  attend(shown) {
    this.trainer.attend(shown)
  }

  close() {
    this.closed = true
    this.stage?.close()
    this.trainer.dispose().catch(() => {})
  }

  /** @param {string} id */
  pick(id) {
    const { seed } = this.config
    this.config = { ...defaultsFor(this.schema, id), seed }
    return this.again({}, true)
  }

  /** As the training room's easel takes it. */
  state() {
    const { dataset, view, step, rate, metrics } = this.trainer
    return { config: this.config, dataset, view, step, rate, metrics, shown: { real: true, fake: true }, waiting: null, collecting: false }
  }

  /** @param {string} part @param {() => unknown} make */
  unless(part, make) {
    return this.host.hides(part) ? nothing : make()
  }

  notes() {
    const ignored = this.ignored.map(({ reason, ...values }) => t(`note.url_${reason}`, values)).join(t('note.separator'))
    return [
      ignored && html`<div class="note small"><p>${t('embed.bad_attribute', { list: ignored })}</p></div>`,
      this.error && html`<div class="note" role="alert"><p>${describeError(this.error)}</p><button type="button" @click=${() => this.again({}, true)}>${t('error.retry')}</button></div>`,
    ].map(note => note || nothing)
  }

  /** Datasets that need nothing of the visitor's own. */
  choices() {
    return this.schema.datasets.filter(({ own }) => !own)
  }

  view() {
    const { trainer } = this
    const contest = this.broken ?? contestOf(trainer)
    const home = atelierUrl(this.host.language, `train?${encodeExperiment(this.schema, this.config, this.points)}`)
    return html`<section class="whole" aria-label=${t('embed.label_trainer')}>
      ${this.notes()}
      ${this.unless('datasets', () => html`<dataset-picker .datasets=${this.choices()} value=${this.config.dataset} @pick=${event => this.pick(event.detail.id)}></dataset-picker>`)}
      <div class="bench ${trainer.dataset && trainer.dataset.kind !== 'points' ? 'wide' : ''}">
        ${easel(this.state(), {})}
        <div class="side">
          ${this.unless('controls', () => html`<play-controls ?running=${trainer.running} ?ready=${Boolean(trainer.session)} ?busy=${trainer.pausing} speed=${trainer.speed}
            @command=${event => this.command(event.detail.name)} @speed=${event => { trainer.speed = event.detail.name; this.stage?.draw() }}></play-controls>`)}
          ${this.unless('contest', () => html`<contest-note state=${contest.state} .remedy=${contest.remedy ?? null} @remedy=${event => this.again(event.detail, true)}></contest-note>`)}
          ${this.unless('figures', () => html`<key-figures .figures=${figures(this.state())}></key-figures>`)}
          ${this.unless('losses', () => html`<loss-chart .history=${trainer.history.snapshot()}></loss-chart>`)}
        </div>
      </div>
      ${runsOn(trainer.session?.device)}
      ${this.unless('link', () => html`<p class="below small soft"><span>${t('poster.private')}</span>${home ? html`<a href=${home} target="_blank"
          rel="noopener">${t('embed.open')}</a>` : nothing}</p>`)}
    </section>`
  }
}

/** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
export async function open(host, mount) {
  await speak(host, host.language)
  const live = new LiveTrainer(host, mount)
  try {
    return await live.open()
  } catch (error) {
    live.close()
    throw error
  }
}
