/** The built site, the benches, the peers and the cases' files from one origin, with the headers that isolate a page or without them. */
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { serveFrom } from '../tests/e2e/serve.mjs'
import { root } from '../scripts/run.mjs'

export const work = path.join(root, 'target/benches')
const kept = '/cases/'

/** Pages keep files here: a network, a painting. @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function keep(request, response) {
  const file = path.join(work, 'cases', path.normalize(decodeURIComponent(request.url.slice(kept.length))))
  await pipeline(request, createWriteStream(file))
  response.writeHead(204).end()
}

/** @param {boolean} isolated @returns {Promise<{ url: string, close: () => void }>} */
export async function serve(isolated) {
  const give = serveFrom([['/benches/', import.meta.dirname], ['/peers/', path.join(work, 'node_modules')], [kept, path.join(work, 'cases')], ['/www/', path.join(root, 'www')], ['/pkg/', path.join(root, 'pkg')], ['/', path.join(root, 'dist')]])
  const server = createServer((request, response) => {
    if (request.method === 'PUT' && request.url.startsWith(kept)) return keep(request, response)
    if (isolated) response.setHeader('cross-origin-opener-policy', 'same-origin')
    give(request, response)
  })
  await new Promise(resolve => server.listen(0, 'localhost', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://localhost:${port}`, close: () => { server.close(); server.closeAllConnections() } }
}
