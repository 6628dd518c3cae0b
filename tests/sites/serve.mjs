/** The built site where a course would find it, and the courses on another port, each in the folder it was built for. */
import { createServer } from 'node:http'
import path from 'node:path'
import { ports, serveFrom, subPath } from '../e2e/serve.mjs'
import { built, work } from './build.mjs'

const dist = path.resolve(import.meta.dirname, '../../dist')
createServer(serveFrom([[subPath, dist], ['/', dist]])).listen(ports.site)
const courses = serveFrom(Object.entries(built).map(([name, folder]) => [`/${name}/`, path.join(work, folder)]))
// A browser asks for an icon by itself where a site names none.
createServer((request, response) => (request.url === '/favicon.ico' ? response.writeHead(204).end() : courses(request, response))).listen(ports.stranger)
