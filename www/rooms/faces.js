// The faces room: photos of people in, the same people turned, fused and blended out. What happened to the photos is the album's, what is
// drawn of it the studio's; this wires them to the page.
import { asAtelierError } from '../engine/protocol.js'
import { describeError, number, t, within } from '../i18n/translate.js'
import { middleOf } from '../elements/draw/crop.js'
import { Album, encodingKey, freeFaces, likeliest, mostPeople, mostShots, usable, weightsOf } from './faces-album.js'
import { alignedPicture, drawnSource, openSource } from './faces-files.js'
import { filmOf, nameForFiles } from './faces-film.js'
import { plan } from './faces-plan.js'
import { Studio } from './faces-studio.js'
import { styles, view } from './faces-view.js'
import { cardText } from './card-text.js'
import { failure, notice, withdraw } from './notices.js'
import { tellRecovered } from './recovery.js'
import { openStage } from './stage.js'
import { encode, save } from './stylize-files.js'

/** How many different faces of our own there are to try with before the numbers begin anew. */
const drawnPeople = 24
/** How our own faces are taken: from the front and from both sides. */
const drawnViews = [{ yaw: 0, smile: 0.3, light: -0.35 }, { yaw: -35, smile: 0, light: 0.4 }, { yaw: 40, smile: 0.7, light: 0 }]

export class FacesRoom {
  /** @param {{ mount: HTMLElement, atelier: () => Promise<any>, onLoad: (listener: (progress: any) => void) => void }} context */
  constructor({ mount, atelier, onLoad }) {
    this.mount = mount
    this.atelier = atelier
    this.album = new Album()
    this.studio = new Studio({ wanted: () => plan(this), changed: () => this.draw(), failed: error => this.failed(error) })
    /** @type {any} the shipped model's card; null where the site has none */
    this.card = undefined
    this.cardText = ''
    /** @type {any} the open model */
    this.faces = null
    /** @type {Promise<any> | null} */
    this.opening = null
    this.camera = false
    /** The turned face is shown in its photo, too. */
    this.setBack = false
    /** What is looked at, and no step to take back. */
    this.pose = { yaw: 30, seed: 1, share: 0.5, blendYaw: 0 }
    /** @type {{ text: () => string, share: number } | null} */
    this.work = null
    /** Pictures of our own that were asked for. */
    this.drawn = 0
    /** Whose pictures are on their way. @type {Set<{ id: number, ours: boolean }>} */
    this.coming = new Set()
    onLoad(progress => this.loading(progress))
    this.stage = openStage(mount, () => view(this), styles)
  }

  async enter() {
    if (this.card !== undefined) return
    const cards = await (await this.atelier()).models()
    this.card = cards.find(({ kind }) => kind === 'drgan') ?? null
    this.draw()
  }

  async leave() {
    this.camera = false
    withdraw('error', 'faces-full')
    this.draw()
  }

  draw() {
    this.stage.draw()
  }

  /** After anything that may want something new drawn. */
  changed() {
    this.draw()
    if (this.album.state.people.some(usable)) this.studio.follow()
  }

  get person() { return this.album.person }

  /** @param {import('./faces-album.js').Somebody | undefined} person */
  nameOf(person) {
    const index = this.album.state.people.findIndex(({ id }) => id === person?.id)
    return person?.name || t('faces.person', { index: index + 1 })
  }

  /** The encoded person, where it is there. @param {import('./faces-album.js').Somebody | undefined} person */
  encoded(person) {
    if (!person) return undefined
    return person.kept ?? this.studio.get(encodingKey(person))
  }

  /** @param {any} progress */
  loading({ phase, what, loaded, total }) {
    if (!this.work) return
    const megabytes = (/** @type {number} */ bytes) => `${number(bytes / 1e6, { maximumFractionDigits: 1 })} MB`
    const key = phase === 'compile' ? 'work_compile' : ['cpu', 'webgpu'].includes(what) ? 'work_engine' : 'work_download'
    this.tell(() => t(`faces.${key}`, { done: megabytes(loaded), total: megabytes(total) }), phase === 'compile' ? NaN : loaded / total)
  }

  /** @param {() => string} text @param {number} [share] */
  tell(text, share = NaN) {
    this.work = { text, share }
    this.draw()
  }

  rest() {
    this.work = null
    this.draw()
  }

  /** @param {any} error */
  failed(error) {
    if (asAtelierError(error).code === 'Aborted') return
    failure(error, () => { this.studio.forgive(); this.changed() })
  }

  /** Opened with the first photo, and kept. */
  async model() {
    if (this.faces) return this.faces
    this.opening ??= this.atelier().then(atelier => atelier.faces())
    try {
      this.faces = await this.opening
      this.faces.onRecover = tellRecovered('note.recovered_idle', { passing: true })
    } catch (error) {
      this.opening = null
      throw error
    }
    return this.faces
  }

  /** @param {{ blob: Blob, name: string }[]} photos */
  async take(photos) {
    this.camera = false
    withdraw('error', 'faces-full')
    if ((!this.person || this.person.kept || this.awaits(true)) && !this.begin()) return
    // Whose they are was settled when they were given, whoever is chosen by the time they are read.
    const id = this.album.state.chosen
    const coming = { id, ours: false }
    this.coming.add(coming)
    const whose = () => this.album.state.people.find(person => person.id === id)
    const left = this.leftOut('faces.failed')
    for (const [index, { blob, name }] of photos.entries()) {
      if (!whose()) break
      try {
        this.tell(() => t('faces.looking', { name }), photos.length > 1 ? index / photos.length : NaN)
        const source = whose()?.shots.length === mostShots ? null : await openSource(blob, name, await this.model())
        if (source && this.place(source, id)) continue
        if (whose()) notice('faces-full', () => t('faces.full'), { passing: true })
        break
      } catch (error) {
        left(name, error)
        if (['Network', 'OutOfMemory', 'Internal'].includes(asAtelierError(error).code)) break
      }
    }
    this.coming.delete(coming)
    this.rest()
    this.changed()
  }

  /** Whether the chosen person's pictures are still on their way. @param {boolean} ours drawn by our own code */
  awaits(ours) {
    return [...this.coming].some(each => each.id === this.album.state.chosen && each.ours === ours)
  }

  /** @param {import('./faces-album.js').Source} source @param {number} id whose @returns {boolean} whether there was room */
  place(source, id) {
    const face = likeliest(source.faces)
    const { x, y, size, roll } = source.faces[face] ?? middleOf(source)
    const shot = this.album.add(source, { x, y, size, roll }, face, id)
    // One face is taken as it is; several or none are the visitor's to look at.
    if (shot && shot === this.album.state.shot && source.faces.length === 1) this.album.look({ shot: 0 })
    this.changed()
    return shot > 0
  }

  /** Faces drawn by our own code, whose place needs no looking for. */
  async tryDrawn() {
    withdraw('error')
    // Nobody is both drawn and photographed by accident.
    if ((!this.person || this.person.shots.length || this.person.kept || this.awaits(false) || this.awaits(true)) && !this.begin()) return
    const coming = { id: this.album.state.chosen, ours: true }
    this.coming.add(coming)
    this.tell(() => t('faces.work_opening'))
    try {
      const person = 1 + (this.drawn++ % drawnPeople)
      const sources = await drawnSource(await this.atelier(), person, drawnViews, index => within(this.mount, () => t('faces.drawn_name', { person, view: index + 1 })))
      for (const source of sources) {
        const [{ x, y, size, roll }] = source.faces
        this.album.add(source, { x, y, size, roll }, 0, coming.id)
      }
      if (this.album.state.chosen === coming.id) this.album.look({ shot: 0 })
    } catch (error) {
      this.failed(error)
    }
    this.coming.delete(coming)
    this.rest()
    this.changed()
  }

  begin(details = {}) {
    if (this.album.state.people.length >= mostPeople) {
      notice('faces-full', () => t('faces.full_people'), { passing: true })
      return false
    }
    this.album.begin(details)
    this.changed()
    return true
  }

  /** @param {File[]} files of people */
  async openPeople(files) {
    withdraw('error')
    const left = this.leftOut('faces.failed_file')
    for (const file of files) {
      try {
        this.tell(() => t('faces.work_opening'))
        const kept = await (await this.model()).load(file)
        if (!this.begin({ kept, name: file.name.replace(/\.[^.]*$/, '') })) break
      } catch (error) {
        const { code, details } = asAtelierError(error)
        const told = { InvalidSession: file.type.startsWith('image/') ? 'faces.photo_instead' : 'faces.not_person', another_encoder: 'faces.another_encoder' }
        left(file.name, error, told[details?.reason] ?? told[code])
      }
    }
    this.rest()
    this.changed()
  }

  /** What was not taken, file by file, in one note. @param {string} sentence */
  leftOut(sentence) {
    /** @type {(() => string)[]} */
    const said = []
    return (/** @type {string} */ name, /** @type {any} */ error, key = sentence) => {
      console.warn(error)
      said.push(() => t(key, { name, why: describeError(error) }))
      notice('error', () => said.map(say => say()).join(t('note.space')), { tone: 'error' })
    }
  }

  /** @param {(album: Album) => void} act */
  change(act) {
    act(this.album)
    this.changed()
  }

  /** Somebody else in the same photo: the largest face that nobody is yet. @param {import('./faces-album.js').Shot} shot */
  splitOff({ source }) {
    const [free] = freeFaces(this.album.state, source)
    if (!free || !this.begin()) return
    const { x, y, size, roll, index } = free
    this.change(album => album.add(source, { x, y, size, roll }, index))
  }

  /** @param {KeyboardEvent} event */
  keyed(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
    event.preventDefault()
    this.change(album => (event.shiftKey ? album.redo() : album.undo()))
  }

  /** @param {Partial<FacesRoom['pose']>} changes */
  turn(changes) {
    this.pose = { ...this.pose, ...changes }
    this.changed()
  }

  showInPlace() {
    this.setBack = !this.setBack
    this.draw()
  }

  /** What the networks see of a photo. @param {import('./faces-album.js').Shot} shot */
  aligned(shot) {
    return alignedPicture(shot)
  }

  /** @param {() => Promise<void>} act */
  async attempt(act) {
    withdraw('error')
    await act().catch(error => this.failed(error))
    this.rest()
  }

  /** @param {ImageData | undefined} picture @param {string} what */
  download(picture, what) {
    const name = nameForFiles(`${this.nameOf(this.person)}-${what}`, 'png')
    if (picture) this.attempt(async () => save(await encode(picture, 'image/png'), name))
  }

  downloadFilm() {
    const { person } = this
    const name = nameForFiles(this.nameOf(person), 'gif')
    return this.attempt(async () => {
      if (!person || !this.encoded(person)) return
      const blob = await filmOf(this, person, (done, total) => this.tell(() => t('faces.filming', { done, total }), done / total))
      save(blob, name)
    })
  }

  savePerson() {
    const name = nameForFiles(this.nameOf(this.person), 'safetensors')
    return this.attempt(async () => {
      const person = this.encoded(this.person)
      const weights = this.person && person && weightsOf(this.person, person.weights)
      if (person) save(await this.faces.save(person, { weights }), name)
    })
  }

  async readCard() {
    this.cardText ||= await cardText(this.card)
    this.draw()
  }
}
