/**
 * The built site as any static host serves it, at the root and under a longer path, and on another port a stranger's page that
 * imports the module from there.
 */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'

export const ports = { site: 4173, stranger: 4174 }
/** A course page lies deep in somebody's site. */
export const subPath = '/courses/networks/'

const dist = path.resolve(import.meta.dirname, '../../dist')
const hosts = path.join(import.meta.dirname, 'host')
const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json',
  '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.png': 'image/png'
}

function serveFrom(folders) {
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
      'access-control-allow-origin': '*'
    })
    if (request.method === 'HEAD') return response.end()
    createReadStream(file).pipe(response)
  }
}

if (process.argv[1] === import.meta.filename) {
  createServer(serveFrom([['/host/', hosts], [subPath, dist], ['/', dist]])).listen(ports.site)
  createServer(serveFrom([['/', hosts]])).listen(ports.stranger)
}
