/** Files of weights for tests and measurements: PyTorch's zip serialisation is written, safetensors files are read. */

/** Where PyTorch starts a storage's bytes. */
const alignment = 64

const text = new TextEncoder()
const ascii = string => [...string].map(letter => letter.charCodeAt(0))
const word = value => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]

/** The checksum of zip archives, by its table. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** @param {Uint8Array} bytes */
function checksum(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8)
  return ~sum >>> 0
}

/** The same numbers every time: N(0, 0.02), by a linear congruential generator and the sum of four uniform numbers. */
function randomWeights(count, seed) {
  const values = new Float32Array(count)
  const scale = 0.02 * Math.sqrt(3) / 2 ** 32
  let state = seed >>> 0
  const next = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state }
  for (let at = 0; at < count; at++) values[at] = (next() + next() + next() + next() - 2 ** 33) * scale
  return values
}

/**
 * A published generator's tensors with weights that depend on nothing but the sizes.
 * @param {{ filters: number, blocks: number }} size @returns {Map<string, { shape: number[], values: Float32Array }>}
 */
export function generatorTensors({ filters: f, blocks }) {
  const up = 10 + blocks
  const inner = Array.from({ length: blocks }, (_, block) => [1, 5].map(conv => [`${10 + block}.conv_block.${conv}`, [4 * f, 4 * f, 3, 3], 4 * f])).flat()
  const layers = [
    ['1', [f, 3, 7, 7], f], ['4', [2 * f, f, 3, 3], 2 * f], ['7', [4 * f, 2 * f, 3, 3], 4 * f], ...inner,
    [up, [4 * f, 2 * f, 3, 3], 2 * f], [up + 3, [2 * f, f, 3, 3], f], [up + 7, [3, f, 7, 7], 3]
  ]
  const tensors = new Map()
  for (const [layer, shape, outputs] of layers) {
    for (const [part, sides] of [['weight', shape], ['bias', [outputs]]]) {
      const count = sides.reduce((product, side) => product * side, 1)
      tensors.set(`model.${layer}.${part}`, { shape: sides, values: randomWeights(count, tensors.size + 1) })
    }
  }
  return tensors
}

const short = string => [0x58, ...word(string.length), ...ascii(string)]
const integer = value => [0x4a, ...word(value)]
const tuple = items => [0x28, ...items.flat(), 0x74]

/** The pickle of an OrderedDict of tensors, each in a storage of its own; protocol 2. */
function pickled(tensors) {
  const bytes = [0x80, 2, ...ascii('ccollections\nOrderedDict\n'), 0x29, 0x52, 0x28]
  let storage = 0
  for (const [name, { shape, values }] of tensors) {
    const strides = shape.map((_, at) => shape.slice(at + 1).reduce((product, side) => product * side, 1))
    const reference = [...tuple([short('storage'), ascii('ctorch\nFloatStorage\n'), short(String(storage++)), short('cpu'), integer(values.length)]), 0x51]
    const hooks = [...ascii('ccollections\nOrderedDict\n'), 0x29, 0x52]
    const described = tuple([reference, integer(0), tuple(shape.map(integer)), tuple(strides.map(integer)), [0x89], hooks])
    bytes.push(...short(name), ...ascii('ctorch._utils\n_rebuild_tensor_v2\n'), ...described, 0x52)
  }
  return Uint8Array.from([...bytes, 0x75, 0x2e])
}

/**
 * A .pth as `torch.save` writes it: a zip archive of stored entries, their content aligned.
 * @param {Map<string, { shape: number[], values: Float32Array }>} tensors @returns {Uint8Array}
 */
export function writePth(tensors) {
  const storages = [...tensors.values()].map(({ values }, at) => [`data/${at}`, new Uint8Array(values.buffer)])
  const entries = [['data.pkl', pickled(tensors)], ['byteorder', text.encode('little')], ...storages, ['version', text.encode('3\n')]]
  const parts = []
  const directory = []
  let length = 0
  const add = part => { parts.push(Uint8Array.from(part)); length += part.length }
  for (const [name, content] of entries) {
    const path = ascii(`net/${name}`)
    const start = length
    const padding = -(start + 34 + path.length) & (alignment - 1)
    const head = [...word(0), ...word(0), ...word(checksum(content)), ...word(content.length), ...word(content.length), path.length, 0]
    add([...ascii('PK\x03\x04'), 0, 0, ...head, padding + 4, 0, ...path, ...ascii('FB'), padding, 0, ...new Array(padding).fill(0)])
    parts.push(content)
    length += content.length
    directory.push(...ascii('PK\x01\x02'), 0, 0, 0, 0, ...head, ...new Array(12).fill(0), ...word(start), ...path)
  }
  const start = length
  const count = [entries.length & 255, entries.length >> 8]
  add(directory)
  add([...ascii('PK\x05\x06'), 0, 0, 0, 0, ...count, ...count, ...word(directory.length), ...word(start), 0, 0])
  const file = new Uint8Array(length)
  parts.reduce((at, part) => { file.set(part, at); return at + part.length }, 0)
  return file
}

/** A safetensors file's f32 tensors by name. @param {Buffer} file @returns {Record<string, { shape: number[], values: Float32Array }>} */
export function readSafetensors(file) {
  const length = Number(file.readBigUInt64LE(0))
  const { __metadata__, ...tensors } = JSON.parse(file.subarray(8, 8 + length).toString())
  const values = ([start, end]) => new Float32Array(Uint8Array.from(file.subarray(8 + length + start, 8 + length + end)).buffer)
  return Object.fromEntries(Object.entries(tensors).map(([name, { shape, data_offsets }]) => [name, { shape, values: values(data_offsets) }]))
}

/** A picture in [-1, 1], plane after plane, as opaque RGBA: exact where it came from bytes. @param {{ shape: number[], values: Float32Array }} picture */
export function rgbaOf({ shape: [, , height, width], values }) {
  const plane = width * height
  const rgba = new Uint8ClampedArray(4 * plane).fill(255)
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) rgba[4 * at + channel] = Math.round((values[channel * plane + at] + 1) * 127.5)
  }
  return { rgba, width, height }
}
