// A small sketch for each dataset, in a square from -1 to 1: a sign to choose by, not the data itself.

const turn = Math.PI * 2
const circle = (count, radius, x = 0, y = 0, from = 0, span = turn) =>
  Array.from({ length: count }, (_, index) => {
    const angle = from + (span * index) / count
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  })

const sketches = {
  ring: () => circle(8, 0.78),
  grid: () => [-0.8, -0.4, 0, 0.4, 0.8].flatMap(x => [-0.8, -0.4, 0, 0.4, 0.8].map(y => [x, y])),
  moons: () => [...circle(9, 0.58, -0.3, -0.12, 0, Math.PI * 1.12), ...circle(9, 0.58, 0.3, 0.12, Math.PI, Math.PI * 1.12)],
  spiral: () => Array.from({ length: 22 }, (_, index) => {
    const along = (index + 2) / 24
    return [along * 0.9 * Math.cos(along * 11), along * 0.9 * Math.sin(along * 11)]
  }),
  faces: () => [...circle(16, 0.8), [-0.28, -0.2], [0.28, -0.2], ...circle(5, 0.42, 0, 0.08, Math.PI * 0.12, Math.PI * 0.95)],
  blobs: () => [[-0.45, 0.4], [0.45, -0.4]].flatMap(([x, y]) => [[x, y], ...circle(6, 0.28, x, y)]),
}

/** Strokes of the sketches that are lines: a pencil's path for the visitor's own points, a seven for the digits, an animal, two frames. */
const strokes = {
  sines: Array.from({ length: 25 }, (_, index) => [index / 12.5 - 0.96, -0.55 * Math.sin(index / 25 * Math.PI * 4)]),
  timegan_sines: Array.from({ length: 13 }, (_, index) => [index / 6.5 - 0.92, 0.6 - 1.2 * Math.sin(index / 12 * Math.PI / 1.7)]),
  waves: [[-0.9, 0.55], [-0.6, 0.55], [-0.6, -0.55], [-0.2, -0.55], [-0.2, 0.55], [0.2, 0.55], [0.35, -0.7], [0.5, 0.75], [0.62, 0.35], [0.9, 0.35]],
  curves: [[-0.85, 0.5], [-0.5, -0.55], [-0.1, 0.1], [0.35, -0.15], [0.85, 0.6]],
  series: [[-0.85, 0.6], [-0.45, 0.05], [-0.15, 0.4], [0.3, -0.45], [0.5, -0.2], [0.85, -0.7]],
  drawn: [[-0.8, 0.1], [-0.5, -0.5], [-0.15, 0.55], [0.2, -0.45], [0.5, 0.4], [0.8, -0.2]],
  horses: [[-0.62, 0.8], [-0.58, -0.05], [0.28, -0.05], [0.34, 0.8], [0.28, -0.05], [0.52, -0.7], [0.88, -0.42]],
  own: [[0, -0.5], [-0.85, -0.5], [-0.85, 0.5], [0, 0.5], [0, -0.5], [0.85, -0.5], [0.85, 0.5], [0, 0.5]],
  letters: [[-0.6, 0.8], [0, -0.8], [0.6, 0.8], [0.36, 0.2], [-0.36, 0.2]],
  zhuyin: [[0, -0.8], [-0.6, -0.1], [0.62, -0.22], [0.4, 0.45], [0.08, 0.82], [-0.2, 0.5]],
  digits: [[-0.5, -0.7], [0.5, -0.7], [0.05, 0.1], [-0.12, 0.8]],
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{ id: string, color: string }} data
 * @param {{ width: number, height: number }} size
 */
export function draw(context, { id, color }, { width, height }) {
  /** @returns {[number, number]} */
  const at = ([x, y]) => [width / 2 + (x * width) / 2.2, height / 2 + (y * height) / 2.2]
  context.fillStyle = context.strokeStyle = color
  if (strokes[id]) {
    context.lineWidth = width / 12
    context.lineCap = context.lineJoin = 'round'
    context.beginPath()
    for (const point of strokes[id]) context.lineTo(...at(point))
    context.stroke()
    return
  }
  const points = (sketches[id] ?? sketches.blobs)()
  const radius = width / (points.length > 12 ? 26 : 18)
  for (const point of points) {
    context.beginPath()
    context.arc(...at(point), radius, 0, turn)
    context.fill()
  }
}
