import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { choosePictures, classesOf, twoDomains } from '../../www/files/paths.js'
import { chosen, evenly, readLabels, sideOf } from '../../www/engine/chosen.js'
import { bytesOf, readOwn } from '../../www/engine/own-data.js'
import { zipOf } from './zips.mjs'

const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) % 256)
const refused = promise => promise.then(() => assert.fail('it was taken'), ({ code, details }) => ({ code, ...details }))

test('a file is unpacked where it begins as gzip or ZIP does, whatever its name', async () => {
  assert.deepEqual(await bytesOf(new Blob([bytes]), 'data.idx'), bytes)
  assert.deepEqual(await bytesOf(new Blob([gzipSync(bytes)]), 'data.idx'), bytes)
  assert.deepEqual(await bytesOf(gzipSync(bytes), 'data.idx'), bytes)
  assert.deepEqual(await bytesOf(await zipOf({ 'train.gz': gzipSync(bytes), '__MACOSX/._train.gz': bytes, '.DS_Store': bytes }), 'data.idx'), bytes)
  const { data } = await readOwn({ idx: new Blob([gzipSync(bytes)]), labels: bytes.buffer }, { family: 'gan', side: 28 })
  assert.deepEqual(data, { idx: bytes, labels: bytes, transposed: false })
  const several = await refused(bytesOf(await zipOf({ pictures: bytes, labels: bytes }), 'data.idx'))
  assert.deepEqual([several.reason, several.count, several.names], ['zip_several', 2, 'pictures, labels'])
})

test('gzip members one behind the other are one file', async () => {
  const members = [bytes.subarray(0, 1), bytes.subarray(1, 1000), bytes.subarray(1000, 1000), bytes.subarray(1000)]
  assert.deepEqual(await bytesOf(new Blob(members.map(member => gzipSync(member))), 'data.idx'), bytes)
  // Padded with zeros, as tapes were.
  assert.deepEqual(await bytesOf(new Blob([gzipSync(bytes), new Uint8Array(512)]), 'data.idx'), bytes)
})

test('a gzip file that is cut off, damaged or a bomb is refused', async () => {
  const packed = gzipSync(bytes)
  const cut = await refused(bytesOf(packed.subarray(0, packed.length - 20), 'data.labels'))
  assert.deepEqual([cut.code, cut.reason, cut.place], ['InvalidData', 'gzip', 'data.labels'])
  const wrong = Uint8Array.from(packed)
  wrong[packed.length - 6] ^= 1
  assert.equal((await refused(bytesOf(wrong, 'data.labels'))).reason, 'gzip')
  const bomb = gzipSync(new Uint8Array(260e6), { level: 1 })
  assert.equal((await refused(bytesOf(bomb, 'data.idx'))).reason, 'file_size')
})

test('EMNIST’s files are known by their names, and the visitor has the last word', async () => {
  const named = new File([bytes], 'emnist-letters-train-images-idx3-ubyte')
  const read = async data => { const { data: { transposed }, about } = await readOwn(data, { family: 'gan', side: 28 }); return [transposed, about.lying] }
  assert.deepEqual(await read({ idx: named }), [true, 'named'])
  assert.deepEqual(await read({ idx: named, transposed: false }), [false, 'named'])
  assert.deepEqual(await read({ idx: new Blob([bytes]), labels: named }), [true, 'named'])
  assert.deepEqual(await read({ idx: new Blob([bytes]) }), [false, undefined])
  assert.deepEqual(await read({ idx: new Blob([bytes]), transposed: true }), [true, undefined])
  const renamed = gzipSync(bytes)
  renamed[3] |= 8
  const saying = Buffer.concat([renamed.subarray(0, 10), Buffer.from('emnist-mnist-test\0'), renamed.subarray(10)])
  assert.deepEqual(await read({ idx: new File([saying], 'download.gz') }), [true, 'named'])
  const packed = await zipOf({ 'gzip/emnist-digits-test-images-idx3-ubyte.gz': gzipSync(bytes) })
  assert.deepEqual(await read({ idx: packed }), [true, 'named'])
})

test('labels of any names become classes in the order of numbers or of the alphabet', () => {
  assert.deepEqual(readLabels('acgan', [10, 9, 10, 2], 4), { labels: Uint8Array.of(2, 1, 2, 0), classes: ['2', '9', '10'] })
  assert.deepEqual(readLabels('gan', ['pear', 'apple'], 2), { labels: Uint8Array.of(1, 0), classes: ['apple', 'pear'] })
  assert.deepEqual(readLabels('acgan', undefined, 2), {})
})

test('limits of classes hold for networks that learn classes', () => {
  const wrong = (family, labels, count) => { try { return readLabels(family, labels, count) } catch (error) { return error.details } }
  const many = Array.from({ length: 300 }, (_, index) => index)
  assert.deepEqual(wrong('gan', [1, 2, 3], 2), { reason: 'label_count', labels: 3, pictures: 2, place: 'data.labels' })
  assert.equal(wrong('acgan', [1, 1], 2).reason, 'classes')
  assert.equal(wrong('acgan', many, 300).classes, 300)
  for (const family of ['gan', 'dcgan']) assert.deepEqual([wrong(family, many, 300), wrong(family, [1, 1], 2)], [{}, {}])
})

const files = (...paths) => paths.map(path => ({ path, type: '' }))

test('what a system or a program left behind is passed over, and so is what is no picture', () => {
  const { pictures, others } = choosePictures(files('fruit/pear/2.png', 'fruit/apple/10.JPG', 'fruit/apple/9.png', 'fruit/apple/._9.png', 'fruit/.ipynb_checkpoints/9-checkpoint.png',
    'fruit/apple/.ipynb_checkpoints/9-checkpoint.png', '__MACOSX/fruit/apple/9.png', 'fruit/Thumbs.db', 'fruit/DESKTOP.INI', 'fruit/.DS_Store', 'fruit/@eaDir/9.png/thumb.jpg',
    'fruit/labels.csv', 'fruit/README', 'fruit/apple/raw.CR2'))
  assert.deepEqual(pictures.map(({ path }) => path), ['fruit/apple/9.png', 'fruit/apple/10.JPG', 'fruit/apple/raw.CR2', 'fruit/pear/2.png'])
  assert.equal(others, 2)
  const nameless = choosePictures(files('faces/0001', 'faces/0002', 'faces/notes.txt'))
  assert.deepEqual([nameless.pictures.length, nameless.others], [2, 1])
  const typed = choosePictures([{ path: 'photo', type: 'image/png' }, { path: 'other', type: 'text/plain' }])
  assert.deepEqual(typed.pictures.map(({ path }) => path), ['photo'])
})

test('folders name classes; one folder alone names none', () => {
  const { labels, classes } = classesOf(['fruit/apple/9.png', 'fruit/apple/10.png', 'fruit/pear/2.png'])
  assert.deepEqual(labels, ['apple', 'apple', 'pear'])
  assert.deepEqual(classes, [{ name: 'apple', count: 2 }, { name: 'pear', count: 1 }])
  assert.equal(classesOf(['all/1.png', 'all/2.png']).labels, undefined)
})

test('two domains in one folder are known by their names, or asked about', () => {
  const named = twoDomains(files('h/testA/0.jpg', 'h/testB/0.jpg', 'h/trainA/1.jpg', 'h/trainA/2.jpg', 'h/trainB/1.jpg'))
  assert.deepEqual([named.sure, named.a.length, named.b.length, named.names], [true, 2, 1, ['trainA', 'trainB']])
  const asked = twoDomains(files('x/horses/1.jpg', 'x/zebras/1.jpg'))
  assert.deepEqual([asked.sure, asked.names], [false, ['horses', 'zebras']])
  assert.equal(twoDomains(files('x/1.jpg', 'x/2.jpg')), null)
  assert.equal(twoDomains(files('x/a/1.jpg', 'x/c/2.jpg', 'x/d/2.jpg')), null)
})

const schema = { fields: [{ key: 'side', default: 28 }], presets: { own: { side: 32 } }, datasets: [{ id: 'own', shape: [28, 28] }] }

test('of more pictures than fit some are chosen evenly, before anything is sent', () => {
  assert.deepEqual(evenly(10, 5), [0, 2, 4, 6, 8])
  assert.deepEqual(evenly(3, 5), [0, 1, 2])
  assert.deepEqual([sideOf({ dataset: 'own' }, schema), sideOf({ dataset: 'own', side: 64 }, schema), sideOf({ dataset: 'rings' }, schema)], [32, 64, 28])
  const images = Array.from({ length: 25_000 }, (_, index) => ({ path: `${index}.png` }))
  // One class is of a single picture.
  const labels = images.map((_, index) => (index === 77 ? 'rare' : index < 12_500 ? 'cats' : 'dogs'))
  const picked = chosen({ images, labels }, { family: 'acgan', side: 64 })
  assert.deepEqual([picked.brought, picked.classes, picked.labels.length], [25_000, ['cats', 'dogs', 'rare'], picked.images.length])
  assert.ok(picked.images.length <= 3 * 488 && picked.images.length > 1400)
  assert.equal([...picked.labels].filter(label => label === 2).length, 1)
  const cats = [...picked.labels].filter(label => label === 0).length
  assert.ok(Math.abs(2 * cats - picked.images.length) < 4)
  const gaps = picked.images.map(({ path }) => Number.parseInt(path)).map((at, index, all) => at - (all[index - 1] ?? at))
  assert.ok(Math.max(...gaps) <= 18)
})

test('a CycleGAN learns from 400 of 401', () => {
  const folder = count => Array.from({ length: count }, (_, index) => ({ path: `${index}.png` }))
  const picked = chosen({ a: folder(401), b: folder(17) }, { family: 'cyclegan', side: 32 })
  assert.deepEqual([picked.a.length, picked.b.length, picked.brought], [400, 17, 418])
  assert.throws(() => chosen({ a: folder(1), b: folder(5) }, { family: 'cyclegan', side: 32 }), ({ details }) => details.reason === 'count' && details.folder === 'A')
  assert.equal(chosen({ a: folder(401), b: folder(401) }, { family: 'cyclegan', side: 128 }).b.length, 100)
})
