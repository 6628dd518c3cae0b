/** Lets Node import the engine's modules: what only the build can resolve becomes small stand-ins. */
import { register } from 'node:module'

const source = `
const inline = code => 'data:text/javascript,' + encodeURIComponent(code)
const engines = { cpu: { glue: 'cpu.js', wasm: 'cpu.wasm', bytes: 1 }, webgpu: { glue: 'webgpu.js', wasm: 'webgpu.wasm', bytes: 1 } }
const standIns = {
  'virtual:engines': inline('export const root = "http://site.test/"; export const locate = place => root + place; export const engines = ' + JSON.stringify(engines)),
  '../styles/tokens.css?raw': inline('export default ""'),
  './worker.js?worker&url': inline('export default "http://site.test/worker.js"')
}
export const resolve = (name, context, next) =>
  standIns[name] ? { url: standIns[name], shortCircuit: true } : next(name, context)
`
register(`data:text/javascript,${encodeURIComponent(source)}`)
