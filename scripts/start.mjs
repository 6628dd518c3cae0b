/** `npm start`: everything from a fresh clone to a served page; the WebGPU engine is built behind it. */
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { buildEngine } from './engines.mjs'
import { generate } from './generate.mjs'

const began = performance.now()

async function start() {
  await ensurePackages()
  await ensureBuildTools()
  await generate(await buildEngine('cpu'))
  const { createServer } = await import('vite')
  const server = await createServer({ server: { port: Number(process.env.PORT) || 5173 } })
  await server.listen()
  console.log(`\nGAN Atelier is ready after ${((performance.now() - began) / 1000).toFixed(0)} s:`)
  server.printUrls()
  buildEngine('webgpu').then(
    built => console.log(built ? '\nThe WebGPU engine is ready too.' : ''),
    error => console.error(`\nThe WebGPU engine could not be built, the page goes on without it: ${error.message}`)
  )
}

start().catch(error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
