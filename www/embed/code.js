// The addresses and lines with which a page of somebody else's shows what stands here.
import { root } from 'virtual:engines'

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = text => String(text).replace(/[&<>"]/g, letter => escapes[letter])

/** The page itself, in a language, at one of its rooms; '' where there is none around. @param {string} language @param {string} hash without # */
export const atelierUrl = (language, hash) => root && new URL(`${language}/#${hash}`, root).href

/** @param {Record<string, string | boolean>} attributes @returns {[string, string][]} one that is merely there has the value '' */
function attributesOf(attributes) {
  return Object.entries(attributes).filter(([, value]) => value !== false && value !== '').map(([name, value]) => [name, value === true ? '' : String(value)])
}

/** @param {string} tag @param {Record<string, string | boolean>} [attributes] */
export function frameUrl(tag, attributes = {}) {
  const url = new URL('embed.html', root)
  url.searchParams.set('element', tag)
  for (const [name, value] of attributesOf(attributes)) url.searchParams.set(name, value)
  // "name=" reads as well as "name" and says less.
  return url.href.replace(/=(?=&|$)/g, '')
}

/** Lines for a page that may run scripts. @param {string} tag @param {Record<string, string | boolean>} [attributes] */
export function elementCode(tag, attributes = {}) {
  const list = attributesOf(attributes).map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escapeHtml(value)}"`)).join('')
  return `<script type="module" src="${escapeHtml(new URL('gan-atelier.js', root).href)}"></script>\n<${tag}${list}></${tag}>`
}

/** A line for a page that may not; the frame is told what its sandbox allows, which it cannot find out. A page that it opens is no part of the sandbox: without storage it would forget what is reached there. @param {string} tag @param {Record<string, string | boolean>} attributes @param {{ title: string, height?: number }} look */
export function frameCode(tag, attributes, { title, height = 640 }) {
  return `<iframe src="${escapeHtml(frameUrl(tag, { ...attributes, allow: 'downloads popups' }))}" sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox" title="${escapeHtml(title)}" width="100%" height="${height}" loading="lazy"></iframe>`
}

/** What `settings` and its companions are for an experiment's address. @param {string} query as `encodeExperiment` writes it */
export function experimentAttributes(query) {
  const params = new URLSearchParams(query)
  const [family, dataset, seed] = ['family', 'dataset', 'seed'].map(key => params.get(key) ?? '')
  for (const key of ['v', 'family', 'dataset', 'seed']) params.delete(key)
  return { family, dataset, seed, settings: params.toString() }
}
