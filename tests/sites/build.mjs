/** The examples of examples/sites, each built by its tool as a teacher would, under target/sites; what is installed there is kept between runs. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makePackage } from '../../scripts/package.mjs'
import { obtain, root, runOrThrow as runQuietly, say } from '../../scripts/run.mjs'
import { environment, programOf } from '../../scripts/environment.mjs'
import { ports, subPath } from '../e2e/serve.mjs'

export const work = path.join(root, 'target/sites')
const here = import.meta.dirname
const examples = path.join(root, 'examples/sites')
const node = process.execPath
/** @type {typeof runQuietly} */
const runOrThrow = (command, args, options) => runQuietly(command, args, { words: true, ...options })
/** The addresses that stand for others in the examples. @param {string} name */
const names = name => [['https://atelier.example/', `http://localhost:${ports.site}${subPath}`], ['https://course.example/', `http://localhost:${ports.stranger}/${name}/`]]

/** @param {string} name of a Python program */
const pythonBin = name => programOf('sites/python', name)
/** @param {string[]} place */
const nodeBin = (...place) => path.join(work, 'node_modules', ...place)
const vite = nodeBin('vite/bin/vite.js')

/** @param {string} name @param {string[]} files it is made from @param {() => Promise<any>} install */
async function once(name, files, install) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(path.join(here, file)))
  const [stamp, key] = [path.join(work, `${name}.stamp`), hash.digest('hex')]
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  rmSync(stamp, { force: true })
  await install()
  writeFileSync(stamp, key)
}

/** Both at once: one waits for the network while the other unpacks. */
async function installTools() {
  mkdirSync(work, { recursive: true })
  const npm = once('npm', ['package.json', 'package-lock.json', '.npmrc'], () => {
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) cpSync(path.join(here, name), path.join(work, name))
    return obtain('npm', ['ci', '--include=dev', '--prefix', work, '--no-audit', '--no-fund', '--loglevel', 'error'])
  })
  const pip = environment('sites/python', 'tests/sites/requirements.txt')
  await Promise.all([npm, pip])
}

/** @param {string} folder @returns {string[]} */
const filesOf = folder => readdirSync(folder, { recursive: true }).map(String).filter(name => statSync(path.join(folder, name)).isFile())

/** Lines that a starter wrote are not the teacher's. @type {Record<string, number>} */
export const ownLines = {}

/** @param {string} name of the example @param {string} to */
function copyExample(name, to) {
  ownLines[name] = 0
  for (const file of filesOf(path.join(examples, name))) {
    const [text, place] = [readFileSync(path.join(examples, name, file), 'utf8'), path.join(to, file)]
    const given = existsSync(place) ? readFileSync(place, 'utf8').split('\n') : []
    ownLines[name] += text.split('\n').filter(line => line.trim() && !given.includes(line)).length
    mkdirSync(path.dirname(place), { recursive: true })
    writeFileSync(place, names(name).reduce((all, [from, now]) => all.replaceAll(from, now), text))
  }
}

/**
 * A project as create-vite makes it, with the example in it.
 * @param {string} name @param {string} template @param {string} example @param {string[]} [extra] files of tests/sites that join it: [from, to]
 */
async function viteProject(name, template, example, extra = []) {
  const folder = path.join('target/sites', name)
  await runOrThrow(node, [nodeBin('create-vite/index.js'), folder, '--template', template, '--no-interactive'], { quiet: true })
  copyExample(example, path.join(root, folder))
  for (const [from, to] of extra) cpSync(path.join(here, from), path.join(root, folder, to))
  await runOrThrow(node, [vite, 'build', folder, '--base', `/${name}/`, '--logLevel', 'warn'])
  return folder
}

/** @param {string} folder @param {string} entry */
const viteServer = (folder, entry) => runOrThrow(node, [vite, 'build', folder, '--ssr', entry, '--outDir', 'server', '--logLevel', 'warn'])

/** Where each site's pages lie, by the folder they are served under. @type {Record<string, string>} */
export const built = {
  mkdocs: 'mkdocs/site', sphinx: 'sphinx/_build', vitepress: 'vitepress/.vitepress/dist', reveal: 'reveal',
  react: 'react/dist', 'react-site': 'react-site/dist', 'react-server': 'react-server/dist', vue: 'vue/dist', 'vue-site': 'vue-site/dist', 'vue-server': 'vue-server/dist'
}

/** @type {Record<string, () => Promise<any>>} */
const tools = {
  async mkdocs() {
    copyExample('mkdocs', path.join(work, 'mkdocs'))
    await runOrThrow(pythonBin('mkdocs'), ['build', '-q', '--strict', '-f', path.join(work, 'mkdocs/mkdocs.yml')], { env: { NO_MKDOCS_2_WARNING: '1' } })
  },
  async sphinx() {
    copyExample('sphinx', path.join(work, 'sphinx'))
    await runOrThrow(pythonBin('sphinx-build'), ['-q', '-W', path.join(work, 'sphinx'), path.join(work, 'sphinx/_build')])
  },
  async vitepress() {
    copyExample('vitepress', path.join(work, 'vitepress'))
    await runOrThrow(node, [nodeBin('vitepress/bin/vitepress.js'), 'build', path.join(work, 'vitepress'), '--base', '/vitepress/'])
  },
  async reveal() {
    const to = path.join(work, 'reveal')
    for (const part of ['dist', 'index.html']) cpSync(nodeBin('reveal.js', part), path.join(to, part), { recursive: true })
    copyExample('reveal', to)
  },
  async react() {
    await viteProject('react', 'react-ts', 'react', [['wrong.tsx', 'src/wrong.tsx']])
    await runOrThrow(node, [nodeBin('typescript/bin/tsc'), '-b', 'target/sites/react'])
  },
  'react-site': () => viteProject('react-site', 'react', 'react-site'),
  'react-server': async () => viteServer(await viteProject('react-server', 'react-ts', 'react', [['Told.tsx', 'src/Told.tsx'], ['react-client.tsx', 'src/main.tsx'], ['react-server.tsx', 'src/server.tsx']]), 'src/server.tsx'),
  async vue() {
    await viteProject('vue', 'vue-ts', 'vue', [['Wrong.vue', 'src/Wrong.vue'], ['tsconfig.vue.json', 'tsconfig.app.json']])
    await runOrThrow(node, [nodeBin('vue-tsc/bin/vue-tsc.js'), '-b', 'target/sites/vue'])
  },
  'vue-site': () => viteProject('vue-site', 'vue', 'vue-site'),
  'vue-server': async () => viteServer(await viteProject('vue-server', 'vue-ts', 'vue', [['vue-client.ts', 'src/main.ts'], ['vue-server.ts', 'src/server.ts']]), 'src/server.ts')
}

/** Two at a time: one bundles while the other checks types. */
const lanes = [['vitepress', 'react', 'react-site', 'react-server'], ['mkdocs', 'sphinx', 'reveal', 'vue', 'vue-site', 'vue-server']]

/** The npm package as it would be installed. */
async function installPackage() {
  await makePackage()
  rmSync(nodeBin('gan-atelier'), { recursive: true, force: true })
  cpSync(path.join(root, 'pkg/npm'), nodeBin('gan-atelier'), { recursive: true })
}

/** What a server sends in place of the empty page. @param {string} name @param {string} file @param {string} id of the element the page is drawn in */
async function renderPage(name, file, id) {
  const { render } = await import(path.join(work, name, 'server', file))
  const page = path.join(work, built[name], 'index.html')
  writeFileSync(page, readFileSync(page, 'utf8').replace(`<div id="${id}"></div>`, `<div id="${id}">${await render()}</div>`))
}

/** @param {string[]} [wanted] */
export async function buildSites(wanted = Object.keys(tools)) {
  await installTools()
  await installPackage()
  await Promise.all(lanes.map(async lane => {
    for (const name of lane.filter(each => wanted.includes(each))) {
      say(`site: ${name}`)
      rmSync(path.join(work, name), { recursive: true, force: true })
      await tools[name]()
    }
  }))
  if (wanted.includes('react-server')) await renderPage('react-server', 'server.js', 'root')
  if (wanted.includes('vue-server')) await renderPage('vue-server', 'server.js', 'app')
  const lines = path.join(work, 'lines.json')
  writeFileSync(lines, JSON.stringify({ ...(existsSync(lines) && JSON.parse(readFileSync(lines, 'utf8'))), ...ownLines }))
}

if (process.argv[1] === import.meta.filename) await buildSites(process.argv[2] ? process.argv.slice(2) : undefined)
