// Where the work is done, said where something stood in the way of the graphics card: a reader who waits longer may know why.
import { html, nothing } from 'lit'
import '../elements/device-report.js'
import { has, t } from '../i18n/translate.js'

/** Nothing stood in the way. */
const wished = ['', 'asked', 'small_task', 'heavy_task']

/** @param {import('../engine/resident.js').Device | null | undefined} device */
export function runsOn(device) {
  if (!device || wished.includes(device.reason) || !has(`train.reason.${device.reason}`)) return nothing
  const values = { device: t(`train.device_${device.kind}`), reason: t(`train.reason.${device.reason}`) }
  return html`<p class="small soft" data-reason=${device.reason}>${t('train.device', values)}</p>${device.report ? html`<device-report .text=${device.report}></device-report>` : nothing}`
}
