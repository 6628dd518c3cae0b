// What a visitor takes away from a training or brings back to it: the session as a file, losses as a table, samples as a picture.
import { draw as drawPlane } from '../elements/draw/plane.js'
import { readPalette } from '../elements/draw/palette.js'
import { drawSequence } from '../elements/draw/sequences.js'
import { contactSheet } from '../elements/draw/sheet.js'
import { fileOf, surface } from '../files/canvas.js'
import { csv } from './tables.js'

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** @param {import('./history.js').LossHistory} history */
export function lossTable({ series }) {
  return new Blob([csv({ step: series.step, loss_d: series.d, loss_g: series.g })], { type: 'text/csv' })
}

/** Samples in a picture of this side at most, in pixels. */
const pictureSide = 1024
const sampled = { points: 2000, images: 64, sequences: 24 }

/**
 * Samples of a training as a PNG, from latents of their own.
 * @param {import('./trainer.js').Trainer} trainer @param {Element} place for the theme's colours
 */
export async function samplePicture({ session, dataset, watch }, place) {
  if (!session || !dataset) return null
  const count = sampled[dataset.kind] ?? sampled.images
  const sample = await session.sample({ count: dataset.kind === 'pairs' ? watch.pairs : count, seed: 2 })
  if (sample.kind === 'images') return contactSheet(/** @type {any} */ (sample), pictureSide)
  if (sample.kind === 'sequences') return sequencePicture(/** @type {any} */ (sample), dataset.range ?? [], readPalette(place))
  const canvas = surface(pictureSide, pictureSide)
  const context = /** @type {any} */ (canvas.getContext('2d'))
  drawPlane(context, { extent: dataset.extent ?? [-1, 1, -1, 1], palette: readPalette(place), fake: sample.data }, { width: pictureSide, height: pictureSide })
  return fileOf(canvas, { type: 'image/png' })
}

/**
 * A curve a frame, four frames in a row.
 * @param {import('../elements/draw/signal.js').Sequences} sequences @param {[number, number][]} ranges @param {import('../elements/draw/palette.js').Palette} palette
 */
function sequencePicture(sequences, ranges, palette) {
  const [columns, gap] = [4, 16]
  const rows = Math.ceil(sequences.shape[0] / columns)
  const [width, height] = [pictureSide / columns, (pictureSide / columns) * 0.6]
  const canvas = surface(pictureSide, Math.ceil(rows * height))
  const context = /** @type {any} */ (canvas.getContext('2d'))
  context.fillStyle = palette.sheet
  context.fillRect(0, 0, canvas.width, canvas.height)
  for (let index = 0; index < sequences.shape[0]; index++) {
    context.setTransform(1, 0, 0, 1, (index % columns) * width + gap / 2, Math.floor(index / columns) * height + gap / 2)
    drawSequence(context, { sequences, index, ranges, color: palette.made, palette }, { width: width - gap, height: height - gap })
  }
  return fileOf(canvas, { type: 'image/png' })
}
