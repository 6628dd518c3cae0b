/**
 * `npm run package -- scorm [LESSON …] [--lang en|zh-Hant] [--locked] [--out FOLDER]`: each lesson as a package for course platforms, and all
 * of them as one, in SCORM 1.2 and in SCORM 2004 4th edition, from what `npm run build` left.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import { packageId, packageName, packagePages } from '../www/scorm/manifest.js'
import { engineFiles, scoFolder } from './sco.mjs'
import { root } from './run.mjs'

/** @typedef {import('../www/scorm/platform.js').Edition} Edition */

const editions = /** @type {Edition[]} */ (['1.2', '2004'])
const languages = ['en', 'zh-Hant']
/** The same files make the same archive, whenever it is made. */
const date = new Date(2000, 0, 1)

const json = file => JSON.parse(readFileSync(file, 'utf8'))

/** @param {string} lang */
export function allLessons(lang) {
  const folder = path.join(root, 'www/lessons')
  const names = readdirSync(folder).filter(name => existsSync(path.join(folder, name, 'lesson.json')))
  return names.map(name => ({ name, order: json(path.join(folder, name, 'lesson.json')).order, title: json(path.join(folder, name, `${lang}.json`)).title })).sort((one, other) => one.order - other.order)
}

/** The files that every lesson needs, and the page that becomes one for each. */
export function builtSco() {
  if (!existsSync(path.join(scoFolder, 'files.json'))) throw new Error('dist/sco is not there yet: `npm run build` makes it.')
  const built = json(path.join(scoFolder, 'files.json')).map(name => ({ name, file: path.join(scoFolder, name) }))
  const engine = engineFiles.map(name => ({ name, file: path.join(root, 'pkg', name.replace('engines/', '')) }))
  return { template: readFileSync(path.join(scoFolder, 'sco.html'), 'utf8'), shared: [...built, ...engine] }
}

/** @param {import('../www/scorm/manifest.js').Order} order @param {ReturnType<typeof builtSco>} sco @returns {Promise<Uint8Array>} */
export async function packageOf(order, { template, shared }) {
  const zip = new ZipWriter(new BlobWriter('application/zip'), { level: 9, lastModDate: date, useWebWorkers: false, extendedTimestamp: false })
  // The manifest first: a platform looks for it at the archive's root.
  for (const { name, text } of packagePages(order, { template, files: shared.map(({ name }) => name) })) await zip.add(name, new TextReader(text))
  for (const { name, file } of shared) await zip.add(name, new Uint8ArrayReader(readFileSync(file)))
  return new Uint8Array(await (await zip.close()).arrayBuffer())
}

/** @param {string[]} args */
export function readArgs(args) {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { lang: { type: 'string' }, locked: { type: 'boolean' }, out: { type: 'string' } } })
  const { lang = '', locked = false, out = 'pkg/scorm' } = values
  if (lang && !languages.includes(lang)) throw new Error(`--lang ${lang}: there are ${languages.join(' and ')}.`)
  const known = allLessons(lang || 'en')
  const strange = positionals.filter(name => !known.some(lesson => lesson.name === name))
  if (strange.length) throw new Error(`There is no lesson ${strange.join(', ')}; there are ${known.map(({ name }) => name).join(', ')}.`)
  return { lang, locked, out: path.resolve(root, out), known, wanted: positionals.length ? known.filter(({ name }) => positionals.includes(name)) : known, all: !positionals.length }
}

/** @param {string[]} args @returns {Promise<{ name: string, file: string, bytes: number }[]>} */
export async function makeScorm(args) {
  const { lang, locked, out, known, wanted, all } = readArgs(args)
  const sco = builtSco()
  const { version } = json(path.join(root, 'package.json'))
  const whole = { id: packageId(), title: lang === 'zh-Hant' ? 'GAN 畫室' : 'GAN Atelier', lessons: known }
  const each = wanted.map(lesson => ({ id: packageId(lesson.name), title: lesson.title, lessons: [lesson] }))
  mkdirSync(out, { recursive: true })
  const made = []
  for (const course of all ? [...each, whole] : each) {
    for (const edition of editions) {
      const name = packageName(course.id, edition)
      const bytes = await packageOf({ ...course, edition, lang, locked, version }, sco)
      writeFileSync(path.join(out, name), bytes)
      made.push({ name, file: path.join(out, name), bytes: bytes.length })
    }
  }
  return made
}
