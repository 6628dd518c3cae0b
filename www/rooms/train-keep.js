// What the training room keeps and hands out: across reloads, as a file, as a table, as a picture, as a link.
import { describeError, has, number, t } from '../i18n/translate.js'
import { forget, keep } from './keeper.js'
import { failure, notice, withdraw } from './notices.js'
import { fileName } from './train-home.js'
import { download, lossTable, samplePicture } from './train-files.js'
import { keepsData } from './train-share.js'
import { pointTable } from './train-tables.js'

/** @typedef {import('./train.js').TrainRoom} TrainRoom */

/** Of pictures that were left out. */
const namedAtMost = 3

const datasetName = id => (has(`dataset.${id}`) ? t(`dataset.${id}`) : id)

/** @param {TrainRoom} room @param {any} earlier */
export function offer(room, earlier) {
  if (earlier === 'unreadable') return unreadable()
  notice('resume', () => t('note.resume', { dataset: datasetName(earlier.dataset), step: earlier.step }), {
    answers: {
      resume: { text: () => t('note.resume_yes'), act: () => room.reopen(earlier, () => t('note.resumed', { step: earlier.step })) },
      discard: { text: () => t('note.resume_no'), act: () => forget() },
    },
  })
}

/** Nothing can be done with it, so it makes room for the next. */
function unreadable() {
  forget()
  notice('resume', () => t('note.unreadable'), { tone: 'error' })
}

/** @param {TrainRoom} room @param {any} before as `snapshot` gave it @param {() => string} text what was done */
export function offerUndo(room, before, text) {
  notice('restarted', text, {
    answers: {
      undo: { text: () => t('form.undo'), act: () => room.reopen(before, () => t('form.undone', { step: before.step })) },
      dismiss: { text: () => t('note.dismiss'), act: () => {} },
    },
  })
}

/** @param {TrainRoom} room @returns {Promise<any>} */
export async function snapshot({ trainer, config, data }) {
  const blob = await trainer.attempt(() => trainer.session?.save() ?? Promise.resolve(null))
  return blob && { blob, step: trainer.step, dataset: config.dataset, config, data, history: trainer.history.toJSON(), way: trainer.way?.frames }
}

/** What an earlier visit left is not replaced before this one has learned something. @param {TrainRoom} room */
export async function keepNow(room) {
  room.keptAt = performance.now()
  if (!room.trainer.session || room.broken || room.full || room.trainer.step === 0) return
  const now = await snapshot(room)
  if (!now) return
  withdraw('resume')
  // Pictures are in the session's file already; only a drawing is also part of the address.
  const { data, way, ...rest } = now
  await keep({ ...rest, way: room.trainer.way?.stored(), points: data?.points, scale: data?.scale }).catch(error => full(room, error))
}

/** Said once, not at every attempt; the training goes on, and a file has room for it. @param {TrainRoom} room @param {any} error */
function full(room, error) {
  if (!['StorageFull', 'StorageGone'].includes(error?.code)) return failure(error)
  room.full = true
  notice('full', () => (error.code === 'StorageGone' ? t('note.storage_gone') : describeError(error)), {
    tone: 'error',
    answers: {
      save: { text: () => t('train.save'), act: () => saveFile(room) },
      retry: { text: () => t('error.retry'), act: () => { room.full = false; keepNow(room) } },
      dismiss: { text: () => t('note.dismiss'), act: () => {} },
    },
  })
}

/** Pictures that could not be read, by name: the others are learned from. @param {TrainRoom} room */
export function tellLeftOut({ trainer }) {
  const { left_out } = trainer.dataset ?? {}
  if (!left_out) return withdraw('left_out')
  const { count, pictures } = left_out
  const named = () => pictures.slice(0, namedAtMost).map(({ name, code, ...details }) => t('own.left_out_one', { name, why: describeError({ code, details }) })).join(' ')
  const more = count - Math.min(count, namedAtMost)
  notice('left_out', () => [t('own.left_out', { count }), named(), ...(more ? [t('own.left_out_more', { count: more })] : [])].join(t('note.space')))
}

/** @param {TrainRoom} room */
export async function share(room) {
  room.rewrite()
  const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false)
  const alone = keepsData({ ...room, points: room.data?.points })
  notice('share', () => [t(copied ? 'train.share_done' : 'train.share_failed'), t(alone ? 'share.link_own' : 'share.link_text')].join(t('note.space')), { passing: true })
}

/** @param {TrainRoom} room */
export async function saveFile(room) {
  const now = await snapshot(room)
  if (!now) return
  download(now.blob, `${now.dataset}-${now.step}.gan`)
  notice('saved', () => t('train.saved', { step: now.step }), { passing: true })
}

/** @param {TrainRoom} room @param {HTMLInputElement} input */
export async function openFile(room, input) {
  const [file] = input.files ?? []
  input.value = ''
  if (file) await room.reopen({ blob: file }, () => t('train.opened', { name: file.name, step: number(room.trainer.step) }))
}

/** @param {TrainRoom} room */
export function saveLosses({ trainer, config }) {
  download(lossTable(trainer.history), `${config.dataset}-losses-${trainer.step}.csv`)
}

/** @param {TrainRoom} room */
export async function saveSamples({ trainer, config, stage }) {
  const picture = await trainer.attempt(() => samplePicture(trainer, stage.root.host))
  if (picture) download(picture, `${config.dataset}-samples-${trainer.step}.png`)
}

/** Made points of a table, in its units. @param {TrainRoom} room */
export async function savePoints({ trainer, config }) {
  const table = await trainer.attempt(() => pointTable(trainer))
  if (table) download(table, `${config.dataset}-points-${trainer.step}.csv`)
}

/** @param {TrainRoom} room @param {'a' | 'b'} direction the domain that the generator translates into */
export async function exportGenerator({ trainer, config }, direction) {
  const blob = await trainer.attempt(() => trainer.session?.export(direction) ?? Promise.resolve(null))
  if (!blob) return
  const name = fileName({ config, step: trainer.step }, 'safetensors', direction)
  download(blob, name)
  notice('saved', () => t('pairs.exported', { name }), { passing: true })
}

/** @param {TrainRoom} room @param {'onnx' | 'safetensors'} format @param {'a' | 'b'} [direction] of a family that translates */
export async function takeHome({ trainer, config }, format, direction) {
  const step = trainer.step
  const blob = await trainer.attempt(() => trainer.session?.export({ format, direction }) ?? Promise.resolve(null))
  if (!blob) return
  const name = fileName({ config, step }, format, direction)
  download(blob, name)
  notice('saved', () => t('take.saved', { name }), { passing: true })
}
