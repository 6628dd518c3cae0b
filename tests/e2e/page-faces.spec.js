import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { places, test } from './host.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const photos = path.join(root, '../shared/data/cfp/test')
const room = '#room-faces'
const command = (page, name) => page.locator(`${room} [data-command=${name}]`)
const input = page => page.locator(`${room} photo-input input[type=file]`)
const notice = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const experiment = (page, name) => page.locator(`${room} [data-experiment=${name}]`)
const working = { timeout: 90_000 }

/** Somebody of the test people. */
function photosOf(person, kind, count = 1) {
  const folder = path.join(photos, person, kind)
  return readdirSync(folder).sort().slice(0, count).map(name => ({ name: `${person}-${kind}-${name}`, mimeType: 'image/jpeg', buffer: readFileSync(path.join(folder, name)) }))
}

/** Whatever the page sends: photos must not be in it. */
function watchBodies(page) {
  const bodies = []
  page.on('request', request => { if (request.method() !== 'GET' && request.method() !== 'HEAD' || request.postData()) bodies.push(`${request.method()} ${request.url()}`) })
  return bodies
}

async function openFaces(page, language = 'en') {
  await page.goto(`${language}/#faces`)
  await expect(page.locator(`${room} photo-input`)).toBeVisible()
}

/** The picture that the element shows, or null. */
const seen = locator => locator.evaluate(({ picture }) => (picture ? { width: picture.width, data: [...picture.data] } : null))

const face = page => page.locator(`${room} face-turner`)
/** Mean difference of two shown pictures, 0..255; no number, which no expectation meets, while one is still being drawn. */
const apart = (one, other) => (other ? one.data.reduce((sum, value, at) => sum + Math.abs(value - other.data[at]), 0) / one.data.length : NaN)

async function shown(page) {
  await expect.poll(async () => (await seen(face(page))) !== null, working).toBe(true)
  return seen(face(page))
}

/** Nothing more is being drawn. */
const rested = page => expect.poll(() => page.locator(`${room} face-turner`).evaluate(turner => turner.strip.every(Boolean)), working).toBe(true)

/** A picture drawn in the page, as a file. */
function drawn(page, paint, name = 'drawn.png', type = 'image/png') {
  return page.evaluate(async ([source, type]) => {
    const blob = await (await new Function(`return ${source}`)()(type))
    return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())))
  }, [paint.toString(), type]).then(text => ({ name, mimeType: type, buffer: Buffer.from(text, 'base64') }))
}

const hills = type => {
  const canvas = new OffscreenCanvas(420, 300)
  const context = canvas.getContext('2d')
  context.fillStyle = '#9ec1e8'
  context.fillRect(0, 0, 420, 300)
  context.fillStyle = '#3d6b35'
  context.fillRect(0, 190, 420, 110)
  return canvas.convertToBlob({ type })
}

test('a turned face is set back into its photo where one asks for it, and nothing else of the photo changes', async ({ page }) => {
  await openFaces(page)
  const larger = await drawn(page, async type => {
    const { openAtelier } = await import(new URL('../gan-atelier.js', location.href).href)
    const [face] = await (await openAtelier({ device: 'cpu' })).drawFaces([{ person: 3, side: 160, yaw: 0 }])
    const canvas = new OffscreenCanvas(400, 300)
    const context = canvas.getContext('2d')
    context.fillStyle = '#6a7c92'
    context.fillRect(0, 0, 400, 300)
    context.putImageData(face, 120, 70)
    return canvas.convertToBlob({ type })
  })
  await input(page).setInputFiles([larger])
  if (await command(page, 'use-square').isVisible()) await command(page, 'use-square').click()
  await shown(page)
  await expect(page.locator(`${room} [data-place]`)).toHaveCount(0)
  await command(page, 'set-back').click()
  await expect(command(page, 'set-back')).toHaveAttribute('aria-pressed', 'true')
  const place = page.locator(`${room} [data-place] before-after`)
  await expect(place).toBeVisible()
  /** Mean change of the middle, and of a corner. */
  const changes = () => place.evaluate(({ original, painting }) => {
    const mean = (/** @type {number} */ left, /** @type {number} */ top) => {
      let sum = 0
      for (let row = top; row < top + 20; row++) for (let column = left; column < left + 20; column++) {
        const at = 4 * (row * original.width + column)
        for (let channel = 0; channel < 3; channel++) sum += Math.abs(original.data[at + channel] - painting.data[at + channel]) / 1200
      }
      return sum
    }
    return { size: [painting.width, painting.height], middle: mean(190, 140), corner: mean(0, 0) }
  })
  const { size, middle, corner } = await changes()
  expect(size).toEqual([400, 300])
  expect(middle).toBeGreaterThan(1)
  expect(corner).toBe(0)
  await command(page, 'set-back').click()
  await expect(page.locator(`${room} [data-place]`)).toHaveCount(0)
})

test('without a photo: drawn faces are turned by key, finger and view, fused, blended, filmed and kept as features', async ({ page }) => {
  const bodies = watchBodies(page)
  await openFaces(page)
  await command(page, 'scene').first().click()
  const first = await shown(page)
  expect(first.width).toBe(96)
  await rested(page)
  const slider = page.getByRole('slider', { name: 'Turn', exact: true }).first()
  await slider.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(slider).toHaveAttribute('aria-valuetext', '+29°')
  await page.locator(`${room} face-turner [data-yaw="-90"]`).click()
  await expect(slider).toHaveAttribute('aria-valuetext', /90/)
  await expect.poll(async () => apart(first, await seen(face(page))), working).toBeGreaterThan(1)
  const still = await shown(page)
  await command(page, 'noise').click()
  await expect.poll(async () => apart(still, await seen(face(page))), working).toBeGreaterThan(0)
  const series = experiment(page, 'fuse').locator('.series face-picture')
  await expect(series).toHaveCount(3)
  await expect(experiment(page, 'fuse').locator('distance-table td:not(.same)')).toHaveCount(6)
  await page.locator(`${room} face-photos input[type=range]`).first().fill('0')
  await expect(page.locator(`${room} face-photos li`).first()).toContainText('0%')
  await expect.poll(() => series.evaluateAll(all => all.map(({ picture }) => Boolean(picture))), working).toEqual([false, true, true])
  await expect(notice(page, 'error')).toHaveCount(0)
  await command(page, 'undo').click()
  await expect(page.locator(`${room} face-photos li`).first()).not.toContainText(/\b0% of/)
  await command(page, 'new-person').click()
  await command(page, 'scene').first().click()
  await expect(experiment(page, 'blend').locator('.path face-picture')).toHaveCount(7, working)
  await expect(experiment(page, 'grid').locator('face-grid tbody tr')).toHaveCount(2)
  await rested(page)
  const [film] = await Promise.all([page.waitForEvent('download', working), command(page, 'film').click()])
  expect(readFileSync(await film.path()).subarray(0, 6).toString()).toBe('GIF89a')
  const [kept] = await Promise.all([page.waitForEvent('download'), command(page, 'save-person').click()])
  const before = await shown(page)
  const bytes = readFileSync(await kept.path())
  await command(page, 'open-person').setInputFiles({ name: kept.suggestedFilename(), mimeType: 'application/octet-stream', buffer: bytes })
  await expect(page.locator(room)).toContainText('Opened from a file', working)
  // Features without photos: nothing to look at or to take away.
  await expect(page.locator(`${room} face-photos li`)).toHaveCount(3)
  await expect(page.locator(`${room} face-photos li button`)).toHaveCount(0)
  await expect.poll(async () => apart(before, await seen(face(page))), working).toBeLessThan(1)
  await command(page, 'open-person').setInputFiles({ name: 'broken.safetensors', mimeType: 'application/octet-stream', buffer: bytes.subarray(0, bytes.length >> 1) })
  await expect(notice(page, 'error')).toContainText('broken.safetensors is no saved person')
  // Whoever has removed everybody can have them back.
  for (let left = 3; left > 0; left--) await command(page, 'remove-person').click()
  await expect(page.locator(`${room} [data-person]`)).toHaveCount(0)
  await command(page, 'undo').click()
  await expect(page.locator(`${room} [data-person]`)).toHaveCount(1)
  expect(bodies).toEqual([])
})

test('no face: said, and the square is placed by keyboard; a wrong file and a huge picture are refused, a grey one is not', async ({ page }) => {
  await openFaces(page)
  await input(page).setInputFiles(await drawn(page, hills, 'hills.png'))
  await expect(page.locator(`${room} [data-editor]`)).toContainText('No face was found', working)
  const square = page.getByRole('group', { name: 'The square that the network sees' })
  await square.focus()
  const crop = () => page.locator(`${room} face-crop`).evaluate(each => each.crop)
  const before = await crop()
  for (const key of ['ArrowRight', '+', ']']) await page.keyboard.press(key)
  const after = await crop()
  expect([after.x > before.x, after.size > before.size, after.roll]).toEqual([true, true, 2])
  await shown(page)
  for (let steps = 0; steps < 3; steps++) await command(page, 'undo').click()
  await expect(page.locator(`${room} [data-editor]`)).toContainText('No face was found')
  await input(page).first().setInputFiles({ name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear diary, nobody smiled today.') })
  await expect(notice(page, 'error')).toContainText('letter.jpg was left out')
  const huge = Buffer.from(await drawn(page, hills, 'huge.png').then(({ buffer }) => buffer))
  huge.writeUInt32BE(30_000, 16)
  huge.writeUInt32BE(30_000, 20)
  await input(page).first().setInputFiles({ name: 'huge.png', mimeType: 'image/png', buffer: huge })
  await expect(notice(page, 'error')).toContainText('900 megapixels')
})

/** Faces of others that may not be shown are only ever in the test's own memory. */
async function crowd(page, files, columns, side) {
  const pictures = files.map(({ buffer }) => buffer.toString('base64'))
  const text = await page.evaluate(async ([pictures, columns, side]) => {
    const canvas = new OffscreenCanvas(columns * side, Math.ceil(pictures.length / columns) * side)
    const context = canvas.getContext('2d')
    for (const [index, picture] of pictures.entries()) {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), letter => letter.charCodeAt(0))]))
      const shorter = Math.min(bitmap.width, bitmap.height)
      context.drawImage(bitmap, (bitmap.width - shorter) / 2, (bitmap.height - shorter) / 2, shorter, shorter, (index % columns) * side, Math.floor(index / columns) * side, side, side)
    }
    return btoa([...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer())].map(byte => String.fromCharCode(byte)).join(''))
  }, [pictures, columns, side])
  return { name: 'crowd.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(text, 'base64') }
}

test('photos of one person: found, fused, one placed by hand; a grey one as well; nothing leaves the page', async ({ page }) => {
  test.skip(!existsSync(photos), 'no photos at ../shared/data/cfp')
  const bodies = watchBodies(page)
  await openFaces(page)
  await input(page).setInputFiles(photosOf('451', 'frontal', 3))
  await expect(page.locator(`${room} face-photos li`)).toHaveCount(3, working)
  await shown(page)
  const crops = await page.locator(`${room} face-photos`).evaluate(({ rows }) => rows.map(({ found, confidence, distance }) => [found, confidence > 0 && confidence < 1, distance > 0 && distance < 1]))
  expect(crops.filter(([found]) => found).length).toBeGreaterThanOrEqual(2)
  await expect.poll(() => page.locator(`${room} face-photos`).evaluate(({ rows }) => rows.every(({ confidence, distance }) => confidence > 0 && confidence < 1 && distance > 0)), working).toBe(true)
  const before = await seen(face(page))
  await page.locator(`${room} face-photos .pick`).first().click()
  const square = page.getByRole('group', { name: 'The square that the network sees' })
  await square.focus()
  await page.keyboard.press('Shift+]')
  await expect(page.locator(`${room} face-photos li`).first()).toContainText('placed by hand')
  await expect.poll(async () => apart(before, await seen(face(page))), working).toBeGreaterThan(0)
  const grey = await page.evaluate(async text => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(text), letter => letter.charCodeAt(0))]))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    context.filter = 'grayscale(1)'
    context.drawImage(bitmap, 0, 0)
    return btoa(String.fromCharCode(...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())))
  }, photosOf('451', 'frontal', 4)[3].buffer.toString('base64'))
  await input(page).first().setInputFiles({ name: 'grey.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(grey, 'base64') })
  await expect(page.locator(`${room} face-photos li`)).toHaveCount(4, working)
  await expect(experiment(page, 'fuse').locator('.series face-picture')).toHaveCount(4, working)
  expect(bodies).toEqual([])
})

test('forty faces in one photo: nearly all are found, one is chosen, another becomes a person of its own', async ({ page }) => {
  test.skip(!existsSync(photos), 'no photos at ../shared/data/cfp')
  await openFaces(page)
  const files = readdirSync(photos).sort().slice(0, 20).flatMap(person => photosOf(person, 'frontal', 2))
  await input(page).setInputFiles(await crowd(page, files, 8, 128))
  await expect(page.locator(`${room} [data-editor]`)).toContainText('faces were found', working)
  const found = await page.locator(`${room} face-crop`).evaluate(({ faces }) => faces.length)
  expect(found).toBeGreaterThanOrEqual(38)
  await shown(page)
  const free = page.locator(`${room} face-crop .found`).first()
  const index = Number(await free.getAttribute('data-face'))
  await free.focus()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator(`${room} face-crop`).evaluate(({ chosen }) => chosen)).toBe(index)
  await command(page, 'face-as-person').click()
  await expect(page.locator(`${room} [data-person]`)).toHaveCount(2)
  await expect(experiment(page, 'blend').locator('.path face-picture')).toHaveCount(7, working)
})

for (const language of ['en', 'zh-Hant']) {
  test(`with somebody in it the room keeps nobody out, in both themes, and fits a telephone (${language})`, async ({ page }) => {
    await openFaces(page, language)
    await command(page, 'scene').first().click()
    await rested(page)
    await page.locator(`${room} face-photos .pick`).first().click()
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].target.flat().join(' ')}`)).toEqual([])
    }
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
}

/** Transparent but for a meadow. */
const meadow = type => {
  const canvas = new OffscreenCanvas(420, 300)
  const context = canvas.getContext('2d')
  context.fillStyle = '#3d6b35'
  context.fillRect(0, 190, 420, 110)
  return canvas.convertToBlob({ type })
}

test('what is transparent lies on white on the screen, too, as the networks see it', async ({ page }) => {
  await openFaces(page)
  await input(page).setInputFiles(await drawn(page, meadow, 'meadow.png'))
  const crop = page.locator(`${room} face-crop`)
  await expect(crop).toBeVisible(working)
  const corner = () => crop.evaluate(({ photo: { bitmap } }) => {
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
    context.drawImage(bitmap, 0, 0)
    return [...context.getImageData(0, 0, 1, 1).data]
  })
  expect(await corner()).toEqual([255, 255, 255, 255])
  // A mere click on the square places nothing.
  await expect(command(page, 'use-square')).toBeVisible()
  await crop.locator('.frame').click()
  await expect(command(page, 'use-square')).toBeVisible()
})

test('<face-rotator> turns a face in a stranger’s page, and says what went wrong there', async ({ page }) => {
  const { page: host, module } = places['another origin']
  await page.goto(host)
  await page.evaluate(async url => {
    await import(url)
    globalThis.told = []
    for (const name of ['ready', 'report', 'error']) addEventListener(`atelier-${name}`, event => globalThis.told.push([name, event.detail]))
    const element = document.createElement('face-rotator')
    element.setAttribute('lang', 'zh-Hant')
    element.setAttribute('theme', 'dark')
    document.body.append(element)
  }, module)
  const rotator = page.locator('face-rotator')
  await rotator.getByRole('button', { name: '擺好鏡子' }).click()
  await rotator.locator('[data-command=scene]').click()
  await expect.poll(() => rotator.locator('face-turner').evaluate(({ picture }) => Boolean(picture)), working).toBe(true)
  await rotator.locator('[data-yaw="-45"]').click()
  const told = name => page.evaluate(name => globalThis.told.filter(([each]) => each === name).map(([, detail]) => detail), name)
  await expect.poll(async () => (await told('report')).at(-1)?.yaw, working).toBe(-45)
  expect((await told('ready')).length).toBe(1)
  // A page may allow no pictures but its own.
  await page.evaluate(() => document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content: "img-src 'self'" })))
  await rotator.locator('photo-input input[type=file]').setInputFiles(await drawn(page, hills))
  await expect(rotator.locator('face-crop')).toBeVisible(working)
  await rotator.locator('photo-input input[type=file]').setInputFiles({ name: 'letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear diary.') })
  await expect(rotator.getByRole('alert')).toBeVisible(working)
  expect((await told('error')).at(-1).code).toBe('UnsupportedImage')
})
