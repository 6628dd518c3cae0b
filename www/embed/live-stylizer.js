// <photo-stylizer>, once somebody wants it: a photo in, a painting out, both to compare.
import { css, html, nothing } from 'lit'
import '../elements/before-after.js'
import '../elements/photo-input.js'
import '../elements/work-progress.js'
import { describeError, number, speak, t, within } from '../i18n/translate.js'
import { openStage } from '../rooms/stage.js'
import { encode, fileName, save } from '../rooms/stylize-files.js'
import { domainName, painterName, sideFor } from '../rooms/stylize-painters.js'
import { subjectFor } from '../subjects.js'
import { atelierUrl } from './code.js'
import { tellsRecovered } from './recovered.js'
import { numberIn } from './remarks.js'
import { runsOn } from './runs-on.js'

export const styles = css`
  .whole { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 2cqi, 1rem); min-width: 0; }
  .note { border: 1px solid var(--edge); border-inline-start: 4px solid var(--made); background: var(--sheet); padding: 0.6rem 0.9rem; }
  .bar { display: flex; flex-wrap: wrap; gap: 0.6rem 1.25rem; align-items: end; }
  .bar label { display: grid; gap: 0.15rem; min-width: 9rem; }
  .below { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; justify-content: space-between; }
`

export class LiveStylizer {
  /** @param {import('./live-trainer.js').Host & Pick<import('./define.js').Embedded, 'onLoad'>} host @param {HTMLElement | null} mount */
  constructor(host, mount) {
    this.host = host
    /** @type {{ draw: () => void, close: () => void } | undefined} */
    this.stage = undefined
    this.mount = mount
    /** @type {any[]} */
    this.cards = []
    this.model = ''
    /** @type {'a' | 'b'} */
    this.direction = 'b'
    /** @type {{ blob: Blob | ImageData, name: string } | null} */
    this.photo = null
    /** @type {any} */
    this.out = null
    /** @type {any} */
    this.error = null
    /** @type {{ text: () => string, share: number } | null} */
    this.work = null
    /** @type {Map<string, Promise<any>>} */
    this.translators = new Map()
    /** @type {AbortController | null} */
    this.running = null
    /** How often a picture was chosen: a drawn one may come late. */
    this.turns = 0
    this.loading = progress => this.tell(() => t('stylize.stage_download', { done: megabytes(progress.loaded), total: megabytes(progress.total) }), progress.loaded / progress.total)
  }

  async open() {
    const { host } = this
    const atelier = await host.atelier()
    this.cards = (await atelier.models()).filter(({ kind }) => kind === 'cyclegan')
    this.model = host.getAttribute('model') ?? this.cards[0]?.id ?? ''
    // Told before a photo is chosen: a model that there is not, nobody can paint with.
    if (!this.cards.some(({ id }) => id === this.model)) await atelier.translator(this.model)
    this.stage = openStage(/** @type {HTMLElement} */ (this.mount), () => this.view(), styles)
    host.fire('ready', { model: this.model })
    return this
  }

  /** @param {() => string} text @param {number} share */
  tell(text, share) {
    if (!this.work) return
    this.work = { text, share }
    this.stage?.draw()
  }

  async translator() {
    const known = this.translators.get(this.model)
    if (known) return known
    const atelier = await this.host.atelier()
    const opening = atelier.translator(this.model)
    this.translators.set(this.model, opening)
    opening.then(translator => { translator.onRecover = recovery => this.recovered(recovery) }, () => this.translators.delete(this.model))
    return opening
  }

  /** @param {import('../engine/resident.js').Recovery} recovery */
  recovered(recovery) {
    tellsRecovered(this.host, this.work ? 'stylize.recovered' : 'note.recovered_idle', { passing: true })(recovery)
  }

  /** @param {{ blob: Blob | ImageData, name: string }} photo */
  take(photo) {
    this.turns++
    this.photo = photo
    return this.paint()
  }

  /** What is drawn for those without a photo: something of the domain that the painter starts from. */
  get subject() {
    return subjectFor(this.cards.find(({ id }) => id === this.model)?.domains[this.direction === 'b' ? 0 : 1])
  }

  async scene() {
    const turn = ++this.turns
    this.work = { text: () => t('poster.waiting'), share: NaN }
    this.stage?.draw()
    const atelier = await this.host.atelier()
    const blob = await atelier.scene({ width: 640, height: 480, subject: this.subject }).catch(error => { if (turn === this.turns) this.failed(error) })
    if (blob && turn === this.turns) await this.take({ blob, name: within(/** @type {any} */ (this.host), () => t('stylize.scene_file')) })
  }

  /** @param {object} [more] as `translate` takes it */
  async paint(more = {}) {
    if (!this.photo) return
    this.running?.abort()
    const turn = new AbortController()
    Object.assign(this, { running: turn, error: null, out: null, work: { text: () => t('embed.painting'), share: NaN } })
    this.stage?.draw()
    const stop = this.host.onLoad(this.loading)
    try {
      const translator = await this.translator()
      const side = numberIn(this.host, 'side') ?? sideFor(this.cards.find(({ id }) => id === this.model), translator.device.kind)
      const onProgress = ({ fraction }) => this.tell(() => t('embed.painting'), fraction)
      const out = await translator.translate(this.photo.blob, { direction: this.direction, side, size: 'photo', signal: turn.signal, onProgress, ...more })
      if (turn !== this.running) return
      this.out = out
      this.host.fire('report', { model: this.model, direction: this.direction, width: out.image.width, height: out.image.height, ms: out.ms, device: out.device })
    } catch (error) {
      if (turn === this.running && /** @type {any} */ (error)?.code !== 'Aborted') this.failed(error)
    } finally {
      stop()
      if (turn === this.running) this.work = null
      this.stage?.draw()
    }
  }

  /** @param {any} error */
  failed(error) {
    this.error = this.host.report(error)
    this.work = null
    this.stage?.draw()
  }

  /** @param {Partial<{ model: string, direction: 'a' | 'b' }>} changes */
  choose(changes) {
    Object.assign(this, changes)
    this.stage?.draw()
    return this.paint()
  }

  async save() {
    save(await encode(this.out.image, 'image/png'), fileName(this.photo?.name ?? '', this.direction === 'b' ? this.model : 'photo', 'image/png'))
  }

  /** @param {string} name */
  async command(name) {
    if (name === 'scene') await this.scene()
    if (name === 'reset') {
      this.turns++
      this.running?.abort()
      Object.assign(this, { running: null, work: null, photo: null, out: null, error: null })
    }
    this.stage?.draw()
    return {}
  }

  close() {
    this.turns++
    this.running?.abort()
    this.stage?.close()
    for (const opening of this.translators.values()) opening.then(translator => translator.close()).catch(() => {})
  }

  choices() {
    const { cards, model, direction } = this
    const [from, to] = cards.find(({ id }) => id === model)?.domains ?? []
    const ways = from && cards.find(({ id }) => id === model)?.files.ba ? /** @type {const} */ (['b', 'a']) : /** @type {const} */ (['b'])
    const way = each => t('embed.way', each === 'b' ? { from: domainName(from), to: domainName(to) } : { from: domainName(to), to: domainName(from) })
    return html`<div class="bar">
      ${this.host.hasAttribute('model') || cards.length < 2 ? nothing : html`<label class="small">${t('embed.painter')}<select data-choice="model"
          @change=${event => this.choose({ model: event.target.value })}>${cards.map(({ id, domains }) => html`<option value=${id} .selected=${id === model}>${painterName(domains)}</option>`)}</select></label>`}
      ${this.host.hides('direction') || ways.length < 2 ? nothing : html`<label class="small">${t('embed.direction')}<select data-choice="direction"
          @change=${event => this.choose({ direction: event.target.value })}>${ways.map(each => html`<option value=${each} .selected=${each === direction}>${way(each)}</option>`)}</select></label>`}
      ${this.out && !this.host.hides('save') ? html`<button type="button" data-command="save" @click=${() => this.save()}>${t('embed.save')}</button>` : nothing}
    </div>`
  }

  view() {
    const { out, work, error } = this
    const home = atelierUrl(this.host.language, 'stylize')
    return html`<section class="whole" aria-label=${t('embed.label_stylizer')}>
      ${error ? html`<div class="note" role="alert">${describeError(error)}</div>` : nothing}
      ${out ? html`<div class="frame"><before-after .original=${out.original} .painting=${out.image}></before-after></div>` : nothing}
      ${work ? html`<work-progress .text=${work.text()} .share=${work.share}></work-progress>` : nothing}
      ${this.choices()}
      <photo-input local ?compact=${Boolean(out)} @photo=${event => this.take(event.detail)} @scene=${() => this.scene()}></photo-input>
      ${runsOn(out?.device)}
      ${this.host.hides('link') ? nothing : html`<p class="below small soft"><span>${t('poster.private')}</span>${home ? html`<a href=${home} target="_blank"
          rel="noopener">${t('embed.open')}</a>` : nothing}</p>`}
    </section>`
  }
}

const megabytes = bytes => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`

/** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
export async function open(host, mount) {
  await speak(host, host.language)
  return new LiveStylizer(host, mount).open()
}
