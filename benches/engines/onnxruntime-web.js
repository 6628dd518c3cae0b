/** onnxruntime-web: the ONNX file that we export. */
import { readBytes, readPicture, rgbaOf } from '../files.js'

const folder = '/peers/onnxruntime-web/dist/'

/** @param {import('../cases.js').Case} kase @param {{ threads: number }} options @returns {Promise<import('../measure.js').Opened>} */
export async function open(kase, { threads }) {
  const { name, device, side } = kase
  const { InferenceSession, Tensor, env } = await import(`${folder}${device === 'cpu' ? 'ort.wasm' : 'ort.webgpu'}.min.mjs`)
  env.wasm.wasmPaths = folder
  env.wasm.numThreads = threads
  env.logLevel = 'error'
  const executionProviders = [device === 'cpu' ? 'wasm' : 'webgpu']
  const session = await InferenceSession.create(await readBytes(name, 'network.onnx'), { executionProviders, graphOptimizationLevel: 'all' })
  const picture = new Tensor('float32', await readPicture(kase, 'first'), [1, 3, side, side])
  let painting
  return {
    run: async () => { painting = (await session.run({ [session.inputNames[0]]: picture }))[session.outputNames[0]] },
    output: async () => rgbaOf(painting.data, 'first')
  }
}
