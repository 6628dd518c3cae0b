import { expect } from '@playwright/test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { openHost, places, test } from './host.mjs'
import { serveTinyFaces } from './faces-model.mjs'

const photo = path.resolve(import.meta.dirname, '../../../shared/data/cfp/test/451/frontal/01.jpg')

for (const [name, place] of Object.entries(places)) {
  test(`faces are encoded, turned, fused, blended and kept on ${name}; no request carries one`, async ({ page }) => {
    await serveTinyFaces(page)
    const bodies = []
    page.on('request', request => { if (request.postDataBuffer()?.length) bodies.push(request.url()) })
    await openHost(page, place)
    const seen = await page.evaluate(async () => {
      const atelier = await open({ device: 'cpu' })
      const faces = await atelier.faces()
      const drawn = await atelier.drawFaces([{ person: 1, side: 256 }, { person: 1, yaw: 40, side: 256 }, { person: 2, side: 256 }])
      const crop = { x: 128, y: 128, size: 200, roll: 0 }
      // Hair alone is far from a face.
      const one = await faces.encode([{ image: drawn[0], crop }, { image: drawn[1], crop: { x: 128, y: 40, size: 24, roll: 0 } }])
      const other = await faces.encode([{ image: drawn[2], crop: { ...crop, roll: 12 } }])
      const picture = await faces.rotate(one, 30)
      const strip = await faces.rotate(one, [-90, 0, 90], { seed: 4 })
      const first = await faces.rotate(one, 0, { weights: [1, 0], seed: 4 })
      const equal = (a, b) => a.data.every((value, at) => value === b.data[at])
      const kept = await faces.load(await faces.save(one))
      const ends = [await faces.blend(one, other, 0, 20), await faces.blend(one, other, 1, 20), await faces.blend(one, other, 0.5, 20)]
      const verdict = await faces.judge(picture)
      const result = {
        weights: [...one.weights], distances: one.distances, sizes: [picture, ...strip].map(({ width, height }) => [width, height]),
        weighted: !equal(first, strip[1]), again: equal(picture, await faces.rotate(one, 30)), noise: !equal(strip[1], await faces.rotate(one, 0, { seed: 5 })),
        kept: equal(picture, await faces.rotate(kept, 30)),
        ends: [equal(ends[0], await faces.rotate(one, 20)), equal(ends[1], await faces.rotate(other, 20)), equal(ends[2], ends[0])],
        verdict: { ...verdict, identity: verdict.identity.length }, empty: await faces.detect(drawn[0]).then(found => Array.isArray(found)),
        errors: [
          await failure(faces.encode([])), await failure(faces.encode([{ image: drawn[0], crop: { x: 1, y: 1, size: NaN } }])),
          await failure(faces.rotate(one, 120)), await failure(faces.rotate(one, 0, { weights: [0, 0] })), await failure(faces.blend(one, other, 2, 0)),
          await failure(faces.load(new Blob(['no person']))), await failure(faces.detect(new Blob(['no picture']))), await failure(faces.rotate({}, 0)),
        ].map(error => error?.code),
        device: faces.device.kind,
      }
      await atelier.close()
      return result
    })
    expect(seen.weights).toHaveLength(2)
    for (const weight of seen.weights) expect(weight).toBeGreaterThan(0)
    expect(seen.distances[0][0]).toBeCloseTo(0, 4)
    expect(seen.distances[0][1]).toBeGreaterThan(0)
    expect(seen.distances[0][1]).toBe(seen.distances[1][0])
    expect(seen.sizes).toEqual(Array(4).fill([96, 96]))
    expect([seen.weighted, seen.again, seen.noise, seen.kept, seen.empty]).toEqual([true, true, true, true, true])
    expect(seen.ends).toEqual([true, true, false])
    expect(seen.verdict.identity).toBe(5)
    expect(seen.verdict.real).toBeGreaterThan(0)
    expect(seen.errors).toEqual(['InvalidConfig', 'InvalidConfig', 'InvalidConfig', 'InvalidConfig', 'InvalidConfig', 'InvalidSession', 'UnsupportedImage', 'InvalidData'])
    expect(seen.device).toBe('cpu')
    expect(bodies).toEqual([])
  })
}

test.describe('where a worker ends', () => {
  test.use({ allowedErrors: /panicked at|provoked/ })
  test('a model of faces survives it', async ({ page }) => {
    await serveTinyFaces(page)
    await openHost(page)
    const seen = await page.evaluate(async () => {
      const atelier = await open({ device: 'cpu' })
      const faces = await atelier.faces()
      const [image] = await atelier.drawFaces([{ person: 3, side: 128 }])
      const person = await faces.encode([{ image, crop: { x: 64, y: 64, size: 100, roll: 0 } }])
      const before = await faces.rotate(person, 45)
      await failure(faces.provoke('panic'))
      const after = await faces.rotate(person, 45)
      await atelier.close()
      return before.data.every((value, at) => value === after.data[at])
    })
    expect(seen).toBe(true)
  })
})

test('profiles are found', async ({ page }) => {
  const people = path.resolve(photo, '../../..')
  test.skip(!existsSync(photo), 'the CFP pictures are not in ../shared/data')
  await serveTinyFaces(page)
  await openHost(page)
  const profiles = readdirSync(people).sort().slice(0, 20).map(person => readFileSync(path.join(people, person, 'profile/01.jpg')).toString('base64'))
  const found = await page.evaluate(async profiles => {
    const atelier = await open({ device: 'cpu' })
    const faces = await atelier.faces()
    const found = []
    for (const bytes of profiles) found.push((await faces.detect(new Blob([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))]))).length)
    await atelier.close()
    return found
  }, profiles)
  console.log(`profiles: ${found.join(' ')}`)
  expect(found.filter(count => count === 1).length).toBeGreaterThanOrEqual(17)
})

test('a graphics card finds the same faces', async ({ page }) => {
  test.skip(!existsSync(photo), 'the CFP pictures are not in ../shared/data')
  await serveTinyFaces(page)
  await openHost(page)
  const found = await page.evaluate(async bytes => {
    const blob = new Blob([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))])
    const found = []
    for (const device of ['cpu', 'webgpu']) {
      const atelier = await open({ device })
      const faces = await atelier.faces()
      found.push({ kind: faces.device.kind, squares: (await faces.detect(blob)).map(({ x, y, size, score }) => [x, y, size, 100 * score]) })
      await atelier.close()
    }
    return found
  }, readFileSync(photo).toString('base64'))
  expect(found.map(({ kind }) => kind)).toEqual(['cpu', 'webgpu'])
  expect(found[1].squares).toHaveLength(1)
  found[0].squares[0].forEach((number, at) => expect(found[1].squares[0][at]).toBeCloseTo(number, 0))
})

test('faces of a real photo are found, at any size', async ({ page }) => {
  test.skip(!existsSync(photo), 'the CFP pictures are not in ../shared/data')
  await serveTinyFaces(page)
  await openHost(page)
  const seen = await page.evaluate(async bytes => {
    const atelier = await open({ device: 'cpu' })
    const faces = await atelier.faces()
    const blob = new Blob([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], { type: 'image/jpeg' })
    const bitmap = await createImageBitmap(blob)
    const canvas = new OffscreenCanvas(8 * bitmap.width, 8 * bitmap.height)
    canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    const many = new OffscreenCanvas(10 * bitmap.width, 4 * bitmap.height)
    for (let at = 0; at < 40; at++) many.getContext('2d').drawImage(bitmap, (at % 10) * bitmap.width, Math.floor(at / 10) * bitmap.height)
    const started = performance.now()
    const crowd = await faces.detect(many)
    const ms = performance.now() - started
    const result = { found: await faces.detect(blob), large: await faces.detect(canvas), crowd: crowd.length, ms, width: bitmap.width, height: bitmap.height }
    await atelier.close()
    return result
  }, readFileSync(photo).toString('base64'))
  console.log(`forty faces: ${seen.crowd} found in ${Math.round(seen.ms)} ms`)
  expect(seen.found).toHaveLength(1)
  expect(seen.found[0].score).toBeGreaterThan(0.47)
  expect(seen.large).toHaveLength(1)
  expect(seen.crowd).toBeGreaterThanOrEqual(36)
})
