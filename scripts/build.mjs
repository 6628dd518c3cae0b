/** `npm run build`: both engines, optimised, and the static site in dist/. `--no-wasm-opt` keeps the engines as the dev server has them. */
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { buildEngine, engineNames, optimiseEngine } from './engines.mjs'
import { generate } from './generate.mjs'

/** @param {{ optimise?: boolean }} [options] */
export async function build({ optimise = true } = {}) {
  await ensurePackages()
  await ensureBuildTools()
  await generate(await buildEngine('cpu'))
  await buildEngine('webgpu')
  if (optimise) for (const name of engineNames) await optimiseEngine(name)
  process.env.GAN_ATELIER_ENGINES = optimise ? 'release' : 'plain'
  const { build: bundle } = await import('vite')
  await bundle()
}

if (process.argv[1] === import.meta.filename) {
  build({ optimise: !process.argv.includes('--no-wasm-opt') }).catch(error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
