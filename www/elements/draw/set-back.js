// A square that was made of a part of a picture, so that it joins the rest. Pure.

/** How far into the square the colours around it reach, in sides. */
const depth = 0.1
/** The outermost share of a side that fades into what is around. */
const fade = 0.06
/** Sweeps after which nothing changes any more by a level of 255; successive over-relaxation. */
const sweeps = 160
const relaxation = 1.6

/** Whether a place is among the outermost of its square. @param {number} at @param {number} side */
const isBorder = (at, side) => at < side || at >= side * (side - 1) || at % side === 0 || at % side === side - 1

/**
 * What has to be added to each place so that the border takes given values and they die away inwards: the membrane c with
 * ∇²c = c / reach², whose border is given (Pérez, Gangnet and Blake 2003, “Poisson Image Editing”, section 2, with a screening term that
 * leaves the middle alone). @param {Float32Array} border side² values, of which those at the border count @param {number} side @param {number} reach places
 * @returns {Float32Array} side² values
 */
export function membrane(border, side, reach) {
  const held = Float32Array.from(border, (value, at) => (isBorder(at, side) ? value : 0))
  const share = relaxation / (4 + 1 / reach ** 2)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let row = 1; row < side - 1; row++) {
      for (let at = row * side + 1; at < (row + 1) * side - 1; at++) {
        const around = held[at - 1] + held[at + 1] + held[at - side] + held[at + side]
        held[at] += share * around - relaxation * held[at]
      }
    }
  }
  return held
}

/**
 * The made square with its surroundings' colours along its border, and fading out there.
 * @param {{ width: number, data: ArrayLike<number> }} made RGBA, a square @param {{ data: ArrayLike<number> }} around the same place of the picture, of the same side
 * @param {(u: number, v: number) => boolean} known whether there is a picture at a place of the square, from -0.5 to 0.5 @returns {Uint8ClampedArray<ArrayBuffer>} RGBA
 */
export function setBack({ width: side, data }, { data: there }, known) {
  const result = new Uint8ClampedArray(4 * side * side)
  const place = (/** @type {number} */ at) => (at + 0.5) / side - 0.5
  for (let channel = 0; channel < 3; channel++) {
    const border = new Float32Array(side * side)
    for (let at = 0; at < border.length; at++) {
      if (isBorder(at, side) && known(place(at % side), place(Math.floor(at / side)))) border[at] = there[4 * at + channel] - data[4 * at + channel]
    }
    membrane(border, side, depth * side).forEach((value, at) => { result[4 * at + channel] = data[4 * at + channel] + value })
  }
  for (let at = 0; at < side * side; at++) {
    const [column, row] = [at % side, Math.floor(at / side)]
    const inwards = Math.min(1, Math.min(column, row, side - 1 - column, side - 1 - row) / (fade * side))
    result[4 * at + 3] = 255 * inwards * inwards * (3 - 2 * inwards)
  }
  return result
}
