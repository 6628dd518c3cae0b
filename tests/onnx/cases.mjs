/**
 * More cases for check.py, by the engine of the browser: run here by Node, trained a little, exported, and sampled with the same latents; and
 * a shipped painter at a size that is no multiple of four.
 *
 *     node tests/onnx/cases.mjs FOLDER
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadEngine } from '../../scripts/generate.mjs'

const folder = process.argv[2]
const models = path.resolve(import.meta.dirname, '../../www/public/models')

/** A safetensors file of float32. @param {Record<string, { shape: number[], data: ArrayLike<number> }>} arrays */
function safetensors(arrays) {
  let at = 0
  const parts = Object.entries(arrays).map(([name, { shape, data }]) => {
    const bytes = Buffer.from(Float32Array.from(data).buffer)
    const entry = [name, { dtype: 'F32', shape, data_offsets: [at, at += bytes.length] }]
    return { entry, bytes }
  })
  const header = Buffer.from(JSON.stringify(Object.fromEntries(parts.map(({ entry }) => entry))))
  const padded = Buffer.concat([header, Buffer.alloc((8 - (header.length % 8)) % 8, 32)])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...parts.map(({ bytes }) => bytes)])
}

async function write(name, exported, arrays) {
  for (const [ending, format] of [['onnx', 'onnx'], ['weights', 'safetensors']]) writeFileSync(path.join(folder, `${name}.${ending}`), await exported(format))
  writeFileSync(path.join(folder, `${name}.case`), safetensors(arrays))
}

/** Any numbers will do, as long as both get the same. @param {number} count */
const numbers = count => Float32Array.from({ length: count }, (_, at) => 1.5 * Math.sin(1 + at * 12.9898))

/** @param {any} engine @param {string} name @param {object} config @param {{ latent: number, classes?: number, output: string, shape: (n: number, data: any) => number[], of?: (sample: any) => ArrayLike<number> }} about */
async function trained(engine, name, config, { latent, classes = 0, output, shape, of = sample => sample.data }) {
  const training = engine.Training.start(config)
  await training.step(20)
  const n = 4
  const latents = numbers(n * latent)
  const sample = await training.sample({ count: n, seed: 1, latent: latents })
  const data = of(sample)
  await write(name, format => training.export(format, 'b'), {
    'in.latent': { shape: [n, latent], data: latents },
    ...(classes && { 'in.label': { shape: [n], data: Array.from({ length: n }, (_, at) => at % classes) } }),
    [`out.${output}`]: { shape: shape(n, sample), data },
  })
  training.free()
}

/** A shipped painter on a picture of this size. */
async function painter(engine, id, width, height) {
  const { files } = JSON.parse(readFileSync(path.join(models, 'models.json'), 'utf8')).find(model => model.id === id)
  const translator = new engine.Translator(readFileSync(path.join(models, files.ab.url)))
  const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => (at % 4 === 3 ? 255 : 127 + 120 * Math.sin((at >> 2) * 0.37 + at)))
  const translation = translator.begin(rgba, width, height, 'b')
  while (!(await translation.advance(1))) { /* layer by layer */ }
  const painting = await translation.finish()
  const planes = pixels => [0, 1, 2].flatMap(channel => Array.from({ length: width * height }, (_, at) => pixels[4 * at + channel]))
  const shape = [1, 3, height, width]
  await write(`shipped-${id}`, format => translator.export(format, 'b'), { 'in.picture': { shape, data: planes(rgba) }, 'out.painting': { shape, data: planes(painting) } })
  translator.free()
}

mkdirSync(folder, { recursive: true })
const engine = await loadEngine()
await trained(engine, 'browser-ring', { family: 'gan', dataset: 'ring', seed: 3 }, { latent: 2, output: 'points', shape: n => [n, 2] })
await trained(engine, 'browser-waves', { family: 'rgan', dataset: 'waves', conditional: true, seed: 3, sequence_length: 12, latent_dim: 2, held_dim: 1, hidden_dim: 8 },
  { latent: 25, classes: 4, output: 'sequences', shape: n => [n, 12, 1] })
const painters = JSON.parse(readFileSync(path.join(models, 'models.json'), 'utf8')).filter(({ kind }) => kind === 'cyclegan')
for (const { id } of painters) await painter(engine, id, 45, 38)
