// What the laboratory shows, as a function of the room's state: the bench, then one section an experiment.
import { css, html, nothing } from 'lit'
import '../elements/cycle-diagram.js'
import { grouped } from '../elements/grouped.js'
import '../elements/key-figures.js'
import '../elements/photo-input.js'
import '../elements/picture-panel.js'
import { has, number, t } from '../i18n/translate.js'
import { identityView, messageView, realismView } from './cycle-experiments.js'
import { errorScale, fixed, mapPanel, panel, progress } from './cycle-parts.js'

export const cycleStyles = css`
  .lab { display: grid; gap: clamp(2.25rem, 5vw, 4rem); grid-template-columns: minmax(0, 1fr); }
  .bench { display: grid; gap: 1.25rem clamp(1.25rem, 3vw, 2.5rem); border: 1px solid var(--edge); background: var(--sheet); padding: clamp(0.9rem, 2.4vw, 1.5rem); grid-template-columns: minmax(0, 1fr); }
  .settings { display: grid; gap: 1.1rem clamp(1.25rem, 3vw, 2.5rem); align-content: center; min-width: 0; }
  fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: 0.3rem; min-width: 0; align-content: start; }
  legend { font: 600 1.05rem/1.4 var(--serif); padding: 0; margin-bottom: 0.3rem; }
  .choice { display: flex; align-items: center; gap: 0.5rem; min-height: 1.9rem; cursor: pointer; }
  .choices { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
  .ends { display: flex; justify-content: space-between; gap: 0.75rem; }
  .experiment { display: grid; gap: 1.1rem; border-top: 1px solid var(--edge); padding-top: 1.1rem; min-width: 0; }
  .experiment > header { display: grid; gap: 0.35rem; max-width: 52rem; }
  .experiment h2 { font-size: 1.5rem; display: flex; gap: 0.6rem; align-items: baseline; }
  .number { color: var(--ink-soft); font-variant-numeric: lining-nums; }
  .row-of-pictures { display: grid; gap: 1.25rem clamp(0.75rem, 1.8vw, 1.5rem); grid-template-columns: repeat(2, minmax(0, 1fr)); align-items: start; }
  .row-of-pictures.three { grid-template-columns: minmax(0, 1fr); }
  .row-of-pictures.matrix { gap: 1.1rem clamp(0.5rem, 1.8vw, 1.5rem); grid-template-columns: repeat(3, minmax(0, 1fr)); max-width: 60rem; }
  .matrix + colour-scale { max-width: 60rem; }
  .under { display: grid; gap: 1.25rem clamp(1.25rem, 3vw, 2.5rem); grid-template-columns: minmax(0, 1fr); align-items: start; }
  .findings { display: grid; gap: 0.6rem; align-content: start; min-width: 0; }
  .verdict { font: 600 1.1rem/1.5 var(--serif); }
  .tools { display: grid; gap: 1.1rem; align-content: start; }
  @media (min-width: 40rem) { .row-of-pictures.three { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
  @media (min-width: 52rem) {
    .row-of-pictures:not(.matrix, .three) { grid-template-columns: repeat(4, minmax(0, 1fr)); }
    .bench { grid-template-columns: minmax(15rem, 0.8fr) minmax(0, 2fr); }
    .settings { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .matrix + colour-scale { max-width: 60rem; }
  .under { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  }
`

/** @param {number} index @param {string} name @param {unknown} content */
function experiment(index, name, content) {
  return html`<section class="experiment" data-experiment=${name} aria-labelledby=${`cycle-${name}`}>
    <header><h2 id=${`cycle-${name}`}><span class="number" aria-hidden="true">${index}</span>${t(`cycle.${name}_heading`)}</h2>
    <p>${t(`cycle.${name}_text`)}</p></header>${content}</section>`
}

function bench(room) {
  const { cards, start, side } = room
  const radio = (name, value, chosen, text, act) => html`<label class="choice"><input type="radio" name=${grouped(name)} value=${value} .checked=${chosen} @change=${act}>${text}</label>`
  const way = from => t('cycle.way', { from: room.domain(from), to: room.domain(from === 'a' ? 'b' : 'a') })
  const named = domain => (has(`cycle.domain.${domain}`) ? t(`cycle.domain.${domain}`) : domain)
  const pairName = ({ domains: [a, b] }) => (a === 'photo' ? named(b) : t('cycle.translates', { from: named(a), to: named(b) }))
  return html`<div class="bench">
    <photo-input compact @photo=${event => room.take(event.detail.blob, event.detail.name)} @scene=${() => room.tryScene()}></photo-input>
    <div class="settings">
      ${cards.length > 1 ? html`<fieldset><legend>${t('cycle.pair')}</legend><div class="choices">${cards.map(card => radio('pair', card.id, room.modelId === card.id,
        pairName(card), () => room.choosePair(card.id)))}</div></fieldset>` : nothing}
      <fieldset><legend>${t('cycle.start')}</legend>${['a', 'b'].map(from => radio('start', from, start === from, way(from), () => room.choose({ start: from })))}</fieldset>
      <fieldset><legend><label for="cycle-side">${t('cycle.side')}</label></legend>
        <input id="cycle-side" type="range" min="128" max="512" step="64" .value=${String(side)} aria-valuetext=${t('cycle.side_value', { side: String(side) })}
            @input=${event => room.choose({ side: Number(event.target.value) })}>
        <span class="ends small soft" aria-hidden="true"><span>${t('cycle.side_fast')}</span><output>${t('cycle.side_value', { side: String(side) })}</output><span>${t('cycle.side_fine')}</span></span>
      </fieldset>
      <p class="small soft">${t(room.subject(start) === 'lake' ? 'cycle.scene_note' : 'cycle.scene_note_animal')}</p>
      <div>${room.sources[start] ? html`<button type="button" data-command="travel" class="primary" @click=${() => room.travel()}>${t('cycle.travel')}</button>` : nothing}</div>
    </div>
  </div>`
}

function tripFigures(room) {
  const { run } = room
  const { width, height } = run.original
  const time = t('cycle.seconds', { n: number(run.ms / 1000, { maximumFractionDigits: 1 }) })
  const figures = [
    { key: 'cycle_l1', name: t('cycle.cycle_l1'), value: fixed(run.cycle_l1), kind: 'made' },
    { key: 'error_mean', name: t('cycle.error_mean'), value: number(run.error_mean, { maximumFractionDigits: 1 }) },
  ]
  return html`<div class="findings"><key-figures .figures=${figures}></key-figures>
    <p class="small soft">${t('cycle.worked', { width: String(width), height: String(height), time, device: t(`train.device_${run.device.kind}`) })}${t('note.space')}${t('cycle.l1_note')}</p></div>`
}

function trip(room) {
  const { run, names } = room
  const waiting = t(room.sources[room.start] ? 'cycle.trip_again' : 'cycle.no_picture')
  return html`${progress(room, 'cycle')}
    <div class="row-of-pictures">
      ${panel(room, run?.original, { name: names.real, kind: 'real', label: t('cycle.input', { domain: room.domain(room.start) }), code: names.real, waiting })}
      ${panel(room, run?.translation, { name: names.fake, kind: 'made', label: t('cycle.translation', { domain: room.domain(names.arrives) }), code: `${names.fake} = ${names.there}(${names.real})` })}
      ${panel(room, run?.reconstruction, { name: names.rec, kind: 'made', label: t('cycle.reconstruction'), code: `${names.rec} = ${names.back}(${names.fake})` })}
      ${mapPanel('error', run?.error, t('cycle.error_map'), `|${names.rec} − ${names.real}|`)}
    </div>
    ${run ? html`<div class="under">${tripFigures(room)}${errorScale()}</div>` : nothing}`
}

function diagram(room) {
  const domains = { a: room.domain('a'), b: room.domain('b') }
  const other = room.start === 'a' ? 'b' : 'a'
  return html`<cycle-diagram .pictures=${room.pictures()} .domains=${domains} @stage=${event => room.choose({ lit: event.detail.names })}></cycle-diagram>
    <p class="small soft">${t('cycle.diagram_note')}</p>
    ${room.run && !room.runs[other] ? html`<div><button type="button" data-command="other-half" ?disabled=${Boolean(room.work)} @click=${() => room.tryScene(other, 'diagram')}>${t('cycle.other_half', { domain: room.domain(other) })}</button></div>` : nothing}${progress(room, 'diagram')}`
}

/** @param {any} room */
export function cycleView(room) {
  if (!room.cards) return html`<p class="soft">${t('cycle.work_opening')}</p>`
  if (!room.cards.length) return html`<p class="soft">${t('cycle.no_pair')}</p>`
  // A pair without published discriminators has no realism map.
  const views = { cycle: trip, diagram, identity: identityView, ...(room.card?.discriminators && { realism: realismView }), message: messageView }
  const sections = Object.entries(views).map(([name, draw], index) => experiment(index + 1, name, draw(room)))
  return html`<div class="lab">${bench(room)}${sections}</div>`
}
