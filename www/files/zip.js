// A ZIP archive as the folder that is in it. The archive stays where it is: its directory is read, and of its files those that are wanted.

/**
 * A file in an archive; a list of them is sent to a worker with the archive once.
 * @typedef {{ archive: Blob, path: string, size: number }} Packed
 */

/** Files in one archive: more would fill a tab with their names alone. */
export const mostEntries = 200_000
/** Of one file, unpacked: a picture of more is none that is learned from, and a few kilobytes can unpack to gigabytes. */
export const mostUnpacked = 64e6

/** @param {string} reason @param {string} message @param {object} [details] */
const flaw = (reason, message, details) => Object.assign(new Error(message), { code: 'InvalidData', details: { reason, ...details } })

/** @param {any} file @returns {file is Packed} */
export const isPacked = file => file?.archive instanceof Blob

/** By its first bytes: a file, an empty archive, or a part of a divided one. @param {Blob} blob */
export async function isZip(blob) {
  const [p, k, one, two] = new Uint8Array(await blob.slice(0, 4).arrayBuffer())
  return p === 0x50 && k === 0x4b && ((one === 3 && two === 4) || (one === 5 && two === 6) || (one === 7 && two === 8))
}

/** First bytes of other archives, and where they stand. @type {[number, string, string][]} */
const archives = [[0, 'Rar!', 'RAR'], [0, '7z\xbc\xaf', '7z'], [257, 'ustar', 'TAR'], [0, '\x1f\x8b', 'gzip'], [0, 'BZh', 'bzip2'], [0, '\xfd7zXZ', 'xz'], [0, '\x28\xb5\x2f\xfd', 'Zstandard']]

/** The name of an archive that is not opened here. @param {Blob} blob */
export async function archiveKind(blob) {
  const head = String.fromCharCode(...new Uint8Array(await blob.slice(0, 512).arrayBuffer()))
  return archives.find(([at, first]) => head.startsWith(first, at))?.[2] ?? null
}

/** Names without the mark of UTF-8 are it all the same on a Mac. @param {Uint8Array} bytes @param {string} encoding */
function decodeText(bytes, encoding) {
  if (encoding === 'utf-8') return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** @param {Blob} archive @param {string} [name] */
async function entriesOf(archive, name = /** @type {any} */ (archive).name ?? '') {
  const { ZipReader, BlobReader } = await import('@zip.js/zip.js/lib/zip-core-custom.js')
  const reader = new ZipReader(new BlobReader(archive), { useWebWorkers: false, strictness: 'tolerant', checkOverlappingEntry: true, decodeText })
  const entries = new Map()
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory || entry.symlink) continue
      entries.set(entry.filename.replaceAll('\\', '/').replace(/^\/+/, ''), entry)
      if (entries.size > mostEntries) throw flaw('zip_entries', `More than ${mostEntries} files.`, { name, most: mostEntries })
    }
  } catch (error) {
    if (/** @type {any} */ (error).code) throw error
    throw flaw(/split|disk/i.test(String(error)) ? 'zip_split' : 'zip', `The archive cannot be read: ${/** @type {Error} */ (error).message}`, { name })
  }
  return entries
}

/** What is in an archive. @param {Blob} archive @returns {Promise<Packed[]>} */
export async function listZip(archive) {
  const entries = await entriesOf(archive)
  const all = [...entries.values()]
  if (all.length && all.every(({ encrypted }) => encrypted)) throw flaw('zip_locked', 'The archive is locked by a password.', { name: /** @type {any} */ (archive).name ?? '' })
  return [...entries].map(([path, { uncompressedSize: size }]) => ({ archive, path, size }))
}

/** Unpacks files, one after another or several at once; each archive's directory is read once. @param {number} [most] bytes of one @returns {(file: Packed) => Promise<Blob>} */
export function unpacker(most = mostUnpacked) {
  /** @type {Map<Blob, Promise<Map<string, any>>>} */
  const directories = new Map()
  return async ({ archive, path }) => {
    if (!directories.has(archive)) directories.set(archive, entriesOf(archive))
    const entry = (await directories.get(archive))?.get(path)
    if (!entry) throw flaw('zip', `“${path}” is not in the archive.`, { name: path })
    if (entry.encrypted) throw flaw('zip_locked', `“${path}” is locked by a password.`, { name: path })
    if (entry.uncompressedSize > most) throw flaw('file_size', `“${path}” unpacks to ${entry.uncompressedSize} bytes.`, { name: path, most })
    const { Uint8ArrayWriter } = await import('@zip.js/zip.js/lib/zip-core-custom.js')
    try {
      return new File([await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true })], path.slice(path.lastIndexOf('/') + 1))
    } catch (error) {
      throw flaw('zip', `“${path}” cannot be unpacked: ${/** @type {Error} */ (error).message}`, { name: path })
    }
  }
}
