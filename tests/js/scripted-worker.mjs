/** A worker that answers a task later, without an engine; what it answers, `serve` of those that extend it says. Puts them in the page's place of workers. */
export class ScriptedWorker {
  asked = /** @type {any[]} */ ([])
  dead = false
  onmessage = /** @type {(event: { data: any }) => void} */ (() => {})
  onerror = /** @type {(event: { message: string }) => void} */ (() => {})

  constructor() {
    setTimeout(() => this.emit({ listening: true }))
  }

  postMessage(message) {
    if (message.id === undefined) return
    this.asked.push(message)
    setTimeout(() => { if (!this.dead) this.serve(message) })
  }

  terminate() { this.dead = true }

  emit(data) { if (!this.dead) this.onmessage({ data }) }

  /** @param {{ id: number, call: string, args: any }} _message */
  serve(_message) {}
}

/** @param {typeof ScriptedWorker} kind */
export function workAs(kind) {
  globalThis.Worker = /** @type {any} */ (kind)
  globalThis.location = /** @type {any} */ (new URL('http://site.test/page'))
  globalThis.fetch = async () => new Response(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
}
