// The faces room's experiments: what fusing does, the path between two people, and one thing changed at a time.
import { html, nothing } from 'lit'
import '../elements/distance-table.js'
import '../elements/drgan-diagram.js'
import '../elements/face-grid.js'
import '../elements/face-picture.js'
import { yawLimit, yawText } from '../elements/face-turner.js'
import { number, percent, t } from '../i18n/translate.js'
import { usable } from './faces-album.js'
import { blended, codeOf, fusion, gridYaws, pathShares, readBack, turned } from './faces-plan.js'

/** @typedef {import('./faces.js').FacesRoom} Room */

/** The darkest cell of the table: features that have nothing in common. */
const farthest = 1

/** @param {string} id @param {unknown} inner */
const section = (id, inner) => html`<section class="experiment" aria-labelledby=${`${id}-heading`} data-experiment=${id}><h2 id=${`${id}-heading`}>${t(`faces.${id}_heading`)}</h2>
  <p>${t(`faces.${id}_text`)}</p>${inner}</section>`

/** @param {Room} room */
export function fuseSection(room) {
  const { person, studio } = room
  if (!person) return nothing
  const name = room.nameOf(person)
  const steps = fusion(room, person)
  const encoded = room.encoded(person)
  if (!steps.length) return section('fuse', html`<p class="soft">${t('faces.fuse_first', { name })}</p>`)
  const names = person.kept ? steps.map((_, index) => t('faces.kept_photo', { index: index + 1 })) : person.shots.filter(({ placed }) => placed).map(({ source }) => source.name)
  const pictures = person.kept ? [] : person.shots.filter(({ placed }) => placed).map(shot => room.aligned(shot))
  return section('fuse', html`<div class="pair">
    <ol class="series">${steps.map(({ key }, index) => html`<li><face-picture kind="made" .picture=${key ? studio.show(`fuse ${person.id} ${index}`, key) : undefined}
      label=${t('faces.fuse_after_label', { name, count: index + 1 })}></face-picture><span class="small">${t('faces.fuse_after', { count: index + 1 })}</span></li>`)}</ol>
    ${encoded?.distances ? html`<div><h3>${t('faces.fuse_distances')}</h3><distance-table label=${t('faces.fuse_distances')} .names=${names} .pictures=${pictures} .distances=${encoded.distances} most=${farthest}></distance-table>
      <p class="small soft">${t('faces.fuse_distances_note')}</p></div>` : nothing}</div>`)
}

/** @param {Room} room @param {string} id @param {string} label @param {{ min: number, max: number, step: number, value: number, text: string }} range @param {(value: number) => void} set */
const knob = (room, id, label, { min, max, step, value, text }, set) => html`<label for=${id}>${label}</label>
  <input id=${id} type="range" min=${min} max=${max} step=${step} .value=${String(value)} aria-valuetext=${text} @input=${event => set(Number(event.target.value))}><output>${text}</output>`

/** @param {Room} room */
export function blendSection(room) {
  const { person, studio, pose, album } = room
  if (!person || !usable(person)) return nothing
  const others = album.state.people.filter(each => each !== person && usable(each))
  const one = room.nameOf(person)
  if (!others.length) return section('blend', html`<p class="soft">${t('faces.blend_first', { name: one })}</p>`)
  const partner = album.partner ?? others[0]
  const other = room.nameOf(partner)
  const ids = `${person.id} ${partner.id}`
  const text = percent(pose.share)
  const label = share => t('faces.blend_label', { share: percent(1 - share), one, other, yaw: yawText(pose.blendYaw) })
  const main = studio.show(`blend ${ids}`, blended(room, pose.share, pose.blendYaw).key)
  return section('blend', html`<div class="pair"><face-picture class="blended" kind="made" .picture=${main} label=${label(pose.share)}></face-picture>
    <div class="side"><div class="knobs">
      <label for="partner">${t('faces.blend_between')}</label><select id="partner" @change=${event => room.change(each => each.look({ partner: Number(event.target.value) }))}>
        ${others.map(each => html`<option value=${each.id} .selected=${each === partner}>${room.nameOf(each)}</option>`)}</select>
      ${knob(room, 'share', t('faces.blend_share'), { min: 0, max: 1, step: 0.01, value: pose.share, text }, share => room.turn({ share }))}
      ${knob(room, 'blend-yaw', t('faces.yaw'), { min: -yawLimit, max: yawLimit, step: 1, value: pose.blendYaw, text: yawText(pose.blendYaw) }, blendYaw => room.turn({ blendYaw }))}</div>
      <ol class="series path" aria-label=${t('faces.blend_path', { one, other })}>${pathShares.map((share, index) => html`<li><face-picture kind="made" .picture=${studio.show(`path ${ids} ${index}`, blended(room, share, pose.blendYaw).key)}
        label=${label(share)}></face-picture><span class="small">${percent(share)}</span></li>`)}</ol>
      <div><button type="button" data-command="download-blend" ?disabled=${!main} @click=${() => room.download(main, other)}>${t('faces.download')}</button></div></div></div>`)
}

/** @param {Room} room */
export function gridSection(room) {
  const ready = room.album.state.people.filter(usable)
  if (!ready.length) return nothing
  const rows = ready.map(person => {
    const name = room.nameOf(person)
    const cells = gridYaws.map(yaw => {
      const read = room.studio.show(`read ${person.id} ${yaw}`, readBack(room, person, yaw).key)
      const lines = read ? [t('faces.grid_yaw', { value: yawText(Math.round(read.yaw)) }), t('faces.grid_same', { value: number(read.same, { maximumFractionDigits: 2 }) })] : []
      return { picture: room.studio.show(`grid ${person.id} ${yaw}`, turned(room, person, yaw).key), label: t('faces.grid_cell', { name, yaw: yawText(yaw) }), lines }
    })
    return { name, cells }
  })
  return section('grid', html`<face-grid label=${t('faces.grid_label')} .columns=${gridYaws.map(yawText)} .rows=${rows}></face-grid>
    <p class="small soft">${t('faces.grid_text_read')}</p>
    ${ready.length < 2 ? html`<p class="small soft">${t('faces.grid_more')}</p>` : nothing}`)
}

/** @param {Room} room */
export function insideSection(room) {
  const { person, pose, studio } = room
  const encoded = room.encoded(person)
  if (!person || !encoded) return nothing
  const code = studio.show('code', codeOf(room, person, pose.yaw).key)
  const shot = person.shots.find(({ placed }) => placed)
  const two = (/** @type {number} */ value) => number(value, { maximumFractionDigits: 2 })
  const vectors = { confidence: [encoded.weights[0]], identity_features: code?.identity_features, pose_code: code?.pose_code, noise: code?.noise }
  const notes = {
    encoder: '96 × 96 → 320', decoder: '360 → 96 × 96', confidence: two(encoded.weights[0]),
    ...Object.fromEntries(['identity_features', 'pose_code', 'noise'].filter(name => vectors[name]).map(name => [name, t('faces.vector_note', { count: vectors[name].length, norm: two(Math.hypot(...vectors[name])) })])),
    ...(code?.read && { yaw: yawText(Math.round(code.read.yaw)), identity: t('faces.identity_note', { value: two(Math.max(...code.read.identity)) }), real: percent(code.read.real) }),
  }
  return section('inside', html`<drgan-diagram .pictures=${{ x: shot && room.aligned(shot), fake: studio.show(`turned ${person.id}`, turned(room, person, pose.yaw).key) }} .vectors=${vectors} .notes=${notes}></drgan-diagram>`)
}

/** The same networks, small, learning on faces of our own: no photo is needed. */
export const liveSection = () => section('live', html`<p><a class="onward" href="#train?v=1&family=drgan&dataset=faces&seed=7" data-command="live">${t('faces.live_start')}</a></p>`)
