// The painting room: a picture comes in, a CycleGAN paints it, and both can be compared.
import { css, html, nothing } from 'lit'
import '../elements/before-after.js'
import '../elements/photo-input.js'
import '../elements/work-progress.js'
import { has, number, t } from '../i18n/translate.js'
import { failure, withdraw } from './notices.js'
import { openStage } from './stage.js'

const modelId = 'monet'
/** Beyond this the CPU engine needs minutes and more memory than a telephone gives a tab. */
const sides = { cpu: [128, 512], webgpu: [128, 768] }
const sideStep = 64
const scene = { width: 768, height: 576 }

const styles = css`
  .atelier { display: grid; gap: clamp(1.25rem, 3vw, 2.5rem); grid-template-columns: minmax(0, 1fr); }
  .easel { min-width: 0; display: grid; gap: 1rem; align-content: start; }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.5rem, 2.4vw, 1.6rem); box-shadow: 0 1px 0 var(--rule), 0 0.8rem 1.8rem -1.3rem rgb(0 0 0 / 0.5); }
  .waiting { display: grid; align-items: center; min-height: clamp(15rem, 42vw, 27rem); padding: clamp(1rem, 8vw, 5rem); background: var(--well); }
  .settings { display: grid; gap: 1.5rem; align-content: start; }
  fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: 0.35rem; min-width: 0; }
  legend { font: 600 1.05rem/1.4 var(--serif); padding: 0; margin-bottom: 0.35rem; }
  .choice { display: flex; align-items: center; gap: 0.5rem; min-height: 1.9rem; cursor: pointer; }
  .ends { display: flex; justify-content: space-between; }
  .facts { border-top: 1px solid var(--rule); padding-top: 0.9rem; display: grid; gap: 0.25rem; }
  summary { cursor: pointer; text-decoration: underline; text-underline-offset: 0.2em; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0.75rem 0 0; max-height: 24rem; overflow: auto; border: 1px solid var(--rule); padding: 0.75rem; }
  @media (min-width: 58rem) { .atelier { grid-template-columns: minmax(0, 1.6fr) minmax(16rem, 0.8fr); } }
`

export class StylizeRoom {
  constructor({ mount, atelier, onLoad }) {
    this.atelier = atelier
    /** @type {any} */
    this.card = undefined
    this.cardText = ''
    /** @type {{ image: Blob | ImageData, name: string } | null} */
    this.source = null
    /** @type {any} what translate gave */
    this.result = null
    /** @type {ImageData | undefined} shown while the painting is under way */
    this.preview = undefined
    /** @type {{ text: () => string, share: number, remaining: () => string } | null} */
    this.work = null
    this.side = 256
    /** @type {'a' | 'b'} the domain to arrive in: b is the painting */
    this.direction = 'b'
    /** @type {string | null} what the result was painted with */
    this.painted = null
    /** @type {import('../engine/translator.js').PhotoTranslator | undefined} */
    this.translator = undefined
    /** @type {AbortController | undefined} */
    this.abort = undefined
    onLoad(progress => this.loading(progress))
    this.stage = openStage(mount, () => this.view(), styles)
  }

  async enter() {
    if (this.card) return
    const cards = await (await this.atelier()).models().catch(() => [])
    this.card = cards.find(({ id }) => id === modelId) ?? null
    this.side = this.card?.side ?? 256
    this.stage.draw()
  }

  async leave() {
    withdraw('error')
  }

  loading({ phase, what, loaded, total }) {
    if (!this.work) return
    const megabytes = bytes => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`
    if (phase === 'compile') return this.tell(() => t('stylize.stage_compile'), NaN)
    const engine = what !== modelId
    this.tell(() => t(engine ? 'stylize.stage_engine' : 'stylize.stage_download', { done: megabytes(loaded), total: megabytes(total) }), loaded / total)
  }

  tell(text, share, remaining = () => '') {
    this.work = { text, share, remaining }
    this.stage.draw()
  }

  working({ phase, loaded, total, fraction, remaining_ms, original }) {
    if (phase === 'decode') return this.tell(() => t('stylize.stage_decode'), NaN)
    // With its first report: the picture itself, upright and found sound, to look at meanwhile.
    if (original) this.preview = original
    // The first layers say little about the rest.
    const remaining = () => (remaining_ms === null || fraction < 0.08 ? '' : t('stylize.left', { time: duration(remaining_ms) }))
    this.tell(() => t('stylize.stage_work', { layer: loaded + 1, layers: total }), fraction, remaining)
  }

  /** @param {Blob | ImageData} image @param {string} name */
  take(image, name) {
    this.source = { image, name }
    this.result = null
    this.preview = undefined
    return this.paint()
  }

  async tryScene() {
    this.tell(() => t('train.opening'), NaN)
    try {
      const image = await (await this.atelier()).scene({ ...scene, seed: 1 + Math.floor(Math.random() * 1000) })
      await this.take(image, 'scene')
    } catch (error) {
      this.work = null
      this.stage.draw()
      failure(error)
    }
  }

  async paint() {
    this.abort?.abort()
    const abort = new AbortController()
    this.abort = abort
    withdraw('error')
    this.tell(() => t('stylize.stage_decode'), NaN)
    const { source, side, direction } = this
    if (!source) return
    try {
      const translator = this.translator ?? await (await this.atelier()).translator(modelId, { signal: abort.signal })
      this.translator = translator
      const onProgress = progress => this.abort === abort && this.working(progress)
      const result = await translator.translate(source.image, { direction, side, signal: abort.signal, onProgress })
      if (this.abort === abort) Object.assign(this, { result, painted: `${side} ${direction}` })
    } catch (error) {
      if (this.abort === abort) this.refuse(error)
    } finally {
      if (this.abort === abort) this.work = null
      this.stage.draw()
    }
  }

  refuse(error) {
    if (error?.code !== 'Aborted') failure(error)
    if (!this.result && error?.code !== 'Aborted') this.source = null
    this.preview = undefined
  }

  async download() {
    const { image } = this.result
    const canvas = new OffscreenCanvas(image.width, image.height)
    canvas.getContext('2d')?.putImageData(image, 0, 0)
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await canvas.convertToBlob({ type: 'image/png' }))
    link.download = `${this.source?.name.replace(/\.\w+$/, '') || 'picture'}-${this.direction === 'b' ? 'monet' : 'photo'}.png`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  }

  easel() {
    const { result, preview, work, source } = this
    const progress = work && html`<work-progress .text=${work.text()} .share=${work.share} .remaining=${work.remaining()} cancellable
        @cancel=${() => this.cancel()}></work-progress>`
    if (result) {
      const { kind, reason } = result.device
      const why = has(`train.reason.${reason}`) ? t(`train.reason.${reason}`) : ''
      const facts = `${t('stylize.done', { time: duration(result.ms), device: t(`train.device_${kind}`) })} ${why}`
      return html`${progress || html`<div class="row"><button type="button" class="primary" data-command="download"
          @click=${() => this.download()}>${t('stylize.download')}</button>
          <span class="small soft" role="status">${facts}</span></div>`}
        <div class="frame"><before-after .original=${result.original} .painting=${result.image}></before-after></div>`
    }
    if (source && preview) return html`${progress}<div class="frame"><before-after .original=${preview} .cut=${1} inert></before-after></div>`
    if (!source && !work) return html`<div class="frame">${this.input()}</div>`
    return html`<div class="frame"><div class="waiting">${progress || t('stylize.cancelled')}</div></div>`
  }

  cancel() {
    this.abort?.abort()
    this.work = null
    this.preview = undefined
    this.stage.draw()
  }

  directions() {
    const radio = (value, name) => html`<label class="choice"><input type="radio" name="direction" value=${value} .checked=${this.direction === value}
        @change=${() => this.choose({ direction: value })}>${name}</label>`
    return html`<fieldset><legend>${t('stylize.direction')}</legend>${radio('b', t('stylize.to_painting'))}${this.card?.files?.ba === undefined ? nothing : radio('a', t('stylize.to_photo'))}</fieldset>`
  }

  choose(changes) {
    Object.assign(this, changes)
    this.stage.draw()
  }

  /** Large on the empty easel, then small beside the painting. */
  input() {
    return html`<photo-input ?compact=${Boolean(this.source)} @photo=${event => this.take(event.detail.blob, event.detail.name)}
        @scene=${() => this.tryScene()}></photo-input>`
  }

  settings() {
    const [least, most] = sides[this.translator?.device?.kind ?? 'cpu']
    const changed = this.result && this.painted !== `${this.side} ${this.direction}`
    return html`<div class="settings">
      ${this.source || this.work ? this.input() : nothing}
      ${this.directions()}
      <fieldset><legend><label for="side">${t('stylize.side')}</label></legend>
        <input id="side" type="range" min=${least} max=${most} step=${sideStep} .value=${String(this.side)}
            aria-valuetext=${t('stylize.side_value', { side: String(this.side) })} aria-describedby="side-help"
            @input=${event => this.choose({ side: Number(event.target.value) })}>
        <span class="ends small soft" aria-hidden="true"><span>${t('stylize.side_broad')}</span><output>${t('stylize.side_value', { side: String(this.side) })}</output><span>${t('stylize.side_fine')}</span></span>
        <p id="side-help" class="small soft">${t('stylize.side_help')}</p>
      </fieldset>
      ${this.source ? html`<button type="button" data-command="paint" class=${changed ? 'primary' : ''} ?disabled=${Boolean(this.work)}
          @click=${() => this.paint()}>${t(this.result ? 'stylize.repaint' : 'stylize.paint')}</button>` : nothing}
      ${this.facts()}
    </div>`
  }

  /** Shown here: a host may serve the file in whatever encoding it likes. */
  async readCard() {
    if (this.cardText) return
    const response = await fetch(`${document.documentElement.dataset.root}models/${this.card.card}`).catch(() => null)
    this.cardText = response?.ok ? await response.text() : '–'
    this.stage.draw()
  }

  facts() {
    if (!this.card) return nothing
    return html`<p class="facts small soft">${t('stylize.licence', { licence: this.card.licence })}
    </p><details class="small" @toggle=${() => this.readCard()}><summary>${t('stylize.card')}</summary><pre>${this.cardText}</pre></details>`
  }

  view() {
    if (this.card === null) return html`<p class="soft">${t('stylize.no_model')}</p>`
    return html`<div class="atelier"><section class="easel" aria-label=${t('stylize.result')}>${this.easel()}</section>
      <section aria-label=${t('stylize.input')}>${this.settings()}</section></div>`
  }
}

/** @param {number} ms */
function duration(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000))
  return seconds < 90 ? t('stylize.seconds', { n: seconds }) : t('stylize.minutes', { n: Math.round(seconds / 60) })
}
