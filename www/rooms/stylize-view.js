// How the painting room looks: the easel with the queue below it, and the settings beside them.
import { css, html, nothing } from 'lit'
import '../elements/before-after.js'
import '../elements/camera-shot.js'
import '../elements/device-report.js'
import { grouped } from '../elements/grouped.js'
import '../elements/painter-picker.js'
import '../elements/photo-input.js'
import '../elements/photo-queue.js'
import '../elements/picture-actions.js'
import '../elements/strength-sliders.js'
import '../elements/work-progress.js'
import { describeError, has, number, t } from '../i18n/translate.js'
import { canCopy, canShare } from './stylize-files.js'
import { takeHome } from './stylize-home.js'
import { liveView } from './stylize-live-view.js'
import { painterName, wayName } from './stylize-painters.js'

/** @typedef {import('./stylize.js').StylizeRoom} Room */
/** @typedef {import('./stylize-queue.js').Item} Item */

/** What the working side may be, pixels of the longer side. */
const sides = { least: 256, most: 1024, step: 64 }

/** @type {('working' | 'photo' | 'exact')[]} */
const sizes = ['working', 'photo', 'exact']

export const styles = css`
  .atelier { display: grid; gap: clamp(1.25rem, 3vw, 2.5rem); grid-template-columns: minmax(0, 1fr); }
  .easel { min-width: 0; display: grid; gap: 1rem; align-content: start; }
  .frame { border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.5rem, 2.4vw, 1.6rem); box-shadow: 0 1px 0 var(--rule), 0 0.8rem 1.8rem -1.3rem rgb(0 0 0 / 0.5); min-width: 0; }
  .waiting { display: grid; align-content: center; gap: 1rem; min-height: clamp(15rem, 42vw, 27rem); padding: clamp(1rem, 8vw, 5rem); background: var(--well); }
  .waiting .row { justify-content: start; }
  .settings { display: grid; gap: 1.5rem; align-content: start; }
  .hint { border: 1px solid var(--edge); border-inline-start: 4px solid var(--real); background: var(--sheet); padding: 0.6rem 0.9rem; display: flex; flex-wrap: wrap; gap: 0.4rem 1.2rem; align-items: center; justify-content: space-between; }
  .hint p { flex: 1 1 18rem; }
  fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: 0.35rem; min-width: 0; }
  legend { font: 600 1.05rem/1.4 var(--serif); padding: 0; margin-bottom: 0.35rem; }
  .choice { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: baseline; gap: 0 0.5rem; min-height: 1.9rem; cursor: pointer; }
  .choice small { grid-column: 2; font-size: var(--step--1); line-height: 1.45; color: var(--ink-soft); }
  .ends { display: flex; justify-content: space-between; }
  .queue { display: grid; gap: 0.75rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
  .queue h2 { margin-inline-end: auto; }
  .queue .row { gap: 0.4rem; }
  .facts { border-top: 1px solid var(--rule); padding-top: 0.9rem; display: grid; gap: 0.6rem; }
  summary { cursor: pointer; text-decoration: underline; text-underline-offset: 0.2em; }
  details p { margin-top: 0.6rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0.75rem 0 0; max-height: 24rem; overflow: auto; border: 1px solid var(--rule); padding: 0.75rem; }
  .paint { width: 100%; }
  .onward { font-family: var(--serif); font-weight: 600; }
  .onward::after { content: ' →'; }
  @media (min-width: 58rem) { .atelier { grid-template-columns: minmax(0, 1.6fr) minmax(17rem, 0.8fr); } }
`

/** @param {number} ms */
export function duration(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000))
  return seconds < 90 ? t('stylize.seconds', { n: seconds }) : t('stylize.minutes', { n: Math.round(seconds / 60) })
}

/** @param {{ work: any }} place @param {() => void} [cancel] */
function progress({ work }, cancel) {
  if (!work) return nothing
  return html`<work-progress .text=${work.text()} .share=${work.share} .remaining=${work.remaining()} ?cancellable=${Boolean(cancel)} @cancel=${() => cancel?.()}></work-progress>`
}

/** @param {Room} room @param {boolean} [compact] large on the empty easel, then small beside the painting */
function input(room, compact = false) {
  return html`<photo-input many ?watching=${!room.live.isOpen} ?compact=${compact} @photos=${event => room.take(event.detail.photos)} @weights=${event => room.own.bring(event.detail.files)}
      @camera=${() => room.openCamera(true)} @live=${() => room.live.open()} @scene=${() => room.tryScene()}></photo-input>`
}

/** @param {Room} room */
function easel(room) {
  if (room.live.isOpen) return html`${progress(room)}${liveView(room)}`
  const { item } = room
  const { shown } = room.easel
  if (room.camera) {
    return html`<div class="frame"><camera-shot @photos=${event => room.take(event.detail.photos)} @close=${() => room.openCamera(false)}></camera-shot></div>`
  }
  if (!item) return html`${progress(room)}<div class="frame">${input(room)}</div>`
  const underWay = html`${progress(room)}${item.state === 'painting' ? progress(item, () => room.queue.cancel(item)) : nothing}`
  const { original, painting } = item.preview
  // A sketch of what is being painted now says more than what was painted before.
  if (shown && !painting) {
    const said = item.state === 'failed' ? failed(room, item) : nothing
    return html`${underWay}${item.state === 'painting' ? nothing : actions(room)}${said}${hint(room, item)}
      <div class="frame"><before-after .original=${shown.original} .painting=${shown.image}></before-after></div>
      <p class="small soft" role="status">${facts(shown)}</p>
      ${shown.painting.device.report ? html`<device-report .text=${shown.painting.device.report}></device-report>` : nothing}
      ${strength(room)}`
  }
  if (original) return html`${underWay}${hint(room, item)}<div class="frame"><before-after .original=${original} .painting=${painting} ?still=${!painting}></before-after></div>`
  return html`<div class="frame"><div class="waiting">${waiting(room, item, underWay)}</div></div>`
}

/** The words on an easel without a picture. @param {Room} room @param {Item} item @param {unknown} underWay */
function waiting(room, item, underWay) {
  if (item.state === 'failed') return failed(room, item)
  if (item.state === 'cancelled') {
    return html`<p>${t('stylize.cancelled')}</p><div class="row"><button type="button" class="primary" data-command="again" @click=${() => room.queue.again(item)}>${t('stylize.paint')}</button></div>`
  }
  if (item.state === 'waiting' && room.queue.halted) {
    return html`<p>${t('stylize.halted', { why: describeError(room.queue.halted) })}</p>
      <div class="row"><button type="button" class="primary" data-command="resume" @click=${() => room.queue.resume()}>${t('error.retry')}</button></div>`
  }
  if (item.state === 'waiting') return html`<p role="status">${t('stylize.state_waiting')}</p>${progress(room)}`
  return item.state === 'done' ? html`<p role="status">${t('stylize.unpacking')}</p>` : underWay
}

/** @param {Room} room @param {Item} item */
function failed(room, item) {
  return html`<div role="alert" data-failed><p class="soft small">${item.name}</p><p>${t('error.title')} ${describeError(item.error)}</p></div><div class="row">
    ${room.queue.retryable(item) ? html`<button type="button" class="primary" data-command="again" @click=${() => room.queue.again(item)}>${t('error.retry')}</button>` : nothing}
    <button type="button" data-command="remove" @click=${() => room.remove(item.id)}>${t('stylize.queue_remove')}</button></div>`
}

/** @param {Room} room */
function actions(room) {
  const { settings, easel: hung } = room
  return html`<picture-actions .type=${settings.type} .quality=${settings.quality} ?undo=${hung.hasStep(-1)} ?redo=${hung.hasStep(1)} ?copying=${canCopy()} ?sharing=${canShare()}
    @download=${() => hung.download()} @copy=${() => hung.copy()} @share=${() => hung.share()} @undo=${() => hung.step(-1)} @redo=${() => hung.step(1)}
    @format=${event => room.choose(event.detail)}></picture-actions>`
}

/** Beside the picture, since it moves with the sliders. @param {Room} room */
function strength(room) {
  const { luminance, colour } = room.settings
  return html`<strength-sliders role="group" aria-label=${t('stylize.strength')} .luminance=${luminance} .colour=${colour} @strength=${event => room.strengthen(event.detail)}></strength-sliders>`
}

/** @param {import('./stylize-easel.js').Shown} shown */
function facts({ image, painting: { ms, device: { kind, reason }, painter, direction } }) {
  const size = t('stylize.pixels', { width: String(image.width), height: String(image.height) })
  const why = has(`train.reason.${reason}`) ? t(`train.reason.${reason}`) : ''
  const done = t('stylize.done', { time: duration(ms), device: t(`train.device_${kind}`) })
  return t('stylize.facts', { way: wayName(painter, direction), size, done, why })
}

/** Was the other direction meant? Said, never done. @param {Room} room @param {Item} item */
function hint(room, item) {
  const painter = room.painters.painter
  const { suggestion } = item
  const direction = item.paintings[item.at]?.direction ?? room.settings.direction
  if (!painter || !suggestion?.confident || suggestion.painter !== painter.id || suggestion.direction === direction || suggestion.direction === room.settings.direction) return nothing
  const [is] = suggestion.direction === 'b' ? painter.domains : [...painter.domains].reverse()
  const way = wayName(painter, suggestion.direction)
  return html`<div class="hint" data-hint role="status"><p>${t(`stylize.suggest_${has(`stylize.suggest_${is}`) ? is : 'other'}`, { way })}</p>
    <button type="button" data-command="switch" @click=${() => room.turnRound(item, suggestion.direction)}>${t('stylize.switch', { way })}</button></div>`
}

/** What was left out, or else everything that the settings have moved on from. @param {Room} room */
function paintAll({ queue: { busy, items, finished }, queue, key }) {
  const left = items.filter(item => queue.retryable(item))
  const stale = finished.filter(item => item.paintings[item.at].key !== key)
  const [wanted, text] = left.length ? [left, 'paint_rest'] : [stale, 'paint_all']
  if (busy || wanted.length < 2) return nothing
  return html`<button type="button" data-command="paint-all" @click=${() => queue.everyAgain(wanted)}>${t(`stylize.${text}`)}</button>`
}

/** @param {Room} room */
function queue(room) {
  const { items } = room.queue
  // Beside the live camera nothing else shows what was kept of it.
  if (items.length < (room.live.isOpen ? 1 : 2)) return nothing
  const finished = room.queue.finished.length
  const rows = items.map(item => ({
    id: item.id, name: item.name, thumb: item.thumb, state: item.state, share: item.work?.share || 0, retry: room.queue.retryable(item),
    text: item.state === 'failed' ? describeError(item.error) : undefined,
  }))
  return html`<section class="queue" aria-label=${t('stylize.queue')}>
    <div class="row"><h2>${t('stylize.queue_count', { done: finished, count: items.length })}</h2>
      ${room.queue.busy ? html`<button type="button" data-command="cancel-all" @click=${() => room.queue.cancelAll()}>${t('stylize.cancel_all')}</button>` : nothing}
      ${paintAll(room)}
      ${finished ? html`<button type="button" data-command="download-all" ?disabled=${Boolean(room.work)} @click=${() => room.easel.downloadAll()}>${t('stylize.download_all')}</button>` : nothing}
      ${room.queue.busy ? nothing : html`<button type="button" class="plain" data-command="clear" @click=${() => room.clear()}>${t('stylize.clear')}</button>`}</div>
    <photo-queue .rows=${rows} chosen=${room.chosen} @choose=${event => room.show(event.detail.id)} @remove=${event => room.remove(event.detail.id)}
      @cancel=${event => room.with(event.detail.id, item => room.queue.cancel(item))} @retry=${event => room.with(event.detail.id, item => room.queue.again(item))}></photo-queue>
  </section>`
}

/** @param {Room} room */
function painterChoice(room) {
  const { painters } = room
  const rows = painters.list.map(painter => ({
    id: painter.id,
    name: painter.card ? painterName(painter.domains) : painter.name,
    note: painter.card ? t('stylize.painter_shipped') : t('stylize.painter_own'),
  }))
  return html`<fieldset><legend>${t('stylize.model')}</legend>
    ${room.ready && !rows.length ? html`<p class="soft">${t('stylize.no_model')}</p>` : nothing}
    <painter-picker .painters=${rows} .chosen=${painters.chosen} .asked=${room.own.asked?.names ?? null} ?busy=${Boolean(room.work)}
      @painter=${event => room.choosePainter(event.detail.id)} @weights=${event => room.own.bring(event.detail.files)}
      @order=${event => room.own.asked?.open(event.detail.forward)}></painter-picker>
    ${architecture(painters.painter)}${suits(painters.painter)}
    <details class="small"><summary>${t('stylize.own_summary')}</summary><p>${t('stylize.own_help')}</p><p>${t('stylize.own_trained')}</p></details>
  </fieldset>`
}

/** What to give a shipped painter that is not for any photo. @param {import('./stylize-painters.js').Painter | undefined} painter */
const suits = painter => (painter?.card && has(`stylize.suits.${painter.id}`) ? html`<p class="small soft" data-suits>${t(`stylize.suits.${painter.id}`)}</p>` : nothing)

/** What was found in a visitor's files. @param {import('./stylize-painters.js').Painter | undefined} painter */
function architecture(painter) {
  if (!painter?.architecture) return nothing
  const line = ({ filters, blocks, upsample, canvas, form: { channels: [from, to], halving, smooth } }) => [
    t('stylize.architecture', { filters, blocks }),
    t(`stylize.upsample_${smooth ? 'smooth' : upsample}`),
    ...(halving === 'blurred' ? [t('stylize.antialiased')] : []),
    ...(from === 1 ? [t('stylize.grey_in')] : []),
    ...(to === 1 ? [t('stylize.grey_out')] : []),
    ...(canvas === 'empty' ? [] : [t(`stylize.canvas_${canvas}`)]),
  ].join(t('note.separator'))
  const ways = Object.entries(painter.architecture).filter(([, found]) => found)
  return html`<div class="small soft" data-architecture>${ways.map(([way, found]) => html`<p>${wayName(painter, way === 'ab' ? 'b' : 'a')}: ${line(found)}</p>`)}
    ${painter.directions.length < 2 ? html`<p>${t('stylize.one_way')}</p>` : nothing}${reading(ways.map(([, found]) => found))}</div>`
}

/** How files were read where that is not plain; what holds for both directions is said once. @param {{ notes: any[] }[]} found */
function reading(found) {
  const text = ({ note, names, smooth, ...more }) => t(`stylize.read_${note}${note === 'doubling' ? (smooth ? '_smooth' : '_nearest') : ''}`, { ...more, names: names?.join(t('note.separator')) })
  return [...new Set(found.flatMap(({ notes }) => notes.map(text)))].map(said => html`<p data-reading>${said}</p>`)
}

/** @param {Room} room */
function directions(room) {
  const painter = room.painters.painter
  if (!painter) return nothing
  return html`<fieldset><legend>${t('stylize.direction')}</legend>${painter.directions.map(way => html`<label class="choice"><input type="radio" name=${grouped('direction')} value=${way}
      .checked=${room.settings.direction === way} @change=${() => room.choose({ direction: way })}><span>${wayName(painter, way)}</span></label>`)}</fieldset>`
}

/** @param {Room} room */
function brush(room) {
  const side = String(room.side)
  const value = t('stylize.side_value', { side })
  return html`<fieldset><legend><label for="side">${t('stylize.side')}</label></legend>
    <input id="side" type="range" min=${sides.least} max=${sides.most} step=${sides.step} .value=${side} aria-valuetext=${value} aria-describedby="side-help"
        @input=${event => room.choose({ side: Number(event.target.value) })}>
    <span class="ends small soft" aria-hidden="true"><span>${t('stylize.side_broad')}</span><output>${value}</output><span>${t('stylize.side_fine')}</span></span>
    <p id="side-help" class="small soft">${t('stylize.side_help')}</p></fieldset>`
}

/** @param {Room} room */
function outputSize(room) {
  return html`<fieldset><legend>${t('stylize.size')}</legend>${sizes.map(size => html`<label class="choice"><input type="radio" name=${grouped('size')} value=${size}
      .checked=${room.settings.size === size} @change=${() => room.choose({ size })}><span>${t(`stylize.size_${size}`)}</span><small>${t(`stylize.size_${size}_help`)}</small></label>`)}
    ${estimate(room)}</fieldset>`
}

/** @param {Room} room */
function estimate({ estimated }) {
  if (!estimated) return nothing
  const memory = t('stylize.memory', { n: number(estimated.bytes / 1e6, { maximumSignificantDigits: 2 }) })
  const text = estimated.seconds === null ? t('stylize.estimate_memory', { memory }) : t('stylize.estimate', { time: duration(estimated.seconds * 1000), memory })
  return html`<p class="small" role="status" data-estimate>${text}</p>`
}

/** @param {Room} room */
function settings(room) {
  const { item } = room
  const repaint = item && html`<button type="button" data-command="paint" class="paint ${room.changed ? 'primary' : ''}" ?disabled=${item.state === 'painting' || (item.state === 'waiting' && !room.queue.halted) || (item.state === 'failed' && !room.queue.retryable(item))}
      @click=${() => room.queue.again(item)}>${t(item.at >= 0 ? 'stylize.repaint' : 'stylize.paint')}</button>`
  return html`<div class="settings">
    ${item || room.camera || room.live.isOpen ? input(room, true) : nothing}
    ${painterChoice(room)}${directions(room)}${room.live.isOpen ? nothing : html`${brush(room)}${outputSize(room)}${repaint ?? nothing}`}
    ${about(room)}
  </div>`
}

/** @param {Room} room */
function about(room) {
  const card = room.painters.painter?.card
  return html`<div class="facts small"><p><a class="onward" href="#cycle" data-command="laboratory" @click=${event => room.toLaboratory(event)}>${t('stylize.laboratory')}</a></p>
    ${card ? html`<p class="soft">${t('stylize.licence', { licence: card.licence })}</p>
    <details @toggle=${() => room.readCard(card)}><summary>${t('stylize.card')}</summary><pre>${room.cards.get(card.id) ?? ''}</pre></details>` : nothing}</div>
    ${takeHome(room)}`
}

/** @param {Room} room */
export function view(room) {
  return html`<div class="atelier"><section class="easel" aria-label=${t('stylize.result')}>${easel(room)}${queue(room)}</section>
    <section aria-label=${t('stylize.input')}>${settings(room)}</section></div>`
}
