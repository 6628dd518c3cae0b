// What the training room shows of a CycleGAN: pictures there and back, the visitor's two folders, its generators as files.
import { html, nothing } from 'lit'
import '../elements/cycle-rows.js'
import '../elements/folder-pair.js'
import { t } from '../i18n/translate.js'

/** Pictures of each domain that are looked at. */
export const columns = 4

/** How the domains of a dataset are called. @param {string} dataset @returns {Record<'a' | 'b', string>} */
export function domainNames(dataset) {
  return dataset === 'horses' ? { a: t('pairs.horse'), b: t('pairs.zebra') } : { a: t('pairs.folder_a'), b: t('pairs.folder_b') }
}

/** Where the visitor's two folders are asked for. @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function askForFolders({ config }, act) {
  return html`<folder-pair .side=${config.side} @learn=${({ detail: { a, b, side } }) => act.learn({ a, b }, { side }, true)}></folder-pair>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act @param {unknown} overlay */
export function cycleEasel({ config, view, pairs = columns }, act, overlay) {
  return html`<div class="frame pictures"><cycle-rows .rows=${view.scores} .names=${domainNames(config.dataset)} columns=${pairs}></cycle-rows>${overlay}</div>`
}

/** What to do with what was learned, and what it is not. @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function cycleNotes({ collecting, config, ready, step }, act) {
  if (collecting) return nothing
  const { a, b } = domainNames(config.dataset)
  const weights = (direction, here, there) => html`<button type="button" data-command="export-${direction}" ?disabled=${!ready || !step}
      @click=${() => act.exportGenerator(direction)}>${t('pairs.export', { here, there })}</button>`
  return html`<div class="files">${weights('b', a, b)}${weights('a', b, a)}
      ${config.dataset === 'own' ? html`<button type="button" class="plain" data-command="folders" @click=${act.otherData}>${t('pairs.other_folders')}</button>` : nothing}</div>
    <p class="small soft">${t('pairs.export_help')} ${config.dataset === 'horses' ? t('pairs.photo_help') : nothing} <a href="#stylize">${t('pairs.to_stylize')}</a></p>`
}
