/** Every moment that is chosen by chance follows from a seed: a run that broke something is run again. */

/** Mulberry32. @param {number} seed */
export function chance(seed) {
  let state = seed >>> 0
  const share = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    share,
    /** @param {number} from @param {number} to */
    between: (from, to) => from + share() * (to - from),
    /** @template T @param {T[]} list @returns {T} */
    pick: list => list[Math.floor(share() * list.length)],
    /** @template T @param {T[]} list @returns {T[]} */
    shuffled: list => list.map(each => ({ each, at: share() })).sort((one, other) => one.at - other.at).map(({ each }) => each)
  }
}

/** @typedef {ReturnType<typeof chance>} Chance */
