/** What a visitor brings to learn from, as the engine takes it: files decompressed, pictures decoded to squares. Runs in a worker. */
import { choosePictures, classesOf, isHidden } from '../files/paths.js'
import { isZip, listZip, unpacker } from '../files/zip.js'
import { albumRoom, chosenAlbum, chosenPairs, classLimits, conditional, evenlyChosen, folderLimits } from './chosen.js'
import { AtelierError } from './protocol.js'
import { decodeSquares, joined } from './squares.js'

/** @typedef {import('./chosen.js').Picture} Picture */
/** @typedef {import('./squares.js').Work} Work */
/** @typedef {import('./squares.js').LeftOut} LeftOut */
/** @typedef {Blob | ArrayBuffer | Uint8Array} File */

/** Above this a file is no dataset for a tab: MNIST's largest has 47 MB. */
const mostBytes = 256e6
/** One picture is nothing to learn a variety from. The engine holds the same limit. */
const leastPictures = 2
/** Of those that were left out, as many are named. */
const mostNamed = 20

/** @param {string} reason @param {string} message @param {object} details */
const invalid = (reason, message, details) => new AtelierError('InvalidData', message, { reason, ...details })

/**
 * @param {any} data as `atelier.train` takes it, or as `chosen` left it @param {{ family: string, side: number }} training @param {Work} [work]
 * @returns {Promise<{ data: any, about?: object }>} about: what there is to say of it besides what the engine says
 */
export async function readOwn(data, training, work) {
  if (data?.a || data?.b) return readPairs(data.chosen ? data : chosenPairs({ a: await listed(data.a), b: await listed(data.b) }, training), training.side, work)
  if (data?.idx) return readIdx(data)
  if (!data?.images) return { data }
  if (data.chosen) return readAlbum(data, training, work)
  const images = await listed(data.images)
  const labels = data.labels ?? (data.images instanceof Blob ? classesOf(images.map(({ path }) => path)).labels : undefined)
  return readAlbum(chosenAlbum({ images, labels }, training), training, work)
}

/** A list of pictures, or those in an archive. @param {any} pictures @returns {Promise<any[]>} */
async function listed(pictures) {
  if (!(pictures instanceof Blob)) return pictures ?? []
  if (!await isZip(pictures)) throw invalid('zip', 'A single file of pictures is a ZIP archive.', { name: /** @type {any} */ (pictures).name ?? '' })
  return choosePictures(await listZip(pictures)).pictures
}

/** @param {LeftOut[]} leftOut */
const aboutLeftOut = leftOut => (leftOut.length ? {
  left_out: { count: leftOut.length, pictures: leftOut.slice(0, mostNamed).map(({ name, error }) => ({ name, code: error.code, ...error.details })) },
} : {})

/** @param {Uint8ClampedArray} square */
function inColour(square) {
  for (let at = 0; at < square.length; at += 4) if (square[at] !== square[at + 1] || square[at] !== square[at + 2]) return true
  return false
}

/** @param {{ images: Picture[], labels?: Uint8Array, classes?: string[], brought: number }} album @param {{ family: string, side: number }} training @param {Work} [work] */
async function readAlbum({ images, labels, classes = [], brought }, { family, side }, work) {
  if (images.length < leastPictures) throw invalid('pictures', `${images.length} pictures, fewer than ${leastPictures}.`, { count: images.length, least: leastPictures, most: albumRoom(side) })
  // First as many as fit in colour. There is room for more where all of these are grey, and none is not among the rest.
  const first = evenlyChosen(images.length, albumRoom(side), { labels, classes })
  const among = new Set(first)
  const rest = images.map((_, at) => at).filter(at => !among.has(at))
  const counts = { loaded: 0, total: first.length }
  /** @type {(Uint8ClampedArray | null)[]} */
  const all = new Array(images.length).fill(null)
  const decode = async (/** @type {number[]} */ places, /** @type {object} */ more = {}) => {
    const { squares, leftOut } = await decodeSquares(places.map(at => images[at]), side, { ...work, ...more, counts })
    squares.forEach((square, index) => { all[places[index]] = square })
    return leftOut
  }
  let leftOut = await decode(first)
  let kept = first
  if (rest.length && !all.some(square => square && inColour(square))) {
    counts.total = images.length
    let colour = false
    const more = await decode(rest, { enough: (/** @type {Uint8ClampedArray} */ square) => (colour ||= inColour(square)) })
    if (!colour) [kept, leftOut] = [images.map((_, at) => at), [...leftOut, ...more]]
  }
  kept = kept.filter(at => all[at])
  if (kept.length < leastPictures) throw refusal(leftOut)
  const rgba = joined(kept.map(at => /** @type {Uint8ClampedArray} */ (all[at])), side)
  return { data: { images: rgba, brought: brought - leftOut.length, ...remaining(family, labels, classes, kept) }, about: aboutLeftOut(leftOut) }
}

/** Labels of those that were kept, and the classes that these show; a single one is none, where none is asked for. @param {string} family @param {Uint8Array | undefined} labels @param {string[]} classes @param {number[]} kept */
function remaining(family, labels, classes, kept) {
  if (!labels) return {}
  const shown = classes.map((_, place) => place).filter(place => kept.some(at => labels[at] === place))
  if (shown.length < classLimits.least && !conditional.includes(family)) return {}
  return { labels: Uint8Array.from(kept, at => shown.indexOf(labels[at])), classes: shown.map(place => classes[place]) }
}

/** Why too few are left: the first picture's reason, which among hundreds nobody would find. @param {LeftOut[]} leftOut at least one @param {object} [details] */
function refusal([{ name, number, error }], details) {
  return invalid(details ? 'picture' : 'one_picture', `Picture ${number} (${name}): ${error.message}`, { ...details, number, name, cause: { code: error.code, ...error.details } })
}

/** @param {{ a: Picture[], b: Picture[], brought: number }} folders @param {number} side @param {Work} [work] */
async function readPairs({ a, b, brought }, side, work) {
  const counts = { loaded: 0, total: a.length + b.length }
  /** @type {LeftOut[]} */
  const all = []
  const read = async (/** @type {Picture[]} */ pictures, /** @type {'a' | 'b'} */ domain) => {
    const { squares, leftOut } = await decodeSquares(pictures, side, { ...work, counts })
    const kept = /** @type {Uint8ClampedArray[]} */ (squares.filter(Boolean))
    all.push(...leftOut)
    if (kept.length < folderLimits(side).least) throw refusal(leftOut, { domain, folder: domain.toUpperCase() })
    return joined(kept, side)
  }
  const own = { a: await read(a, 'a'), b: await read(b, 'b') }
  return { data: { ...own, brought: brought - all.length }, about: aboutLeftOut(all) }
}

/** EMNIST (Cohen et al. 2017) was published with rows and columns exchanged. */
const lyingDown = /emnist/i

/** @param {{ idx: File, labels?: File, transposed?: boolean }} data transposed: rows and columns are exchanged; left out, the files' names say so */
async function readIdx({ idx, labels, transposed }) {
  const pictures = await readFile(idx, 'data.idx')
  const classes = labels && await readFile(labels, 'data.labels')
  const named = [...pictures.names, ...(classes?.names ?? [])].some(name => lyingDown.test(name))
  return {
    data: { idx: pictures.bytes, ...(classes && { labels: classes.bytes }), transposed: transposed ?? named },
    about: { transposed: transposed ?? named, ...(named && { lying: 'named' }) },
  }
}

/** A file's bytes, unpacked where it is packed. @param {File} file @param {string} place @param {{ several?: boolean }} [options] several: an archive of several files stays one */
export const bytesOf = async (file, place, options) => (await readFile(file, place, options)).bytes

/**
 * A file's bytes and what it and those within are called; what begins as gzip or ZIP does is unpacked, whatever its name.
 * @param {File} file @param {string} place @param {{ several?: boolean }} [options] @returns {Promise<{ bytes: Uint8Array, names: string[] }>}
 */
async function readFile(file, place, { several = false } = {}) {
  const blob = file instanceof Blob ? file : new Blob([/** @type {any} */ (file)])
  const name = /** @type {any} */ (file).name ?? ''
  const only = await isZip(blob) ? await onlyFile(blob, place, several) : undefined
  if (only) {
    const inner = await readFile(only, place)
    return { bytes: inner.bytes, names: [name, ...inner.names] }
  }
  if (blob.size > mostBytes) throw invalid('file_size', `The file has ${blob.size} bytes.`, { place, most: mostBytes })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, names: [name] }
  const { gunzip } = await import('./gzip.js')
  return { bytes: await gunzip(bytes, place, mostBytes), names: [name, nameWithin(bytes)] }
}

/** What was packed was called so, where a gzip file says it (RFC 1952, section 2.3.1: bit 3 of the flags, where no extra field lies before). @param {Uint8Array} packed */
function nameWithin(packed) {
  if ((packed[3] & 12) !== 8) return ''
  return new TextDecoder('latin1').decode(packed.subarray(10, packed.indexOf(0, 10)))
}

/** The one file of an archive, besides what systems add; none where there are several, which are wanted. @param {Blob} archive @param {string} place @param {boolean} several */
async function onlyFile(archive, place, several) {
  const files = (await listZip(archive)).filter(({ path }) => !isHidden(path))
  if (files.length > 1 && several) return undefined
  if (files.length !== 1) throw invalid('zip_several', `The archive holds ${files.length} files.`, { place, count: files.length, names: files.slice(0, 6).map(({ path }) => path).join(', ') })
  return unpacker(mostBytes)(files[0])
}
