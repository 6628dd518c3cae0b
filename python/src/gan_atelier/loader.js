// The widget's own module, as small as it can be: it travels with every widget. What does the work comes from the kernel, over the same
// channel and once a page, however many widgets there are; it is imported from a blob, as this module is.

/** What a page holds of each version. @type {Map<string, Home>} */
const homes = (globalThis.ganAtelierHomes ??= new Map())

class Home {
  page = Array.from(crypto.getRandomValues(new Uint32Array(2)), part => part.toString(36)).join('')
  /** Channels of the widgets that are alive, by their ids. */
  wires = new Map()
  /** Questions without an answer so far. @type {Map<number, { place: string, resolve: (blob: Blob) => void, reject: (error: Error) => void }>} */
  asked = new Map()
  /** @type {Map<string, Promise<Blob>>} */
  parts = new Map()
  studios = new Map()
  next = 1

  /** @param {string} place @returns {Promise<Blob>} */
  part(place) {
    if (!this.parts.has(place)) {
      const coming = new Promise((resolve, reject) => {
        const ask = this.next++
        this.asked.set(ask, { place, resolve, reject })
        for (const wire of this.wires.values()) wire.send({ type: 'part', ask, place })
      })
      coming.catch(() => this.parts.delete(place))
      this.parts.set(place, coming)
    }
    return this.parts.get(place)
  }

  /** A kernel that was started anew does not know what its predecessor was asked: whoever comes asks again. */
  join(id, wire) {
    this.wires.set(id, wire)
    for (const [ask, { place }] of this.asked) wire.send({ type: 'part', ask, place })
  }

  /** @param {{ ask: number, packed?: boolean, missing?: string }} answer @param {DataView[]} buffers */
  async take({ ask, packed, missing }, [bytes]) {
    const question = this.asked.get(ask)
    // Several widgets may have passed the question on.
    if (!question) return
    this.asked.delete(ask)
    if (missing) return question.reject(new Error(missing))
    const blob = new Blob([bytes])
    const whole = packed ? new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).blob() : blob
    Promise.resolve(whole).then(question.resolve, question.reject)
  }

  main() {
    this.module ??= this.part('atelier.js').then(async text => {
      const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
      try {
        const module = await import(address)
        module.bringParts(place => this.part(place))
        return module
      } finally {
        URL.revokeObjectURL(address)
      }
    })
    return this.module
  }
}

function homeOf(model) {
  const version = model.get('_version')
  if (!homes.has(version)) homes.set(version, new Home())
  return homes.get(version)
}

export default {
  initialize({ model }) {
    const home = homeOf(model)
    const id = model.get('_id')
    const listeners = new Set()
    const hear = (content, buffers = []) => {
      if (content?.type === 'part') home.take(content, buffers)
      else for (const listener of listeners) listener(content, buffers)
    }
    model.on('msg:custom', hear)
    const wire = {
      page: home.page,
      send: (content, buffers) => model.send(content, undefined, buffers),
      listen: listener => listeners.add(listener),
      change(state) {
        for (const [name, value] of Object.entries(state)) model.set(name, value)
        model.save_changes()
      }
    }
    home.join(id, wire)
    const studio = home.main().then(({ open }) => open(wire, model.get('_kind')))
    home.studios.set(id, studio)
    return () => {
      model.off('msg:custom', hear)
      home.wires.delete(id)
      home.studios.delete(id)
      studio.then(opened => opened.close(), () => {})
    }
  },

  render({ model, el }) {
    const studio = homeOf(model).studios.get(model.get('_id'))
    const words = document.createElement('p')
    words.textContent = /^zh/i.test(model.get('_language') || navigator.language)
      ? 'GAN Atelier：等待核心。如果一直停在這裡，請重新執行這一格。'
      : 'GAN Atelier: waiting for the kernel. If this stays, run the cell again.'
    el.append(words)
    let take = () => {}
    let gone = false
    studio?.then(opened => {
      words.remove()
      if (!gone) take = opened.show(el)
    }, error => {
      // Elements of an older version stand in this page, and a name is given once.
      const older = error.name === 'NotSupportedError'
      words.textContent = `GAN Atelier: ${older ? 'this page holds another version of it. Reload the page. · 這一頁裡有另一個版本，請重新載入。' : error.message}`
    })
    return () => {
      gone = true
      take()
    }
  }
}
