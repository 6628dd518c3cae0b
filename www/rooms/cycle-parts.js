// What every experiment of the laboratory shows: a picture under glass, how far the work is, the scale of the error maps.
import { html, nothing } from 'lit'
import '../elements/colour-scale.js'
import '../elements/picture-panel.js'
import '../elements/work-progress.js'
import { colourAt, positionOf } from '../elements/draw/difference.js'
import { number, t } from '../i18n/translate.js'

export const fixed = value => number(value, { minimumFractionDigits: 3, maximumFractionDigits: 3 })
/** Round on the scale's square root: 0, 1/8, 1/4, 1/2, 3/4, 1. */
const errorTicks = [0, 4, 16, 64, 144, 255].map(value => ({ at: positionOf(value), value }))

/** What is being done here, or nothing. @param {any} room @param {string} place */
export function progress(room, place) {
  if (room.work?.place !== place) return nothing
  return html`<work-progress .text=${room.work.text()} .share=${room.work.share} cancellable @cancel=${() => room.cancel()}></work-progress>`
}

/** A picture of the run, lit while the diagram speaks of it. */
export function panel(room, picture, { label, code, kind, name = '', waiting = '' }) {
  return html`<picture-panel data-picture=${name} .picture=${picture} .label=${label} .code=${code} .kind=${kind} .waiting=${waiting}
      ?lit=${name !== '' && room.lit.includes(name)}></picture-panel>`
}

/** A map under the same glass. */
export function mapPanel(name, map, label, code) {
  return html`<picture-panel data-picture=${name} .map=${map} .label=${label} .code=${code}></picture-panel>`
}

export function errorScale() {
  return html`<colour-scale .colour=${colourAt} .ticks=${errorTicks} .text=${t('cycle.error_scale')}></colour-scale>`
}
