// The training room's generator, for other software.
import { html, nothing } from 'lit'
import '../elements/take-home.js'
import { domainNames } from './train-cycle.js'

/** @param {string} dataset @param {string} way @param {number} step @param {string} format */
const named = (dataset, way, step, format) => `${[dataset, way, step].filter(part => part !== '').join('-')}.${format}`

/** What a saved file is called. @param {any} state @param {'onnx' | 'safetensors'} format @param {'a' | 'b'} [direction] of a family that translates */
export function fileName({ config, step }, format, direction) {
  return named(config.dataset, direction ? { a: 'ba', b: 'ab' }[direction] : '', step, format)
}

/** @param {any} state of the room @param {Record<string, (...args: any[]) => any>} act */
export function homeSection(state, act) {
  const { schema, config, step, ready, collecting } = state
  if (collecting) return nothing
  const { a, b } = domainNames(config.dataset)
  const ways = schema.family === 'cyclegan' ? [{ id: 'b', name: `${a} → ${b}` }, { id: 'a', name: `${b} → ${a}` }] : []
  const names = (/** @type {'onnx' | 'safetensors'} */ format, /** @type {'a' | 'b' | undefined} */ way) => fileName(state, format, way)
  return html`<take-home .family=${schema.family} .ways=${ways} ?ready=${ready && step > 0} .names=${names}
    @take=${event => act.takeHome(event.detail.format, event.detail.way)}></take-home>`
}
