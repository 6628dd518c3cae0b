import assert from 'node:assert/strict'
import { test } from 'node:test'

globalThis.ImageData ??= class {
  constructor(first, second, third) {
    const data = typeof first === 'number' ? new Uint8ClampedArray(first * second * 4) : first
    const width = typeof first === 'number' ? first : second
    Object.assign(this, { data, width, height: typeof first === 'number' ? second : third })
  }
}
const { addNoise, blur, damages } = await import('../../www/rooms/degrade.js')
const { colourAt, differences, inNetworkRange, positionOf } = await import('../../www/elements/draw/difference.js')
const { lines, stages } = await import('../../www/elements/draw/cycle-graph.js')
const { connect, heightFor, narrowBelow, place } = await import('../../www/elements/draw/cycle-layout.js')
const { patchOf, tinted } = await import('../../www/elements/draw/realism.js')
const { plotOf } = await import('../../www/elements/draw/damage-plot.js')

const filled = (width, height, colour) => {
  const picture = new ImageData(width, height)
  for (let at = 0; at < picture.data.length; at += 4) picture.data.set([...colour(at / 4 % width, Math.floor(at / 4 / width)), 255], at)
  return picture
}
const grey = filled(40, 30, () => [128, 128, 128])

test('the error map is the mean over the colours, on a scale that no picture changes', () => {
  const { map, mean } = differences(filled(2, 1, () => [10, 20, 30]), filled(2, 1, x => (x ? [40, 20, 0] : [10, 20, 30])))
  assert.deepEqual([...map], [0, 20])
  assert.equal(mean, 10)
  assert.equal(inNetworkRange(255), 2)
  assert.deepEqual([0, 4, 16, 64, 144, 255].map(value => Math.round(positionOf(value) * 16)), [0, 2, 4, 8, 12, 16])
  const lightness = Array.from({ length: 17 }, (_, index) => colourAt(index / 16)).map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
  assert.deepEqual(lightness, [...lightness].sort((one, two) => one - two))
})

test('noise repeats with its seed and has the strength it is given', () => {
  const noisy = addNoise(grey, 16, 1)
  assert.deepEqual(noisy.data, addNoise(grey, 16, 1).data)
  assert.notDeepEqual(noisy.data, addNoise(grey, 16, 2).data)
  const colours = [...noisy.data].filter((_, index) => index % 4 !== 3).map(value => value - 128)
  const deviation = Math.sqrt(colours.reduce((sum, value) => sum + value * value, 0) / colours.length)
  assert.ok(Math.abs(deviation - 16) < 1.5, `deviation ${deviation}`)
  assert.ok([...noisy.data].every((value, index) => index % 4 !== 3 || value === 255))
})

test('blur keeps a flat picture and the sum of a dot, and spreads it as far as it says', async () => {
  assert.deepEqual((await blur(grey, 2)).data, grey.data)
  const sigma = 1.2
  const dot = await blur(filled(31, 31, (x, y) => (x === 15 && y === 15 ? [255, 255, 255] : [0, 0, 0])), sigma)
  const centre = dot.data[(15 * 31 + 15) * 4]
  assert.ok(Math.abs(centre - 255 / (2 * Math.PI * sigma * sigma)) < 2, `centre ${centre}`)
})

test('damage grows along each list', () => {
  assert.deepEqual(damages.jpeg, [...damages.jpeg].sort((one, two) => two - one))
  for (const kind of ['blur', 'noise']) assert.deepEqual(damages[kind], [...damages[kind]].sort((one, two) => one - two))
})

for (const width of [328, 1150]) {
  test(`the drawing fits ${width} pixels, and folds both copies of a network onto one place`, () => {
    for (const fold of [0, 1]) {
      for (const part of place(width, fold)) {
        assert.ok(part.x - part.width / 2 >= 0 && part.x + part.width / 2 <= width, `${part.name} leaves sideways`)
        assert.ok(part.y - part.height / 2 >= 0 && part.y + part.height / 2 <= heightFor(width), `${part.name} leaves above or below`)
      }
    }
    const apart = place(width, 0)
    const places = parts => new Set(parts.map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`)).size
    assert.equal(apart.filter(({ kind }) => kind !== 'picture').length, 6)
    assert.equal(places(apart), apart.length)
    const names = new Set(apart.map(({ name }) => name)).size
    assert.equal(names, 12)
    assert.equal(places(place(width, 1)), names)
    assert.equal(width < narrowBelow, width === 328)
  })
}

test('every flow joins two parts of its half', () => {
  const parts = new Map(place(1000, 0).map(part => [`${part.half}:${part.name}`, part]))
  for (const { id, flows } of stages) {
    for (const { half, from, to } of flows) {
      assert.ok(parts.has(`${half}:${from}`) && parts.has(`${half}:${to}`), `${id}: ${half} ${from} ${to}`)
      assert.doesNotMatch(connect(parts.get(`${half}:${from}`), parts.get(`${half}:${to}`), 1000).path, /NaN/)
    }
  }
  for (const { flows } of stages) for (const { half, from, to, kind } of flows) if (kind === 'back') assert.ok(lines.has(`${half}:${to}>${from}`), `${to} > ${from}`)
})

test('a score lies over the patch it is about', () => {
  const size = { width: 256, height: 256 }
  assert.deepEqual(patchOf(0, 0, size), { x: 12, y: 12, left: 0, top: 0, width: 47, height: 47 })
  assert.deepEqual(patchOf(29, 15, size), { x: 244, y: 132, left: 209, top: 97, width: 47, height: 70 })
  const map = { data: Float32Array.from([1, 0, 1, 0]), width: 2, height: 2 }
  const { data } = tinted(filled(32, 32, () => [128, 128, 128]), map)
  const at = (x, y) => [...data.subarray((y * 32 + x) * 4, (y * 32 + x) * 4 + 3)]
  assert.ok(at(12, 12)[2] > at(12, 12)[0], 'real is blue')
  assert.ok(at(20, 12)[0] > at(20, 12)[2], 'made is red')
})

test('the plot starts at zero and never magnifies small losses', () => {
  const { ticks, marks } = plotOf([{ label: 'exact', cycle: 0.02, change: 0 }, { label: '95', cycle: 0.04, change: 0.02 }], 400)
  assert.equal(ticks[0].value, 0)
  assert.ok(ticks.at(-1).value >= 0.2 - 1e-9)
  assert.ok(marks[0].cycle > marks[1].cycle)
})
