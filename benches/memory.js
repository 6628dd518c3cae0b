/** In a fresh page: WebAssembly memory of our engine after one painting. It never shrinks, so what is there is the peak. */
import { openAtelier } from '/gan-atelier.js'

/** @param {{ model: string, side: number, size: string }} painting @returns {Promise<{ ms: number, bytes: number }>} */
export async function memory({ model, side, size }) {
  const atelier = await openAtelier({ device: 'cpu' })
  const picture = await atelier.scene({ width: side, height: side })
  const translator = await atelier.translator(model)
  const { ms } = await translator.translate(picture, { side, size })
  const bytes = await translator.memory()
  await atelier.close()
  return { ms, bytes }
}
