/** Pictures made in a test. */
import { crc32, deflateSync } from 'node:zlib'

/** A picture in one colour with a bar across, as a PNG. @param {[number, number, number]} colour @param {number} bar the row of the bar */
export function png(colour, bar, width = 40, height = 36) {
  const row = y => Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => (Math.abs(y - bar) < 3 ? [255, 255, 255] : colour)).flat())])
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, (_, y) => row(y))))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}
