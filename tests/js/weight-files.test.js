import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { isWeights } from '../../www/elements/weight-file.js'

const golden = name => readFileSync(path.resolve(import.meta.dirname, '../golden', name))
const pth = golden('checkpoints/zip.pth')
const bytes = text => Buffer.from(text, 'latin1')

test('weights are known by their content, whatever they are called', async () => {
  for (const name of ['pytorch_model.bin', 'genh.pth.tar', 'G_XtoY.pkl', 'last.ckpt', 'weights', 'photo.jpg']) {
    assert.ok(await isWeights(new File([pth], name)), name)
  }
  for (const name of ['legacy.pth', 'python2.pth', 'expected.safetensors']) assert.ok(await isWeights(new File([golden(`checkpoints/${name}`)], 'upload')), name)
  const others = ['\x89HDF\r\n\x1a\n', '\x93NUMPY\x01\0', '\x08\x08\x12\x07pytorch', 'version https://git-lfs.github.com/spec/v1\n', 'PK\x03\x04', '\x1f\x8b\x08\0']
  for (const head of others) assert.ok(await isWeights(new File([bytes(head)], 'upload')), head)
})

test('pictures are pictures, whatever they are called, and names decide where the content says nothing', async () => {
  const pictures = ['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n', 'GIF89a', 'RIFF\x10\0\0\0WEBPVP8 ', 'BM6\0\0\0', '\0\0\0\x20ftypheic', '\0\0\0\x20ftypavif', 'II*\0', 'MM\0*', '<svg xmlns']
  for (const head of pictures) {
    for (const name of ['a.png', 'a.pth', 'a.bin']) assert.ok(!await isWeights(new File([bytes(head)], name)), head)
  }
  assert.ok(await isWeights(new File([], 'empty.pth')))
  assert.ok(await isWeights(new File(['<!doctype html>'], 'latest_net_G.pth')))
  assert.ok(!await isWeights(new File(['some words'], 'photo.jpg')))
  assert.ok(!await isWeights(new File([], 'photo.jpg')))
})
