// A photo painter in a notebook: the look of <photo-stylizer>, photos from the kernel as well as from the reader.
import { LiveStylizer, styles } from '../embed/live-stylizer.js'
import { AtelierError } from '../engine/protocol.js'
import { encode } from '../rooms/stylize-files.js'
import { Host } from './studio.js'

export class NotebookStylizer extends LiveStylizer {
  /** @param {Host} host @param {{ draw: () => void }} studio */
  constructor(host, studio) {
    super(host, null)
    this.stage = { draw: studio.draw, close: () => {} }
  }

  styles = styles

  /** @type {Promise<any>} */
  turn = Promise.resolve()

  /** One after another: two at a time would end each other. @param {Parameters<NotebookStylizer['repaint']>} call */
  stylize(...call) {
    const paint = () => this.repaint(...call)
    this.turn = this.turn.then(paint, paint)
    return this.turn
  }

  /** @param {{ direction: 'a' | 'b', strength: any, size: string, side?: number, name: string }} args @param {DataView} photo */
  async repaint({ direction, name, side, ...more }, photo) {
    this.direction = direction
    this.photo = { blob: new Blob([/** @type {any} */ (photo)]), name }
    const painting = this.paint({ ...more, ...(side && { side }) })
    const { running } = this
    await painting
    // The reader may have brought another photo meanwhile: what is there then is theirs.
    const { error, out } = running === this.running ? this : { error: null, out: null }
    if (error) throw error
    if (!out) throw new AtelierError('Aborted', 'The painting was stopped in the page.', { reason: 'page' })
    const blob = await encode(out.image, 'image/png')
    const { width, height } = out.image
    return { value: { width, height, ms: out.ms }, buffers: [await blob.arrayBuffer()] }
  }

  calls = {
    /** @param {any} args @param {DataView[]} buffers */
    stylize: (args, [photo]) => this.stylize(args, photo),
    abort: async () => { this.running?.abort(); return {} },
  }
}

/** @param {import('./kernel.js').Kernel} kernel @param {any} begin @param {DataView[]} _buffers @param {{ draw: () => void }} studio */
export async function stylizerIn(kernel, { language, model, side }, _buffers, studio) {
  const host = new Host(kernel, language, ['link'], { model, ...(side && { side: String(side) }) })
  const work = new NotebookStylizer(host, studio)
  const atelier = await host.atelier()
  work.cards = (await atelier.models()).filter(({ kind }) => kind === 'cyclegan')
  work.model = model
  kernel.tell('begun', { model })
  return work
}
