/**
 * Runs the CPU engine in Node and writes what the page shows before any engine has arrived: every family's schema,
 * the recorded frames of a real training, and a drawn horse as the shipped networks turn it into a zebra and back.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, say } from './run.mjs'

const folder = path.join(root, 'www/generated')
const models = path.join(root, 'www/public/models')
const families = ['gan', 'dcgan', 'acgan', 'rgan', 'cyclegan', 'drgan']
/** Enough frames for a film of a few seconds, few enough points for 60 KB. */
/** At the side that the pair was trained at; the seed is one whose animal looks to the right, towards the zebra. */
const turned = { id: 'horse2zebra', width: 256, height: 192, seed: 12, quality: 82 }
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

/** @param {any} translator @param {Uint8ClampedArray} rgba @param {'a' | 'b'} direction */
async function translated(translator, rgba, direction) {
  const translation = translator.begin(rgba, turned.width, turned.height, direction)
  while (!(await translation.advance(1))) ;
  return translation.finish()
}

/** A horse drawn by our own code, translated and translated back: three pictures as JPEG, base64. */
async function turnHorse(engine, { files }) {
  // Asked for only now: this file is read before the packages are there.
  const { encode } = await import('jpeg-js')
  const { width, height, seed, quality } = turned
  const [ab, ba] = ['ab', 'ba'].map(way => readFileSync(path.join(models, files[way].url)))
  const translator = new engine.Translator(ab, ba)
  const horse = engine.drawScene('horse', width, height, seed)
  const zebra = await translated(translator, horse, 'b')
  const back = await translated(translator, zebra, 'a')
  const jpeg = data => encode({ data, width, height }, quality).data.toString('base64')
  return { width, height, weights: files.ab.sha256, pictures: [horse, zebra, back].map(jpeg) }
}

/** @param {boolean} fresh the engine was built anew */
export async function generate(fresh) {
  const files = { schema: path.join(folder, 'schema.json'), ring: path.join(folder, 'ring.json'), horse: path.join(folder, 'horse.json') }
  const pair = JSON.parse(readFileSync(path.join(models, 'models.json'), 'utf8')).find(({ id }) => id === turned.id)
  const painted = existsSync(files.horse) && JSON.parse(readFileSync(files.horse, 'utf8')).weights === pair.files.ab.sha256
  if (!fresh && painted && existsSync(files.schema) && existsSync(files.ring)) return
  say('Schema, recorded frames and the turned horse')
  mkdirSync(folder, { recursive: true })
  const engine = await loadEngine()
  const schemas = Object.fromEntries(families.map(family => [family, engine.schema(family)]))
  writeFileSync(files.schema, JSON.stringify(schemas, null, 1))
  writeFileSync(files.ring, JSON.stringify(await recordRing(engine, schemas.gan)))
  writeFileSync(files.horse, JSON.stringify(await turnHorse(engine, pair)))
}
