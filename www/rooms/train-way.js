// The way of a training in the training room: every recorded step to look at again, trails in the plane, latents over time, a film.
import { html, nothing } from 'lit'
import '../elements/way-strip.js'
import { has, number, t, within } from '../i18n/translate.js'
import { failure, notice } from './notices.js'
import { download } from './train-files.js'
import { fewOf } from './train-tiles.js'
import { Way, seen, trailTo } from './way.js'
import { wayFilm } from './way-film.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */
/** @typedef {import('./way.js').Frame} Frame */
/** @typedef {{ step: number, frame: Frame, view: any, metrics: any, trail: ArrayLike<number>[], strip: Frame[] }} Looking */

/** Moments and latents of a strip: as many as a telephone shows. */
const [stripMoments, stripLatents] = [6, 4]

/** Every step that can be looked at again, rising: the way's and those that a session is kept of. @param {TrainRoom} room @returns {Frame[]} */
export function framesOf({ trainer, timeline }) {
  const frames = new Map([...timeline.moments.map(({ frame }) => frame), ...(trainer.way?.frames ?? [])].map(frame => [frame.step, frame]))
  return [...frames.values()].sort((a, b) => a.step - b.step)
}

/** @param {TrainRoom} room @param {Frame} frame @returns {Looking} */
export function lookingAt({ trainer }, frame) {
  const { way, view: { real, sample }, dataset } = trainer
  const { step, metrics } = frame
  const trail = dataset?.kind === 'points' ? trailTo(way ?? new Way(), frame) : []
  return { step, frame, metrics, view: { real, sample, ...seen(frame) }, trail, strip: way?.chosen(stripMoments, step) ?? [] }
}

/** @param {TrainRoom} room */
export const trailOf = ({ looking, shown }) => (looking && shown.trail ? looking.trail : undefined)

/** The same few latents from the first known step to the one that is looked at. @param {any} state */
export function strip({ looking, dataset, collecting }) {
  if (!looking || collecting || !dataset || dataset.kind === 'points' || looking.strip.length < 2) return nothing
  const columns = looking.strip.map(frame => ({ step: frame.step, tiles: fewOf(dataset.kind, seen(frame), stripLatents) }))
  return html`<way-strip .columns=${columns} most=${stripMoments} .ranges=${dataset.range ?? []} ?given=${dataset.kind === 'pairs' || dataset.kind === 'faces'}></way-strip>`
}

const datasetName = id => (has(`dataset.${id}`) ? t(`dataset.${id}`) : id)

/** The whole way as a GIF, in the colours of the page. @param {TrainRoom} room */
export async function saveFilm(room) {
  const { trainer, config, shown, pictureLook, stage } = room
  const { way, dataset } = trainer
  if (!way || !dataset || room.filming) return
  const stop = new AbortController()
  const report = (done, total) => {
    room.filming = { done, total, stop }
    stage.draw()
  }
  report(0, 1)
  await room.halt()
  const place = /** @type {HTMLElement} */ (stage.root.host)
  const caption = step => within(place, () => t('share.caption', { name: datasetName(config.dataset), step }))
  try {
    const film = await wayFilm({ way, dataset, real: trainer.view.real, shown, look: pictureLook, place, caption }, report, stop.signal)
    if (!film) return
    const [name, count, size] = [`${config.dataset}-way-${trainer.step}.gif`, film.count, film.blob.size / 1e6]
    download(film.blob, name)
    notice('filmed', () => t('way.filmed', { name, count, size: number(size, { maximumFractionDigits: 1 }) }), { passing: true })
  } catch (error) {
    failure(error)
  } finally {
    room.filming = null
    stage.draw()
  }
}
