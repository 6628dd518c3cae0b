/** `npm run build`: both engines, the static site in dist/, and in dist/sco what course packages are made of. */
import path from 'node:path'
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { root } from './run.mjs'
import { buildEngine } from './engines.mjs'
import { bundleSco } from './sco.mjs'
import { generate } from './generate.mjs'
import { writeNotices } from './notices.mjs'
import { writeTypes } from './types.mjs'

export async function build() {
  await ensurePackages()
  await ensureBuildTools()
  await generate(await buildEngine('cpu'))
  await buildEngine('webgpu')
  const { build: bundle } = await import('vite')
  await bundle()
  await bundleSco()
  writeNotices(path.join(root, 'dist'))
  await writeTypes('dist')
}

if (process.argv[1] === import.meta.filename) {
  build().catch(error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
