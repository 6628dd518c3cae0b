/** What a scenario counts, and what it may come to. */

/**
 * @typedef {object} Tally
 * @property {string} name
 * @property {Record<string, number>} faults by kind
 * @property {number} lost steps, the most with one fault
 * @property {number} beyond steps lost that the last checkpoint had; bound: 0
 * @property {number} compared numbers and pictures held against the undisturbed run
 * @property {number} differ bound: 0
 * @property {number} due sentences, one for each fault that somebody would notice
 * @property {number} said
 * @property {number} piled sentences beside another of their kind; bound: 0
 * @property {number} gone work that was lost; bound: 0
 * @property {string[]} broken what went wrong, in words
 * @property {number} seconds
 */

/** @param {string} name @returns {Tally} */
export const newTally = name => ({ name, faults: {}, lost: 0, beyond: 0, compared: 0, differ: 0, due: 0, said: 0, piled: 0, gone: 0, broken: [], seconds: 0 })

/** @param {Tally} tally @param {string} kind */
export function count(tally, kind) {
  tally.faults[kind] = (tally.faults[kind] ?? 0) + 1
}

/** Holds what should be; what is not is told with its place. @param {Tally} tally @param {boolean} right @param {string} what @param {'gone' | 'differ' | 'piled'} [as] */
export function hold(tally, right, what, as) {
  if (right) return
  if (as) tally[as]++
  tally.broken.push(what)
}

/** Numbers of one run against those of the other, where both have them. @param {Tally} tally @param {Record<string, string>} run @param {Record<string, string>} undisturbed */
export function compare(tally, run, undisturbed) {
  for (const [key, value] of Object.entries(run)) {
    if (undisturbed[key] === undefined) continue
    tally.compared++
    hold(tally, undisturbed[key] === value, `${key} came out otherwise: ${value}, not ${undisturbed[key]}`, 'differ')
  }
}

/** @param {Tally} tally */
export const sound = tally => !tally.broken.length && !tally.beyond && !tally.differ && !tally.piled && !tally.gone && tally.due === tally.said

/** @param {Tally[]} tallies */
export function table(tallies) {
  const sum = faults => Object.values(faults).reduce((total, each) => total + each, 0)
  const lines = [['', 'scenario', 'faults', 'most steps lost', 'beyond checkpoint', 'compared', 'differ', 'said/due', 'piled', 'work lost', 'time']]
  for (const tally of tallies) {
    lines.push([sound(tally) ? 'ok' : 'FAIL', tally.name, String(sum(tally.faults)), String(tally.lost), String(tally.beyond), String(tally.compared), String(tally.differ), `${tally.said}/${tally.due}`, String(tally.piled), String(tally.gone), `${tally.seconds.toFixed(0)} s`])
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map(line => line[column].length)))
  return lines.map(line => line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ')).join('\n')
}
