/**
 * What the browsers reach: the site and a stranger's, as tests/e2e serves them, and a proxy that stands for every other host. All three
 * remember what was asked of them. The site can be unplugged, and can come to a browser without some of the browser's own parts.
 */
import { createServer } from 'node:http'
import { ports, serveSite, serveStrangers } from '../e2e/serve.mjs'
import { lacking } from './lacks.mjs'

/** Whom browsers ask on their own account, whatever page is open. */
const errands = /(^|\.)(mozilla\.(com|org|net)|firefox\.com|gvt1\.com)$|^(update|safebrowsing|optimizationguide-pa|content-autofill)\.googleapis\.com$|^(accounts|clients\d)\.google\.com$/

/** @typedef {{ method: string, url: string, body: boolean }} Asked */

export async function openServers() {
  /** @type {{ site: Asked[], stranger: Asked[], elsewhere: string[] }} */
  const heard = { site: [], stranger: [], elsewhere: [] }
  /** @param {Asked[]} list @param {import('node:http').RequestListener} serve */
  const noting = (list, serve) => createServer((request, response) => {
    const { method, url, headers } = request
    list.push({ method: method ?? '', url: url ?? '', body: Number(headers['content-length'] ?? 0) > 0 || 'transfer-encoding' in headers })
    serve(request, response)
  })
  const site = noting(heard.site, lacking(serveSite))
  const stranger = noting(heard.stranger, serveStrangers)
  /** @param {string} host @param {string} address */
  const note = (host, address) => { if (!errands.test(host)) heard.elsewhere.push(address) }
  const proxy = createServer((request, response) => {
    note(URL.canParse(request.url ?? '') ? new URL(request.url ?? '').hostname : '', `${request.method} ${request.url}`)
    response.writeHead(502)
    response.end()
  })
  proxy.on('connect', (request, socket) => {
    socket.on('error', () => {})
    note((request.url ?? '').split(':')[0], `CONNECT ${request.url}`)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  /** @param {import('node:http').Server} server @param {number} port @param {string} [host] */
  const listen = (server, port, host) => new Promise((resolve, reject) => server.once('error', reject).listen(port, host, () => resolve(undefined)))
  /** @param {import('node:http').Server} server */
  const stop = server => new Promise(resolve => {
    server.close(resolve)
    server.closeAllConnections()
  })
  await Promise.all([listen(site, ports.site), listen(stranger, ports.stranger), listen(proxy, 0, '127.0.0.1')])
  return {
    heard,
    forget() { for (const list of Object.values(heard)) list.length = 0 },
    proxyPort: /** @type {any} */ (proxy.address()).port,
    unplug: () => stop(site),
    plug: () => listen(site, ports.site),
    close: () => Promise.all([site, stranger, proxy].filter(({ listening }) => listening).map(stop))
  }
}
