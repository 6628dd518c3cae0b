/** LiteRT.js: the same weights as a .tflite file of the picture's size. */
import { readBytes, readPicture, rgbaOf } from '../files.js'

/** @param {import('../cases.js').Case} kase @param {{ threads: number }} options @returns {Promise<import('../measure.js').Opened>} */
export async function open(kase, { threads }) {
  const { name, device, side } = kase
  const { Tensor, loadAndCompile, loadLiteRt } = await import('/peers/@litertjs/core/dist/index.js')
  await loadLiteRt('/peers/@litertjs/core/wasm/', { threads: threads > 1 && globalThis.crossOriginIsolated })
  const accelerator = device === 'cpu' ? 'wasm' : 'webgpu'
  const model = await loadAndCompile(await readBytes(name, 'network.tflite'), { accelerator, cpuOptions: { numThreads: threads } })
  const numbers = await readPicture(kase, 'last')
  let painting
  return {
    async run() {
      const picture = new Tensor(numbers, [1, side, side, 3])
      const [result] = await model.run(picture)
      painting = await result.data()
      for (const tensor of [picture, result]) tensor.delete()
    },
    output: async () => rgbaOf(painting, 'last')
  }
}
