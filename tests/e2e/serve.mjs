/**
 * The built site as any static host serves it, at the root and under a longer path, and on another port a stranger's page that
 * imports the module from there.
 */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { marked } from 'marked'

/** Two test runs beside each other take other ports. */
const first = Number(process.env.TEST_PORT) || 4173
export const ports = { site: first, stranger: first + 1 }
/** A course page lies deep in somebody's site. */
export const subPath = '/courses/networks/'
/** A page that a test makes up, and its headers, in the address: answered by a test itself, it would count as a page from the open network, which may not reach this machine. */
const made = '/made/'
/** @param {string} body @param {Record<string, string>} [headers] */
export const madePage = (body, headers = {}) => `http://localhost:${ports.stranger}${made}${Buffer.from(JSON.stringify({ body, headers })).toString('base64url')}`
const site = `http://localhost:${ports.site}`

const dist = path.resolve(import.meta.dirname, '../../dist')
const hosts = path.join(import.meta.dirname, 'host')
const examples = path.resolve(import.meta.dirname, '../../examples')
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png', '.xml': 'application/xml'
}

/** @param {[prefix: string, folder: string][]} folders */
export function serveFrom(folders) {
  return (request, response) => {
    const url = decodeURIComponent(request.url.split(/[?#]/)[0])
    const match = folders.find(([prefix]) => url.startsWith(prefix))
    let file = match && path.join(match[1], url.slice(match[0].length))
    if (file && existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html')
    if (!file || !existsSync(file)) {
      response.writeHead(404)
      return response.end()
    }
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'content-length': statSync(file).size,
      // As docs/hosting.md asks for.
      'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin', 'cross-origin-embedder-policy': 'require-corp'
    })
    if (request.method === 'HEAD') return response.end()
    createReadStream(file).pipe(response)
  }
}

/** The pages that tests import the module from, and the site at its two places. */
export const serveSite = serveFrom([['/host/', hosts], [subPath, dist], ['/', dist]])

/** A stranger's pages name the site where it stands; Markdown comes as a Markdown site would send it. */
export function serveStrangers(request, response) {
  if (request.url.startsWith(made)) {
    const { body, headers } = JSON.parse(Buffer.from(request.url.slice(made.length), 'base64url').toString())
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
    return response.end(body)
  }
  const url = decodeURIComponent(request.url.split(/[?#]/)[0])
  const file = url.startsWith('/examples/') ? path.join(examples, url.slice('/examples/'.length)) : path.join(hosts, url === '/' ? 'index.html' : url)
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404)
    return response.end()
  }
  const text = readFileSync(file, 'utf8').replaceAll('https://atelier.example/', site + subPath).replaceAll('http://localhost:4173', site)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end(file.endsWith('.md') ? `<!doctype html><html lang="en"><link rel="icon" href="data:,"><article>${marked.parse(text)}</article>` : text)
}

if (process.argv[1] === import.meta.filename) {
  createServer(serveSite).listen(ports.site)
  createServer(serveStrangers).listen(ports.stranger)
}
