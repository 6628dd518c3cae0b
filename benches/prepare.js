/** In a page, with our engine: the files of a case that its peers need too. */
import { openAtelier } from '/gan-atelier.js'
import { read, write } from './files.js'

/** Samples of real data that peers draw their batches from. */
const samples = 1024

/** The network as ONNX, and a picture. @param {any} atelier @param {import('./cases.js').Case} kase */
async function prepareNetwork(atelier, { name, model, side }) {
  const translator = await atelier.translator(model ?? await read(name, 'weights.pth'))
  await write(name, 'network.onnx', await translator.export({ format: 'onnx' }))
  await write(name, 'picture.rgba', (await atelier.scene({ width: side, height: side })).data)
  await translator.close()
}

/** A training before its first step, and real samples. @param {any} atelier @param {import('./cases.js').Case} kase */
async function prepareTraining(atelier, { name, training, peers }) {
  if (!peers.length) return
  const session = await atelier.train(training)
  await write(name, 'session.safetensors', await session.save())
  const { data, shape, kind } = await session.inspect({ what: 'real', count: samples })
  const values = kind === 'images' ? Float32Array.from({ length: data.length / 4 }, (_, at) => data[4 * at] / 127.5 - 1) : data
  await write(name, 'real.f32', values)
  await write(name, 'real.json', JSON.stringify({ shape: kind === 'images' ? [...shape.slice(0, 3), 1] : shape, config: session.config }))
  await session.close()
}

/** @param {import('./cases.js').Case} kase */
export async function prepare(kase) {
  const atelier = await openAtelier({ device: 'cpu' })
  await (kase.training ? prepareTraining : prepareNetwork)(atelier, kase)
  await atelier.close()
}
