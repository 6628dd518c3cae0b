/**
 * `npm run package -- python`: the page's part of the Python package into python/src/gan_atelier/static, and the package into pkg/python.
 * A notebook's page has no files of ours beside it, so everything is whole: the module as one file, the worker as one text in it with the
 * small engine's JavaScript. The engine itself and the weights lie beside, and travel when they are wanted.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { ensurePython } from './notebooks.mjs'
import { writeNotices } from './notices.mjs'
import { root, runOrThrow } from './run.mjs'

const folder = path.join(root, 'python')
const staticFolder = path.join(folder, 'src/gan_atelier/static')
const models = path.join(root, 'www/public/models')
const out = path.join(root, 'pkg/python')
/** Of the wheel, bytes: what people wait for once, and hubs keep for everybody. */
export const mostBytes = 12_000_000
/** Of that, what is no weights, bytes. */
const room = 400_000
const wasm = path.join(root, 'pkg/cpu/gan_atelier_bg.wasm')
const glue = path.join(root, 'pkg/cpu/gan_atelier.js')

const read = file => readFileSync(path.join(root, file), 'utf8')
const slashes = file => file.split(path.sep).join('/')

/** Some files of the module have another in their place here. @param {Record<string, string>} others by their places in www @returns {import('vite').Plugin} */
const instead = others => ({
  name: 'gan-atelier-notebook',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (source in others) return `\0${source}`
    if (!importer || !source.startsWith('.')) return null
    const other = others[slashes(path.relative(path.join(root, 'www'), path.resolve(path.dirname(importer), source)))]
    return other === undefined ? null : other.startsWith('/') || other.startsWith('\0') ? other : path.join(root, 'www', other)
  },
  load: id => (id.startsWith('\0') && id.slice(1) in others ? others[id.slice(1)] : null),
  // The worker gets the compiled module with its first call, and asks for no file.
  transform: (code, id) => (slashes(id) === slashes(glue) ? code.replace(/new URL\([^)]*import\.meta\.url\)/g, 'undefined') : null)
})

/** @param {string} input @param {import('vite').Plugin} plugin @param {'es' | 'iife'} format @returns {Promise<string>} */
async function whole(input, plugin, format) {
  const { build } = await import('vite')
  const made = await build({
    root, configFile: false, publicDir: false, logLevel: 'warn', plugins: [plugin],
    build: {
      target: 'es2022', write: false, modulePreload: false, assetsInlineLimit: 0,
      rolldownOptions: {
        input, preserveEntrySignatures: 'strict', output: { format, codeSplitting: false },
        // A classic script has no address of its own, and what it holds needs none.
        ...(format === 'iife' && { transform: { define: { 'import.meta': '{}' } } })
      }
    }
  })
  const { output } = Array.isArray(made) ? made[0] : /** @type {any} */ (made)
  const [{ code }] = output
  if (output.length !== 1) throw new Error(`${input} came in ${output.length} pieces: ${output.map(each => each.fileName).join(', ')}`)
  return code
}

async function moduleText() {
  const loadGlue = `import * as glue from ${JSON.stringify(slashes(glue))}\nexport const loadGlue = async () => glue`
  const worker = await whole('www/engine/worker.js', instead({ 'engine/glue.js': '\0virtual:glue', 'virtual:glue': loadGlue }), 'iife')
  const engines = { cpu: { glue: '', wasm: 'engine.wasm', bytes: statSync(wasm).size } }
  return whole('www/notebook/main.js', instead({
    'engine/parts.js': 'notebook/parts.js', 'embed/define.js': 'notebook/no-elements.js',
    'virtual:worker-text': `export default ${JSON.stringify(worker)}`,
    'virtual:engines': `export const root = ''\nexport const locate = place => place\nexport const engines = ${JSON.stringify(engines)}`
  }), 'es')
}

/** @param {string} name @param {string | Uint8Array} content */
function keep(name, content) {
  const file = path.join(staticFolder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return statSync(file).size
}

/** One that is compressed on its way as well as in the wheel. @param {string} name @param {string | Uint8Array} content */
const keepPacked = (name, content) => keep(`${name}.gz`, gzipSync(content, { level: 9 }))

/**
 * Every painter's way to the painting, then the ways back as far as there is room; discriminators judge, and nobody asks them here.
 * @param {number} left bytes
 */
function keepModels(left) {
  const cards = JSON.parse(read('www/public/models/models.json')).filter(({ kind }) => kind === 'cyclegan')
  const leftOut = []
  for (const way of ['ab', 'ba']) {
    for (const card of cards) {
      const file = card.files[way]
      const bytes = readFileSync(path.join(models, file.url))
      // As the wheel, a ZIP, will hold it.
      const packed = gzipSync(bytes, { level: 6 }).length
      if (way === 'ba' && packed > left) {
        delete card.files[way]
        leftOut.push(file.url)
        continue
      }
      left -= packed
      keep(`models/${file.url}`, bytes)
    }
  }
  for (const card of cards) {
    delete card.discriminators
    keep(`models/${card.card}`, readFileSync(path.join(models, card.card)))
  }
  keep('models/models.json', JSON.stringify(cards))
  return leftOut
}

/** Everything of the page's part that is not written by hand. */
export async function writeStatic() {
  if (!existsSync(wasm)) throw new Error('The Python package is made from what `npm run build` leaves.')
  rmSync(staticFolder, { recursive: true, force: true })
  const text = await moduleText()
  const used = keepPacked('atelier.js', text) + keepPacked('engine.wasm', readFileSync(wasm))
  keep('schema.json', read('www/generated/schema.json'))
  const leftOut = keepModels(mostBytes - room - used)
  const digest = createHash('sha256').update(text).update(readFileSync(wasm)).digest('hex').slice(0, 16)
  keep('version.json', JSON.stringify({ version: JSON.parse(read('package.json')).version, digest }))
  return leftOut
}

const wheels = () => readdirSync(out).filter(name => name.endsWith('.whl'))

/** Written twice, since the package is also built without Node. */
function checkVersion() {
  const { version } = JSON.parse(read('package.json'))
  if (!read('python/src/gan_atelier/_version.py').includes(`"${version}"`)) throw new Error(`python/src/gan_atelier/_version.py names another version than package.json: ${version}.`)
}

/** @returns {Promise<string>} the wheel */
export async function makePythonPackage() {
  checkVersion()
  const leftOut = await writeStatic()
  for (const file of ['LICENSE-MIT', 'LICENSE-APACHE', 'WEIGHTS-LICENSE.md']) copyFileSync(path.join(root, file), path.join(folder, file))
  writeNotices(folder)
  rmSync(out, { recursive: true, force: true })
  // Without a wheel of its own for building: what builds is installed beside the tests' notebooks, pinned.
  await runOrThrow(await ensurePython(), ['-m', 'build', '--no-isolation', '--outdir', out, folder])
  const [name] = wheels()
  const { size } = statSync(path.join(out, name))
  for (const each of leftOut) console.log(`left out for want of room: ${each}`)
  console.log(`pkg/python/${name}: ${(size / 1e6).toFixed(2)} MB`)
  if (size > mostBytes) throw new Error(`The wheel has ${size} bytes; ${mostBytes} are the limit.`)
  return path.join(out, name)
}
