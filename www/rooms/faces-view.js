// How the faces room looks: the turning face with its person beside it, and the experiments below.
import { css, html, nothing } from 'lit'
import '../elements/before-after.js'
import '../elements/camera-shot.js'
import '../elements/face-crop.js'
import '../elements/face-photos.js'
import '../elements/face-turner.js'
import '../elements/photo-input.js'
import '../elements/work-progress.js'
import { nineYaws } from '../elements/face-turner.js'
import { number, t } from '../i18n/translate.js'
import { freeFaces, sharesOf, usable, weightsOf } from './faces-album.js'
import { blendSection, fuseSection, gridSection, insideSection, liveSection } from './faces-experiments.js'
import { besideFace, hasSurroundings, inPlace, photoOf, shotInPlace } from './faces-place.js'
import { turned } from './faces-plan.js'

/** @typedef {import('./faces.js').FacesRoom} Room */

const words = { scene: 'faces.without', formats: 'faces.formats' }

export const styles = css`
  .faces { display: grid; gap: clamp(1.75rem, 4vw, 3rem); grid-template-columns: minmax(0, 1fr); }
  .bench { display: grid; gap: clamp(1.25rem, 3vw, 2.5rem); grid-template-columns: minmax(0, 1fr); align-items: start; }
  .easel, .side { min-width: 0; display: grid; gap: 1rem; align-content: start; grid-template-columns: minmax(0, 1fr); }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.5rem, 2.4vw, 1.4rem); box-shadow: 0 1px 0 var(--rule), 0 0.8rem 1.8rem -1.3rem rgb(0 0 0 / 0.5); min-width: 0; }
  .people { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: center; }
  .people button { min-height: 2.2rem; padding: 0.15rem 0.7rem; max-width: 12rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .people button[aria-pressed='true'], .actions button[aria-pressed='true'] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
  .steps { margin-inline-start: auto; display: inline-flex; gap: 0.3rem; }
  .steps button { min-width: 2.2rem; padding: 0; }
  .steps svg { width: 1.15rem; height: 1.15rem; }
  .hint { border: 1px solid var(--edge); border-inline-start: 4px solid var(--real); background: var(--sheet); padding: 0.6rem 0.9rem; display: grid; gap: 0.5rem; }
  [data-editor] { display: grid; gap: 0.75rem; grid-template-columns: minmax(0, 1fr); }
  .actions { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
  .experiment { border-top: 1px solid var(--rule); padding-top: 1.4rem; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
  .experiment > p { max-width: 46rem; }
  .experiment h2 { font-size: 1.35rem; }
  .series { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(5.5rem, 1fr)); }
  .series li { display: grid; gap: 0.2rem; text-align: center; }
  .pair { display: grid; gap: clamp(1rem, 3vw, 2.5rem); grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); align-items: start; }
  .blended { max-width: 24rem; width: 100%; justify-self: center; }
  .path { grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 0.3rem; }
  @media (max-width: 30rem) { .path { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
  .knobs { display: grid; grid-template-columns: auto minmax(0, 1fr) 5.5rem; gap: 0.3rem 0.8rem; align-items: center; }
  .knobs output { font-variant-numeric: tabular-nums; text-align: end; }
  .knobs select { grid-column: 2 / -1; width: auto; justify-self: start; max-width: 100%; }
  .about { border-top: 1px solid var(--rule); padding-top: 1.1rem; display: grid; gap: 0.6rem; max-width: 46rem; }
  .onward { font-family: var(--serif); font-weight: 600; }
  .onward::after { content: ' →'; }
  summary { cursor: pointer; text-decoration: underline; text-underline-offset: 0.2em; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0.75rem 0 0; max-height: 24rem; overflow: auto; border: 1px solid var(--rule); padding: 0.75rem; }
  @media (min-width: 58rem) { .bench { grid-template-columns: minmax(0, 1.25fr) minmax(21rem, 1fr); } }
`

/** @param {Room} room */
function progress({ work }) {
  return work ? html`<work-progress .text=${work.text()} .share=${work.share}></work-progress>` : nothing
}

/** @param {Room} room @param {boolean} [compact] */
function input(room, compact = false) {
  return html`<photo-input many ?compact=${compact} .words=${words} @photos=${event => room.take(event.detail.photos)} @weights=${event => room.openPeople(event.detail.files)}
      @camera=${() => { room.camera = true; room.draw() }} @scene=${() => room.tryDrawn()}></photo-input>`
}

/** @param {Room} room */
function openPerson(room) {
  const picked = event => {
    room.openPeople([...event.target.files])
    event.target.value = ''
  }
  return html`<label class="button"><input class="hidden-text" type="file" accept=".safetensors" multiple data-command="open-person" @change=${picked}>${t('faces.open_person')}</label>`
}

/** @param {Room} room @param {'undo' | 'redo'} name */
function step(room, name) {
  const path = { undo: 'M7.5 4.5 3.5 8.5l4 4M3.5 8.5h8a4.5 4.5 0 0 1 0 9H8', redo: 'm12.5 4.5 4 4-4 4M16.5 8.5h-8a4.5 4.5 0 0 0 0 9H12' }[name]
  const able = name === 'undo' ? room.album.canUndo : room.album.canRedo
  return html`<button type="button" data-command=${name} ?disabled=${!able} title=${t(`faces.${name}`)} aria-label=${t(`faces.${name}`)} @click=${() => room.change(album => album[name]())}>
    <svg viewBox="0 0 20 20" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="1.6"/></svg></button>`
}

/** @param {Room} room */
const steps = room => html`<span class="steps">${step(room, 'undo')}${step(room, 'redo')}</span>`

/** @param {Room} room */
function people(room) {
  const { state: { people: all, chosen } } = room.album
  return html`<div class="people" role="group" aria-label=${t('faces.people')}>
    ${all.map(person => html`<button type="button" data-person=${person.id} aria-pressed=${person.id === chosen ? 'true' : 'false'}
      @click=${() => room.change(album => album.look({ chosen: person.id, shot: 0 }))}>${room.nameOf(person)}</button>`)}
    <button type="button" data-command="new-person" @click=${() => room.begin()}>+ ${t('faces.new_person')}</button>
    ${steps(room)}</div>`
}

/** @param {Room} room */
function easel(room) {
  const { person, pose, studio } = room
  if (room.camera) {
    return html`<div class="frame"><camera-shot .facing=${'user'} @photos=${event => room.take(event.detail.photos)} @close=${() => { room.camera = false; room.draw() }}></camera-shot></div>`
  }
  if (!room.album.state.people.length) return html`${progress(room)}<div class="frame">${input(room)}</div><p class="small soft" data-note="drawn">${t('faces.without_note')}</p><div class="row">${openPerson(room)}${room.album.canUndo || room.album.canRedo ? steps(room) : nothing}</div>`
  const shownAt = (place, yaw) => (person && usable(person) ? studio.show(`${place} ${person.id}`, turned(room, person, yaw).key) : undefined)
  const picture = shownAt('turned', pose.yaw)
  const waiting = !person || !usable(person) ? t(person?.shots.length ? 'faces.not_placed' : 'faces.waiting') : studio.working ? t('faces.working') : ''
  return html`<div class="frame"><face-turner .picture=${picture} .strip=${nineYaws.map((yaw, index) => shownAt(`strip ${index}`, yaw))} .yaw=${pose.yaw}
      name=${room.nameOf(person)} waiting=${waiting} @yaw=${event => room.turn({ yaw: event.detail.yaw })}></face-turner></div>
    ${picture ? actions(room, picture) : nothing}${picture && room.setBack ? there(room, picture) : nothing}`
}

/** The made face where the photo has the person's own. @param {Room} room @param {ImageData} picture */
function there(room, picture) {
  const shot = shotInPlace(room)
  if (!shot) return nothing
  return html`<div class="frame" data-place><before-after .original=${photoOf(shot)} .painting=${inPlace(shot, picture)} .cut=${besideFace(shot)}></before-after></div>
    <p class="small soft">${t(hasSurroundings(shot) ? 'faces.set_back_note' : 'faces.set_back_bare', { name: shot.source.name })}</p>`
}

/** @param {Room} room @param {ImageData} picture */
function actions(room, picture) {
  const busy = Boolean(room.work)
  return html`<div class="actions">
      <button type="button" data-command="noise" title=${t('faces.noise_help')} @click=${() => room.turn({ seed: room.pose.seed + 1 })}>${t('faces.noise')}</button>
      <button type="button" class="primary" data-command="download" @click=${() => room.download(picture, `${room.pose.yaw}`)}>${t('faces.download')}</button>
      <button type="button" data-command="film" ?disabled=${busy || !room.encoded(room.person)} @click=${() => room.downloadFilm()}>${t('faces.film')}</button>
      ${shotInPlace(room) ? html`<button type="button" data-command="set-back" aria-pressed=${room.setBack ? 'true' : 'false'} @click=${() => room.showInPlace()}>${t('faces.set_back')}</button>` : nothing}
      <button type="button" data-command="save-person" title=${t('faces.save_person_help')} ?disabled=${busy || !room.encoded(room.person)} @click=${() => room.savePerson()}>${t('faces.save_person')}</button>
    </div>
    <p class="small soft">${t('faces.blurred')} ${t('faces.noise_help')} ${t('faces.save_person_help')}</p>`
}

/** The photos as the table beside the face shows them. @param {Room} room @param {import('./faces-album.js').Somebody} person */
function rowsOf(room, person) {
  const encoded = room.encoded(person)
  const weights = encoded && weightsOf(person, encoded.weights)
  const shares = weights ? sharesOf(weights) : []
  const counted = person.shots.filter(({ placed }) => placed)
  const rows = person.kept
    ? Array.from(person.kept.weights, (_, index) => ({ id: index, name: t('faces.kept_photo', { index: index + 1 }), picture: undefined, weight: person.weights?.[index] ?? null, found: true, placed: true, kept: true }))
    : person.shots.map(shot => ({ id: shot.id, name: shot.source.name, picture: room.aligned(shot), weight: shot.weight, found: shot.face >= 0, placed: shot.placed }))
  return rows.map((row, index) => {
    const at = person.kept ? index : counted.findIndex(({ id }) => id === row.id)
    const apart = encoded?.distances?.[at]
    const distance = apart && apart.length > 1 ? apart.reduce((sum, value) => sum + value, 0) / (apart.length - 1) : undefined
    return { ...row, confidence: encoded?.weights[at], share: shares[at] ?? 0, distance }
  })
}

/** @param {Room} room */
function editor(room) {
  const { shot } = room.album
  if (!shot) return nothing
  const { source, crop, face, placed } = shot
  const said = source.faces.length > 1 ? t('faces.crop_several', { count: source.faces.length }) : placed ? '' : t('faces.crop_none')
  const put = (event, album) => {
    album.place(shot.id, event.detail.crop)
    if (event.detail.done) album.settle()
  }
  const take = index => room.change(album => album.place(shot.id, source.faces[index], index))
  return html`<div class="frame" data-editor>
    ${said ? html`<div class="hint" role="status"><p>${said}</p>${placed ? nothing : html`<div><button type="button" class="primary" data-command="use-square" @click=${() => room.change(album => album.place(shot.id, crop))}>${t('faces.crop_use')}</button></div>`}</div>` : nothing}
    <face-crop .photo=${source} .crop=${crop} .faces=${source.faces} .chosen=${face} @crop=${event => room.change(album => put(event, album))} @face=${event => take(event.detail.index)}></face-crop>
    ${freeFaces(room.album.state, source).length ? html`<div><button type="button" data-command="face-as-person" @click=${() => room.splitOff(shot)}>${t('faces.crop_other_person')}</button></div>` : nothing}
    ${face < 0 && source.faces.length === 1 ? html`<button type="button" data-command="detected" @click=${() => take(0)}>${t('faces.crop_detector')}</button>` : nothing}</div>`
}

/** @param {Room} room */
function side(room) {
  const { person, album } = room
  if (!album.state.people.length) return nothing
  const rows = person ? rowsOf(room, person) : []
  const weigh = ({ id, weight, done }) => room.change(each => {
    if (person?.kept) each.weighKept(person.id, id, weight)
    else each.weigh(id, weight)
    if (done) each.settle()
  })
  return html`<section class="side" aria-label=${t('faces.people')}>
    ${people(room)}${progress(room)}
    ${person?.kept ? html`<p class="small soft">${t('faces.kept')}</p>` : nothing}
    ${rows.length ? html`<face-photos .rows=${rows} .chosen=${album.state.shot} @choose=${event => room.change(each => each.look({ shot: each.state.shot === event.detail.id ? 0 : event.detail.id }))}
      @remove=${event => room.change(each => each.removeShot(event.detail.id))} @weight=${event => weigh(event.detail)}></face-photos>` : nothing}
    ${person?.shots.some(({ source }) => source.drawn) ? html`<p class="small soft" data-note="drawn">${t('faces.without_note')}</p>` : nothing}
    ${editor(room)}
    ${room.camera ? nothing : input(room, true)}
    <div class="row">${openPerson(room)}${person ? html`<button type="button" class="plain" data-command="remove-person"
      @click=${() => room.change(each => each.removePerson(person.id))}>${t('faces.remove_person', { name: room.nameOf(person) })}</button>` : nothing}</div>
  </section>`
}

/** @param {Room} room */
function about(room) {
  const { card } = room
  if (!card) return nothing
  return html`<section class="about" aria-labelledby="about"><h2 id="about">${t('faces.about_heading')}</h2>
    <p>${t('faces.about_text', { people: number(card.quality?.sharpened?.people ?? card.quality?.people ?? NaN), known: number(card.quality?.people ?? NaN) })}</p><p>${t('faces.about_nobody')}</p>
    <p class="small soft">${t('faces.licence', { licence: card.licence })}</p>
    <details class="small" @toggle=${() => room.readCard()}><summary>${t('faces.card')}</summary><pre>${room.cardText}</pre></details></section>`
}

/** @param {Room} room */
export function view(room) {
  const begun = room.album.state.people.length > 0
  return html`<div class="faces" @keydown=${event => room.keyed(event)}>
    <div class="bench"><section class="easel" aria-label=${t('faces.heading')}>${easel(room)}</section>${begun ? side(room) : about(room)}</div>
    ${begun ? html`${fuseSection(room)}${blendSection(room)}${gridSection(room)}${insideSection(room)}` : nothing}
    ${liveSection()}
    ${begun ? about(room) : nothing}</div>`
}
