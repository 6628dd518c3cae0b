import { expect } from '@playwright/test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { openHost, places, test } from './host.mjs'
import { ports } from './serve.mjs'

/** Small sides: what is tested is the way of a picture, not its beauty. */
const side = 64
const photos = path.resolve(import.meta.dirname, '../../../shared/data/monet2photo/testB')

for (const [name, place] of Object.entries(places)) {
  test(`the built-in picture is painted, there and back, on ${name}`, async ({ page }) => {
    await openHost(page, place)
    const seen = await page.evaluate(async side => {
      const atelier = await open()
      const scene = await atelier.scene({ width: 96, height: 72, seed: 5 })
      const same = await atelier.scene({ width: 96, height: 72, seed: 5 })
      const monet = await atelier.translator('monet', { device: 'cpu' })
      const reports = []
      const out = await monet.translate(scene, { cycle: true, side, onProgress: each => reports.push(each) })
      const untouched = await monet.translate(scene, { side, strength: 0 })
      const size = image => [image.width, image.height]
      const difference = (one, two) => one.data.reduce((sum, value, at) => sum + Math.abs(value - two.data[at]), 0) / one.data.length
      const result = {
        sizes: [out.image, out.original, out.reconstruction].map(size), cycle: out.cycle_l1, ms: out.ms, device: out.device,
        phases: [...new Set(reports.map(({ phase }) => phase))], fractions: reports.map(({ fraction }) => fraction),
        withOriginal: reports.filter(({ original }) => original).length,
        painted: difference(out.image, out.original), untouched: difference(untouched.image, untouched.original), repeats: difference(scene, same)
      }
      await atelier.close()
      return result
    }, side)
    expect(seen.sizes).toEqual([[64, 48], [64, 48], [64, 48]])
    expect(seen.phases).toEqual(['decode', 'work'])
    expect(seen.withOriginal).toBe(1)
    expect(seen.fractions).toEqual([...seen.fractions].sort((a, b) => a - b))
    expect(seen.painted).toBeGreaterThan(2)
    expect(seen.untouched).toBe(0)
    expect(seen.repeats).toBe(0)
    expect(seen.cycle).toBeGreaterThan(0)
    expect(seen.cycle).toBeLessThan(1)
    expect(seen.device.kind).toBe('cpu')
  })
}

test('a translation is aborted between two layers, and survives its worker', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const scene = await atelier.scene({ width: 128, height: 128 })
    const lead = globalThis.workers.length
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const recoveries = []
    monet.onRecover = ({ reason }) => recoveries.push(reason)
    const stop = new AbortController()
    const aborted = await failure(monet.translate(scene, {
      side, signal: stop.signal, onProgress: ({ loaded }) => { if (loaded >= 3) stop.abort() }
    }))
    let killed = false
    const onProgress = ({ loaded }) => {
      if (loaded < 3 || killed) return
      killed = true
      globalThis.workers[lead].terminate()
    }
    const out = await monet.translate(scene, { side, onProgress })
    await atelier.close()
    return { code: aborted?.code, recoveries, width: out.image.width }
  }, side)
  expect(seen).toEqual({ code: 'Aborted', recoveries: ['killed'], width: side })
})

test('several workers paint what one paints, whoever of them is lost', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async () => {
    let cores = 1
    Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => cores })
    const atelier = await open()
    const scene = await atelier.scene({ width: 200, height: 160 })
    const paint = async (of, onProgress) => {
      cores = of
      const before = globalThis.workers.length
      const monet = await atelier.translator('monet', { device: 'cpu' })
      const recoveries = []
      monet.onRecover = ({ reason }) => recoveries.push(reason)
      const { image, reconstruction } = await monet.translate(scene, { side: 200, cycle: true, onProgress: progress => onProgress?.(progress, before) })
      const [workers, bytes] = [globalThis.workers.length - before, await monet.memory()]
      await monet.close()
      return { data: [image.data, reconstruction.data], workers, bytes, recoveries }
    }
    const most = (one, two) => one.data.map((plane, at) => plane.reduce((most, value, k) => Math.max(most, Math.abs(value - two.data[at][k])), 0))
    const alone = await paint(1)
    const four = await paint(4)
    let killed = false
    const robbed = await paint(4, ({ loaded, phase }, before) => {
      if (killed || phase !== 'work' || loaded < 5) return
      killed = true
      globalThis.workers[before + 2].terminate()
    })
    await atelier.close()
    const told = ({ workers, recoveries }) => ({ workers, recoveries })
    return { alone: told(alone), four: told(four), robbed: told(robbed), killed, more: four.bytes > alone.bytes, apart: [most(alone, four), most(alone, robbed)] }
  })
  expect(seen).toMatchObject({ alone: { workers: 1, recoveries: [] }, four: { workers: 3, recoveries: [] }, robbed: { workers: 3, recoveries: [] }, killed: true, more: true })
  // The way back starts from eight bits, where one more or less is made larger.
  for (const [painting, back] of seen.apart) expect([painting <= 1, back <= 4], `${painting} and ${back} of 255`).toEqual([true, true])
})

test('every kind of bad file has its own message, and the next picture works', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async side => {
    const atelier = await open()
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const png = async (width, height) => {
      const canvas = new OffscreenCanvas(width, height)
      canvas.getContext('2d').fillRect(0, 0, width, height)
      return canvas.convertToBlob()
    }
    /** A real PNG whose header claims another size. */
    const claiming = async (width, height) => {
      const bytes = new Uint8Array(await (await png(16, 16)).arrayBuffer())
      new DataView(bytes.buffer).setUint32(16, width)
      new DataView(bytes.buffer).setUint32(20, height)
      return new Blob([bytes])
    }
    const heic = Uint8Array.from([0, 0, 0, 24, ...[...'ftypheic'].map(letter => letter.charCodeAt(0)), 0, 0, 0, 0, ...[...'mif1heic'].map(letter => letter.charCodeAt(0))])
    const bad = {
      heic: new Blob([heic], { type: 'image/heic' }), text: new File(['dear diary'], 'photo.jpg', { type: 'image/jpeg' }), empty: new Blob([]),
      dot: await png(1, 1), huge: await claiming(20000, 20000), torn: (await png(64, 64)).slice(0, 60), nothing: null
    }
    const reasons = {}
    for (const [name, blob] of Object.entries(bad)) {
      const error = await failure(monet.translate(blob, { side }))
      reasons[name] = error && [error.code, error.details.reason]
    }
    const good = await monet.translate(await png(40, 30), { side })
    await atelier.close()
    return { reasons, good: [good.image.width, good.image.height] }
  }, side)
  expect(seen.reasons).toEqual({
    heic: ['UnsupportedImage', 'heic'], text: ['UnsupportedImage', 'not_an_image'], empty: ['UnsupportedImage', 'empty'],
    dot: ['UnsupportedImage', 'too_small'], huge: ['ImageTooLarge', 'too_large'], torn: ['UnsupportedImage', 'damaged'],
    nothing: ['UnsupportedImage', 'not_an_image']
  })
  expect(seen.good).toEqual([64, 48])
})

test('the orientation of a photo is applied exactly once', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async side => {
    // Left half red, right half blue, stored lying; orientation 6 means: turn clockwise to look at it.
    const canvas = new OffscreenCanvas(80, 40)
    const context = canvas.getContext('2d')
    context.fillStyle = '#f00'
    context.fillRect(0, 0, 40, 40)
    context.fillStyle = '#00f'
    context.fillRect(40, 0, 40, 40)
    const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())
    const exif = [0xff, 0xe1, 0, 34, ...[...'Exif'].map(letter => letter.charCodeAt(0)), 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    const turned = new Blob([jpeg.slice(0, 2), Uint8Array.from(exif), jpeg.slice(2)], { type: 'image/jpeg' })
    const atelier = await open()
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const { original } = await monet.translate(turned, { side })
    await atelier.close()
    const at = (x, y) => [...original.data.slice((y * original.width + x) * 4, (y * original.width + x) * 4 + 3)]
    return { size: [original.width, original.height], top: at(16, 8), bottom: at(16, 56) }
  }, side)
  expect(seen.size).toEqual([32, 64])
  expect(seen.top[0]).toBeGreaterThan(200)
  expect(seen.top[2]).toBeLessThan(60)
  expect(seen.bottom[2]).toBeGreaterThan(200)
})

test('a real photo is painted, and no request leaves the site', async ({ page }) => {
  test.skip(!existsSync(photos), `no photos in ${path.relative(process.cwd(), photos)}: the real JPEG is not tested`)
  const requests = []
  page.on('request', request => requests.push({ url: request.url(), method: request.method() }))
  await openHost(page)
  const jpeg = readFileSync(path.join(photos, readdirSync(photos).filter(name => name.endsWith('.jpg')).sort()[0])).toString('base64')
  const seen = await page.evaluate(async ({ jpeg, side }) => {
    const photo = new Blob([Uint8Array.from(atob(jpeg), letter => letter.charCodeAt(0))])
    const atelier = await open()
    const monet = await atelier.translator('monet')
    const out = await monet.translate(photo, { side })
    await atelier.close()
    return { size: [out.image.width, out.image.height], spread: Math.max(...out.image.data) - Math.min(...out.image.data), reason: out.device.reason }
  }, { jpeg, side })
  expect(Math.max(...seen.size)).toBe(side)
  expect(seen.spread).toBeGreaterThan(30)
  expect(seen.reason).toBe('software_adapter')
  expect(requests.filter(({ url, method }) => method !== 'GET' || !url.replace('blob:', '').startsWith(`http://localhost:${ports.site}/`))).toEqual([])
})
