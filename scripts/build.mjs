/** `npm run build`: both engines, and the static site in dist/. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { buildEngine } from './engines.mjs'
import { generate } from './generate.mjs'
import { packageBin, root, runOrThrow } from './run.mjs'

/** Types for those who import the module in TypeScript, from the same JSDoc that tsc checks. */
async function writeTypes() {
  await runOrThrow(process.execPath, [packageBin.tsc, '-p', 'scripts/tsconfig.types.json'])
  writeFileSync(path.join(root, 'dist/gan-atelier.d.ts'), "export * from './types/gan-atelier.js'\n")
}

export async function build() {
  await ensurePackages()
  await ensureBuildTools()
  await generate(await buildEngine('cpu'))
  await buildEngine('webgpu')
  const { build: bundle } = await import('vite')
  await bundle()
  await writeTypes()
}

if (process.argv[1] === import.meta.filename) {
  build().catch(error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
