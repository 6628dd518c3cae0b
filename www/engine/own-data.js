/** What a visitor brings to learn from, as the engine takes it: files decompressed, pictures decoded to squares. Runs in a worker. */
import { readFolders } from './folders.js'
import { squarePicture } from './picture.js'
import { AtelierError } from './protocol.js'

/** @typedef {import('./folders.js').Picture} Picture */
/** @typedef {Blob | ArrayBuffer | Uint8Array} File */

/** Above this a file is no dataset for a tab: MNIST's largest has 47 MB. */
const mostBytes = 256e6

/** As many classes as a label's byte, and the networks, tell apart. */
export const mostClasses = 64

/**
 * @param {any} data as `atelier.train` takes it @param {number} side of the pictures
 * @param {() => Promise<void>} [pause] between pictures: lets an abort in
 */
export async function readOwn(data, side, pause) {
  if (data?.a || data?.b) return readFolders(data, side, pause)
  if (data?.idx) return { idx: await bytesOf(data.idx, 'data.idx'), ...(data.labels && { labels: await bytesOf(data.labels, 'data.labels') }) }
  if (data?.images) return { images: await readPictures(data.images, side, pause), ...readLabels(data.labels, data.images.length) }
  return data
}

/** @param {string} reason @param {string} message @param {object} details */
const invalid = (reason, message, details) => new AtelierError('InvalidData', message, { reason, ...details })

/** A file's bytes; what begins as gzip does is decompressed, whatever its name. @param {File} file @param {string} place @returns {Promise<Uint8Array>} */
export async function bytesOf(file, place) {
  const blob = file instanceof Blob ? file : new Blob([/** @type {any} */ (file)])
  const [first, second] = new Uint8Array(await blob.slice(0, 2).arrayBuffer())
  if (first !== 0x1f || second !== 0x8b) {
    if (blob.size > mostBytes) throw invalid('file_size', `The file has ${blob.size} bytes.`, { place, most: mostBytes })
    return new Uint8Array(await blob.arrayBuffer())
  }
  return gunzip(blob, place)
}

/** @param {Blob} blob @param {string} place */
async function gunzip(blob, place) {
  const chunks = []
  let length = 0
  const reader = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  for (;;) {
    // Cut off, damaged, or with something behind its end: the browser does not say which.
    const { done, value } = await reader.read().catch(error => { throw invalid('gzip', `The gzip file is damaged: ${error.message}`, { place, byte: length }) })
    if (done) break
    chunks.push(value)
    length += value.length
    // A few kilobytes can unpack to gigabytes.
    if (length > mostBytes) {
      await reader.cancel().catch(() => undefined)
      throw invalid('file_size', `The file unpacks to more than ${mostBytes} bytes.`, { place, most: mostBytes })
    }
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** @param {Picture[]} pictures @param {number} side @param {() => Promise<void>} [pause] @returns {Promise<Uint8Array>} RGBA, picture after picture */
async function readPictures(pictures, side, pause) {
  const length = side * side * 4
  const rgba = new Uint8Array(length * pictures.length)
  for (const [index, picture] of pictures.entries()) {
    await pause?.()
    const square = await squarePicture(picture, side).catch(error => {
      const name = /** @type {any} */ (picture)?.name ?? String(index + 1)
      throw invalid('one_picture', `Picture ${index + 1} (${name}): ${error.message}`, { number: index + 1, name, cause: { code: error.code, ...error.details } })
    })
    rgba.set(square.data, index * length)
  }
  return rgba
}

/**
 * Labels by any names: classes in the order of numbers, or of the alphabet.
 * @param {ArrayLike<string | number> | undefined} labels @param {number} count
 * @returns {{ labels?: Uint8Array, classes?: string[] }}
 */
export function readLabels(labels, count) {
  if (!labels) return {}
  if (labels.length !== count) throw invalid('label_count', `${labels.length} labels for ${count} pictures.`, { labels: labels.length, pictures: count, place: 'data.labels' })
  const names = Array.from(labels, String)
  const classes = [...new Set(names)].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  if (classes.length < 2 || classes.length > mostClasses) {
    throw invalid('classes', `${classes.length} classes, not 2 to ${mostClasses}.`, { classes: classes.length, least: 2, most: mostClasses, place: 'data.labels' })
  }
  return { labels: Uint8Array.from(names, name => classes.indexOf(name)), classes }
}
