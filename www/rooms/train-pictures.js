// What the training room shows of networks that make pictures, and where the visitor's own are asked for.
import { html, nothing } from 'lit'
import '../elements/appraiser-row.js'
import '../elements/class-grid.js'
import '../elements/latent-walk.js'
import '../elements/own-pictures.js'
import '../elements/smile-slider.js'
import { t } from '../i18n/translate.js'

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function askForPictures({ schema }, act) {
  return html`<own-pictures ?classed=${schema.family === 'acgan'} @gather=${({ detail: { data, shake } }) => act.learn(data, { augment: shake ? 'shake' : 'none' })}></own-pictures>`
}

/** Ways to look at what is made. @type {Record<string, { fits: (dataset: any, family: string) => boolean, view: (state: any, act: Record<string, (...args: any[]) => any>) => unknown }>} */
const looks = {
  contest: { fits: () => true, view: ({ view }) => html`<appraiser-row .real=${view.scores?.real} .fake=${view.scores?.fake}></appraiser-row>` },
  classes: { fits: (dataset, family) => family === 'acgan' && dataset.classes?.length > 1, view: ({ view }) => html`<class-grid .columns=${view.classes ?? []}></class-grid>` },
  walk: {
    fits: () => true,
    view: ({ view, walk, dataset, schema }, act) => html`<latent-walk .frames=${view.walk} .classes=${schema.family === 'acgan' ? dataset.classes ?? [] : []} label=${walk.label}
      @walk=${act.walkElsewhere} @label=${event => act.walkAs(event.detail.label)}></latent-walk>`,
  },
}

/** The smile is one of the drawn faces', and a class is a person. */
looks.smile = {
  fits: (dataset, family) => family === 'acgan' && dataset.id === 'faces',
  view: ({ view, smile, step }, act) => html`<smile-slider .frames=${view.smiles} .found=${smile.found} ?busy=${smile.busy} ?unlearned=${step === 0} @find=${act.findSmile}></smile-slider>`,
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act @param {unknown} overlay */
export function pictureEasel(state, act, overlay) {
  const { dataset, schema, view, looking, pictureLook = 'contest' } = state
  // An embedded training shows its pictures and nothing to choose.
  const fitting = schema ? Object.keys(looks).filter(name => looks[name].fits(dataset, schema.family)) : ['contest']
  // What was not looked at then is not known of an earlier step; the contest always is.
  const known = !looking || view[{ classes: 'classes', walk: 'walk', smile: 'smiles' }[pictureLook] ?? 'scores']
  const look = fitting.includes(pictureLook) && known ? pictureLook : 'contest'
  return html`<div class="frame pictures">
    ${fitting.length > 1 ? html`<div class="looks" role="group" aria-label=${t('acgan.looks')}>${fitting.map(name => html`<button type="button" class="plain" data-look=${name}
      aria-pressed=${name === look} @click=${() => act.pictureLook(name)}>${t(`acgan.look_${name}`)}</button>`)}</div>` : nothing}
    ${looks[look].view(state, act)}${overlay}</div>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function pictureNotes({ dataset, collecting, trained, ready, idx }, act) {
  if (collecting || dataset?.kind !== 'images') return nothing
  if (trained) return html`<div class="files"><button type="button" data-command="trained" ?disabled=${!ready} @click=${act.showTrained}>${t('acgan.trained')}</button></div>
    <p class="small soft">${t('acgan.trained_help')}</p>`
  if (!dataset.own) return nothing
  return html`${idx ? html`<p class="small">${t(dataset.transposed ? (dataset.lying ? 'own.turned_named' : 'own.turned') : 'own.lying')}</p>` : nothing}<div class="files">
    ${idx ? html`<button type="button" data-command="turn" ?disabled=${!ready} @click=${act.turn}>${t(dataset.transposed ? 'own.turn_back' : 'own.turn')}</button>` : nothing}
    <button type="button" class="plain" data-command="other-data" @click=${act.otherData}>${t('own.other')}</button></div>`
}
