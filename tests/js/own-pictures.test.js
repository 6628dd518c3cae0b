/** How many pictures are read: decoders are stand-ins that count, everything else is the module's own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosen } from '../../www/engine/chosen.js'
import { readOwn } from '../../www/engine/own-data.js'
import { isZip, listZip, unpacker } from '../../www/files/zip.js'
import { picturesIn } from '../../www/elements/dropped.js'
import { zipOf } from './zips.mjs'

const be32 = value => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
/** The header of a PNG, and a colour behind it that the stand-in paints. */
const picture = (red, green = red, blue = red) => Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, ...be32(13), 73, 72, 68, 82, ...be32(20), ...be32(30), 8, 6, 0, 0, 0, ...be32(0), red, green, blue])
const broken = Uint8Array.from([...picture(1).subarray(0, 24), 0])

let decoded = 0
class Bitmap {
  constructor(width, height, colour) { Object.assign(this, { width, height, colour }) }
  close() {}
}
Object.assign(globalThis, {
  ImageData: class {}, ImageBitmap: Bitmap,
  async createImageBitmap(source, ...rest) {
    const size = rest.at(-1)
    if (source instanceof Bitmap) return new Bitmap(size.resizeWidth, size.resizeHeight, source.colour)
    const bytes = new Uint8Array(await source.arrayBuffer())
    if (bytes.length < 30) throw new Error('no picture')
    decoded++
    return new Bitmap(20, 30, bytes.subarray(-3))
  },
  OffscreenCanvas: class {
    constructor(width, height) { Object.assign(this, { width, height }) }
    getContext() {
      let drawn
      return {
        fillRect() {}, drawImage(bitmap) { drawn = bitmap },
        getImageData: (_x, _y, width, height) => ({ width, height, data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, at) => (at % 4 === 3 ? 255 : drawn.colour[at % 4])) }),
      }
    }
  },
})

const training = { family: 'dcgan', side: 64 }
const files = (count, make) => Array.from({ length: count }, (_, index) => new File([make(index)], `${index}.png`))
const counted = async work => { decoded = 0; const result = await work; return { ...result, decoded } }
const read = (data, work, use = training) => counted(readOwn(chosen(data, use), use, work))

test('of 25,000 pictures as many are decoded as are kept', async () => {
  const images = files(25_000, () => picture(200, 10, 10))
  const progress = []
  const { data, decoded } = await read({ images }, { progress: step => progress.push(step), pause: async () => {} })
  assert.deepEqual([data.images.length / 4 / 64 ** 2, decoded, data.brought], [488, 488, 25_000])
  assert.ok(progress.every(({ phase, loaded, total }) => phase === 'pictures' && loaded <= total && total === 488))
})

test('in grey there is room for more, unless one is not', async () => {
  const grey = await read({ images: files(5000, index => picture(index % 256)) })
  assert.deepEqual([grey.data.images.length / 4 / 64 ** 2, grey.decoded], [1464, 1464])
  const odd = await read({ images: files(5000, index => (index === 7 ? picture(9, 8, 7) : picture(index % 256))) }, {}, { family: 'dcgan', side: 64 })
  assert.ok([488, 1464].includes(odd.data.images.length / 4 / 64 ** 2))
  const late = await read({ images: files(1000, index => (index % 3 === 1 ? picture(9, 8, 7) : picture(index % 256))) })
  assert.equal(late.data.images.length / 4 / 64 ** 2, 488)
})

test('one broken file among many is left out and named, and its label with it', async () => {
  const images = files(25, index => (index === 3 ? new Uint8Array() : index === 9 ? broken : picture(index)))
  const { data, about } = await read({ images, labels: images.map((_, index) => (index === 9 ? 'lonely' : index % 2)) }, {}, { family: 'acgan', side: 8 })
  assert.deepEqual([data.images.length / 256, data.labels.length, data.classes, data.brought], [23, 23, ['0', '1'], 23])
  assert.deepEqual([...data.labels].slice(0, 4), [0, 1, 0, 0])
  assert.equal(data.images[3 * 256], 4)
  assert.deepEqual(about.left_out.pictures, [{ name: '3.png', code: 'UnsupportedImage', reason: 'empty' }, { name: '9.png', code: 'UnsupportedImage', reason: 'damaged', format: 'png' }])
})

test('eighty people are no classes to networks without any', async () => {
  const { data } = await read({ images: files(160, index => picture(index)), labels: Array.from({ length: 160 }, (_, index) => index >> 1) })
  assert.deepEqual(Object.keys(data).sort(), ['brought', 'images'])
})

test('where too few can be read, the first says why', async () => {
  const failed = await read({ images: files(8, index => (index ? broken : picture(1))) }).catch(error => error)
  assert.deepEqual([failed.code, failed.details.reason, failed.details.name, failed.details.cause.reason], ['InvalidData', 'one_picture', '1.png', 'damaged'])
  const pair = await read({ a: files(3, () => picture(1)), b: files(2, index => (index ? broken : picture(1))) }, {}, { family: 'cyclegan', side: 32 }).catch(error => error)
  assert.deepEqual([pair.details.reason, pair.details.folder, pair.details.name], ['picture', 'B', '1.png'])
  const enough = await read({ a: files(3, () => picture(1)), b: files(3, index => (index ? picture(1) : broken)) }, {}, { family: 'cyclegan', side: 32 })
  assert.deepEqual([enough.data.a.length / 4096, enough.data.b.length / 4096, enough.data.brought, enough.about.left_out.count], [3, 2, 5, 1])
})

test('reading can be stopped', async () => {
  const stopped = Object.assign(new Error('stopped'), { code: 'Aborted' })
  decoded = 0
  const work = { pause: async () => { throw stopped } }
  const delayed = globalThis.createImageBitmap
  globalThis.createImageBitmap = async (...args) => { await new Promise(resolve => setTimeout(resolve, 5)); return delayed(...args) }
  const error = await readOwn(chosen({ images: files(2000, () => picture(200, 10, 10)) }, { family: 'gan', side: 28 }), { family: 'gan', side: 28 }, work).catch(error => error)
  globalThis.createImageBitmap = delayed
  assert.equal(error, stopped)
  assert.ok(decoded < 1000, `${decoded}`)
})

test('a ZIP is the folder that is in it', async () => {
  const tree = { 'fruit/apple/1.png': picture(1), 'fruit/apple/2.png': picture(2), 'fruit/pear/1.png': picture(3), 'fruit/.ipynb_checkpoints/1.png': picture(4), '__MACOSX/fruit/._1.png': picture(5), 'fruit/notes.txt': picture(6) }
  for (const options of [{}, { level: 0 }, { zip64: true }]) {
    const zip = new File([await zipOf(tree, options)], 'fruit.zip')
    const { pictures, others } = await picturesIn([zip])
    assert.deepEqual([pictures.map(({ path }) => path), others], [['fruit/fruit/apple/1.png', 'fruit/fruit/apple/2.png', 'fruit/fruit/pear/1.png'], 1])
    const fromPage = await read({ images: pictures.map(source => source.picture), labels: ['apple', 'apple', 'pear'] }, {}, { family: 'acgan', side: 8 })
    const fromModule = await read({ images: zip }, {}, { family: 'acgan', side: 8 })
    for (const { data } of [fromPage, fromModule]) {
      assert.deepEqual([data.images.length / 256, data.classes, [...data.labels]], [3, ['apple', 'pear'], [0, 0, 1]])
      assert.deepEqual([0, 256, 512].map(at => data.images[at]), [1, 2, 3])
    }
  }
})

test('archives that cannot be opened are told by what they are', async () => {
  const refused = promise => promise.then(() => assert.fail('it was taken'), error => error.details.reason)
  const locked = new File([await zipOf({ '1.png': picture(1) }, { password: 'secret', zipCrypto: true })], 'locked.zip')
  assert.equal(await refused(listZip(locked)), 'zip_locked')
  const whole = new Uint8Array(await (await zipOf({ '1.png': picture(1), '2.png': picture(2) })).arrayBuffer())
  const cut = new Blob([whole.subarray(0, whole.length - 60)])
  assert.ok(await isZip(cut))
  assert.equal(await refused(listZip(cut)), 'zip')
  const wrong = Uint8Array.from(whole)
  wrong.set([9, 9, 9], 45)
  const [first] = await listZip(new Blob([wrong]))
  assert.equal(await refused(unpacker()(first)), 'zip')
  const bomb = await zipOf({ '1.png': new Uint8Array(70e6) })
  assert.ok(bomb.size < 1e5)
  assert.equal(await refused(unpacker()((await listZip(bomb))[0])), 'file_size')
  assert.equal(await refused(picturesIn([new File(['7z\xbc\xaf\x27\x1c'].map(text => Uint8Array.from(text, letter => letter.charCodeAt(0))), 'all.7z')])), 'archive')
})
