// <face-rotator>, once somebody wants it: a photo in, the same person from any side out.
import { css, html, nothing } from 'lit'
import '../elements/face-crop.js'
import '../elements/face-turner.js'
import '../elements/photo-input.js'
import '../elements/work-progress.js'
import { middleOf } from '../elements/draw/crop.js'
import { nineYaws } from '../elements/face-turner.js'
import { describeError, number, speak, t, within } from '../i18n/translate.js'
import { Album, encodingKey, likeliest } from '../rooms/faces-album.js'
import { drawnSource, openSource } from '../rooms/faces-files.js'
import { encodingOf, turned } from '../rooms/faces-plan.js'
import { nameForFiles } from '../rooms/faces-film.js'
import { Studio } from '../rooms/faces-studio.js'
import { openStage } from '../rooms/stage.js'
import { encode, save } from '../rooms/stylize-files.js'
import { atelierUrl } from './code.js'
import { tellsRecovered } from './recovered.js'
import { runsOn } from './runs-on.js'

const styles = css`
  .whole { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.4rem, 2cqi, 1rem); min-width: 0; }
  .note { border: 1px solid var(--edge); border-inline-start: 4px solid var(--made); background: var(--sheet); padding: 0.6rem 0.9rem; }
  .note.ask { border-inline-start-color: var(--real); display: grid; gap: 0.5rem; margin-bottom: 0.75rem; }
  .below { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; justify-content: space-between; }
  summary { cursor: pointer; text-decoration: underline; text-underline-offset: 0.2em; padding-block: 0.3rem; }
`

const words = { scene: 'faces.without', formats: 'faces.formats' }

class LiveRotator {
  /** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
  constructor(host, mount) {
    this.host = host
    this.mount = mount
    this.album = new Album()
    this.studio = new Studio({ wanted: () => this.wanted(), changed: () => this.drawn(), failed: error => this.failed(error) })
    this.pose = { yaw: 30, seed: 1, share: 0.5, blendYaw: 0 }
    /** @type {any} */
    this.error = null
    /** @type {{ text: () => string, share: number } | null} */
    this.work = null
    /** @type {Promise<any> | null} */
    this.opening = null
    /** @type {import('../engine/resident.js').Device | null} */
    this.device = null
    /** What was told of last. */
    this.told = ''
    this.turn = 0
    this.loading = progress => this.tell(() => t('faces.work_download', { done: megabytes(progress.loaded), total: megabytes(progress.total) }), progress.loaded / progress.total)
  }

  async open() {
    const atelier = await this.host.atelier()
    const cards = await atelier.models()
    // Told before a photo is chosen: without weights there is nobody to draw.
    if (!cards.some(({ kind }) => kind === 'drgan')) await atelier.faces()
    this.stage = openStage(this.mount, () => this.view(), styles)
    this.host.fire('ready', {})
    return this
  }

  get person() { return this.album.person }

  /** @param {import('../rooms/faces-album.js').Somebody | undefined} person */
  encoded(person) { return person && this.studio.get(encodingKey(person)) }

  async model() {
    const stop = this.host.onLoad(this.loading)
    try {
      this.opening ??= this.host.atelier().then(atelier => atelier.faces())
      const faces = await this.opening
      this.device = faces.device
      faces.onRecover = recovery => {
        this.device = recovery.device
        tellsRecovered(this.host, 'note.recovered_idle', { passing: true })(recovery)
        this.draw()
      }
      return faces
    } catch (error) {
      this.opening = null
      throw error
    } finally {
      stop()
    }
  }

  wanted() {
    const { person } = this
    if (!person?.shots.some(({ placed }) => placed)) return []
    return [encodingOf(this, person), turned(this, person, this.pose.yaw), ...nineYaws.map(yaw => turned(this, person, yaw))].filter(({ key }) => key)
  }

  draw() { this.stage?.draw() }

  /** Something new is there. */
  drawn() {
    const { person, pose } = this
    const { key } = person ? turned(this, person, pose.yaw) : { key: '' }
    if (key && key !== this.told && this.studio.get(key)) {
      this.told = key
      const { crop, source } = /** @type {any} */ (person?.shots[0])
      this.host.fire('report', { yaw: pose.yaw, faces: source.faces.length, crop })
    }
    this.draw()
  }

  changed() {
    this.drawn()
    this.studio.follow()
  }

  /** @param {() => string} text @param {number} [share] */
  tell(text, share = NaN) {
    this.work = { text, share }
    this.draw()
  }

  /** @param {() => Promise<import('../rooms/faces-album.js').Source>} bring */
  async take(bring) {
    const turn = ++this.turn
    this.error = null
    try {
      const source = await bring()
      if (turn !== this.turn) return
      const face = likeliest(source.faces)
      const { x, y, size, roll } = source.faces[face] ?? middleOf(source)
      this.album = new Album()
      this.album.begin()
      this.album.add(source, { x, y, size, roll }, face)
    } catch (error) {
      if (turn === this.turn) this.failed(error)
    }
    if (turn !== this.turn) return
    this.work = null
    this.changed()
  }

  /** @param {{ blob: Blob, name: string }} photo */
  photo({ blob, name }) {
    this.tell(() => t('faces.looking', { name }))
    return this.take(async () => openSource(blob, name, await this.model()))
  }

  scene() {
    this.tell(() => t('faces.work_opening'))
    return this.take(async () => (await drawnSource(await this.host.atelier(), 1 + Math.floor(Math.random() * 24), [{ yaw: 0 }], () => within(this.host, () => t('faces.without'))))[0])
  }

  /** @param {any} error */
  failed(error) {
    this.error = this.host.report(error)
    this.draw()
  }

  /** @param {string} name */
  async command(name) {
    if (name === 'scene') await this.scene()
    if (name === 'reset') {
      this.turn++
      Object.assign(this, { album: new Album(), error: null, work: null })
    }
    this.draw()
    return {}
  }

  close() {
    this.turn++
    this.stage?.close()
    this.opening?.then(faces => faces.close()).catch(() => {})
  }

  square() {
    const shot = this.person?.shots[0]
    if (!shot) return nothing
    const put = (crop, face = -1) => {
      this.album.place(shot.id, crop, face)
      this.changed()
    }
    const said = !shot.placed ? 'crop_none' : shot.source.faces.length > 1 ? 'crop_several' : ''
    const ask = said ? html`<div class="note ask" role="status"><p>${t(`faces.${said}`, { count: shot.source.faces.length })}</p>${shot.placed ? nothing
      : html`<div><button type="button" class="primary" data-command="use-square" @click=${() => put(shot.crop)}>${t('faces.crop_use')}</button></div>`}</div>` : nothing
    const editor = html`${ask}<face-crop .photo=${shot.source} .crop=${shot.crop} .faces=${shot.source.faces} .chosen=${shot.face} @crop=${event => put(event.detail.crop)}
      @face=${event => put(shot.source.faces[event.detail.index], event.detail.index)}></face-crop>`
    return html`<details class="small" ?open=${Boolean(said)}><summary>${t('embed.square')}</summary>${editor}</details>`
  }

  view() {
    const { person, pose, studio, work, error } = this
    const shown = (place, yaw) => person && studio.show(`${place} ${person.id}`, turned(this, person, yaw).key)
    const picture = shown('turned', pose.yaw)
    const home = atelierUrl(this.host.language, 'faces')
    return html`<section class="whole" aria-label=${t('embed.label_rotator')}>
      ${error ? html`<div class="note" role="alert">${describeError(error)}</div>` : nothing}
      ${work ? html`<work-progress .text=${work.text()} .share=${work.share}></work-progress>` : nothing}
      ${person ? html`<div class="frame"><face-turner .picture=${picture} .strip=${nineYaws.map((yaw, index) => shown(`strip ${index}`, yaw))} .yaw=${pose.yaw} name=${person.shots[0]?.source.name}
        waiting=${t(studio.working ? 'faces.working' : 'faces.not_placed')} @yaw=${event => { this.pose = { ...pose, yaw: event.detail.yaw }; this.changed() }}></face-turner></div>` : nothing}
      ${picture && !this.host.hides('save') ? html`<div><button type="button" data-command="save" @click=${async () => save(await encode(picture, 'image/png'), nameForFiles(`face${pose.yaw}`, 'png'))}>${t('embed.save')}</button></div>` : nothing}
      ${this.square()}
      <photo-input local ?compact=${Boolean(person)} .words=${words} @photo=${event => this.photo(event.detail)} @scene=${() => this.scene()}></photo-input>
      ${runsOn(this.device)}
      ${this.host.hides('link') ? nothing : html`<p class="below small soft"><span>${t('poster.private')} ${t('faces.about_nobody')}</span>${home ? html`<a href=${home} target="_blank"
          rel="noopener">${t('embed.open')}</a>` : nothing}</p>`}
    </section>`
  }
}

const megabytes = bytes => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`

/** @param {import('./define.js').Embedded} host @param {HTMLElement} mount */
export async function open(host, mount) {
  await speak(host, host.language)
  return new LiveRotator(host, mount).open()
}
