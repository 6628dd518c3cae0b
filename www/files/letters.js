// Letters of text files that are not UTF-8.

/** @param {string} encoding @param {Uint8Array} bytes @returns {string | undefined} nothing where they are not of that kind */
export function strictly(encoding, bytes) {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** What a Taiwanese Excel saves, whose names would be lost otherwise. @param {Uint8Array} bytes @returns {string | undefined} */
export function fromBig5(bytes) {
  const text = strictly('big5', bytes)
  // Two accented letters of Latin-1 may look like one of these, but not like several in a row.
  return text && /\p{Script=Han}{2}/u.test(text) ? text : undefined
}
