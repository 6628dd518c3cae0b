// Whether a lesson's goals are reached, from what was measured.

/**
 * @typedef {{ figure: string, at_least?: number, at_most?: number, is?: string }} Condition figure: a dotted name of `Witness.facts`
 * @typedef {{ id: string, all: Condition[] }} Goal
 */

/** @param {string} name @param {any} facts */
const figure = (name, facts) => name.split('.').reduce((value, part) => value?.[part], facts)

/** What was not measured holds nothing. @param {Condition} condition @param {any} facts */
function holds({ figure: name, at_least = -Infinity, at_most = Infinity, is }, facts) {
  const value = figure(name, facts)
  return is === undefined ? Number.isFinite(value) && value >= at_least && value <= at_most : value === is
}

/** @param {Goal} goal @param {any} facts */
export const reached = ({ all }, facts) => all.every(condition => holds(condition, facts))

/** Its last step has passed: only a new start can reach it. @param {Goal} goal @param {any} facts */
export const missed = ({ all }, facts) => all.some(({ figure: name, at_most = Infinity }) => name === 'step' && facts.step > at_most)

/** Whether some goal needs more than play and pause: single steps of one network, or a choice. @param {{ goals: Goal[], choices?: object[] }} lesson */
export const needsControls = ({ goals, choices = [] }) => choices.length > 0 || goals.some(({ all }) => all.some(({ figure: name, at_most }) => (name === 'turn' || name.startsWith('turns.')) && at_most !== 0))

/** What a goal measures, as it stands now; turns and choices speak for themselves. @param {Goal} goal @param {any} facts @returns {{ name: string, value: number, at_least?: number, at_most?: number }[]} */
export function standing({ all }, facts) {
  return all.filter(({ is }) => is === undefined).map(({ figure: name, at_least, at_most }) => ({ name, value: figure(name, facts) ?? NaN, at_least, at_most }))
}
