/**
 * The page is one source, index.html with {{dotted.key}} placeholders, and becomes one document a language; so are the
 * examples page and the pages for teachers. So every text stands in the HTML before any script runs.
 */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeRooms } from './rooms.js'

const root = path.resolve(import.meta.dirname, '..')

/** Beside the page itself, in each language. */
const besides = ['examples.html', 'course.html', 'class-set.html', 'worksheet.html', 'results.html']
const spoken = ['en', 'zh-Hant']

/** Folder of each language's documents, and the document without a language, which forwards to one of them. */
const pages = [
  { id: 'index', folder: '', file: 'index.html', lang: 'en', forwards: true },
  ...spoken.map(lang => ({ id: lang, folder: `${lang}/`, file: 'index.html', lang, forwards: false })),
  ...besides.flatMap(file => spoken.map(lang => ({ id: `${lang}-${file.replace('.html', '')}`, folder: `${lang}/`, file, lang, forwards: false })))
]

/** Opened by a double click, the page has no server to fetch its modules from: nothing but what stands in the document itself can say so. */
const unserved = "if (location.protocol === 'file:') { unserved.hidden = false; self.said?.remove(); for (const a of document.links) a.pathname = a.pathname.replace(/\\/$/, '/index.html') }"
const hashOf = code => `'sha256-${createHash('sha256').update(code).digest('base64')}'`

/** @param {{ lang: string, text: string }[]} said in each language that the document is for */
const unservedTags = said => [
  { tag: 'div', attrs: { id: 'unserved', hidden: true }, children: said.map(({ lang, text }) => `<p lang="${lang}">${escapeHtml(text)}</p>`).join(''), injectTo: 'body-prepend' },
  { tag: 'script', children: unserved, injectTo: 'body' }
]

/** No request may leave for another host, and no script runs that the build did not write. */
const policy = {
  'default-src': "'self'",
  'script-src': `'self' 'wasm-unsafe-eval' ${hashOf(unserved)}`,
  'worker-src': "'self' blob:",
  'img-src': "'self' blob: data:",
  'connect-src': "'self'",
  'style-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'"
}

/** Rollup inputs: the documents that the build writes. */
export function documents() {
  return Object.fromEntries(pages.map(page => [page.id, path.join(root, page.folder, page.file)]))
}

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = text => String(text).replace(/[&<>"']/g, letter => escapes[letter])

/**
 * Fills `{{dotted.key}}` from `texts`; a key that no text has is an error, so that no placeholder reaches a visitor.
 * @param {string} html @param {object} texts @param {Record<string, string>} values
 */
export function fill(html, texts, values) {
  return html.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_, key) => {
    const text = values[key] ?? key.split('.').reduce((node, part) => node?.[part], texts)
    if (typeof text !== 'string' && typeof text !== 'number') throw new Error(`a page asks for the text "${key}", which is missing`)
    return escapeHtml(text)
  })
}

/** The examples are shown as the tests run them; those in folders by their way with dots in it. */
async function exampleTexts() {
  const files = (await readdir(path.join(root, 'examples'), { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  return Object.fromEntries(await Promise.all(files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name)
    return [`example.${path.relative(path.join(root, 'examples'), file).split(path.sep).join('.')}`, await readFile(file, 'utf8')]
  })))
}

async function document(page, load) {
  const { rooms } = await load('www/rooms.js')
  const source = writeRooms(await readFile(path.join(root, page.file), 'utf8'), rooms)
  const up = page.folder ? '../' : './'
  const values = { lang: page.lang, root: up, examples_folder: page.folder ? '' : 'en/', ...await exampleTexts() }
  for (const other of pages) if (other.folder) values[`url.${other.lang}`] = up + other.folder
  const texts = await Promise.all(['', '/course'].map(part => load(`www/i18n/${page.lang}${part}.js`)))
  return fill(source, Object.assign({}, ...texts.map(file => file.default)), values)
}

const written = rules => Object.entries(rules).map(([name, value]) => `${name} ${value}`).join('; ')

function policyTag(development) {
  return { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: written(policyOf(development)) }, injectTo: 'head-prepend' }
}

// The dev server injects styles through script and reloads through a socket.
const policyOf = development => (development ? { ...policy, 'style-src': "'self' 'unsafe-inline'", 'connect-src': "'self' ws:" } : policy)

/**
 * The frame's own policy. In a frame without an origin WebKit takes 'self' for nobody, and nothing would load: the first script of the
 * document writes the same rules with the site's address in that place. What names no site stands there without a script.
 */
function framePolicyTags(development) {
  // Where such a frame's worker cannot come from a blob (www/engine/client.js).
  const rules = Object.entries({ ...policyOf(development), 'worker-src': `${policy['worker-src']} data:` })
  const [own, fixed] = [true, false].map(names => written(Object.fromEntries(rules.filter(([, value]) => value.includes("'self'") === names))))
  const write = `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content: ${JSON.stringify(own)}.replaceAll("'self'", location.origin) }))`
  return [
    { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: fixed }, injectTo: 'head-prepend' },
    { tag: 'script', children: write, injectTo: 'head-prepend' }
  ]
}

function headTags(page, development) {
  const up = page.folder ? '../' : './'
  const alternates = pages.filter(({ file }) => file === page.file).map(other => ({
    tag: 'link',
    attrs: { rel: 'alternate', hreflang: other.forwards ? 'x-default' : other.lang, href: up + other.folder + (other.file === 'index.html' ? '' : other.file) },
    injectTo: 'head'
  }))
  const forward = { tag: 'script', attrs: { src: './choose-language.js' }, injectTo: 'head-prepend' }
  const meta = policyTag(development)
  return page.forwards ? [meta, forward, ...alternates] : [meta, ...alternates]
}

function pageOfFile(file) {
  return pages.find(page => path.join(root, page.folder, page.file) === file)
}

function pageOfUrl(url) {
  const name = url.split(/[?#]/)[0].replace(/index\.html$/, '')
  return pages.find(page => `/${page.folder}${page.file.replace('index.html', '')}` === name)
}

/** @returns {import('vite').Plugin} */
export function languages() {
  let development = false
  const load = file => import(pathToFileURL(path.join(root, file)).href)
  return {
    name: 'gan-atelier-languages',
    enforce: 'pre',
    configResolved: config => { development = config.command === 'serve' },
    resolveId: id => (pageOfFile(id) ? id : null),
    async load(id) {
      const page = pageOfFile(id)
      if (!page || development) return null
      return document(page, load)
    },
    transformIndexHtml: {
      order: 'post',
      async handler(html, { filename, path: url, server }) {
        const page = pageOfFile(filename) ?? pageOfUrl(url)
        const texts = lang => (server ? server.ssrLoadModule(`/www/i18n/${lang}.js`) : load(`www/i18n/${lang}.js`)).then(({ default: all }) => ({ lang, text: all.page.unserved }))
        const tags = [...(page ? headTags(page, development) : framePolicyTags(development)), ...unservedTags(await Promise.all((page ? [page.lang] : ['en', 'zh-Hant']).map(texts)))]
        // Asked for across origins, which a file has none of, the styles would stay away; a frame without an origin must ask so.
        return { html: page ? html.replace(/(<link rel="stylesheet") crossorigin/g, '$1') : html, tags }
      }
    },
    configureServer(server) {
      const loadFresh = file => server.ssrLoadModule(`/${file}`)
      server.middlewares.use(async (request, response, next) => {
        const page = pageOfUrl(request.url)
        if (!page || !['GET', 'HEAD'].includes(request.method)) return next()
        try {
          const html = await server.transformIndexHtml(`/${page.folder}${page.file}`, await document(page, loadFresh))
          response.setHeader('content-type', 'text/html; charset=utf-8')
          response.end(html)
        } catch (error) {
          next(error)
        }
      })
    }
  }
}
