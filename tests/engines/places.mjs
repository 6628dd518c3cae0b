/** Where the pages are. */
import { madePage, ports, subPath } from '../e2e/serve.mjs'

export { madePage, subPath }
export const site = `http://localhost:${ports.site}`
export const stranger = `http://localhost:${ports.stranger}`
/** Bare pages that import the module. */
export const places = {
  own: { page: `${site}/host/`, module: `${site}/gan-atelier.js` },
  stranger: { page: `${stranger}/strict.html`, module: `${site}${subPath}gan-atelier.js` }
}
