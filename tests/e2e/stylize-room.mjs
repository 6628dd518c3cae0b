/** The painting room as its tests need it: opened, its parts by name, photos to give it, and what came out. */
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'

export const root = path.resolve(import.meta.dirname, '../..')
export const room = '#room-stylize'
export const command = (page, name) => page.locator(`${room} [data-command=${name}]`)
export const input = page => page.locator(`${room} photo-input input[type=file]`)
export const weights = page => page.locator(`${room} painter-picker input[type=file]`)
export const row = (page, name) => page.locator(`${room} photo-queue [data-item="${name}"]`)
export const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
export const size = (page, name) => page.locator(`${room} input[name=size][value=${name}]`)

/** How many pictures went through the networks. */
export const translations = page => page.evaluate(() => globalThis.translations)

export async function openStylize(page, language = 'en') {
  await page.addInitScript(() => {
    globalThis.translations = 0
    const send = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message?.call === 'translate') globalThis.translations++
      return send.call(this, message, ...rest)
    }
  })
  await page.goto(`${language}/#stylize`)
  await expect(page.locator(`${room} painter-picker [value=monet]`)).toBeAttached()
}

/** What hangs on the easel: sizes, and mean differences of the two pictures, 0..255: of all, of light, of colour. */
export function compared(page) {
  return page.locator(`${room} before-after`).evaluate(({ original, painting }) => {
    const sums = { all: 0, light: 0, colour: 0 }
    for (let at = 0; at < original.data.length; at += 4) {
      const [red, green, blue] = [0, 1, 2].map(channel => painting.data[at + channel] - original.data[at + channel])
      const light = 0.299 * red + 0.587 * green + 0.114 * blue
      sums.all += (Math.abs(red) + Math.abs(green) + Math.abs(blue)) / 3
      sums.light += Math.abs(light)
      sums.colour += (Math.abs(red - light) + Math.abs(blue - light)) / 2
    }
    for (const key of Object.keys(sums)) sums[key] /= original.data.length / 4
    return { width: painting.width, height: painting.height, ...sums }
  })
}

export async function painted(page) {
  await expect(command(page, 'download')).toBeVisible({ timeout: 150_000 })
  return compared(page)
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** A PNG of hills below a sky; with a text chunk that must not survive. */
export function meadow(width, height, hue = 0) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const lines = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sky = y < height * (0.5 + 0.2 * Math.sin((6 * x) / width + hue))
      const grain = ((x * 7 + y * 13) % 17) * 2
      lines.set(sky ? [90 + grain, 140 + hue * 9, 210 - y / 9] : [70 + hue * 9, 110 + grain, 50], y * (width * 3 + 1) + 1 + x * 3)
    }
  }
  const text = chunk('tEXt', Buffer.from('Comment\0taken at home'))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), text, chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))])
}

export const photo = (name, width = 256, height = 192, hue = 0) => ({ name, mimeType: 'image/png', buffer: meadow(width, height, hue) })
export const broken = { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear diary, today it rained again and nobody painted anything.') }

/** The stored entries of a zip, by its central directory. */
export function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const [method, sum, length, nameLength, extra, comment, offset] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const from = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
    const data = bytes.subarray(from, from + length)
    at += 46 + nameLength + extra + comment
    return { name, method, data, whole: crc32(data) === sum }
  })
}

export async function downloaded(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), command(page, name).click()])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

export const pngChunks = bytes => [...bytes.toString('latin1').matchAll(/IHDR|tEXt|zTXt|iTXt|eXIf|tIME/g)].map(([type]) => type)
