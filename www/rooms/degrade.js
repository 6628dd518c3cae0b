// Small damage to a picture, as sending, saving and copying do it: for the experiment that looks for hidden messages.

/**
 * From hardly visible to plain. JPEG: quality in percent. Blur: standard deviation in pixels. Noise: standard deviation in levels of 255.
 * @type {Record<'jpeg' | 'blur' | 'noise', number[]>}
 */
export const damages = {
  jpeg: [95, 85, 70, 50, 30, 15, 5],
  blur: [0.4, 0.6, 0.8, 1.2, 1.8, 2.5, 4],
  noise: [1, 2, 4, 8, 16, 28, 48],
}

/** @param {ImageData} picture @param {'jpeg' | 'blur' | 'noise'} kind @param {number} amount @param {number} [seed] of the noise */
export async function degrade(picture, kind, amount, seed = 1) {
  if (kind === 'jpeg') return compress(picture, amount / 100)
  return kind === 'blur' ? blur(picture, amount) : addNoise(picture, amount, seed)
}

/** Through the browser's own JPEG and back. @param {ImageData} picture @param {number} quality 0..1 */
async function compress(picture, quality) {
  const { width, height } = picture
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  context.putImageData(picture, 0, 0)
  const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality))
  if (!blob) throw Object.assign(new Error('no memory for a JPEG'), { code: 'OutOfMemory' })
  const bitmap = await createImageBitmap(blob)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return context.getImageData(0, 0, width, height)
}

/** So many lines between two looks at what the visitor does: some ten milliseconds. */
const linesAtOnce = 48

/** A Gaussian, first along the rows, then along the columns; the border repeats. @param {ImageData} picture @param {number} sigma in pixels */
export async function blur(picture, sigma) {
  const reach = Math.ceil(3 * sigma)
  const weights = Array.from({ length: 2 * reach + 1 }, (_, index) => Math.exp(-((index - reach) ** 2) / (2 * sigma * sigma)))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const { width, height } = picture
  const pass = async (from, length, lines, step, jump) => {
    const to = new Float32Array(from.length)
    for (let line = 0; line < lines; line++) {
      if (line % linesAtOnce === linesAtOnce - 1) await new Promise(resolve => setTimeout(resolve))
      for (let at = 0; at < length; at++) {
        for (let channel = 0; channel < 4; channel++) {
          let sum = 0
          for (let tap = -reach; tap <= reach; tap++) {
            const near = Math.min(length - 1, Math.max(0, at + tap))
            sum += weights[tap + reach] * from[line * jump + near * step + channel]
          }
          to[line * jump + at * step + channel] = sum / total
        }
      }
    }
    return to
  }
  const rows = await pass(picture.data, width, height, 4, width * 4)
  return new ImageData(Uint8ClampedArray.from(await pass(rows, height, width, width * 4, 4)), width, height)
}

/** The same seed gives the same noise. @param {ImageData} picture @param {number} sigma in levels of 255 @param {number} seed */
export function addNoise(picture, sigma, seed) {
  const uniform = generator(seed)
  const noisy = new Uint8ClampedArray(picture.data)
  for (let at = 0; at < noisy.length; at++) {
    // Box and Muller (1958).
    if (at % 4 !== 3) noisy[at] += sigma * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  }
  return new ImageData(noisy, picture.width, picture.height)
}

/** Counts through a 32-bit mixer (Murmur3's). @param {number} seed @returns {() => number} 0 to below 1 */
function generator(seed) {
  let count = Math.imul(seed, 0x9e3779b9)
  return () => {
    count = (count + 0x6d2b79f5) | 0
    let mixed = Math.imul(count ^ (count >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}
