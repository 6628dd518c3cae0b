/**
 * A generator as a .tflite file, at one size and with channels last, as converters write it. Numbers of operators, options and slots are
 * those of TensorFlow Lite's schema, version 3.
 */

/** @typedef {import('./onnx.js').Network} Network */
/** @typedef {[slot: number, type: 'Int8' | 'Int32', value: number]} Setting */

/** Operator, and the number of its options' type; 0 where it takes none. */
const operators = {
  add: [0, 11], averagePool: [1, 5], conv: [3, 1], mul: [18, 21], relu: [19, 0], bilinear: [23, 15], tanh: [28, 0], pad: [34, 22], mean: [40, 27], sub: [41, 28],
  maximum: [55, 39], minimum: [57, 39], slice: [65, 48], transposed: [67, 49], log: [73, 0], rsqrt: [76, 0], nearest: [97, 74], mirror: [100, 77]
}
const valid = /** @type {Setting} */ ([0, 'Int8', 1])
/** Newer operators' settings need a newer version of them. @type {Record<string, number>} */
const versions = { bilinear: 3 }

/** Flat values with the axes in another order. @param {ArrayLike<number>} values @param {number[]} shape @param {number[]} order */
export function permuted(values, shape, order) {
  const steps = shape.map((_, at) => shape.slice(at + 1).reduce((product, side) => product * side, 1))
  const [sides, strides] = [order.map(axis => shape[axis]), order.map(axis => steps[axis])]
  const out = new Float32Array(values.length)
  let to = 0
  for (let a = 0; a < sides[0]; a++) for (let b = 0; b < sides[1]; b++) for (let c = 0; c < sides[2]; c++) {
    const from = a * strides[0] + b * strides[1] + c * strides[2]
    for (let d = 0; d < sides[3]; d++) out[to++] = values[from + d * strides[3]]
  }
  return out
}

const last = (/** @type {number[]} */ [n, c, h, w]) => [n, h, w, c]

/** The graph as tensors and steps, before it becomes bytes. @param {Network} network */
function plan({ layers, constants, shapes, input, output }) {
  /** @type {{ shape: number[], values?: Float32Array | Int32Array }[]} */
  const tensors = []
  /** @type {{ op: keyof typeof operators, inputs: number[], output: number, settings: Setting[] }[]} */
  const steps = []
  const tensor = (/** @type {number[]} */ shape, /** @type {Float32Array | Int32Array} */ values = undefined) => tensors.push({ shape, values }) - 1
  const numbers = (/** @type {number[][]} */ rows) => tensor(rows.length === 1 ? [rows[0].length] : [rows.length, rows[0].length], Int32Array.from(rows.flat()))
  const scalar = (/** @type {number} */ value) => tensor([], Float32Array.of(value))
  const step = (/** @type {keyof typeof operators} */ op, /** @type {number[]} */ inputs, /** @type {number[]} */ shape, /** @type {Setting[]} */ settings = []) => {
    steps.push({ op, inputs, output: tensor(shape), settings })
    return tensors.length - 1
  }
  const around = (/** @type {number} */ by) => numbers([[0, 0], [by, by], [by, by], [0, 0]])
  const found = new Map([[input, tensor(last(/** @type {number[]} */ (shapes.get(input))))]])
  const at = (/** @type {string} */ name) => /** @type {number} */ (found.get(name))
  const strides = (/** @type {number} */ stride) => /** @type {Setting[]} */ ([valid, [1, 'Int32', stride], [2, 'Int32', stride]])

  for (const layer of layers) {
    const { kind, by } = layer
    const [a, b] = layer.inputs.map(at)
    const weight = constants.get(layer.inputs[1])
    const shape = last(/** @type {number[]} */ (shapes.get(layer.output)))
    const [n, h, w, c] = shape
    const draw = {
      mirror: () => step('mirror', [a, around(by)], shape, [[0, 'Int8', 0]]),
      conv() {
        const from = tensors[a].shape
        const x = by ? step('pad', [a, around(by)], [n, from[1] + 2 * by, from[2] + 2 * by, from[3]]) : a
        const kernel = tensor(last(weight.shape), permuted(weight.values, weight.shape, [0, 2, 3, 1]))
        const bias = tensor([c], Float32Array.from(constants.get(layer.inputs[2])?.values ?? new Float32Array(c)))
        return step('conv', [x, kernel, bias], shape, [...strides(layer.stride), [4, 'Int32', 1], [5, 'Int32', 1]])
      },
      // Without a border it is one larger on each side; the first row and column are not ours.
      transposed() {
        const [inputs, outputs, rows, columns] = weight.shape
        const kernel = tensor([outputs, rows, columns, inputs], permuted(weight.values, weight.shape, [1, 2, 3, 0]))
        const whole = [n, h + 1, w + 1, c]
        const y = step('transposed', [numbers([whole]), kernel, a], whole, strides(2))
        return step('slice', [y, numbers([[0, 1, 1, 0]]), numbers([shape])], shape)
      },
      norm() {
        const mean = (/** @type {number} */ x) => step('mean', [x, numbers([[1, 2]])], [n, 1, 1, c], [[0, 'Int8', 1]])
        const centred = step('sub', [a, mean(a)], shape)
        const variance = step('add', [mean(step('mul', [centred, centred], shape)), scalar(layer.epsilon)], [n, 1, 1, c])
        return step('mul', [centred, step('rsqrt', [variance], [n, 1, 1, c])], shape)
      },
      relu() {
        const before = steps[steps.length - 1]
        if (before.output !== a || before.op !== 'mul') return step('relu', [a], shape)
        before.settings.push([0, 'Int8', 1])
        return a
      },
      tanh: () => step('tanh', [a], shape),
      add: () => step('add', [a, b], shape),
      scale: () => step('mul', [a, scalar(by)], shape),
      clip: () => step('minimum', [step('maximum', [a, scalar(layer.least)], shape), scalar(layer.most)], shape),
      blocks: () => step('averagePool', [a], shape, [...strides(by), [3, 'Int32', by], [4, 'Int32', by]]),
      smooth: () => step('bilinear', [a, numbers([[h, w]])], shape, [[3, 'Int8', 1]]),
      repeat: () => step('nearest', [a, numbers([[h, w]])], shape),
      atanh() {
        const log = (/** @type {number} */ sign) => step('log', [step('add', [step('mul', [a, scalar(sign)], shape), scalar(1)], shape)], shape)
        return step('mul', [step('sub', [log(1), log(-1)], shape), scalar(0.5)], shape)
      }
    }[kind]
    if (!draw) throw new Error(`no TensorFlow Lite operator is written for ${kind}`)
    found.set(layer.output, draw())
  }
  return { tensors, steps, input: at(input), output: at(output) }
}

/** @param {Network} network @param {typeof import('flatbuffers')} flatbuffers @returns {Uint8Array} */
export function writeTflite(network, { Builder }) {
  const { tensors, steps, input, output } = plan(network)
  const builder = new Builder(1 << 20)
  const list = (/** @type {number[]} */ items, /** @type {'Int32' | 'Offset'} */ type = 'Int32') => {
    builder.startVector(4, items.length, 4)
    for (const item of items.toReversed()) builder[`add${type}`](item)
    return builder.endVector()
  }
  const table = (/** @type {number} */ slots, /** @type {[slot: number, type: string, value: number][]} */ values) => {
    builder.startObject(slots)
    for (const [slot, type, value] of values) builder[`addField${type}`](slot, value, type === 'Offset' ? 0 : undefined)
    return builder.endObject()
  }
  const bytes = (/** @type {Float32Array | Int32Array} */ values) => {
    // Aligned to 16 as the schema asks: written from the end, so the padding comes first.
    builder.startVector(1, values.byteLength, 16)
    builder.space -= values.byteLength
    builder.bb.bytes().set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), builder.space)
    return builder.endVector()
  }

  const held = tensors.filter(({ values }) => values)
  // The first buffer is empty by convention: it is everyone's who has no values.
  const buffers = [table(1, []), ...held.map(({ values }) => table(1, [[0, 'Offset', bytes(values)]]))]
  const written = tensors.map((tensor, at) => {
    const [shape, name] = [list(tensor.shape), builder.createString(`t${at}`)]
    const type = tensor.values instanceof Int32Array ? 2 : 0
    return table(4, [[0, 'Offset', shape], [1, 'Int8', type], [2, 'Int32', held.indexOf(tensor) + 1], [3, 'Offset', name]])
  })
  const used = [...new Set(steps.map(({ op }) => op))]
  const codes = used.map(op => {
    const [code] = operators[op]
    return table(4, [[0, 'Int8', code], [2, 'Int32', versions[op] ?? 1], [3, 'Int32', code]])
  })
  const drawn = steps.map(({ op, inputs, output: to, settings }) => {
    const [, options] = operators[op]
    const told = options ? [[3, 'Int8', options], [4, 'Offset', table(8, settings)]] : []
    const [from, into] = [list(inputs), list([to])]
    return table(5, [[0, 'Int32', used.indexOf(op)], [1, 'Offset', from], [2, 'Offset', into], .../** @type {any} */ (told)])
  })
  const [all, ins, outs, operations] = [list(written, 'Offset'), list([input]), list([output]), list(drawn, 'Offset')]
  const graph = table(5, [[0, 'Offset', all], [1, 'Offset', ins], [2, 'Offset', outs], [3, 'Offset', operations]])
  const [opcodes, graphs, contents] = [list(codes, 'Offset'), list([graph], 'Offset'), list(buffers, 'Offset')]
  builder.finish(table(5, [[0, 'Int32', 3], [1, 'Offset', opcodes], [2, 'Offset', graphs], [4, 'Offset', contents]]), 'TFL3')
  return builder.asUint8Array()
}
