/** A visitor's file of a table on its way to the engine, which reads it. */
import { fromBig5, strictly } from '../files/letters.js'
import { bytesOf } from './own-data.js'
import { isFile, wishOf } from './table-wish.js'

/** @typedef {import('./own-data.js').File} File */
/** @typedef {import('./table-wish.js').TableWish} TableWish */

/** Of an archive's arrays the engine chooses, and says what a spreadsheet is. @param {File} file @param {TableWish} wish @param {string} place */
export async function readTable(file, { columns, ...wish }, place) {
  const roles = Array.isArray(columns) ? { columns } : columns && { named: columns }
  return { table: inUnicode(await bytesOf(file, place, { several: true })), wish: { ...wish, ...roles } }
}

/** Data of a training that are a table for sequences or for points; none where they are something else. @param {any} data */
export async function tableOf(data) {
  const key = ['sequences', 'points'].find(key => isFile(data?.[key]))
  if (!key) return undefined
  const { [key]: file, ...wish } = data
  return readTable(file, wishOf(wish, 'data'), `data.${key}`)
}

/** The engine reads UTF-8 and UTF-16; a Taiwanese Excel writes Big5, whose names would be lost. @param {Uint8Array} bytes */
function inUnicode(bytes) {
  if (bytes.subarray(0, 4096).includes(0) || strictly('utf-8', bytes) !== undefined) return bytes
  const text = fromBig5(bytes)
  return text === undefined ? bytes : new TextEncoder().encode(text)
}
