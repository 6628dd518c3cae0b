/** A visitor's two folders of pictures as the engine learns from them: squares, decoded here and nowhere else. Runs in a worker. */
import { AtelierError } from './protocol.js'
import { squarePicture } from './picture.js'

/** @typedef {Blob | ImageData | ImageBitmap} Picture */

/** Fewer are no domain; more would make every checkpoint heavy. The engine holds the same limits. @param {number} side */
export const folderLimits = side => ({ least: 2, most: Math.min(400, Math.floor((400 * 64 * 64) / side ** 2)) })

/**
 * @param {{ a: Picture[], b: Picture[] }} folders @param {number} side
 * @param {() => Promise<void>} [pause] between pictures: lets an abort in
 * @returns {Promise<{ a: Uint8Array, b: Uint8Array }>} RGBA, picture after picture
 */
export async function readFolders(folders, side, pause) {
  return { a: await readFolder(folders.a, 'a', side, pause), b: await readFolder(folders.b, 'b', side, pause) }
}

/** @param {Picture[]} pictures @param {'a' | 'b'} domain @param {number} side @param {() => Promise<void>} [pause] */
async function readFolder(pictures, domain, side, pause) {
  const { least, most } = folderLimits(side)
  const count = pictures?.length ?? 0
  if (count < least || count > most) {
    throw new AtelierError('InvalidData', `Folder ${domain} has ${count} pictures, not ${least} to ${most}.`, { reason: 'count', domain, folder: domain.toUpperCase(), count, least, most })
  }
  const length = side * side * 4
  const rgba = new Uint8Array(length * count)
  for (const [index, picture] of pictures.entries()) {
    await pause?.()
    rgba.set((await squarePicture(picture, side).catch(error => refuse(error, domain, index, picture))).data, index * length)
  }
  return rgba
}

/** Which picture it was: among hundreds nobody would find it. @param {any} error @param {string} domain @param {number} index @param {any} picture @returns {never} */
function refuse(error, domain, index, picture) {
  const name = picture?.name ?? String(index + 1)
  throw new AtelierError('InvalidData', `Picture ${index + 1} of folder ${domain} (${name}): ${error.message}`,
    { reason: 'picture', domain, folder: domain.toUpperCase(), number: index + 1, name, cause: { code: error.code, ...error.details } })
}
