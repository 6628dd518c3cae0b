/** The built site on its port, whose answers can be spoiled on their way: broken off, cut short, changed, or of another version. */
import { createServer } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ports, serveFrom } from '../e2e/serve.mjs'
import { root } from '../../scripts/run.mjs'
import { workerText } from './hooks.mjs'

const dist = path.join(root, 'dist')
const serve = serveFrom([['/host/', path.join(root, 'tests/e2e/host')], ['/', dist]])
const hookPlace = '/faults-worker.js'
const texts = /\.(html|js|json|css|webmanifest)$/

export const address = `http://localhost:${ports.site}`

/** @typedef {{ match: RegExp, how: 'break' | 'cut' | 'flip' | 'slow', times: number, headers?: Record<string, string> }} Spoiler */

/** @param {string} [before] what stands in front of each worker's text */
export async function openSite(before = workerText) {
  /** @type {Spoiler[]} */
  let spoilers = []
  let version = 1
  /** @type {string[]} */
  const asked = []

  /** A later build: every file of code has another name, and the old names are gone. @param {string} text @param {string} file */
  const renamed = (text, file) => {
    const later = text.replaceAll('assets/', 'assets-later/')
    return file.endsWith('sw.js') ? later.replaceAll(/revision:\s*"/g, 'revision:"later') : later
  }

  /** @param {import('node:http').ServerResponse} response @param {string} file @param {Buffer} bytes @param {Record<string, string>} [more] */
  function answer(response, file, bytes, more = {}) {
    const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css', '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json' }
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream', 'content-length': bytes.length, 'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp', ...more
    })
    return response
  }

  /** @param {Spoiler} spoiler @param {import('node:http').ServerResponse} response @param {string} file */
  async function spoil({ how, headers }, response, file) {
    const bytes = Buffer.from(readFileSync(file))
    if (how === 'flip') bytes[bytes.length >> 1] ^= 0x10
    const half = bytes.subarray(0, bytes.length >> 1)
    if (how === 'flip') return answer(response, file, bytes, headers).end(bytes)
    if (how === 'cut') return answer(response, file, half, headers).end(half)
    answer(response, file, bytes, headers).write(half)
    // What has been sent arrives before the line is cut.
    await new Promise(resolve => setTimeout(resolve, 300))
    if (how === 'break') return response.destroy()
    await new Promise(resolve => setTimeout(resolve, 3000))
    response.end(bytes.subarray(half.length))
  }

  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    asked.push(url)
    let [place] = url.split(/[?#]/)
    if (place === hookPlace) return answer(response, place, Buffer.from(before)).end(before)
    if (version > 1) {
      if (place.startsWith('/assets/')) { response.writeHead(404); return response.end() }
      place = place.replace('/assets-later/', '/assets/')
    }
    let file = path.join(dist, decodeURIComponent(place))
    if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html')
    if (!existsSync(file)) { request.url = place; return serve(request, response) }
    const spoiler = spoilers.find(({ match, times }) => times > 0 && match.test(url))
    if (spoiler && request.method === 'GET') {
      spoiler.times--
      return spoil(spoiler, response, file).catch(() => response.destroy())
    }
    const hooked = /\/worker-[^/]+\.js$/.test(place)
    if (!hooked && !(version > 1 && texts.test(file))) { request.url = place; return serve(request, response) }
    const text = `${hooked ? `import '${hookPlace}'\n` : ''}${readFileSync(file, 'utf8')}`
    const bytes = Buffer.from(version > 1 ? renamed(text, file) : text)
    return answer(response, file, bytes).end(bytes)
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(ports.site, () => resolve(undefined)))
  return {
    address, asked,
    /** @param {RegExp} match @param {Spoiler['how']} how @param {number} [times] @param {Record<string, string>} [headers] */
    spoil(match, how, times = 1, headers = {}) { spoilers = [...spoilers, { match, how, times, headers }] },
    heal() { spoilers = [] },
    /** @param {number} number */
    publish(number) { version = number },
    close: () => new Promise(resolve => { server.close(resolve); server.closeAllConnections() })
  }
}
