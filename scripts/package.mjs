/**
 * `npm run package`: the module as an npm package, in pkg/npm and as a .tgz beside it, from what `npm run build` left.
 * `npm run package -- scorm` makes packages for course platforms instead (scorm.mjs).
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { engineNames, engines, kernels } from './vite-engines.js'
import { output, root } from './run.mjs'
import { noticesFile, writeNotices } from './notices.mjs'
import { writeTypes } from './types.mjs'

const folder = path.join(root, 'pkg/npm')
const engineFiles = ['gan_atelier.js', 'gan_atelier_bg.wasm', ...Object.values(kernels)]
/** Faces are a visitor's own affair: their weights stay on the site. */
const carried = ({ kind }) => kind === 'cyclegan'

const json = file => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

function models() {
  const cards = json('www/public/models/models.json').filter(carried)
  const files = cards.flatMap(({ files: weights, discriminators = {}, quick, card }) => {
    const quickly = quick ? [quick.ab, quick.ba] : []
    return [...Object.values(weights), ...Object.values(discriminators), ...quickly].map(({ url }) => url).concat(card)
  })
  return { cards, files: [...new Set(files)] }
}

/** @param {string[]} files */
async function bundle(files) {
  const { build } = await import('vite')
  await build({
    root, configFile: false, base: './', publicDir: false, logLevel: 'warn',
    plugins: [engines({ files })],
    worker: { format: 'es' },
    build: {
      target: 'es2022', outDir: path.join(folder, 'dist'), emptyOutDir: true, assetsInlineLimit: 0,
      // A bundler preloads by itself, and a preload written for our folders would look in the wrong ones.
      modulePreload: false,
      rolldownOptions: {
        input: { 'gan-atelier': 'www/gan-atelier.js' },
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' }
      }
    }
  })
}

function copyModels({ cards, files }) {
  const to = path.join(folder, 'dist/models')
  mkdirSync(to, { recursive: true })
  for (const file of files) copyFileSync(path.join(root, 'www/public/models', file), path.join(to, file))
  writeFileSync(path.join(to, 'models.json'), JSON.stringify(cards))
}

function copyEngines() {
  for (const name of engineNames) {
    const to = path.join(folder, 'dist/engines', name)
    mkdirSync(to, { recursive: true })
    for (const file of engineFiles) if (existsSync(path.join(root, 'pkg', name, file))) copyFileSync(path.join(root, 'pkg', name, file), path.join(to, file))
  }
}

function manifest() {
  const { name, version, description, license } = json('package.json')
  const module = './dist/gan-atelier.js'
  return {
    name, version, description, license, type: 'module',
    exports: {
      '.': { types: './dist/gan-atelier.d.ts', default: module },
      // The same module, with the elements' types for a framework.
      './react': { types: './dist/types/embed/react.d.ts', default: module }, './vue': { types: './dist/types/embed/vue.d.ts', default: module },
      './dist/*': './dist/*', './package.json': './package.json'
    },
    types: './dist/gan-atelier.d.ts', module, unpkg: module, jsdelivr: module,
    // Importing it defines custom elements.
    sideEffects: true, files: ['dist', 'README.md', 'LICENSE-MIT', 'LICENSE-APACHE', 'WEIGHTS-LICENSE.md', noticesFile],
    keywords: ['gan', 'cyclegan', 'webgpu', 'webassembly', 'custom-elements', 'education']
  }
}

/** @param {string} place in the package @returns {{ files: number, raw: number, gzip: number }} */
function weigh(place) {
  const full = path.join(folder, 'dist', place)
  const found = statSync(full).isDirectory() ? readdirSync(full, { recursive: true }).map(name => path.join(full, String(name))).filter(name => statSync(name).isFile()) : [full]
  const bytes = found.map(name => readFileSync(name))
  return { files: found.length, raw: bytes.reduce((sum, each) => sum + each.length, 0), gzip: bytes.reduce((sum, each) => sum + gzipSync(each, { level: 6 }).length, 0) }
}

const megabytes = bytes => (bytes / 1e6).toFixed(2)

/** What a visitor fetches, and when. */
export function sizes() {
  const rows = [
    ['module, at once', 'gan-atelier.js'], ['elements and texts, when one is opened', 'assets'], ['engine for the processor, at the first small task', 'engines/cpu'],
    ['engine for WebGPU, at the first heavy task', 'engines/webgpu'], ['painters, when one paints', 'models']
  ]
  return rows.filter(([, place]) => existsSync(path.join(folder, 'dist', place))).map(([name, place]) => ({ name, ...weigh(place) }))
}

export const table = rows => ['| | files | MB | MB, gzip |', '|---|--:|--:|--:|', ...rows.map(({ name, files, raw, gzip }) => `| ${name} | ${files} | ${megabytes(raw)} | ${megabytes(gzip)} |`)].join('\n')

function writeReadme() {
  const text = readFileSync(path.join(root, 'docs/package.md'), 'utf8').replaceAll('{{version}}', json('package.json').version)
  writeFileSync(path.join(folder, 'README.md'), text.replace('{{sizes}}', table(sizes())))
}

/** @returns {Promise<string>} the archive */
export async function makePackage() {
  rmSync(folder, { recursive: true, force: true })
  const found = models()
  const built = engineNames.flatMap(name => engineFiles.filter(file => existsSync(path.join(root, 'pkg', name, file))).map(file => `engines/${name}/${file}`))
  await bundle([...built, ...['models.json', ...found.files].map(file => `models/${file}`)])
  copyEngines()
  copyModels(found)
  await writeTypes('pkg/npm/dist')
  for (const file of ['LICENSE-MIT', 'LICENSE-APACHE', 'WEIGHTS-LICENSE.md']) copyFileSync(path.join(root, file), path.join(folder, file))
  writeNotices(folder)
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  writeReadme()
  const name = output('npm', ['pack', './pkg/npm', '--pack-destination', 'pkg', '--silent'])
  if (!name) throw new Error('npm could not pack pkg/npm')
  return path.join(root, 'pkg', name.split('\n').at(-1) ?? '')
}

async function npm() {
  const archive = await makePackage()
  console.log(`${table(sizes())}\n\n${path.relative(root, archive)}: ${megabytes(statSync(archive).size)} MB`)
}

/** @param {string[]} args */
async function scorm(args) {
  const { makeScorm } = await import('./scorm.mjs')
  for (const { file, bytes } of await makeScorm(args)) console.log(`${path.relative(root, file)}: ${megabytes(bytes)} MB`)
}

if (process.argv[1] === import.meta.filename) {
  const [what, ...args] = process.argv.slice(2)
  const kinds = { npm, scorm: () => scorm(args), python: async () => (await import('./python.mjs')).makePythonPackage() }
  const make = kinds[what ?? 'npm'] ?? (() => Promise.reject(new Error(`There is no package ${what}; there are ${Object.keys(kinds).join(', ')}.`)))
  await make().catch(error => {
    console.error(error.message)
    process.exit(1)
  })
}
