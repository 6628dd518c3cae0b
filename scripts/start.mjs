/**
 * `npm start`: everything from a fresh clone to a served page. What does not wait for each other is done side by side; a page that says what
 * is under way is there at once, and the WebGPU engine is built behind the finished one.
 */
import { Building, buildingBar, serveWaiting } from './building.mjs'
import { buildEngine, compileEngine } from './engines.mjs'
import { generate } from './generate.mjs'
import { servedNotices } from './notices.mjs'
import { ensureBindgen, ensurePackages, ensureToolchain } from './tools.mjs'

const began = performance.now()
const seconds = () => `${((performance.now() - began) / 1000).toFixed(0)} s`
const building = new Building(['packages', 'tools', 'cpu', 'page', 'webgpu'])

/** Compiling the engine and what binds it to JavaScript share nothing. @param {Promise<void>} packages */
async function engine(packages) {
  await building.run('tools', ensureToolchain)
  const compiled = building.run('cpu', tell => compileEngine('cpu', tell))
  const tools = building.run('tools', ensureBindgen)
  await Promise.all([compiled, tools])
  await packages
  return building.run('page', async () => generate(await buildEngine('cpu')))
}

async function start() {
  const wanted = Number(process.env.PORT) || 5173
  const waiting = await serveWaiting(building, wanted)
  if (waiting) console.log(`\nWhat is being built is shown at http://localhost:${waiting.port}/`)
  // A failure of one is said at once, and ends both.
  const packages = building.run('packages', ensurePackages)
  await Promise.all([packages, engine(packages)])
  const { createServer } = await import('vite')
  const server = await createServer({ plugins: [buildingBar(building), servedNotices()], server: { port: wanted } })
  await waiting?.close()
  await server.listen()
  console.log(`\nGAN Atelier is ready after ${seconds()}:`)
  server.printUrls()
  building.run('webgpu', tell => buildEngine('webgpu', tell)).then(
    built => console.log(built ? `\nThe WebGPU engine is ready too, after ${seconds()}.` : ''),
    error => console.error(`\nThe WebGPU engine could not be built, the page goes on without it: ${error.message}`)
  )
}

start().catch(error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
