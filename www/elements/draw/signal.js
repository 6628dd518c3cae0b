// What a set of sequences has in common over time: which frequencies it is made of, how long it resembles itself.

/** @typedef {{ data: ArrayLike<number>, shape: number[] }} Sequences shape: n, steps, values in a step */

/** One value of every sequence, about its own mean. @param {Sequences} sequences @param {number} dim @returns {Float64Array[]} */
function centred({ data, shape: [count, steps, dims] }, dim) {
  return Array.from({ length: count }, (_, index) => {
    const values = Float64Array.from({ length: steps }, (_, step) => data[(index * steps + step) * dims + dim])
    const mean = values.reduce((sum, value) => sum + value, 0) / steps
    return values.map(value => value - mean)
  })
}

/**
 * The root of the mean power at 1, 2, ... turns in a sequence: a sine of amplitude 1 has 1 at its own frequency.
 * @param {Sequences} sequences @param {number} [dim] @returns {number[]}
 */
export function spectrum(sequences, dim = 0) {
  const steps = sequences.shape[1]
  const all = centred(sequences, dim)
  return Array.from({ length: Math.floor(steps / 2) }, (_, index) => {
    let power = 0
    for (const values of all) {
      let [real, imaginary] = [0, 0]
      values.forEach((value, step) => {
        const angle = (2 * Math.PI * (index + 1) * step) / steps
        real += value * Math.cos(angle)
        imaginary += value * Math.sin(angle)
      })
      power += (real * real + imaginary * imaginary) * (2 / steps) ** 2
    }
    return Math.sqrt(power / Math.max(1, all.length))
  })
}

/**
 * The mean correlation of a sequence with itself, later by 0, 1, ... steps up to half of it.
 * @param {Sequences} sequences @param {number} [dim] @returns {number[]}
 */
export function autocorrelation(sequences, dim = 0) {
  const steps = sequences.shape[1]
  // A sequence that does not move resembles nothing.
  const all = centred(sequences, dim).filter(values => values.some(value => Math.abs(value) > 1e-9))
  return Array.from({ length: Math.floor(steps / 2) + 1 }, (_, lag) => {
    const one = values => {
      let [shifted, still] = [0, 0]
      for (let step = 0; step < steps; step++) {
        still += values[step] ** 2
        if (step + lag < steps) shifted += values[step] * values[step + lag]
      }
      return shifted / still
    }
    return all.reduce((sum, values) => sum + one(values), 0) / Math.max(1, all.length)
  })
}
