/** Gzip by a library: a file may hold several members one behind the other (RFC 1952, section 2.2), which the browser's own stream refuses. */
import { AtelierError } from './protocol.js'

/** @param {Uint8Array} packed @param {string} place what it is to the caller @param {number} most bytes, unpacked @returns {Promise<Uint8Array>} */
export async function gunzip(packed, place, most) {
  const { Inflate } = await import('pako')
  /** @type {Uint8Array[]} */
  const chunks = []
  let length = 0
  const inflate = new Inflate({ chunkSize: 1 << 18 })
  inflate.onData = chunk => {
    length += chunk.length
    // A few kilobytes can unpack to gigabytes.
    if (length > most) throw new AtelierError('InvalidData', `The file unpacks to more than ${most} bytes.`, { reason: 'file_size', place, most })
    chunks.push(/** @type {Uint8Array} */ (chunk))
  }
  inflate.onEnd = () => {}
  inflate.push(packed, true)
  if (inflate.err) throw new AtelierError('InvalidData', `The gzip file is damaged: ${inflate.msg}`, { reason: 'gzip', place, byte: length })
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
