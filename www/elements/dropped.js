// Files out of what was dropped or chosen, folders and archives opened.
import { choosePictures } from '../files/paths.js'
import { archiveKind, isZip, listZip } from '../files/zip.js'

/** @typedef {import('../files/zip.js').Packed} Packed */
/** @typedef {{ path: string, type?: string, picture: File | Packed }} Source */

/** Where dropped files lay: a browser tells it of chosen ones only. @type {WeakMap<File, string>} */
const paths = new WeakMap()

/** Folders and name. @param {File} file */
const pathOf = file => paths.get(file) ?? (file.webkitRelativePath || file.name)

/** Among more files than this, archives are known by their names: looking into tens of thousands takes many seconds. */
const lookedInto = 16

/**
 * Pictures only, in the order of their paths; those of an archive as if it were a folder.
 * @param {Iterable<File>} files @returns {Promise<{ pictures: Source[], others: number }>} others: files that were passed over, besides hidden ones
 */
export async function picturesIn(files) {
  const all = [...files]
  /** @type {Source[]} */
  const found = []
  /** @type {{ name: string, kind: string } | null} */
  let closed = null
  for (const file of all) {
    const look = all.length <= lookedInto || /\.zip$/i.test(file.name)
    const kind = look ? await archiveKind(file) : null
    if (kind) closed = { name: file.name, kind }
    if (!look || !await isZip(file)) found.push({ path: pathOf(file), type: file.type, picture: file })
    else for (const packed of await listZip(file)) found.push({ path: `${file.name.replace(/\.zip$/i, '')}/${packed.path}`, picture: packed })
  }
  const chosen = choosePictures(found)
  if (!chosen.pictures.length && closed) throw Object.assign(new Error(`${closed.name} is not unpacked here.`), { code: 'InvalidData', details: { reason: 'archive', ...closed } })
  return chosen
}

/** @param {DataTransfer | null} transfer @returns {Promise<File[]>} */
export async function filesOf(transfer) {
  // The entries must be taken before anything is awaited: then the transfer is empty.
  const entries = [...(transfer?.items ?? [])].map(item => item.webkitGetAsEntry?.()).filter(entry => entry !== null && entry !== undefined)
  if (!entries.length) return [...(transfer?.files ?? [])]
  return (await Promise.all(entries.map(entry => within(/** @type {FileSystemEntry} */ (entry))))).flat()
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function within(entry) {
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))
    paths.set(file, entry.fullPath.replace(/^\//, ''))
    return [file]
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader()
  const all = []
  // A reader gives at most a hundred entries at a time.
  for (;;) {
    const some = /** @type {FileSystemEntry[]} */ (await new Promise((resolve, reject) => reader.readEntries(resolve, reject)))
    if (!some.length) break
    all.push(...some)
  }
  return (await Promise.all(all.map(within))).flat()
}
