// What the training room shows of networks that make pictures, and where the visitor's own are asked for.
import { html, nothing } from 'lit'
import '../elements/appraiser-row.js'
import '../elements/own-pictures.js'
import { t } from '../i18n/translate.js'

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function askForPictures(state, act) {
  return html`<own-pictures @gather=${({ detail: { data, shake } }) => act.learn(data, { augment: shake ? 'shake' : 'none' })}></own-pictures>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act @param {unknown} overlay */
export function pictureEasel({ view }, act, overlay) {
  return html`<div class="frame pictures"><appraiser-row .real=${view.scores?.real} .fake=${view.scores?.fake}></appraiser-row>${overlay}</div>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function pictureNotes({ dataset, collecting }, act) {
  if (collecting || !dataset?.own) return nothing
  return html`<div class="files"><button type="button" class="plain" data-command="other-data" @click=${act.otherData}>${t('own.other')}</button></div>`
}
