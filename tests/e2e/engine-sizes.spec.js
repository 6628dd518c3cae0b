import { expect } from '@playwright/test'
import { openHost, test } from './host.mjs'

/** Small pictures: what is tested is how they come back, not their beauty. */
const side = 64

/** What the tests measure, in the page. */
function measures() {
  globalThis.sizeOf = ({ width, height }) => [width, height]
  globalThis.apart = (one, two) => {
    const all = Array.from(one.data, (value, at) => Math.abs(value - two.data[at]))
    return { mean: all.reduce((sum, value) => sum + value, 0) / all.length, most: all.reduce((most, value) => Math.max(most, value), 0) }
  }
  globalThis.shrunk = async (image, width, height) => {
    const bitmap = await createImageBitmap(image, { resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })
    const context = new OffscreenCanvas(width, height).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    return context.getImageData(0, 0, width, height)
  }
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(measures)
  await openHost(page)
})

test('a painting is lifted to the size of its photo and stays the same painting', async ({ page }) => {
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const scene = await atelier.scene({ width: 320, height: 240, seed: 5 })
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const phases = new Set()
    const small = await monet.translate(scene, { side })
    const lifted = await monet.translate(scene, { side, size: 'photo', onProgress: ({ phase }) => phases.add(phase) })
    const tiny = await monet.translate(await shrunk(scene, 40, 30), { side, size: 'photo' })
    const narrow = await monet.translate(await shrunk(scene, 10, 40), { side, size: 'photo' })
    const low = await monet.translate(await shrunk(scene, 40, 9), { side, size: 'photo' })
    const result = {
      sizes: [lifted.image, lifted.original, lifted.working, tiny.image, tiny.working, narrow.image, low.image].map(sizeOf), phases: [...phases],
      kept: apart(await shrunk(lifted.image, 64, 48), small.image).mean, photo: apart(lifted.image, lifted.original).mean,
      smeared: apart(lifted.image, await shrunk(small.image, 320, 240)).mean
    }
    await atelier.close()
    return result
  }, side)
  expect(seen.sizes).toEqual([[320, 240], [320, 240], [64, 48], [40, 30], [40, 30], [10, 40], [40, 9]])
  expect(seen.phases).toEqual(['decode', 'work', 'lift'])
  expect(seen.kept).toBeLessThan(4)
  expect(seen.photo).toBeGreaterThan(4)
  expect(seen.smeared).toBeGreaterThan(1)
})

test('at its own size, in bands, a photo comes out as it does whole', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const atelier = await open()
    const scene = await atelier.scene({ width: 150, height: 200, seed: 3 })
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const before = await monet.estimate({ width: 4096, height: 3072, size: 'exact' })
    const whole = await monet.translate(scene, { side: 200, cycle: true })
    const bands = await monet.translate(scene, { size: 'exact', cycle: true })
    const after = await monet.estimate({ width: 4096, height: 3072, size: 'exact' })
    const result = {
      sizes: [bands.image, bands.working].map(sizeOf), most: apart(whole.image, bands.image).most,
      cycle: Math.abs(whole.cycle_l1 - bands.cycle_l1), before, after
    }
    await atelier.close()
    return result
  })
  expect(seen.sizes).toEqual([[150, 200], [150, 200]])
  expect(seen.most).toBeLessThanOrEqual(2)
  expect(seen.cycle).toBeLessThan(0.01)
  expect(seen.before.seconds).toBe(null)
  expect(seen.after.seconds).toBeGreaterThan(1)
  expect(seen.after.bytes).toBeLessThan(1.5e9)
})

test('a long one shows a preview first, stops between two bands, and leaves the last painting for blending', async ({ page }) => {
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const early = await failure(monet.blend(0.5))
    const small = await monet.translate(await atelier.scene({ width: 96, height: 72 }), { side })
    const stop = new AbortController()
    let preview
    const reports = []
    const aborted = await failure(monet.translate(await atelier.scene({ width: 640, height: 480 }), {
      size: 'exact', signal: stop.signal,
      onProgress: report => {
        reports.push({ phase: report.phase, fraction: report.fraction })
        preview ??= report.preview
        if (report.phase === 'work' && report.loaded === 2) stop.abort()
      }
    }))
    const all = await monet.blend(1)
    const none = await monet.blend({ luminance: 0, colour: 0 })
    const grey = ({ data }) => { let sum = 0; for (let at = 0; at < data.length; at += 4) sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]; return sum * 4 / data.length }
    const light = await monet.blend({ colour: 0 })
    const strong = await monet.translate(small.original, { side, strength: { luminance: 1, colour: 0 } })
    const result = {
      early: [early?.code, early?.details.reason], aborted: aborted?.code, preview: preview && sizeOf(preview), reports,
      all: apart(all.image, small.image).most, none: apart(none.image, small.original).most,
      grey: [grey(light.image), grey(small.image), grey(small.original)], coloured: apart(light.image, small.image).mean, same: apart(light.image, strong.image).mean
    }
    await atelier.close()
    return result
  }, side)
  expect(seen.early).toEqual(['Unsupported', 'no_translation'])
  expect(seen.aborted).toBe('Aborted')
  expect(seen.preview).toEqual([256, 192])
  expect([...new Set(seen.reports.map(({ phase }) => phase))]).toEqual(['decode', 'preview', 'work'])
  const fractions = seen.reports.map(({ fraction }) => fraction)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect([seen.all, seen.none]).toEqual([0, 0])
  const [light, painted, photo] = seen.grey
  expect(Math.abs(light - painted)).toBeLessThan(0.6)
  expect(Math.abs(photo - painted)).toBeGreaterThan(1)
  expect(seen.coloured).toBeGreaterThan(1)
  expect(seen.same).toBeLessThan(0.5)
})

test('one file has one direction, tells its architecture and has no discriminator', async ({ page }) => {
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const [card] = await atelier.models()
    const url = new URL(`models/${card.files.ab.url}`, location.origin)
    const one = await atelier.translator(await (await fetch(url)).blob(), { device: 'cpu' })
    const scene = await atelier.scene({ width: 96, height: 72 })
    const refused = [() => one.translate(scene, { side, direction: 'a' }), () => one.translate(scene, { side, cycle: true }), () => one.suggest(scene),
      () => one.realism(scene, { domain: 'a' }), () => one.translate(scene, { side, size: 'huge' }), () => one.translate(scene, { side, strength: 2 })]
    const codes = []
    for (const call of refused) codes.push(await failure(call()))
    const { image } = await one.translate(scene, { side })
    const result = { directions: one.directions, architecture: one.architecture, codes: codes.map(error => [error?.code, error?.details.reason ?? error?.details.field]), size: sizeOf(image) }
    await atelier.close()
    return result
  }, side)
  expect(seen.directions).toEqual(['b'])
  expect(Object.keys(seen.architecture)).toEqual(['ab'])
  expect(seen.architecture.ab.filters).toBeGreaterThan(3)
  expect(seen.architecture.ab.blocks).toBeGreaterThan(0)
  expect(['resize', 'transposed']).toContain(seen.architecture.ab.upsample)
  expect(seen.codes).toEqual([['Unsupported', 'one_direction'], ['Unsupported', 'one_direction'], ['Unsupported', 'one_direction'], ['Unsupported', 'no_discriminator'],
    ['InvalidConfig', 'size'], ['InvalidConfig', 'strength']])
  expect(seen.size).toEqual([64, 48])
})

test('identity, direction and realism of the shipped pair', async ({ page }) => {
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const [card] = await atelier.models()
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const scene = await atelier.scene({ width: 256, height: 192, seed: 2 })
    const painting = await monet.translate(scene, { side: 256 })
    const identity = await monet.identity(painting.image, { side })
    const [photo, painted] = [await monet.suggest(scene), await monet.suggest(painting.image)]
    const realism = await monet.realism(scene, { domain: 'a', side }).catch(error => error.details.reason)
    const result = {
      sizes: [identity.image, identity.original].map(sizeOf), l1: identity.l1, photo, painted, discriminators: Boolean(card.discriminators),
      realism: typeof realism === 'string' ? realism : [realism.width, realism.height, realism.data.length, Array.from(realism.data).every(Number.isFinite)]
    }
    await atelier.close()
    return result
  }, side)
  expect(seen.sizes).toEqual([[64, 48], [64, 48]])
  expect(seen.l1).toBeGreaterThan(0)
  // The painting lies nearer to its own domain than what was painted, whichever directions are told: our drawing is no photo.
  expect(seen.painted.change.b / seen.painted.change.a).toBeLessThan(seen.photo.change.b / seen.photo.change.a)
  for (const { direction, confident } of [seen.photo, seen.painted]) expect([['a', 'b'].includes(direction), typeof confident]).toEqual([true, 'boolean'])
  expect(seen.realism).toEqual(seen.discriminators ? [6, 4, 24, true] : 'no_discriminator')
})
