/**
 * Which of a visitor's pictures are learned from. Chosen before anything is sent to a worker or decoded there: handing over a file costs a
 * fifth of a millisecond, decoding one several times as much, and of tens of thousands some hundreds are kept.
 */
import { AtelierError } from './protocol.js'

/** @typedef {import('../files/zip.js').Packed} Packed */
/** @typedef {Blob | ImageData | ImageBitmap | Packed} Picture */

/** Numbers that an album may hold; the engine holds the same limit (`data/album.rs`). */
const mostNumbers = 6_000_000
/** As many pictures are read in some seconds. */
const patience = 2000
/** As many classes as a label's byte, and the networks, tell apart; one alone tells nothing. */
export const classLimits = { least: 2, most: 64 }
/** Families whose networks are told the class of a picture. */
export const conditional = ['acgan']

/** Fewer are no domain; more would make every checkpoint heavy. The engine holds the same limits. @param {number} side */
export const folderLimits = side => ({ least: 2, most: Math.min(400, Math.floor((400 * 64 * 64) / side ** 2)) })

/** How many pictures in colour there is room for. @param {number} side */
export const albumRoom = side => Math.floor(mostNumbers / (3 * side ** 2))
/** In grey there is room for three times as many, as far as nobody waits for them long. @param {number} side */
const greyRoom = side => Math.max(albumRoom(side), Math.min(3 * albumRoom(side), patience))

/** @param {string} reason @param {string} message @param {object} details */
const invalid = (reason, message, details) => new AtelierError('InvalidData', message, { reason, ...details })

/** As many of `count` as fit, evenly spread over their order. @param {number} count @param {number} most */
export function evenly(count, most) {
  const kept = Math.min(count, most)
  return Array.from({ length: kept }, (_, at) => Math.floor((at * count) / kept))
}

/** As `evenly`, and at least one of every class. @param {number} count @param {number} most @param {{ labels?: Uint8Array, classes?: string[] }} [named] */
export function evenlyChosen(count, most, { labels, classes = [] } = {}) {
  const kept = evenly(count, most)
  if (!labels || new Set(kept.map(at => labels[at])).size === classes.length) return kept
  const fewer = new Set(evenly(count, Math.max(0, most - classes.length)))
  for (let label = 0; label < classes.length; label++) fewer.add(labels.indexOf(label))
  return [...fewer].sort((one, other) => one - other)
}

/**
 * Labels by any names: classes in the order of numbers, or of the alphabet. Networks without classes do without where there are too many.
 * @param {string} family @param {ArrayLike<string | number> | undefined} labels @param {number} count of pictures
 * @returns {{ labels?: Uint8Array, classes?: string[] }}
 */
export function readLabels(family, labels, count) {
  if (!labels) return {}
  if (labels.length !== count) throw invalid('label_count', `${labels.length} labels for ${count} pictures.`, { labels: labels.length, pictures: count, place: 'data.labels' })
  const names = Array.from(labels, String)
  const classes = [...new Set(names)].sort(new Intl.Collator('en', { numeric: true }).compare)
  const { least, most } = classLimits
  if (classes.length < least || classes.length > most) {
    if (!conditional.includes(family)) return {}
    throw invalid('classes', `${classes.length} classes, not ${least} to ${most}.`, { classes: classes.length, least, most, place: 'data.labels' })
  }
  const places = new Map(classes.map((name, place) => [name, place]))
  return { labels: Uint8Array.from(names, name => places.get(name) ?? 0), classes }
}

/**
 * Pictures to learn from with their labels as numbers: at most as many as may be kept in grey, and how many were brought.
 * @param {{ images: Picture[], labels?: ArrayLike<string | number> }} data @param {{ family: string, side: number }} training
 */
export function chosenAlbum({ images, labels }, { family, side }) {
  const named = readLabels(family, labels, images.length)
  const kept = evenlyChosen(images.length, greyRoom(side), named)
  return { images: kept.map(at => images[at]), ...named, ...(named.labels && { labels: Uint8Array.from(kept, at => named.labels?.[at] ?? 0) }), brought: images.length }
}

/** Two folders, each with as many as may be kept. @param {{ a: Picture[], b: Picture[] }} folders @param {{ side: number }} training */
export function chosenPairs(folders, { side }) {
  const { least, most } = folderLimits(side)
  const thin = (/** @type {'a' | 'b'} */ domain) => {
    const count = folders[domain]?.length ?? 0
    if (count < least) throw invalid('count', `Folder ${domain} has ${count} pictures, fewer than ${least}.`, { domain, folder: domain.toUpperCase(), count, least, most })
    return evenly(count, most).map(at => folders[domain][at])
  }
  return { a: thin('a'), b: thin('b'), brought: folders.a.length + folders.b.length }
}

/**
 * The side of the pictures that a configuration asks for.
 * @param {Record<string, any>} config @param {{ fields: any[], presets: Record<string, any>, datasets: any[] }} schema of its family @returns {number}
 */
export function sideOf({ dataset, side }, { fields, presets, datasets }) {
  const known = (/** @type {string} */ id) => datasets.find(each => each.id === id)
  return side ?? presets[dataset]?.side ?? fields.find(field => field.key === 'side')?.default ?? known(dataset)?.shape[0]
}

/** What of the data is sent to the worker; what lies in an archive is chosen there. @param {any} data as `atelier.train` takes it @param {{ family: string, side: number }} training */
export function chosen(data, training) {
  const list = (/** @type {any} */ pictures) => pictures && !(pictures instanceof Blob)
  if (list(data?.images)) return { ...chosenAlbum(data, training), chosen: true }
  if ((data?.a || data?.b) && !(data.a instanceof Blob) && !(data.b instanceof Blob)) return { ...chosenPairs(data, training), chosen: true }
  return data
}
