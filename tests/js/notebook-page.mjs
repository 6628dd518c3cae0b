/** The least of a page that a notebook's widgets ask for, and workers that answer without an engine. Imported before the widgets are. */
import { register } from 'node:module'
import { ScriptedWorker, workAs } from './scripted-worker.mjs'

globalThis.HTMLElement ??= /** @type {any} */ (class { attachShadow() { return {} } })
globalThis.customElements ??= /** @type {any} */ ({ get() {}, define() {} })
const node = () => ({ style: {}, append() {}, classList: {}, attachShadow: () => ({}) })
globalThis.document ??= /** @type {any} */ (Object.assign(new EventTarget(), {
  hidden: false, createElement: node, createTreeWalker: () => ({}), createComment: () => ({}), documentElement: { lang: 'en', dataset: {} }, importNode: each => each
}))
globalThis.addEventListener ??= () => {}
globalThis.matchMedia ??= /** @type {any} */ (() => ({ matches: false, addEventListener() {} }))
globalThis.navigator ??= /** @type {any} */ ({ language: 'en', hardwareConcurrency: 1 })

const source = `
const nothing = 'data:text/javascript,export default "";export const GIFEncoder=0,quantize=0,applyPalette=0'
export const resolve = (name, context, next) =>
  name === 'gifenc' || (/\\.css|\\?(raw|url|worker)/.test(name) && name !== '../styles/tokens.css?raw' && !name.includes('worker&url')) ? { url: nothing, shortCircuit: true } : next(name, context)
export const load = (url, context, next) => url.endsWith('.json') ? next(url, { ...context, importAttributes: { type: 'json' } }) : next(url, context)
`
register(`data:text/javascript,${encodeURIComponent(source)}`)

// What the page would only tidy up half a minute later holds no test up.
const later = globalThis.setTimeout
globalThis.setTimeout = /** @type {any} */ ((run, ms, ...more) => {
  const timer = later(run, ms, ...more)
  if (ms > 5000) timer.unref()
  return timer
})

/** @type {Training[]} */
export const workers = []

/** Every step has its number as its loss. */
class Training extends ScriptedWorker {
  steps = 0

  constructor() {
    super()
    workers.push(this)
  }

  checkpoint() { this.emit({ checkpoint: Uint8Array.of(this.steps), step: this.steps }) }

  serve({ id, call, args }) {
    if (call === 'start') this.emit({ locked: false })
    if (call === 'openTraining') this.steps = args.bytes[0]
    const from = this.steps
    if (call === 'step') this.steps += args.n
    if (call === 'startTraining' || call === 'openTraining') this.checkpoint()
    const losses = () => Float32Array.from({ length: this.steps - from }, (_, at) => from + at + 1)
    const results = {
      start: { kind: 'cpu', name: 'test' }, step: { step: this.steps, loss_d: losses(), loss_g: losses(), metrics: {}, ms_per_step: 1 },
      sample: { kind: 'points', data: new Float32Array(2), shape: [1, 2] }, inspect: { data: new Float32Array(2), size: 1 }, save: Uint8Array.of(this.steps),
    }
    this.emit({ id, result: results[call] ?? { config: { family: 'gan', ...args?.config }, steps: this.steps, dataset: { id: 'ring', kind: 'points', shape: [2] } } })
  }
}

workAs(Training)

export const rest = ms => new Promise(resolve => setTimeout(resolve, ms))

/** @param {() => any} holds */
export async function eventually(holds) {
  for (let wait = 0; wait < 400; wait++) {
    if (holds()) return
    await rest(5)
  }
  throw new Error(`never: ${holds}`)
}

/** A kernel that notes what it is told and answers as Python does. */
export class Wire {
  page = 'p'
  told = /** @type {{ content: any, buffers: any[] }[]} */ ([])
  changed = /** @type {any[]} */ ([])
  hear = /** @type {(content: any, buffers?: any[]) => void} */ (() => {})
  /** Whether it answers reports. */
  hears = true

  send = (content, buffers = []) => {
    this.told.push({ content, buffers })
    if (content.type === 'report' && this.hears) setTimeout(() => this.say('seen'))
  }
  listen = listener => { this.hear = listener }
  change = state => { this.changed.push(state) }

  say(type, content = {}, buffers = []) { this.hear({ ...content, type, to: this.page }, buffers) }
  of(type) { return this.told.filter(({ content }) => content.type === type) }
}
