// A painter's generators, for other software.
import { html } from 'lit'
import '../elements/take-home.js'
import { t } from '../i18n/translate.js'
import { failure, notice } from './notices.js'
import { wayName } from './stylize-painters.js'
import { download } from './train-files.js'

/** @typedef {import('./stylize-painters.js').Painter} Painter */

/** @param {Painter} painter @param {'a' | 'b'} way @param {string} format */
const fileName = (painter, way, format) => `${painter.card ? painter.id : painter.name}-${way === 'a' ? 'ba' : 'ab'}.${format}`

/** @param {import('./stylize.js').StylizeRoom} room @param {Painter} painter @param {{ format: 'onnx' | 'safetensors', way: 'a' | 'b' }} wish */
async function take({ painters }, painter, { format, way }) {
  try {
    const blob = await (await painters.translator(painter)).export({ direction: way, format })
    const name = fileName(painter, way, format)
    download(blob, name)
    notice('saved', () => t('take.saved', { name }), { passing: true })
  } catch (error) {
    // A visitor's own file of a form that is not written.
    if (/** @type {any} */ (error).code === 'Unsupported') notice('saved', () => t('take.other_form'), { tone: 'error' })
    else failure(error)
  }
}

/** @param {import('./stylize.js').StylizeRoom} room */
export function takeHome(room) {
  const painter = room.painters.painter
  if (!painter) return ''
  const names = (/** @type {any} */ format, /** @type {any} */ way) => fileName(painter, way, format)
  return html`<take-home class="small" family="cyclegan" ready .ways=${painter.directions.map(id => ({ id, name: wayName(painter, id) }))} .names=${names}
    @take=${event => take(room, painter, event.detail)}></take-home>`
}
