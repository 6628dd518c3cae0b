// A class set: one lesson, many links, each with a seed or a setting of its own. Pure.
import { decodeExperiment } from '../store.js'

/** A sheet for more is several sheets. */
export const mostLinks = 60

/** @typedef {{ value: string, label: string }} Member */

/** Settings that may differ between two students: all that the family has, besides what makes the lesson another one. @param {import('../store.js').Schema} schema */
export const settable = schema => schema.fields.filter(({ key }) => !['dataset', 'seed'].includes(key))

/** @param {number} first @param {number} count @returns {Member[]} */
export function seedMembers(first, count) {
  const from = Math.max(0, Math.floor(first) || 0)
  return Array.from({ length: Math.min(mostLinks, Math.max(1, Math.floor(count) || 1)) }, (_, at) => ({ value: String(from + at), label: String(from + at) }))
}

/**
 * Values as typed, one for each student, held against the engine's own ranges.
 * @param {import('../store.js').Schema} schema @param {string} dataset @param {string} key @param {string} typed separated by commas or spaces
 * @returns {{ members: Member[], bad: string[], over: number }} over: how many are more than a sheet has room for
 */
export function settingMembers(schema, dataset, key, typed) {
  const values = typed.split(/[\s,，、;；]+/).filter(Boolean)
  const read = values.slice(0, mostLinks).map(value => ({ value, ...decodeExperiment(schema, new URLSearchParams({ dataset, [key]: value })) }))
  return { members: read.filter(({ ignored }) => !ignored.length).map(({ value }) => ({ value, label: value })), bad: read.filter(({ ignored }) => ignored.length).map(({ value }) => value), over: Math.max(0, values.length - mostLinks) }
}

/**
 * The lesson's place behind the `#`.
 * @param {string} lesson @param {{ key: string, value: string }} own `seed`, or a setting @param {boolean} locked
 */
export function memberHash(lesson, { key, value }, locked) {
  const params = new URLSearchParams({ lesson })
  params.set(key === 'seed' ? 'seed' : 'settings', key === 'seed' ? value : `${key}=${value}`)
  return `learn?${params}${locked ? '&locked' : ''}`
}
