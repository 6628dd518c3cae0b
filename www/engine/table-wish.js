/** What a caller may say about a table. Apart from what reads it, which only a worker needs. */
import { AtelierError } from './protocol.js'

/**
 * @typedef {object} TableWish
 * @property {'rows' | 'recording' | 'columns' | 'channels'} [reading] what a row is: a series, a moment of one recording, a moment of series
 *   that stand in columns; `channels`: an array `[series, value, step]`
 * @property {(Role | null)[] | Record<string, Role>} [columns] what columns are for, in their order or by their names
 * @property {string} [separator] between cells
 * @property {'.' | ','} [decimal] the mark before the fraction
 * @property {string} [array] which array of a `.npz`
 *
 * @typedef {'value' | 'class' | 'id' | 'time' | 'out'} Role
 */

/** @param {any} value @returns {value is Blob | ArrayBuffer | Uint8Array} a file, and not an array of numbers */
export const isFile = value => value instanceof Blob || value instanceof ArrayBuffer || value instanceof Uint8Array

const wishes = ['reading', 'columns', 'separator', 'decimal', 'array']

/** What is wished of a table, of all that a caller gave. @param {Record<string, any>} given @param {string} place @returns {TableWish} */
export function wishOf(given, place) {
  const odd = Object.keys(given).find(key => !wishes.includes(key))
  if (odd) throw new AtelierError('InvalidConfig', `A table takes no "${odd}": ${wishes.join(', ')} can be said about it.`, { key: `${place}.${odd}`, value: String(given[odd]) })
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null))
}
