/** What counts workers, their memory and the graphics card's buffers; around the product, in its page and in front of its workers' text. */

export function inPage() {
  const scope = /** @type {any} */ (globalThis)
  const Native = Worker
  /** @type {Worker[]} */
  const alive = []
  /** What each worker holds, asked of its own counter. A helper that is busy answers late. */
  const ask = worker => new Promise(resolve => {
    const { port1, port2 } = new MessageChannel()
    const done = value => { port1.close(); resolve(value) }
    port1.onmessage = ({ data }) => done(data)
    setTimeout(() => done(null), 20_000)
    Native.prototype.postMessage.call(worker, { soak: port2 }, [port2])
  })
  scope.soak = {
    workers: () => alive.length,
    held: async () => (await Promise.all(alive.map(ask))).filter(Boolean)
  }
  scope.Worker = class extends Native {
    constructor(...args) {
      super(.../** @type {[any]} */ (args))
      alive.push(this)
    }

    terminate() {
      const at = alive.indexOf(this)
      if (at >= 0) alive.splice(at, 1)
      super.terminate()
    }
  }
}

function inWorker() {
  const scope = /** @type {any} */ (globalThis)
  /** Not held from here: an instance that the worker gave up must be free to go. @type {WeakRef<WebAssembly.Memory>[]} */
  const memories = []
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = /** @type {any} */ (async (...args) => {
    const made = await /** @type {any} */ (instantiate)(...args)
    const { memory } = (made.instance ?? made).exports
    if (memory) memories.push(new WeakRef(memory))
    return made
  })
  let buffers = 0
  let bytes = 0
  const [device, buffer] = [scope.GPUDevice?.prototype, scope.GPUBuffer?.prototype]
  if (device && buffer) {
    const live = new WeakMap()
    const { createBuffer } = device
    const { destroy } = buffer
    const collected = new FinalizationRegistry((/** @type {{ size: number, live: boolean }} */ about) => forget(about))
    const forget = about => {
      if (!about.live) return
      about.live = false
      buffers--
      bytes -= about.size
    }
    device.createBuffer = function (about) {
      const made = createBuffer.call(this, about)
      const noted = { size: about.size, live: true }
      live.set(made, noted)
      collected.register(made, noted)
      buffers++
      bytes += about.size
      return made
    }
    buffer.destroy = function () {
      const noted = live.get(this)
      if (noted) forget(noted)
      return destroy.call(this)
    }
  }
  scope.addEventListener('message', async (/** @type {MessageEvent} */ event) => {
    const port = event.data?.soak
    if (!port) return
    event.stopImmediatePropagation()
    // Chromium is started with --expose-gc; what is collected is told a task later.
    for (let time = 0; time < 2; time++) {
      scope.gc?.()
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    port.postMessage({ wasm: memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0), buffers, bytes })
  })
}

export const workerText = `(${inWorker})()`
