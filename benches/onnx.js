/**
 * The networks that we export, for peers that read no ONNX: the file's messages, and the layers that are left at one size. Used in pages
 * and in Node. Of the format only what our own files hold (src/onnx/proto.rs).
 */

/** @typedef {{ shape: number[], values: Float32Array | number[] }} Constant */
/** @typedef {{ op: string, inputs: string[], output: string, told: Record<string, any> }} Node */
/** @typedef {{ kind: string, inputs: string[], output: string, [key: string]: any }} Layer */
/** @typedef {{ layers: Layer[], constants: Map<string, Constant>, shapes: Map<string, number[]>, input: string, output: string }} Network */

/** Protocol buffers from a place on. @param {Uint8Array} bytes */
function reader(bytes) {
  let at = 0
  const whole = () => {
    let [value, scale, byte] = [0n, 0n, 128]
    for (; byte & 128; scale += 7n) {
      byte = bytes[at++]
      value |= BigInt(byte & 127) << scale
    }
    return Number(BigInt.asIntN(64, value))
  }
  return { more: () => at < bytes.length, whole, take: (/** @type {number} */ length) => bytes.subarray(at, at += length) }
}

/** The fields of a message by number, in order: whole numbers, or bytes. @param {Uint8Array} bytes @returns {Record<number, any[]>} */
function fields(bytes) {
  const { more, whole, take } = reader(bytes)
  /** @type {Record<number, any[]>} */
  const found = {}
  while (more()) {
    const tag = whole()
    const kind = tag & 7
    const value = kind === 0 ? whole() : take(kind === 2 ? whole() : kind === 5 ? 4 : 8)
    ;(found[tag >>> 3] ??= []).push(value)
  }
  return found
}

/** Repeated whole numbers, packed or one by one. @param {any[]} [parts] @returns {number[]} */
function integers(parts = []) {
  return parts.flatMap(part => {
    if (typeof part === 'number') return [part]
    const { more, whole } = reader(part)
    const all = []
    while (more()) all.push(whole())
    return all
  })
}

const text = new TextDecoder()
const word = (/** @type {Uint8Array | undefined} */ bytes) => (bytes ? text.decode(bytes) : '')
/** At an address that any number may have. @param {Uint8Array} bytes */
const aligned = bytes => new Uint8Array(bytes).buffer

/** @param {Uint8Array} bytes @returns {[string, any]} */
function attribute(bytes) {
  const { 1: [name], 2: [float] = [], 3: [int = 0] = [], 4: [string] = [], 8: ints } = fields(bytes)
  if (float) return [word(name), new Float32Array(aligned(float))[0]]
  if (string) return [word(name), word(string)]
  return [word(name), ints ? integers(ints) : int]
}

/** @param {Uint8Array} bytes @returns {[string, Constant]} */
function constant(bytes) {
  const { 1: sides, 2: [type], 8: [name], 9: [raw] } = fields(bytes)
  const values = type === 1 ? new Float32Array(aligned(raw)) : [...new BigInt64Array(aligned(raw))].map(Number)
  return [word(name), { shape: integers(sides), values }]
}

/** @param {Uint8Array} bytes @returns {{ nodes: Node[], constants: Map<string, Constant>, input: string, output: string }} */
function readOnnx(bytes) {
  const graph = fields(fields(bytes)[7][0])
  const nodes = graph[1].map(node => {
    const { 1: inputs = [], 2: [output], 4: [op], 5: attributes = [] } = fields(node)
    return { op: word(op), inputs: inputs.map(word), output: word(output), told: Object.fromEntries(attributes.map(attribute)) }
  })
  const named = (/** @type {Uint8Array} */ info) => word(fields(info)[1][0])
  return { nodes, constants: new Map(graph[5].map(constant)), input: named(graph[11][0]), output: named(graph[12][0]) }
}

/** Arithmetic on sizes. @type {Record<string, (a: number, b: number) => number>} */
const sums = { Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => Math.trunc(a / b), Max: Math.max }

/** What a node that computes sizes gives. @param {Node} node @param {number[]} shape of its first input @param {number[][]} lists its inputs */
function sizes({ op, told }, shape, lists) {
  if (op === 'Shape') return shape.slice(told.start, told.end)
  if (op === 'Concat') return lists.flat()
  const [a, b] = lists
  return a.map((value, at) => sums[op](value, b[b.length === 1 ? 0 : at]))
}

/**
 * What a node is as a layer, and its output's shape; nothing where it leaves its input as it is.
 * @type {Record<string, (shape: number[], told: Record<string, any>, inputs: (Constant | undefined)[]) => [shape: number[], kind: string, more?: object] | null>}
 */
const kinds = {
  Identity: () => null,
  Pad([n, c, h, w], _, [, pads]) {
    const [, , by, , , , down, right] = /** @type {number[]} */ (pads?.values)
    if (by !== down || by !== right) throw new Error(`a picture of ${w} x ${h} is padded on one side`)
    return by === 0 ? null : [[n, c, h + 2 * by, w + 2 * by], 'mirror', { by }]
  },
  Slice([, , h, w], _, [, , to]) {
    if (to?.values[0] !== h || to.values[1] !== w) throw new Error('a picture is cut')
    return null
  },
  Conv([n, , h, w], { pads: [by], strides: [stride] }, [, weight]) {
    const [outputs, , kernel] = /** @type {Constant} */ (weight).shape
    const side = (/** @type {number} */ length) => Math.floor((length + 2 * by - kernel) / stride) + 1
    return [[n, outputs, side(h), side(w)], 'conv', { by, stride, kernel }]
  },
  ConvTranspose: ([n, , h, w], _, [, weight]) => [[n, /** @type {Constant} */ (weight).shape[1], 2 * h, 2 * w], 'transposed'],
  InstanceNormalization: (shape, { epsilon }) => [shape, 'norm', { epsilon }],
  Relu: shape => [shape, 'relu'],
  Tanh: shape => [shape, 'tanh'],
  Atanh: shape => [shape, 'atanh'],
  Add: shape => [shape, 'add'],
  Mul: (shape, _, [, by]) => [shape, 'scale', { by: by?.values[0] }],
  Clip: (shape, _, [, least, most]) => [shape, 'clip', { least: least?.values[0], most: most?.values[0] }],
  AveragePool: ([n, c, h, w], { strides: [by] }) => [[n, c, Math.ceil(h / by), Math.ceil(w / by)], 'blocks', { by }],
  Resize([n, c, h, w], { mode }, [, , times]) {
    const by = Number(times?.values[2])
    return [[n, c, by * h, by * w], mode === 'linear' ? 'smooth' : 'repeat', { by }]
  }
}

/**
 * The layers of a generator at one size: what depends on the size alone is computed, and what does nothing at this size left out.
 * @param {Uint8Array} bytes @param {number[]} shape `[n, channels, height, width]` @returns {Network}
 */
export function layersOf(bytes, shape) {
  const { nodes, constants, input, output } = readOnnx(bytes)
  const shapes = new Map([[input, shape]])
  /** @type {Map<string, string>} */
  const same = new Map()
  const settled = (/** @type {string} */ name) => same.get(name) ?? name
  /** @type {Layer[]} */
  const layers = []
  for (const node of nodes) {
    const inputs = node.inputs.map(settled)
    const known = inputs.map(name => constants.get(name))
    const from = shapes.get(inputs[0]) ?? []
    if (node.op === 'Shape' || known.every(each => Array.isArray(each?.values))) {
      const values = sizes(node, from, known.map(each => /** @type {number[]} */ (each?.values)))
      constants.set(node.output, { shape: [values.length], values })
      continue
    }
    if (!(node.op in kinds)) throw new Error(`${node.op} is not known here`)
    const drawn = kinds[node.op](from, node.told, known)
    if (!drawn) {
      same.set(node.output, inputs[0])
      continue
    }
    const [to, kind, more] = drawn
    shapes.set(node.output, to)
    layers.push({ kind, inputs, output: node.output, ...more })
  }
  return { layers, constants, shapes, input, output: settled(output) }
}

/** Multiply-adds of the convolutions as they are defined, without what fast algorithms save. @param {Network} network */
export function multiplyAdds({ layers, constants, shapes }) {
  const counted = layers.filter(({ kind }) => kind === 'conv' || kind === 'transposed')
  return counted.reduce((sum, { kind, inputs: [from, weight], output }) => {
    const [, , h, w] = /** @type {number[]} */ (shapes.get(kind === 'conv' ? output : from))
    return sum + /** @type {Constant} */ (constants.get(weight)).shape.reduce((product, side) => product * side, h * w)
  }, 0)
}
