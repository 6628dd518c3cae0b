/** A case's files, in a page. */

/** @param {string} name of the case @param {string} file */
const place = (name, file) => `/cases/${name}/${file}`

/** @param {string} name @param {string} file @returns {Promise<Blob>} */
export async function read(name, file) {
  const answer = await fetch(place(name, file))
  if (!answer.ok) throw new Error(`${file} of ${name}: ${answer.status}`)
  return answer.blob()
}

/** @param {string} name @param {string} file */
export const readBytes = async (name, file) => new Uint8Array(await (await read(name, file)).arrayBuffer())

/** @param {string} name @param {string} file @param {BlobPart} content */
export const write = (name, file, content) => fetch(place(name, file), { method: 'PUT', body: new Blob([content]) })

/** The case's picture as numbers from -1 to 1. @param {import('./cases.js').Case} kase @param {'first' | 'last'} channels */
export async function readPicture({ name, side }, channels) {
  const rgba = await readBytes(name, 'picture.rgba')
  const plane = side * side
  const values = new Float32Array(3 * plane)
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) values[channels === 'first' ? channel * plane + at : 3 * at + channel] = rgba[4 * at + channel] / 127.5 - 1
  }
  return values
}

/** Numbers from -1 to 1 as a picture. @param {ArrayLike<number>} values @param {'first' | 'last'} channels */
export function rgbaOf(values, channels) {
  const plane = values.length / 3
  const rgba = new Uint8ClampedArray(4 * plane).fill(255)
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) rgba[4 * at + channel] = Math.round((values[channels === 'first' ? channel * plane + at : 3 * at + channel] + 1) * 127.5)
  }
  return rgba
}

/** A safetensors file's f32 tensors by name. @param {Uint8Array} file @returns {Record<string, { shape: number[], values: Float32Array }>} */
export function readTensors(file) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  const { __metadata__, ...tensors } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))
  const values = ([start, end]) => new Float32Array(file.slice(8 + length + start, 8 + length + end).buffer)
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape, data_offsets }]) => [name, { shape, values: values(data_offsets) }]))
}
