/** `npm run build`: both engines, optimised, and the static site in dist/. `--no-wasm-opt` keeps the engines as the dev server has them. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { buildEngine, engineNames, optimiseEngine } from './engines.mjs'
import { generate } from './generate.mjs'
import { packageBin, root, runOrThrow } from './run.mjs'

/** Types for those who import the module in TypeScript, from the same JSDoc that tsc checks. */
async function writeTypes() {
  await runOrThrow(process.execPath, [packageBin.tsc, '-p', 'scripts/tsconfig.types.json'])
  writeFileSync(path.join(root, 'dist/gan-atelier.d.ts'), "export * from './types/gan-atelier.js'\n")
}

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
  await writeTypes()
}

if (process.argv[1] === import.meta.filename) {
  build({ optimise: !process.argv.includes('--no-wasm-opt') }).catch(error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
