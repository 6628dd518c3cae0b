/**
 * The site as it comes to an older browser: under /without/NAMES/ a script takes parts of the browser away before the page begins, and
 * before each of its workers does.
 */

/** Each runs in a page and in its workers, before anything else. @type {Record<string, () => void>} */
const takes = {
  OffscreenCanvas() { Reflect.deleteProperty(globalThis, 'OffscreenCanvas') },
  locks() { Object.defineProperty(Object.getPrototypeOf(navigator), 'locks', { value: undefined, configurable: true }) },
  gpu() { Object.defineProperty(Object.getPrototypeOf(navigator), 'gpu', { value: undefined, configurable: true }) },
  /** Options are not looked at. */
  bitmapOptions() {
    const native = globalThis.createImageBitmap
    globalThis.createImageBitmap = /** @type {any} */ ((source, ...rest) => native(source, ...rest.filter(each => typeof each !== 'object')))
  },
  /** An unknown choice in them is an error, as for every enumeration of WebIDL. */
  bitmapChoices() {
    const native = globalThis.createImageBitmap
    globalThis.createImageBitmap = /** @type {any} */ (async (source, ...rest) => {
      if (rest.some(each => each?.imageOrientation === 'from-image')) throw new TypeError('from-image is no ImageOrientation')
      return native(source, ...rest)
    })
  },
  AVIF() {
    const native = globalThis.createImageBitmap
    globalThis.createImageBitmap = /** @type {any} */ (async (source, ...rest) => {
      const head = source instanceof Blob ? await source.slice(4, 12).text() : ''
      if (head === 'ftypavif') throw new DOMException('The source image could not be decoded.', 'InvalidStateError')
      return native(source, ...rest)
    })
  }
}

const prefix = '/without/'
export const without = (/** @type {string[]} */ ...names) => `${prefix}${names.join('+')}`

/** @param {string[]} names */
const script = names => names.map(name => `({ ${takes[name]} }).${name}()`).join('\n')

/** @param {import('node:http').RequestListener} serve @returns {import('node:http').RequestListener} */
export const lacking = serve => (request, response) => {
  const url = request.url ?? ''
  if (!url.startsWith(prefix)) return serve(request, response)
  const [folder] = url.slice(prefix.length).split('/')
  const home = `${prefix}${folder}`
  const taking = script(folder.split('+'))
  const file = url.slice(home.length)
  const path = file.split(/[?#]/)[0]
  if (path === '/takes.js') {
    response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp' })
    return response.end(taking)
  }
  request.url = file
  // Nothing of this is kept for later.
  if (path === '/sw.js') request.url = '/none'
  if (!path.endsWith('/') && !path.endsWith('.html') && !/\/worker-[^/]+\.js$/.test(path)) return serve(request, response)
  // The script stands before the whole text, which is longer by it.
  const first = path.endsWith('.js') ? `import '${home}/takes.js'\n` : `<!doctype html><script src="${home}/takes.js"></script>`
  const { writeHead } = response
  response.writeHead = /** @type {any} */ ((status, { 'content-length': _, ...headers } = {}) => {
    writeHead.call(response, status, headers)
    return response.write(first)
  })
  return serve(request, response)
}
