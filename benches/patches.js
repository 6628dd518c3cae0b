/**
 * Convolutions as matrix products, for engines whose own are slow or have no gradient: jax-js's convolution takes ten times as long as its
 * product of the same size, and tfjs-wasm has no gradient of a kernel.
 */

/** @typedef {import('./painter.js').Ops} Ops */
/** @typedef {any} Tensor */

/** jax-js multiplies by fewer columns three times as slowly. */
const leastOutputs = 16
/** Numbers in all patches of a picture beyond which a compiled program, which keeps them all, has no room left. */
const mostInPatches = 2 ** 27

/**
 * A convolution without a border: a product a row of the kernel, of patches one row high.
 * @param {Ops} ops @param {Tensor} x `[n, h, w, inputs]` @param {Tensor} kernel `[rows, columns, inputs, outputs]` @param {number} stride 1 or 2
 */
export function convOf(ops, x, kernel, stride) {
  const [n, height, width] = ops.shape(x)
  const [rows, columns, inputs, outputs] = ops.shape(kernel)
  const few = outputs < leastOutputs
  if (few && stride === 1 && height * width * rows * columns * inputs > mostInPatches) return productFirst(ops, x, kernel)
  if (few) {
    const wide = convOf(ops, x, ops.pad(kernel, [[0, 0], [0, 0], [0, 0], [0, leastOutputs - outputs]]), stride)
    return ops.slice(wide, [null, null, null, [0, outputs]])
  }
  const [h, w] = [height, width].map((length, axis) => Math.floor((length - (axis ? columns : rows)) / stride) + 1)
  const taken = (/** @type {number} */ i, /** @type {number} */ j) => strided(ops, x, [i, j], [h, w], stride)
  const sum = Array.from({ length: rows }, (_, i) => {
    const patches = ops.concat(Array.from({ length: columns }, (_, j) => taken(i, j)), 3)
    const row = ops.reshape(ops.slice(kernel, [[i, i + 1], null, null, null]), [columns * inputs, outputs])
    return ops.matmul(ops.reshape(patches, [n * h * w, columns * inputs]), row)
  }).reduce((a, b) => ops.add(a, b))
  return ops.reshape(sum, [n, h, w, outputs])
}

/** For few outputs of a large picture: every pixel by the whole kernel, then the sum of what falls on one place. @param {Ops} ops @param {Tensor} x @param {Tensor} kernel */
function productFirst(ops, x, kernel) {
  const [n, height, width, inputs] = ops.shape(x)
  const [rows, columns, , outputs] = ops.shape(kernel)
  const pixels = ops.transpose(ops.reshape(x, [n * height * width, inputs]), [1, 0])
  const taps = ops.reshape(ops.transpose(kernel, [0, 1, 3, 2]), [rows * columns * outputs, inputs])
  const planes = ops.reshape(ops.matmul(taps, pixels), [rows * columns, outputs, n * height, width])
  const [h, w] = [height - rows + 1, width - columns + 1]
  const fallen = Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns]
    return ops.slice(planes, [[at, at + 1], null, [i, i + h], [j, j + w]])
  })
  return ops.transpose(fallen.reduce((a, b) => ops.add(a, b)), [0, 2, 3, 1])
}

/** Every pixel, or every second one, from a place on. @param {Ops} ops @param {Tensor} x @param {number[]} from @param {number[]} size @param {number} stride */
function strided(ops, x, [top, left], [h, w], stride) {
  if (stride === 1) return ops.slice(x, [null, [top, top + h], [left, left + w], null])
  const [n, height, width, c] = ops.shape(x)
  // A picture's second pixels are the first of pairs.
  const even = ops.pad(x, [[0, 0], [0, 2 * h + top - height > 0 ? 2 * h + top - height : 0], [0, 2 * w + left - width > 0 ? 2 * w + left - width : 0], [0, 0]])
  const window = ops.slice(even, [null, [top, top + 2 * h], [left, left + 2 * w], null])
  const pairs = ops.reshape(window, [n * h, 2, w, 2 * c])
  return ops.reshape(ops.slice(pairs, [null, [0, 1], null, [0, c]]), [n, h, w, c])
}

/**
 * A transposed convolution of 3 x 3, stride 2, that doubles both sides: of the four pixels in the place of one, each has its own part of
 * the kernel.
 * @param {Ops} ops @param {Tensor} x `[n, h, w, inputs]` @param {Tensor} kernel `[3, 3, inputs, outputs]`
 */
export function doublingOf(ops, x, kernel) {
  const [n, h, w, inputs] = ops.shape(x)
  const [, , , outputs] = ops.shape(kernel)
  const grown = ops.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]])
  const at = (/** @type {number} */ i, /** @type {number} */ j) => ops.slice(grown, [null, [i, i + h], [j, j + w], null])
  const tap = (/** @type {number} */ i, /** @type {number} */ j) => ops.reshape(ops.slice(kernel, [[i, i + 1], [j, j + 1], null, null]), [inputs, outputs])
  // An even pixel lies under the kernel's middle; an odd one between two, under its ends.
  const ways = [[[0, 1]], [[0, 2], [1, 0]]]
  const pixel = (/** @type {number} */ down, /** @type {number} */ across) => {
    const taps = ways[down].flatMap(([i, row]) => ways[across].map(([j, column]) => [at(i, j), tap(row, column)]))
    const patches = taps.length > 1 ? ops.concat(taps.map(([part]) => part), 3) : taps[0][0]
    const weight = taps.length > 1 ? ops.concat(taps.map(([, part]) => part), 0) : taps[0][1]
    return ops.reshape(ops.matmul(ops.reshape(patches, [n * h * w, taps.length * inputs]), weight), [n * h, 1, w, outputs])
  }
  const row = (/** @type {number} */ down) => ops.concat([pixel(down, 0), pixel(down, 1)], 3)
  return ops.reshape(ops.concat([row(0), row(1)], 1), [n, 2 * h, 2 * w, outputs])
}

/**
 * DCGAN's convolutions, 4 x 4, stride 2 and padding 1, seen as blocks of two by two pixels (src/nn/patches.rs). Kernels are turned once:
 * to block, place in the block, inputs by outputs.
 * @param {Ops} ops @param {Tensor} kernel `[outputs, inputs, 4, 4]` @returns {Tensor} `[16 inputs, outputs]`
 */
export function halvingKernel(ops, kernel) {
  const [outputs, inputs] = ops.shape(kernel)
  return ops.reshape(ops.transpose(ops.reshape(kernel, [outputs, inputs, 2, 2, 2, 2]), [2, 4, 3, 5, 1, 0]), [16 * inputs, outputs])
}

/** @param {Ops} ops @param {Tensor} kernel of a transposed convolution, `[inputs, outputs, 4, 4]` @returns {Tensor} `[inputs, 16 outputs]` */
export function doublingKernel(ops, kernel) {
  const [inputs, outputs] = ops.shape(kernel)
  return ops.reshape(ops.transpose(ops.reshape(kernel, [inputs, outputs, 2, 2, 2, 2]), [0, 2, 4, 3, 5, 1]), [inputs, 16 * outputs])
}

/** @param {Ops} ops @param {Tensor} x `[n, h, w, inputs]` @param {Tensor} kernel @returns {Tensor} `[n, h/2, w/2, outputs]` */
export function halved(ops, x, kernel) {
  const [n, h, w, c] = ops.shape(x)
  const [rows, columns] = [h / 2, w / 2]
  const padded = ops.reshape(ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), [n, rows + 1, 2, columns + 1, 2, c])
  const blocks = ops.reshape(ops.transpose(padded, [0, 1, 3, 2, 4, 5]), [n, rows + 1, columns + 1, 4 * c])
  const neighbour = (/** @type {number} */ at) => ops.slice(blocks, [null, [at >> 1, (at >> 1) + rows], [at & 1, (at & 1) + columns], null])
  const patches = ops.reshape(ops.concat([0, 1, 2, 3].map(neighbour), 3), [n * rows * columns, 16 * c])
  return ops.reshape(ops.matmul(patches, kernel), [n, rows, columns, ops.shape(kernel)[1]])
}

/** @param {Ops} ops @param {Tensor} x `[n, h, w, inputs]` @param {Tensor} kernel @returns {Tensor} `[n, 2h, 2w, outputs]` */
export function doubled(ops, x, kernel) {
  const [n, h, w, inputs] = ops.shape(x)
  const c = ops.shape(kernel)[1] / 16
  const patches = ops.reshape(ops.matmul(ops.reshape(x, [n * h * w, inputs]), kernel), [n, h, w, 16 * c])
  const placed = (/** @type {number} */ at) => {
    const [i, j] = [at >> 1, at & 1]
    return ops.pad(ops.slice(patches, [null, null, null, [4 * at * c, 4 * (at + 1) * c]]), [[0, 0], [i, 1 - i], [j, 1 - j], [0, 0]])
  }
  const blocks = ops.reshape([0, 1, 2, 3].map(placed).reduce((a, b) => ops.add(a, b)), [n, h + 1, w + 1, 2, 2, c])
  const whole = ops.reshape(ops.transpose(blocks, [0, 1, 3, 2, 4, 5]), [n, 2 * h + 2, 2 * w + 2, c])
  return ops.slice(whole, [null, [1, 2 * h + 1], [1, 2 * w + 1], null])
}
