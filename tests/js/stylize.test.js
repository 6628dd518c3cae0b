import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fit, settle, zoomLimits, zoomTo } from '../../www/elements/draw/viewport.js'
import { apart, fileName } from '../../www/rooms/stylize-files.js'
import { domainsIn, forwardOf } from '../../www/rooms/stylize-painters.js'

test('two files of weights tell by their names which goes forward', () => {
  const pairs = [
    ['latest_net_G_A.pth', 'latest_net_G_B.pth', 0], ['latest_net_G_B.pth', 'latest_net_G_A.pth', 1],
    ['monet-ab.safetensors', 'monet-ba.safetensors', 0], ['netG_B2A.pth', 'netG_A2B.pth', 1], ['genA2B.pth', 'genB2A.pth', 0],
    ['horse2zebra.pth', 'zebra2horse.pth', 0], ['monet2photo.pth', 'photo2monet.pth', 1], ['200_net_G_A.pth', 'other.pth', 0],
    ['one.pth', 'two.pth', null], ['horse2zebra.pth', 'apple2orange.pth', null], ['G_A_1.pth', 'G_A_2.pth', null],
    ['cable.pth', 'table.pth', null], ['banana.pth', 'crab.pth', null],
  ]
  for (const [one, other, expected] of pairs) assert.equal(forwardOf(one, other), expected, `${one}, ${other}`)
})

test('a file may name its domains', () => {
  assert.deepEqual(domainsIn('horse2zebra.pth'), ['horse', 'zebra'])
  assert.deepEqual(domainsIn('style_monet_pretrained.pth'), null)
  assert.deepEqual(domainsIn('cyclegan-summer-to-winter.safetensors'), ['summer', 'winter'])
  assert.equal(domainsIn('latest_net_G_A.pth'), null)
})

test('names stay, lose what file systems forbid, and never collide', () => {
  assert.equal(fileName('我的照片.final.JPG', 'monet', 'image/png'), '我的照片.final-monet.png')
  assert.equal(fileName('a/b\\c:d?.jpg', 'monet', 'image/jpeg'), 'a_b_c_d_-monet.jpg')
  assert.equal(fileName('.png', 'monet', 'image/png'), 'picture-monet.png')
  assert.deepEqual(apart(['a.png', 'A.png', 'a-2.png', 'a.png']), ['a.png', 'A-2.png', 'a-2-2.png', 'a-3.png'])
})

const frame = { width: 400, height: 300 }
const photo = { width: 4000, height: 2000 }

test('the whole picture fits and stands in the middle', () => {
  assert.deepEqual(fit(frame, photo), { x: 0, y: 50, scale: 0.1 })
  assert.deepEqual(fit(frame, { width: 100, height: 300 }), { x: 150, y: 0, scale: 1 })
})

test('zooming keeps what is under the pointer, and leaves no gap at the edges', () => {
  const limits = zoomLimits(frame, photo, 1)
  const near = zoomTo(fit(frame, photo), { x: 200, y: 150 }, 1, frame, photo, limits)
  assert.deepEqual([(200 - near.x) / near.scale, (150 - near.y) / near.scale], [2000, 1000])
  const corner = zoomTo(fit(frame, photo), { x: 0, y: 0 }, 1, frame, photo, limits)
  assert.deepEqual([corner.x, corner.y], [0, 0])
  assert.deepEqual(settle({ x: -9999, y: 9999, scale: 1 }, frame, photo), { x: 400 - 4000, y: 0, scale: 1 })
})

test('zooming ends where there is nothing more to see', () => {
  const limits = zoomLimits(frame, photo, 2)
  assert.deepEqual(limits, { least: 0.1, most: 6 })
  assert.equal(zoomTo(fit(frame, photo), { x: 0, y: 0 }, 99, frame, photo, limits).scale, 6)
  assert.equal(zoomTo(fit(frame, photo), { x: 0, y: 0 }, 0.01, frame, photo, limits).scale, 0.1)
  // A picture smaller than its frame may be shown at one to one.
  assert.equal(zoomLimits(frame, { width: 40, height: 30 }, 1).least, 1)
})
