import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { byFolder } from '../../www/elements/classes.js'
import { pictureFiles } from '../../www/elements/dropped.js'
import { bytesOf, readLabels, readOwn } from '../../www/engine/own-data.js'

const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) % 256)

test('a file is unpacked where it begins as gzip does, whatever its name', async () => {
  assert.deepEqual(await bytesOf(new Blob([bytes]), 'data.idx'), bytes)
  assert.deepEqual(await bytesOf(new Blob([gzipSync(bytes)]), 'data.idx'), bytes)
  assert.deepEqual(await bytesOf(gzipSync(bytes), 'data.idx'), bytes)
  const both = await readOwn({ idx: new Blob([gzipSync(bytes)]), labels: bytes.buffer }, 28)
  assert.deepEqual(both, { idx: bytes, labels: bytes })
})

test('a gzip file that is cut off is refused, with how far it goes', async () => {
  const packed = gzipSync(bytes)
  const refused = await bytesOf(new Blob([packed.subarray(0, packed.length - 20)]), 'data.labels').catch(error => error)
  assert.equal(refused.code, 'InvalidData')
  assert.equal(refused.details.reason, 'gzip')
  assert.equal(refused.details.place, 'data.labels')
})

test('labels of any names become classes in the order of numbers or of the alphabet', () => {
  assert.deepEqual(readLabels([10, 9, 10, 2], 4), { labels: Uint8Array.of(2, 1, 2, 0), classes: ['2', '9', '10'] })
  assert.deepEqual(readLabels(['pear', 'apple'], 2), { labels: Uint8Array.of(1, 0), classes: ['apple', 'pear'] })
  assert.deepEqual(readLabels(undefined, 2), {})
})

test('labels that do not fit are refused', () => {
  const refused = (labels, count) => { try { readLabels(labels, count) } catch (error) { return error.details } }
  assert.deepEqual(refused([1, 2, 3], 2), { reason: 'label_count', labels: 3, pictures: 2, place: 'data.labels' })
  assert.equal(refused([1, 1], 2).reason, 'classes')
  assert.equal(refused(Array.from({ length: 65 }, (_, index) => index), 65).classes, 65)
})

/** A file as a folder dialog gives it. */
const file = path => Object.assign(new File(['x'], path.split('/').pop(), { type: 'image/png' }), { webkitRelativePath: path })

test('folders name classes; one folder alone names none, and what a system hides is no picture', () => {
  const files = pictureFiles(['fruit/pear/2.png', 'fruit/apple/10.png', 'fruit/apple/9.png', 'fruit/apple/._9.png'].map(file))
  const { images, labels, classes } = byFolder(files)
  assert.deepEqual(images.map(({ name }) => name), ['9.png', '10.png', '2.png'])
  assert.deepEqual(labels, ['apple', 'apple', 'pear'])
  assert.deepEqual(classes, [{ name: 'apple', count: 2 }, { name: 'pear', count: 1 }])
  assert.equal(byFolder([file('all/1.png'), file('all/2.png')]).labels, undefined)
})
