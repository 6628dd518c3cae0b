// Files out of what was dropped, folders opened.

/** Where dropped files lay: a browser tells it of chosen ones only. @type {WeakMap<File, string>} */
const paths = new WeakMap()

/** Folders and name. @param {File} file */
export const pathOf = file => paths.get(file) ?? (file.webkitRelativePath || file.name)

/** Pictures only, in the order of their names: a folder also holds what its owner does not see. @param {Iterable<File>} files @returns {File[]} */
export function pictureFiles(files) {
  // An archive made on a Mac holds a shadow `._name` beside every picture.
  const pictures = [...files].filter(file => file.type.startsWith('image/') && !file.name.startsWith('._'))
  return pictures.sort((one, other) => pathOf(one).localeCompare(pathOf(other), 'en', { numeric: true }))
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
