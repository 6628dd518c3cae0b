/**
 * A DR-GAN of tiny width, from the golden file, in place of the site's own: what is tested is the way of a face, not its likeness. The finder
 * is the site's, since faces have to be found.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const golden = path.resolve(import.meta.dirname, '../golden/faces.safetensors')
const finder = path.resolve(import.meta.dirname, '../../www/public/models/faces-finder.safetensors')

/** A safetensors file of those tensors of another whose names begin so. @param {Buffer} file @param {string} prefix */
function part(file, prefix) {
  const length = Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.subarray(8, 8 + length).toString())
  const chosen = Object.entries(header).filter(([name]) => name.startsWith(prefix))
  const bodies = chosen.map(([, { data_offsets: [start, end] }]) => file.subarray(8 + length + start, 8 + length + end))
  let at = 0
  const placed = chosen.map(([name, about], index) => [name, { ...about, data_offsets: [at, at += bodies[index].length] }])
  const text = Buffer.from(JSON.stringify(Object.fromEntries(placed)))
  const head = Buffer.alloc(8)
  head.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([head, text, ...bodies])
}

/** Answers for the site's list of models and the files in it. @param {import('@playwright/test').Page} page */
export async function serveTinyFaces(page) {
  const file = readFileSync(golden)
  const parts = {
    ...Object.fromEntries(['encoder', 'decoder', 'discriminator'].map(name => [name, part(file, `${name}.`)])),
    finder: readFileSync(finder),
  }
  const names = Object.keys(parts)
  const described = name => ({ url: `tiny-${name}.safetensors`, bytes: parts[name].length, sha256: createHash('sha256').update(parts[name]).digest('hex') })
  const card = { id: 'faces', kind: 'drgan', files: Object.fromEntries(names.map(name => [name, described(name)])), licence: 'test', card: 'faces.md', quality: { people: 5 } }
  await page.route('**/models/models.json', route => route.fulfill({ json: [card] }))
  for (const name of names) await page.route(`**/models/tiny-${name}.safetensors*`, route => route.fulfill({ body: parts[name], contentType: 'application/octet-stream' }))
}
