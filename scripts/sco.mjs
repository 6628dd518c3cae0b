/** dist/sco: the page that a lesson is in a course platform, with the lesson and the small engine alone; scripts/scorm.mjs and the page "Use it in your course" make packages of it. */
import { copyFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { engines } from './vite-engines.js'
import { writeNotices } from './notices.mjs'
import { root } from './run.mjs'

export const scoFolder = path.join(root, 'dist/sco')
/** Where a package has the engine, by where the build has it. */
export const engineFiles = ['gan_atelier.js', 'gan_atelier_bg.wasm'].map(file => `engines/cpu/${file}`)
const licences = ['LICENSE-MIT', 'LICENSE-APACHE']

/** Files that readers of folders and archives need: a lesson opens none. */
const unused = /^(pako|image-size|@zip\.js\/zip\.js\/.*)$/

/** @returns {import('vite').Plugin} */
const lessonOnly = () => ({
  name: 'gan-atelier-lesson-only',
  enforce: 'pre',
  resolveId(source) {
    if (source.endsWith('/embed/kinds.js')) return path.join(root, 'www/scorm/kinds.js')
    return unused.test(source) ? `\0unused-${source.replace(/\W+/g, '-')}` : null
  },
  load: id => (id.startsWith('\0unused-') ? 'export const ZipReader = null, BlobReader = null, Uint8ArrayWriter = null, configure = null, ungzip = null, Inflate = null, imageSize = null, types = []; export default null' : null),
})

const filesIn = folder => readdirSync(folder, { recursive: true }).map(String).filter(name => statSync(path.join(folder, name)).isFile()).map(name => name.split(path.sep).join('/'))

export async function bundleSco() {
  const { build } = await import('vite')
  rmSync(scoFolder, { recursive: true, force: true })
  const plugins = () => [lessonOnly(), engines({ files: engineFiles, only: ['cpu'] })]
  await build({
    root, configFile: false, base: './', publicDir: false, logLevel: 'warn', plugins: plugins(),
    worker: { format: 'es', plugins },
    build: {
      target: 'es2022', outDir: scoFolder, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false },
      rolldownOptions: { input: { sco: 'sco.html' }, output: { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' } },
    },
  })
  for (const file of licences) copyFileSync(path.join(root, file), path.join(scoFolder, file))
  writeNotices(scoFolder)
  writeFileSync(path.join(scoFolder, 'files.json'), JSON.stringify(filesIn(scoFolder).filter(name => !['sco.html', 'files.json'].includes(name))))
}
