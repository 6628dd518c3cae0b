// Whether a file is one of weights, or of something that somebody may take for weights: by its first bytes, and by its name only where they
// say nothing. What exactly it is, and what is wrong with it, the engine says.

const endings = /\.(pth|pt|pt2|ckpt|safetensors|bin|pkl|pickle|onnx|h5|hdf5|keras|npy|npz|pb|tflite|tar|zip|gz|7z|rar)$/i

/** @param {Uint8Array} head @param {number} at @param {string} sign each letter a byte */
const has = (head, at, sign) => [...sign].every((letter, index) => head[at + index] === letter.charCodeAt(0))

/** @param {Uint8Array} head */
function picture(head) {
  return ['\xff\xd8\xff', '\x89PNG', 'GIF8', 'BM', 'II*\0', 'MM\0*', '%PDF', '<svg'].some(sign => has(head, 0, sign)) ||
    (has(head, 0, 'RIFF') && has(head, 8, 'WEBP')) || has(head, 4, 'ftyp')
}

/** @param {Uint8Array} head */
function weights(head) {
  // Zip archives, as PyTorch writes today, Keras and NumPy too; HDF5; NumPy; packed files; Git LFS's pointers; TensorFlow Lite.
  if (['PK\x03\x04', 'PK\x05\x06', '\x89HDF', '\x93NUMPY', '\x1f\x8b\x08', '7z\xbc\xaf', 'Rar!', 'version https://git-lfs'].some(sign => has(head, 0, sign))) return true
  // A pickle says its protocol; safetensors files the length of their header in eight bytes, and then come its braces.
  return (head[0] === 0x80 && head[1] >= 2 && head[1] <= 5) || (has(head, 4, '\0\0\0\0{')) || has(head, 4, 'TFL3') || onnx(head)
}

/** A version of a few, and another field of a model. @param {Uint8Array} head */
const onnx = head => head[0] === 0x08 && head[1] > 0 && head[1] <= 30 && [0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42].includes(head[2])

/** @param {File} file @returns {Promise<boolean>} */
export async function isWeights(file) {
  const head = new Uint8Array(await file.slice(0, 64).arrayBuffer())
  return !picture(head) && (weights(head) || endings.test(file.name))
}
