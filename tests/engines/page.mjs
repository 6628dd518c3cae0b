/** What the scenarios do in a page: the functions here are sent there as text. */

/** The page's own helpers; they last until the next page. */
function helpers() {
  const scope = /** @type {any} */ (globalThis)
  /** Also within shadow trees: `outer inner` looks for `inner` in the trees below `outer`. @param {string} selector @param {ParentNode} [from] @returns {any[]} */
  const all = (selector, from = document) => {
    const inside = [...from.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? all(selector, shadowRoot) : []))
    return [...from.querySelectorAll(selector), ...inside]
  }
  scope.findAll = (...path) => path.reduce((found, selector) => found.flatMap(each => [...(each.shadowRoot ? all(selector, each.shadowRoot) : []), ...all(selector, each)]), [document])
  scope.find = (...path) => scope.findAll(...path)[0]
  /** @param {() => any} read @param {string} what it is waited for @param {number} [ms] */
  scope.until = async (read, what, ms = 45_000) => {
    const late = performance.now() + ms
    for (;;) {
      const found = await read()
      if (found) return found
      if (performance.now() > late) throw new Error(`${what}: not within ${ms / 1000} s`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  scope.press = async (...path) => {
    const button = await scope.until(() => { const found = scope.find(...path); return found && !found.disabled && found }, `a press of ${path.at(-1)}`)
    button.click()
  }
  /** As somebody gives files to a field. */
  scope.give = (field, ...files) => {
    const carried = new DataTransfer()
    for (const file of files) carried.items.add(file)
    field.files = carried.files
    field.dispatchEvent(new Event('change', { bubbles: true }))
  }
  scope.steps = place => Number(scope.find(...place, '[data-figure=step] dd')?.textContent.replace(/\D/g, '') ?? 0)
  /** A picture as a file. @param {number} width @param {number} height @param {(context: CanvasRenderingContext2D) => any} paint */
  scope.drawn = async (name, width, height, paint) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    await paint(canvas.getContext('2d'))
    return new File([await new Promise(resolve => canvas.toBlob(resolve, 'image/png'))], name, { type: 'image/png' })
  }
  scope.hills = context => {
    for (const [colour, top] of /** @type {const} */ ([['#9ec1e8', 0], ['#3d6b35', 0.6], ['#6d8a3a', 0.75], ['#c9a227', 0.9]])) {
      context.fillStyle = colour
      context.fillRect(0, top * context.canvas.height, context.canvas.width, context.canvas.height)
    }
  }
  /** How many colours a canvas shows. */
  scope.colours = canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size
  scope.mishaps = []
  // No error, though it comes as one: an element that is measured again in the next frame.
  addEventListener('error', event => { if (!/^ResizeObserver loop/.test(event.message)) scope.mishaps.push(String(event.message)) })
  addEventListener('unhandledrejection', event => scope.mishaps.push(String(event.reason)))
}

/** @param {import('./driver.mjs').Driver} driver @param {string} url */
export async function visit(driver, url) {
  await driver.goto(url)
  await driver.evaluate(helpers)
}

/**
 * Asks until something true comes back, also while one page gives way to the next.
 * @param {import('./driver.mjs').Driver} driver @param {string} what @param {Function} read without the helpers
 */
export async function across(driver, what, read) {
  for (const late = performance.now() + 45_000; performance.now() < late;) {
    const found = await driver.evaluate(read).catch(() => null)
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${what}: not within 45 s`)
}

/** Imports the module into a bare page, which keeps the workers that it starts. @param {import('./driver.mjs').Driver} driver @param {string} page @param {string} module */
export async function openModule(driver, page, module) {
  await visit(driver, page)
  await driver.evaluate(async url => {
    const scope = /** @type {any} */ (globalThis)
    const Native = Worker
    scope.workers = []
    scope.Worker = class extends Native {
      constructor(...args) {
        super(.../** @type {[any]} */ (args))
        scope.workers.push(this)
      }
    }
    scope.openAtelier = (await import(url)).openAtelier
  }, module)
}
