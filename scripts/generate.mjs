/**
 * Runs the CPU engine in Node and writes what the page shows before any engine has arrived: every family's schema,
 * and the recorded frames of a real training.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { output, root, say } from './run.mjs'

const folder = path.join(root, 'www/generated')
const families = ['gan', 'dcgan', 'acgan', 'rgan', 'cyclegan', 'drgan']
/** Enough frames for a film of a few seconds, few enough points for 60 KB. */
const recording = { seed: 7, frames: 40, points: 110, real: 240, steps: 4000 }

/** The CPU engine, in Node. */
export async function loadEngine() {
  const place = path.join(root, 'pkg/cpu')
  const engine = await import(`${pathToFileURL(path.join(place, 'gan_atelier.js')).href}?${Date.now()}`)
  engine.initSync({ module: readFileSync(path.join(place, 'gan_atelier_bg.wasm')) })
  await engine.openDevice()
  return engine
}

const rounded = data => Array.from(data, value => Math.round(value * 100) / 100)

/** A training of the default ring, seen at growing distances: the first steps change most. */
async function recordRing(engine, schema) {
  const { seed, frames, points, real, steps } = recording
  const training = engine.Training.start({ family: 'gan', dataset: 'ring', seed })
  const film = { steps: [], points: [], real: [], extent: rounded(schema.datasets.find(set => set.id === 'ring').extent), seed }
  film.real = rounded((await training.inspect({ what: 'real', count: real, seed })).data)
  for (let frame = 0; frame < frames; frame++) {
    const target = Math.round(steps * (frame / (frames - 1)) ** 2)
    if (target > training.steps) await training.step(target - training.steps)
    film.steps.push(training.steps)
    film.points.push(rounded((await training.sample({ count: points, seed })).data))
  }
  training.free()
  return film
}

/** The detector of faces is data of a crate, BSD-2-Clause: copied with its licence to where the page fetches it from. */
function copyDetector() {
  const to = path.join(root, 'www/public/models/face-detector')
  if (existsSync(`${to}.bin`) && existsSync(`${to}.LICENSE.txt`)) return
  const { packages } = JSON.parse(output('cargo', ['metadata', '--format-version', '1', '--locked']) ?? '{"packages":[]}')
  const crate = packages.find(({ name }) => name === 'rustface')
  if (!crate) throw new Error('cargo does not know where the crate rustface is')
  const from = path.dirname(crate.manifest_path)
  copyFileSync(path.join(from, 'model/seeta_fd_frontal_v1.0.bin'), `${to}.bin`)
  copyFileSync(path.join(from, 'LICENSE'), `${to}.LICENSE.txt`)
}

/** @param {boolean} fresh the engine was built anew */
export async function generate(fresh) {
  copyDetector()
  const files = { schema: path.join(folder, 'schema.json'), ring: path.join(folder, 'ring.json') }
  if (!fresh && existsSync(files.schema) && existsSync(files.ring)) return
  say('Schema and recorded frames')
  mkdirSync(folder, { recursive: true })
  const engine = await loadEngine()
  const schemas = Object.fromEntries(families.map(family => [family, engine.schema(family)]))
  writeFileSync(files.schema, JSON.stringify(schemas, null, 1))
  writeFileSync(files.ring, JSON.stringify(await recordRing(engine, schemas.gan)))
}
