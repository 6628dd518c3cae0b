import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { test } from 'node:test'
import { wishOf } from '../../www/engine/table-wish.js'
import { bytesOf } from '../../www/engine/own-data.js'
import { tableOf } from '../../www/engine/tables.js'
import { addressed } from '../../www/store.js'
import { zipOf } from './zips.mjs'

const utf8 = text => new TextEncoder().encode(text)
const text = ({ table }) => new TextDecoder().decode(table)

test('a file for sequences or points becomes bytes and wishes; anything else is none', async () => {
  const file = new Blob(['a,b\n1,2\n'])
  const { table, wish } = await tableOf({ sequences: file, reading: 'rows', decimal: undefined })
  assert.deepEqual([new TextDecoder().decode(table), wish], ['a,b\n1,2\n', { reading: 'rows' }])
  const byName = await tableOf({ sequences: file, columns: { a: 'out' } })
  assert.deepEqual(byName.wish, { named: { a: 'out' } })
  assert.deepEqual((await tableOf({ sequences: file, columns: [null, 'out'] })).wish, { columns: [null, 'out'] })
  assert.equal(text(await tableOf({ points: utf8('1;2') })), '1;2')
  assert.equal(text(await tableOf({ points: new Blob([gzipSync('1;2')]) })), '1;2')
  assert.equal(await tableOf({ sequences: [[1, 2]] }), undefined)
  assert.equal(await tableOf({ points: new Float32Array(16) }), undefined)
})

test('an archive of several arrays, or a spreadsheet, is the engine’s to look into; one table in an archive is that table', async () => {
  const arrays = await zipOf({ 'X_train.npy': utf8('x'), 'y_train.npy': utf8('y') })
  assert.deepEqual((await tableOf({ sequences: arrays })).table, new Uint8Array(await arrays.arrayBuffer()))
  assert.equal(text(await tableOf({ points: await zipOf({ 'a.csv': utf8('1;2'), '.DS_Store': utf8('x') }) })), '1;2')
  await assert.rejects(bytesOf(arrays, 'data.idx'), ({ details }) => details.reason === 'zip_several')
})

test('a table in an archive may be as large as one beside it', async () => {
  const large = new Uint8Array(70e6).fill(49)
  assert.equal((await bytesOf(await zipOf({ 'large.csv': large }), 'data.points')).length, large.length)
})

test('a wish that there is not is named', () => {
  assert.throws(() => wishOf({ readings: 'rows' }, 'data'), ({ code, details }) => code === 'InvalidConfig' && details.key === 'data.readings')
})

test('names in Big5 are kept, and accents of Latin-1 are left to the engine', async () => {
  const big5 = Uint8Array.of(0xc3, 0xfe, 0xa7, 0x4f, 0x0a, 0x31, 0x0a)
  assert.equal(text(await tableOf({ sequences: big5 })), '類別\n1\n')
  const latin = Uint8Array.of(0x54, 0xe9, 0x72, 0x0a, 0x31)
  assert.deepEqual((await tableOf({ sequences: latin })).table, latin)
})

test('an address carries drawn points, not those of a table', () => {
  const points = Float32Array.of(0, 0)
  assert.equal(addressed({ points }), points)
  assert.equal(addressed({ points, scale: {} }), undefined)
  assert.equal(addressed(undefined), undefined)
})
