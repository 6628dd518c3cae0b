/** ZIP archives made in a test. */
import { BlobWriter, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'

/** @param {Record<string, Uint8Array>} files by path @param {object} [options] of the writer: a password, ZIP64, no compression @returns {Promise<Blob>} */
export async function zipOf(files, options) {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options })
  for (const [path, bytes] of Object.entries(files)) await writer.add(path, new Uint8ArrayReader(Uint8Array.from(bytes)))
  return writer.close()
}
