/**
 * For a page that shows `embed.html` in a frame and may run a script: the frame as high as what is in it, its events, and calls to it.
 *
 * @example
 * import { connectFrame } from './gan-atelier-frame.js'
 * const frame = await connectFrame(document.querySelector('iframe'))
 * frame.addEventListener('report', event => console.log(event.detail.step))
 * await frame.call('play')
 */
import { protocol } from './embed/frame-protocol.js'

/** A frame that has not answered by then shows something else. */
const patienceMs = 30_000

/** Fires `ready`, `report`, `recovered`, `error` and `height` with what the element in the frame said. */
export class Frame extends EventTarget {
  #port
  #next = 1
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  #asked = new Map()

  /** @param {MessagePort} port */
  constructor(port) {
    super()
    this.#port = port
    port.onmessage = ({ data }) => this.#hear(data)
  }

  /** @param {any} data */
  #hear(data) {
    // Another site's page is in the frame: what makes no sense is passed over.
    if (!data || typeof data !== 'object') return
    if (data.event) return this.dispatchEvent(new CustomEvent(data.event, { detail: data.detail }))
    const asked = this.#asked.get(data.id)
    this.#asked.delete(data.id)
    if (data.error) asked?.reject(Object.assign(new Error(data.error.message), { code: data.error.code }))
    else asked?.resolve(data.result)
  }

  /** @param {object} request @returns {Promise<any>} */
  #ask(request) {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject })
      this.#port.postMessage({ id, ...request })
    })
  }

  /** @param {'start' | 'play' | 'pause' | 'reset' | 'step' | 'discriminator' | 'generator' | 'scene'} name @param {any[]} args */
  call(name, ...args) { return this.#ask({ call: name, args }) }

  /** Sets attributes of the element; null takes one away. @param {Record<string, string | boolean | null>} attributes */
  set(attributes) { return this.#ask({ set: attributes }) }

  close() { this.#port.close() }
}

/**
 * @param {HTMLIFrameElement} iframe @param {{ autoHeight?: boolean }} [options]
 * @returns {Promise<Frame>} rejects with the code `Unsupported` where the frame speaks another version, `Network` where it stays silent
 */
export function connectFrame(iframe, options = {}) {
  const { autoHeight = true, ...unknown } = options
  return new Promise((resolve, reject) => {
    const [strange] = Object.keys(unknown)
    if (strange) throw Object.assign(new Error(`connectFrame has no setting \`${strange}\`; it has autoHeight.`), { code: 'InvalidConfig' })
    const fail = (/** @type {string} */ code, /** @type {string} */ message) => { stop(); reject(Object.assign(new Error(message), { code })) }
    const timer = setTimeout(() => fail('Network', 'The frame does not answer.'), patienceMs)
    // A frame without an origin is told from others by its window alone.
    const heard = (/** @type {MessageEvent} */ event) => {
      if (event.source !== iframe.contentWindow || event.data?.type !== 'hello' || !event.data.ganAtelier) return
      if (event.data.ganAtelier !== protocol) return fail('Unsupported', `The frame speaks version ${event.data.ganAtelier}, this page ${protocol}.`)
      stop()
      const { port1, port2 } = new MessageChannel()
      const frame = new Frame(port1)
      if (autoHeight) frame.addEventListener('height', height => { iframe.style.height = `${/** @type {CustomEvent} */ (height).detail}px` })
      iframe.contentWindow?.postMessage({ ganAtelier: protocol, type: 'connect' }, '*', [port2])
      resolve(frame)
    }
    const stop = () => { clearTimeout(timer); removeEventListener('message', heard) }
    addEventListener('message', heard)
    // It may have said hello before anybody listened.
    iframe.contentWindow?.postMessage({ ganAtelier: protocol, type: 'who' }, '*')
  })
}
