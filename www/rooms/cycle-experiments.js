// The laboratory's experiments on a finished round trip: the identity pass, the realism map, the hidden message.
import { html, nothing } from 'lit'
import '../elements/damage-curve.js'
import { grouped } from '../elements/grouped.js'
import '../elements/realism-map.js'
import { colourOf } from '../elements/draw/realism.js'
import { number, t } from '../i18n/translate.js'
import { errorScale, fixed, mapPanel, panel, progress } from './cycle-parts.js'
import { damages } from './degrade.js'

const realismTicks = [{ at: 0, value: 0 }, { at: 0.5, value: 0.5 }, { at: 1, value: 1 }]

/** @param {any} room */
const first = room => html`<p class="soft">${t(room.sources[room.start] ? 'cycle.trip_again' : 'cycle.trip_first')}</p>`
const figures = list => html`<key-figures .figures=${list}></key-figures>`

export function identityView(room) {
  const { run, names } = room
  if (!run) return first(room)
  const domain = room.domain(room.start)
  const button = html`<div><button type="button" data-command="identity" ?disabled=${Boolean(room.work)} @click=${() => room.identity()}>${t('cycle.identity_run', { network: names.back })}</button></div>`
  if (!run.identity) return html`${button}${progress(room, 'identity')}`
  const { image, l1, error } = run.identity
  return html`<div class="row-of-pictures three">
      ${panel(room, run.original, { name: names.real, kind: 'real', label: t('cycle.input', { domain }), code: names.real })}
      ${panel(room, image, { name: names.idt, kind: 'made', label: t('cycle.identity', { domain }), code: `${names.idt} = ${names.back}(${names.real})` })}
      ${mapPanel('identity-error', error, t('cycle.error_map'), `|${names.idt} − ${names.real}|`)}
    </div>
    <div class="under"><div class="findings">${figures([{ key: 'identity_l1', name: t('cycle.identity_l1'), value: fixed(l1), kind: 'made' },
      { key: 'identity_change', name: t('cycle.translation_l1'), value: fixed(run.translation_l1) }])}<p class="small soft">${t('cycle.l1_note')}</p></div>${errorScale()}</div>`
}

export function realismView(room) {
  const { run, names } = room
  if (!run) return first(room)
  const domain = room.judge || names.arrives
  const maps = run.realism[domain]
  const network = `discriminator_${domain}`
  const size = `${number(room.card.discriminators[domain].bytes / 1e6, { maximumFractionDigits: 1 })} MB`
  const judge = which => html`<label class="choice"><input type="radio" name=${grouped('judge')} value=${which} .checked=${domain === which} @change=${() => room.choose({ judge: which })}>
      ${t('cycle.judge', { network: `discriminator_${which}`, domain: room.domain(which) })}</label>`
  const map = (key, name, label) => html`<realism-map data-picture=${name} .picture=${run[key]} .map=${maps[key]} .label=${label} .code=${`${network}(${name})`}></realism-map>`
  return html`<fieldset><legend>${t('cycle.judge_legend')}</legend><div class="choices">${judge('a')}${judge('b')}</div></fieldset>
    ${maps ? html`<div class="row-of-pictures three">
      ${map('original', names.real, t('cycle.input', { domain: room.domain(room.start) }))}
      ${map('translation', names.fake, t('cycle.translation', { domain: room.domain(names.arrives) }))}
      ${map('reconstruction', names.rec, t('cycle.reconstruction'))}</div>
      <div class="under"><colour-scale .colour=${colourOf} .ticks=${realismTicks} .text=${t('cycle.realism_scale')}></colour-scale><p class="small soft">${t('cycle.realism_note')}</p></div>`
      : html`<div><button type="button" data-command="realism" ?disabled=${Boolean(room.work)} @click=${() => room.readRealism()}>${t('cycle.realism_run', { network, size })}</button></div>`}
    ${progress(room, 'realism')}`
}

/** How an amount of damage is written. @param {string} kind @param {number} amount */
const amountText = (kind, amount) => t(`cycle.amount_${kind}`, { amount })

/** Both ends of the trip, as the texts name them. @param {any} room */
const ends = ({ start, names }) => ({ here: start.toUpperCase(), there: names.arrives.toUpperCase() })

function messageTools(room) {
  const { damage, amount } = room
  const amounts = damages[damage]
  const radio = kind => html`<label class="choice"><input type="radio" name=${grouped('damage')} value=${kind} .checked=${damage === kind} @change=${() => room.choose({ damage: kind })}>${t(`cycle.damage_${kind}`)}</label>`
  const busy = Boolean(room.work)
  return html`<div class="under"><fieldset><legend>${t('cycle.damage', ends(room))}</legend><div class="choices">${Object.keys(damages).map(radio)}</div></fieldset>
    <fieldset><legend><label for="cycle-amount">${t('cycle.amount')}</label></legend>
      <input id="cycle-amount" type="range" min="0" max=${amounts.length - 1} step="1" .value=${String(amount)} aria-valuetext=${amountText(damage, amounts[amount])}
          @input=${event => room.choose({ amount: Number(event.target.value) })}>
      <span class="ends small soft" aria-hidden="true"><span>${t('cycle.amount_little')}</span><output>${amountText(damage, amounts[amount])}</output><span>${t('cycle.amount_much')}</span></span></fieldset></div>
    <div class="row"><button type="button" class="primary" data-command="back" ?disabled=${busy} @click=${() => room.sendBack([amount])}>${t('cycle.send_back', ends(room))}</button>
      <button type="button" data-command="curve" ?disabled=${busy} @click=${() => room.sendBack(amounts.map((_, index) => index))}>${t('cycle.draw_curve', { count: amounts.length })}</button></div>`
}

/**
 * What the figures say, by how much of the damage the way back returns: one is what a network does that hides nothing and adds nothing.
 * @param {{ change: number, answer: number }} entry
 */
export function verdictOf({ change, answer }) {
  if (change === 0) return 'untouched'
  const ratio = answer / change
  if (ratio > 1.5) return 'hidden'
  return ratio > 0.8 ? 'plain' : 'robust'
}

function messageFigures(room, run, entry) {
  const figure = (key, value, kind) => ({ key, name: t(`cycle.${key}`, ends(room)), value, kind })
  const all = [figure('damage_change', fixed(entry.change)), figure('cycle_exact', fixed(run.cycle_l1))]
  if (!entry.back) return figures(all)
  const ratio = entry.change ? number(entry.answer / entry.change, { maximumFractionDigits: 2, minimumFractionDigits: 2 }) : '–'
  return html`${figures([...all, figure('cycle_damaged', fixed(entry.cycle), 'made'), figure('answer', fixed(entry.answer)), figure('amplified', `× ${ratio}`)])}
    <p class="verdict" role="status" data-verdict=${verdictOf(entry)}>${t(`cycle.verdict_${verdictOf(entry)}`, { ratio, ...ends(room) })}</p>`
}

function curve(room) {
  const { run, damage } = room
  const entries = damages[damage].map((_, index) => run.damaged.get(`${damage} ${index}`))
  if (entries.some(entry => !entry?.back)) return nothing
  const points = [{ label: t('cycle.exact'), cycle: run.cycle_l1, change: 0 },
    ...entries.map((entry, index) => ({ label: number(damages[damage][index]), cycle: entry.cycle, change: entry.change }))]
  return html`<div class="findings"><h3>${t('cycle.curve_heading')}</h3><damage-curve .points=${points} .chosen=${room.amount + 1} .axis=${t(`cycle.axis_${damage}`)} .ends=${ends(room)}></damage-curve></div>`
}

export function messageView(room) {
  const { run, names } = room
  if (!run) return first(room)
  const entry = room.damaged()
  const damaged = t('cycle.damaged_code', { name: names.fake })
  const code = { b: damaged, a: `${names.back}(${damaged})` }
  return html`${messageTools(room)}${progress(room, 'message')}
    <div class="row-of-pictures matrix">
      ${panel(room, run.translation, { kind: 'made', label: t('cycle.b_exact', ends(room)), code: names.fake })}
      ${panel(room, entry.damaged, { name: 'damaged', kind: 'made', label: t('cycle.b_damaged', ends(room)), code: code.b })}
      ${mapPanel('damage-map', entry.done, t('cycle.done_map', ends(room)), `|${code.b} − ${names.fake}|`)}
      ${panel(room, run.reconstruction, { kind: 'made', label: t('cycle.from_exact', ends(room)), code: names.rec })}
      ${panel(room, entry.back, { name: 'from_damaged', kind: 'made', label: t('cycle.from_damaged', ends(room)), code: code.a, waiting: t('cycle.not_sent') })}
      ${mapPanel('answer-map', entry.lost, t('cycle.lost_map', ends(room)), `|${code.a} − ${names.rec}|`)}
    </div>
    ${errorScale()}
    <div class="under"><div class="findings">${messageFigures(room, run, entry)}<p class="small soft">${t('cycle.l1_note')}</p></div>${curve(room)}</div>
    <p class="small soft">${t('cycle.message_note')}</p>`
}
