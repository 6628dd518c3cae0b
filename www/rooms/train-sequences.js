// What the training room shows of networks that make sequences, and where the visitor's own are asked for.
import { html, nothing } from 'lit'
import '../elements/class-choice.js'
import '../elements/curve-pad.js'
import '../elements/own-table.js'
import '../elements/sequence-row.js'
import '../elements/sequence-view.js'

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act */
export function askForSequences({ config, table }, act) {
  if (config.dataset === 'curves') return html`<curve-pad @learn=${event => act.learn(event.detail)}></curve-pad>`
  return html`<own-table .found=${table} @look=${event => act.lookAtTable(event.detail.file, event.detail.wish)} @other=${act.otherData}
    @gather=${event => act.learn(event.detail.data)}></own-table>`
}

/** @param {any} state @param {Record<string, (...args: any[]) => any>} act @param {unknown} overlay */
export function sequenceEasel({ dataset, view, step, trainer, config }, act, overlay) {
  const { real, fake } = view.scores ?? {}
  const { classes = [], range = [] } = dataset
  // Without an act nobody listens: an embedded training shows all classes in turn.
  const choice = classes.length && config.conditional && act?.choose
    ? html`<class-choice .classes=${classes} .label=${trainer.watch.label} @choose=${event => act.choose(event.detail.label)}></class-choice>` : nothing
  return html`<div class="frame pictures">${choice}
    <sequence-view .real=${real} .made=${step ? fake : undefined} .ranges=${range} step=${step}></sequence-view>
    <sequence-row .real=${real} .fake=${fake} .ranges=${range} .classes=${classes}></sequence-row>${overlay}</div>`
}
