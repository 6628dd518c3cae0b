// How the live camera looks in the painting room: the camera with its painting, what is measured, and what should be known of it.
import { html } from 'lit'
import '../elements/live-camera.js'
import { number, t } from '../i18n/translate.js'
import { leastRate, sides } from './live-pace.js'
import { fileName, save } from './stylize-files.js'
import { painterName } from './stylize-painters.js'

/** @typedef {import('./stylize.js').StylizeRoom} Room */

/** @param {Room} room */
function figures({ live: { figures: found, device } }) {
  if (!found) return ''
  const rate = number(found.rate, { maximumFractionDigits: found.rate < 10 ? 1 : 0 })
  return t('live.figures', { rate, side: String(found.side), device: t(`train.device_${device.kind}`) })
}

/** How large it is painted, where that is not what it began with. @param {import('./stylize-live.js').LiveView} live */
function size({ figures: found, pace }) {
  if (!found || found.side === sides[0]) return ''
  return t(pace.short ? 'live.short' : 'live.smaller', { side: String(found.side), least: String(leastRate) })
}

/** @param {Room} room */
function note({ live, painters: { list } }) {
  const names = list.filter(({ card }) => card?.quick).map(({ domains }) => painterName(domains)).join(t('note.separator'))
  const whole = live.quick ? [] : [t('live.whole'), names && t('live.quick_ones', { names })]
  return [...whole, size(live)].filter(Boolean).join('\n')
}

/** @param {Room} room @param {{ blob: Blob, name: string }} painted */
function download({ painters: { painter }, settings: { direction } }, { blob, name }) {
  const domain = painter?.domains[direction === 'b' ? 1 : 0] ?? ''
  save(blob, fileName(name, domain.length > 1 ? domain : `${painter?.name}-${domain}`, 'image/png'))
}

/** @param {Room} room */
export function liveView(room) {
  return html`<div class="frame"><live-camera .paint=${room.live.paint} .figures=${figures(room)} .note=${note(room)}
    @photos=${event => room.keep(event.detail.photos)} @painted=${event => download(room, event.detail)} @rested=${() => room.live.rested()}
    @close=${() => room.live.close()}></live-camera></div>`
}
