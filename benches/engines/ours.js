/** Our engine, through the public module as any page uses it: pictures go in and come out as bytes, and the work is in the module's workers. */
import { openAtelier } from '/gan-atelier.js'
import { read, readBytes } from '../files.js'

/** @typedef {import('../measure.js').Opened} Opened */

/** Milliseconds of a step that the module shares, where there are cores for it. */
const longStep = 30

/** @param {import('../cases.js').Case} kase @returns {Promise<Opened>} */
async function paint({ name, device, model, side }) {
  const atelier = await openAtelier({ device })
  const translator = await atelier.translator(model ?? await read(name, 'weights.pth'))
  const picture = new ImageData(new Uint8ClampedArray(await readBytes(name, 'picture.rgba')), side, side)
  let image
  return {
    run: async () => { ({ image } = await translator.translate(picture, { side })) },
    output: async () => image.data,
    memory: () => translator.memory()
  }
}

/** @param {import('../cases.js').Case} kase @returns {Promise<Opened>} */
async function train({ device, training, steps }) {
  const atelier = await openAtelier({ device })
  const session = await atelier.train(training)
  const { loss_d, loss_g, ms_per_step } = await session.step(steps)
  // Long steps are shared with other workers, as soon as these have come.
  for (let turn = 0; ms_per_step > longStep && session.workers === 1 && turn < 50; turn++) {
    await new Promise(resolve => setTimeout(resolve, 100))
    await session.step(1)
  }
  const mean = (/** @type {Float32Array} */ losses) => losses.reduce((sum, loss) => sum + loss, 0) / steps
  return { run: () => session.step(steps), losses: [loss_d, loss_g].map(mean), memory: () => session.memory() }
}

/** @param {import('../cases.js').Case} kase */
export const open = kase => (kase.training ? train : paint)(kase)
