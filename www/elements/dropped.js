// Files out of what was dropped, folders opened.

/** Pictures only, in the order of their names: a folder also holds what its owner does not see. @param {Iterable<File>} files @returns {File[]} */
export function pictureFiles(files) {
  const path = (/** @type {File} */ file) => file.webkitRelativePath || file.name
  return [...files].filter(file => file.type.startsWith('image/')).sort((one, other) => path(one).localeCompare(path(other), 'en', { numeric: true }))
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
  if (entry.isFile) return [await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))]
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
