/** What a notebook's page gets of GAN Atelier, once: the loader in the widget's own module asks the kernel for it. */
import { bringParts } from './parts.js'
import { Studio } from './studio.js'
import { stylizerIn } from './stylizer.js'
import { trainerIn } from './trainer.js'

export { bringParts }

const kinds = { trainer: trainerIn, stylizer: stylizerIn }

/** @param {import('./kernel.js').Wire} wire @param {'trainer' | 'stylizer'} kind */
export const open = (wire, kind) => new Studio(wire, /** @type {any} */ (kinds[kind]))
