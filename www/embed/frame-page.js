// embed.html: one element, named and set by the address, in a frame that may have no origin and no storage. What it says to the
// page around it, and hears from it, is in docs/embedding.md; both ends know each other by `event.source` and a port of their own.
import '../gan-atelier.js'
import { readAddress } from '../store.js'
import { protocol, requestOf } from './frame-protocol.js'
import { kinds } from './kinds.js'

/** What a host may call. */
const calls = ['start', 'play', 'pause', 'reset', 'step', 'discriminator', 'generator', 'scene']
const events = ['ready', 'report', 'recovered', 'error']

const params = readAddress(location)
const tags = Object.keys(kinds)
const tag = tags.find(name => name === params.get('element')) ?? tags[0]
const element = /** @type {import('./define.js').Embedded} */ (document.createElement(tag))

/** Nobody who writes such a parameter means us. */
const others = /^(utm_|_)|clid$/

/** What the address says and no element can use. */
function unread() {
  const known = ['element', 'allow', ...(/** @type {any} */ (element.constructor).observedAttributes ?? [])]
  const wished = params.get('element')
  return [...(wished && wished !== tag ? [`element=${wished}`] : []), ...[...params.keys()].filter(name => !known.includes(name) && !others.test(name))]
}

/** A frame cannot ask what its sandbox allows; what might do nothing is not offered, unless the address says that it works. */
function useless() {
  if (self.origin !== 'null') return []
  const allowed = (params.get('allow') ?? '').split(/[\s,]+/)
  return [...(allowed.includes('popups') ? [] : ['link']), ...(allowed.includes('downloads') ? [] : ['save'])]
}

/** @param {Record<string, any>} attributes */
function set(attributes) {
  const known = /** @type {any} */ (element.constructor).observedAttributes ?? []
  const hidden = useless().join(' ')
  const hide = 'hide' in attributes && hidden ? { hide: [attributes.hide || '', hidden].join(' ').trim() } : {}
  for (const [name, value] of Object.entries({ ...attributes, ...hide })) {
    if (!known.includes(name)) continue
    if (value === null || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  document.documentElement.lang = element.language
  document.documentElement.dataset.theme = element.getAttribute('theme') ?? ''
}

/** Plain data alone may leave the frame. @param {any} detail */
const plain = detail => structuredClone(JSON.parse(JSON.stringify(detail, (_, value) => (ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value))))

/** @param {MessagePort} port @param {NonNullable<ReturnType<typeof requestOf>>} request */
async function answer(port, { id, call, args, attributes }) {
  try {
    if (attributes) set(attributes)
    else if (!calls.includes(call)) throw Object.assign(new Error(`There is no call "${call}".`), { code: 'Unsupported' })
    const result = attributes ? {} : await element.command(call, ...args)
    port.postMessage({ id, result: plain(result ?? {}) })
  } catch (error) {
    const { code = 'Internal', message } = /** @type {any} */ (error)
    port.postMessage({ id, error: { code, message } })
  }
}

const height = () => Math.ceil(element.getBoundingClientRect().height)

/** @param {MessagePort} port */
function serve(port) {
  port.onmessage = ({ data }) => {
    const request = requestOf(data)
    if (request) answer(port, request)
  }
  for (const name of events) element.addEventListener(`atelier-${name}`, event => port.postMessage({ event: name, detail: plain(/** @type {CustomEvent} */ (event).detail) }))
  new ResizeObserver(() => port.postMessage({ event: 'height', detail: height() })).observe(element)
}

function listen() {
  const hello = () => parent.postMessage({ ganAtelier: protocol, type: 'hello' }, '*')
  let served = false
  addEventListener('message', event => {
    if (event.source !== parent || event.data?.ganAtelier !== protocol) return
    if (event.data.type === 'who' && !served) hello()
    const [port] = event.ports
    if (event.data.type !== 'connect' || served || !port) return
    served = true
    serve(port)
  })
  hello()
}

element.unread = unread()
set({ ...(useless().length && { hide: '' }), ...Object.fromEntries(params) })
document.body.replaceChildren(element)
if (parent !== window) listen()
