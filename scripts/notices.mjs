/**
 * Whose work ships with ours, and under which licences: the crates in the engines and the packages in the page, by what cargo and npm say
 * of them, as one text. The build writes it; every package of ours carries it.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { output, root } from './run.mjs'

export const noticesFile = 'THIRD-PARTY-NOTICES.txt'

/** @typedef {{ name: string, version: string, license: string, from: string, texts: string[] }} Notice */

/** What a build leaves in its output without being a dependency of the page's: the service worker's own library. */
const builtIn = ['workbox-core', 'workbox-precaching', 'workbox-routing', 'workbox-strategies']

const isLicence = name => /^(licen[cs]e|copying|notice|unlicense)/i.test(name)

/** What is shorter is the place of a file that the crate was packed without. */
const leastText = 100

/** @param {string} folder */
function textsIn(folder) {
  const files = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile() && isLicence(entry.name)) : []
  return files.map(({ name }) => readFileSync(path.join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim()).filter(text => text.length > leastText).sort()
}

const target = 'wasm32-unknown-unknown'

/**
 * The crates that are compiled into an engine: cargo's tree knows which features are on, its metadata where a crate's files lie. What builds a
 * crate, or derives code while it is compiled, is not in the engine.
 * @param {string[]} features @returns {Notice[]}
 */
function cratesOf(features) {
  const tree = output('cargo', ['tree', '--locked', '--target', target, '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}', ...features])
  const text = output('cargo', ['metadata', '--locked', '--format-version', '1', '--filter-platform', target])
  if (!tree || !text) throw new Error('cargo does not say which crates there are.')
  const names = new Set(tree.split('\n').map(line => line.split(' ').slice(0, 2).join(' ')))
  const ours = JSON.parse(text).packages.filter(({ name, version, source }) => source && names.has(`${name} v${version}`))
  return ours.map(({ name, version, license, license_file, repository, manifest_path }) => (
    { name, version, license: license ?? `see ${license_file}`, from: repository ?? `the crate ${name}`, texts: textsIn(path.dirname(manifest_path)) }
  ))
}

/** @returns {Notice[]} the packages that the page is bundled with */
function packagesOf() {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  const shipped = Object.entries(packages).filter(([place, { dev, optional, peer }]) => place && (!dev && !optional && !peer || builtIn.some(name => place === `node_modules/${name}`)))
  return shipped.map(([place, { version }]) => {
    const folder = path.join(root, place)
    const { name, license, repository, homepage } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    const from = (typeof repository === 'string' ? repository : repository?.url) ?? homepage ?? `https://www.npmjs.com/package/${name}`
    return { name, version, license: license ?? 'see below', from: from.replace(/^git\+/, '').replace(/\.git$/, ''), texts: textsIn(folder) }
  })
}

const order = (/** @type {Notice} */ one, /** @type {Notice} */ other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1)

/** Everything that ships, each once. @returns {Notice[]} */
export function shippedNotices() {
  const all = [...cratesOf([]), ...cratesOf(['--no-default-features', '--features', 'webgpu']), ...packagesOf()]
  return [...new Map(all.map(notice => [`${notice.name} ${notice.version}`, withText(notice)])).values()].sort(order)
}

/** Works that name their licence and bring no text of it: of those that leave a choice, the longer text, which names no holder. @param {Notice} notice */
function withText(notice) {
  if (notice.texts.length) return notice
  const file = notice.license.includes('Apache-2.0') ? 'LICENSE-APACHE' : 'LICENSE-MIT'
  const text = readFileSync(path.join(root, file), 'utf8').trim()
  return { ...notice, texts: [file === 'LICENSE-MIT' ? text.replace(/^Copyright.*$/m, `Copyright (c) the authors of ${notice.name}`) : text] }
}

/** @param {Notice[]} notices */
export function noticesText(notices) {
  /** @type {Map<string, string[]>} */
  const texts = new Map()
  for (const { name, version, texts: own } of notices) for (const text of own) texts.set(text, [...(texts.get(text) ?? []), `${name} ${version}`])
  const line = '-'.repeat(100)
  const list = notices.map(({ name, version, license, from }) => `${name} ${version}\n    ${license}\n    ${from}`)
  const bodies = [...texts].sort(([, one], [, other]) => (one[0] < other[0] ? -1 : 1)).map(([text, names]) => `${line}\n${names.join(', ')}\n${line}\n\n${text}`)
  return [
    'GAN Atelier contains the work of others. What follows is each of them with its licence, and the texts of these licences.\nGAN Atelier 裡有他人的作品。以下逐一列出各項作品與授權條款，並附上條款全文。',
    list.join('\n\n'), ...bodies,
  ].join('\n\n\n') + '\n'
}

/** @param {string} folder */
export function writeNotices(folder) {
  writeFileSync(path.join(folder, noticesFile), noticesText(shippedNotices()))
}

/** The same where nothing is built: written when somebody asks for it. @returns {import('vite').Plugin} */
export function servedNotices() {
  /** @type {string | undefined} */
  let text
  return {
    name: 'third-party-notices',
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        if (!request.url?.split('?')[0].endsWith(`/${noticesFile}`)) return next()
        text ??= noticesText(shippedNotices())
        response.setHeader('content-type', 'text/plain; charset=utf-8')
        response.end(text)
      })
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  const notices = shippedNotices()
  const licences = [...new Set(notices.map(({ license }) => license))].map(license => ({ license, count: notices.filter(each => each.license === license).length }))
  for (const { license, count } of licences.sort((one, other) => other.count - one.count)) console.log(`${String(count).padStart(4)}  ${license}`)
  console.log(`${notices.length} works, ${(Buffer.byteLength(noticesText(notices)) / 1000).toFixed()} kB`)
}
