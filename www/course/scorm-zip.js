// A lesson as a package for course platforms, made in the tab from files of this site: what `npm run package -- scorm` makes on a machine.
import { engines, locate, root } from 'virtual:engines'
import { packageId, packageName, packagePages } from '../scorm/manifest.js'

/** Where the package has what this site has. @returns {Promise<{ template: string, shared: { name: string, url: string }[] }>} */
async function shared() {
  const folder = new URL('sco/', root)
  const [template, files] = await Promise.all(['sco.html', 'files.json'].map(async name => {
    const answer = await fetch(new URL(name, folder))
    if (!answer.ok) throw Object.assign(new Error('There is no sco folder here.'), { reason: 'missing' })
    return answer.text()
  }))
  const { glue, wasm } = engines.cpu
  const engine = [['engines/cpu/gan_atelier.js', glue], ['engines/cpu/gan_atelier_bg.wasm', wasm]].map(([name, place]) => ({ name, url: locate(place) }))
  return { template, shared: [...JSON.parse(files).map(name => ({ name, url: new URL(name, folder).href })), ...engine] }
}

/** @param {string} url */
async function bytesOf(url) {
  const answer = await fetch(url)
  if (!answer.ok) throw Object.assign(new Error(`${url} answered ${answer.status}.`), { reason: 'missing' })
  return answer.blob()
}

/**
 * @param {{ edition: import('../scorm/platform.js').Edition, lessons: import('../scorm/manifest.js').Entry[], title: string, lang: string, locked: boolean }} wish one lesson, or all
 * @returns {Promise<{ name: string, blob: Blob }>}
 */
export async function makePackage({ edition, lessons, title, lang, locked }) {
  const id = packageId(lessons.length > 1 ? undefined : lessons[0].name)
  const built = await shared()
  const order = { edition, lessons, title, id, lang, locked, version: '1' }
  const pages = packagePages(order, { template: built.template, files: built.shared.map(({ name }) => name) })
  const { BlobReader, BlobWriter, TextReader, ZipWriter } = await import('@zip.js/zip.js/lib/zip-core-custom.js')
  const zip = new ZipWriter(new BlobWriter('application/zip'), { level: 6, useWebWorkers: false, useCompressionStream: true })
  for (const { name, text } of pages) await zip.add(name, new TextReader(text))
  for (const { name, url } of built.shared) await zip.add(name, new BlobReader(await bytesOf(url)))
  return { name: packageName(id, edition), blob: await zip.close() }
}
