// The discriminator's verdict laid over a picture: indigo where it believes "real" (1), vermilion where it believes "made" (0).

/** Light theme's colours of both, in both themes: the picture under them does not change with the theme either. */
const real = [39, 64, 139]
const made = [192, 52, 30]
const undecided = [236, 228, 211]

/** A 70x70 PatchGAN (Isola et al. 2017, section 6.1): three layers of stride 2, so a verdict every 8 pixels, the first centred at 12. */
export const field = { side: 70, step: 8, first: 12 }

/** @param {number} score clamped to 0 (made) .. 1 (real) @returns {number[]} */
export function colourOf(score) {
  const certainty = Math.min(1, Math.abs(Math.min(1, Math.max(0, score)) - 0.5) * 2)
  const end = score > 0.5 ? real : made
  return undecided.map((value, channel) => Math.round(value + (end[channel] - value) * certainty))
}

/** The patch that a score is about, cut at the picture's border. @param {number} column @param {number} row @param {{ width: number, height: number }} size of the picture */
export function patchOf(column, row, { width, height }) {
  const [x, y] = [field.first + column * field.step, field.first + row * field.step]
  const [left, top] = [Math.max(0, x - field.side / 2), Math.max(0, y - field.side / 2)]
  return { x, y, left, top, width: Math.min(width, x + field.side / 2) - left, height: Math.min(height, y + field.side / 2) - top }
}

/** The picture in grey, so that the only colours are the verdict's. @param {ImageData} picture @param {{ data: Float32Array, width: number, height: number }} map */
export function tinted(picture, map) {
  const out = new ImageData(picture.width, picture.height)
  const index = (pixel, count) => Math.min(count - 1, Math.max(0, Math.floor((pixel - field.step) / field.step)))
  for (let y = 0, at = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++, at += 4) {
      const [red, green, blue] = [picture.data[at], picture.data[at + 1], picture.data[at + 2]]
      const grey = (0.299 * red + 0.587 * green + 0.114 * blue) / 255
      const tint = colourOf(map.data[index(y, map.height) * map.width + index(x, map.width)])
      for (let channel = 0; channel < 3; channel++) out.data[at + channel] = tint[channel] * (0.35 + 0.65 * grey)
      out.data[at + 3] = 255
    }
  }
  return out
}

/**
 * @param {CanvasRenderingContext2D} context @param {{ picture: ImageData, chosen: { column: number, row: number } | null }} data picture: tinted
 * @param {{ width: number, height: number }} size of the picture
 */
export function draw(context, { picture, chosen }, size) {
  context.putImageData(picture, 0, 0)
  if (!chosen) return
  const { left, top, width, height } = patchOf(chosen.column, chosen.row, size)
  for (const [colour, line] of [['#15151a', 3], ['#fff', 1.5]]) {
    context.strokeStyle = String(colour)
    context.lineWidth = Number(line)
    context.strokeRect(left + 1, top + 1, width - 2, height - 2)
  }
}
