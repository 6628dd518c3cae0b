// The ways by which a face comes into the faces room besides the file dialog, and what the visitor's own weights do there.
import { expect } from '@playwright/test'
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import config from '../../playwright.config.js'
import { settled, test } from './host.mjs'

const room = '#room-faces'
const command = (page, name) => page.locator(`${room} [data-command=${name}]`)
const listed = page => page.locator(`${room} face-photos li`)
const working = { timeout: 90_000 }

/** A real face where there is one: a detector has to find it. */
const photo = path.resolve(import.meta.dirname, '../../../shared/data/cfp/test/451/frontal/06.jpg')
const portrait = existsSync(photo) && photo
const film = path.join(tmpdir(), 'gan-atelier-camera.mjpeg')
// One JPEG, of even width and height, is a film that the browser shows again and again. Without it the pretended camera shows a test card.
if (portrait) copyFileSync(portrait, film)

const { launchOptions } = /** @type {any} */ (config.use)
test.use({
  permissions: ['camera'],
  launchOptions: { ...launchOptions, args: [...launchOptions.args, '--use-fake-device-for-media-stream', ...(portrait ? [`--use-file-for-fake-video-capture=${film}`] : [])] },
})

test.afterAll(() => rmSync(film, { force: true }))

async function openFaces(page, language = 'en') {
  await page.goto(`${language}/#faces`)
  await expect(page.locator(`${room} photo-input`)).toBeVisible()
}

/** A face that our own code drew, as a file. */
async function drawnFace(page, name) {
  const text = await page.evaluate(async () => {
    const { openAtelier } = await import('/gan-atelier.js')
    const atelier = await openAtelier()
    const [picture] = await atelier.drawFaces([{ person: 2, yaw: 0, side: 256 }])
    await atelier.close()
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    canvas.getContext('2d').putImageData(picture, 0, 0)
    return btoa(String.fromCharCode(...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())))
  })
  return { name, buffer: Buffer.from(text, 'base64') }
}

const give = (page, type, files) => page.evaluate(({ type, files }) => {
  const carried = new DataTransfer()
  for (const { name, bytes } of files) carried.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }))
  dispatchEvent(type === 'paste' ? new ClipboardEvent('paste', { clipboardData: carried }) : new DragEvent(type, { dataTransfer: carried, cancelable: true }))
}, { type, files: files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })) })

test('a face that is dropped on the room or pasted arrives there', async ({ page }) => {
  await openFaces(page)
  await give(page, 'drop', [await drawnFace(page, 'one.png'), await drawnFace(page, 'two.png')])
  await expect(listed(page)).toHaveCount(2, working)
  await give(page, 'paste', [portrait ? { name: 'three.jpg', buffer: readFileSync(portrait) } : await drawnFace(page, 'three.png')])
  await expect(listed(page)).toHaveCount(3, working)
  expect(await page.locator(`${room} face-photos`).evaluate(({ rows }) => rows.map(({ name }) => name.replace(/\..*/, '')))).toEqual(['one', 'two', 'three'])
  if (portrait) expect(await page.locator(`${room} face-photos`).evaluate(({ rows }) => rows[2].found)).toBe(true)
})

test('a face from the camera arrives as well, and the camera is let go of', async ({ page }) => {
  await page.addInitScript(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async wish => (globalThis.stream = await ask(wish))
  })
  await openFaces(page)
  await command(page, 'camera').click()
  await expect(command(page, 'shoot')).toBeEnabled()
  await command(page, 'shoot').click()
  await expect(page.locator('camera-shot')).toHaveCount(0)
  await expect(listed(page)).toHaveCount(1, working)
  await expect(listed(page).first()).toContainText('camera-')
  expect(await page.evaluate(() => globalThis.stream.getTracks().every(({ readyState }) => readyState === 'ended'))).toBe(true)
  if (portrait) await expect.poll(() => page.locator(`${room} face-turner`).evaluate(({ picture }) => picture?.width), working).toBe(96)
})

test('a camera that has no picture yet is waited for', async ({ page }) => {
  await page.addInitScript(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 2, height: 2 })
    const paint = () => { canvas.getContext('2d').fillRect(0, 0, 1, 1); requestAnimationFrame(paint) }
    globalThis.awake = () => Object.assign(canvas, { width: 320, height: 240 })
    navigator.mediaDevices.getUserMedia = async () => { paint(); return canvas.captureStream(10) }
  })
  await openFaces(page)
  await command(page, 'camera').click()
  await expect.poll(() => page.locator('camera-shot video').evaluate(({ videoWidth }) => videoWidth)).toBe(2)
  await expect(command(page, 'shoot')).toBeDisabled()
  await page.evaluate(() => globalThis.awake())
  await expect(command(page, 'shoot')).toBeEnabled()
})

/** What the element shows, as a number to compare; null while there is nothing. */
const seen = locator => locator.evaluate(({ picture }) => (picture ? picture.data.reduce((sum, value) => (sum * 31 + value) >>> 0, picture.width) : null))

test('the weights that a visitor gives to photos hold where two people are blended, for either of them', async ({ page }) => {
  await openFaces(page)
  await command(page, 'scene').first().click()
  await expect(listed(page)).toHaveCount(3, working)
  await command(page, 'new-person').click()
  await command(page, 'scene').first().click()
  const section = page.locator(`${room} [data-experiment=blend]`)
  const blended = section.locator('.blended')
  const drawn = () => section.locator('.path face-picture').evaluateAll(all => all.length === 7 && all.every(({ picture }) => picture))
  const rested = () => settled(async () => (await drawn() ? seen(blended) : null), working)
  await rested()
  await section.locator('#share').fill('0.4')
  const person = index => page.locator(`${room} [data-person]`).nth(index)
  for (const index of [1, 0]) {
    // Whoever is chosen is weighed; whom they are blended with keeps what was said of them before.
    await person(index).click()
    const before = await rested()
    await listed(page).first().locator('input[type=range]').fill('0')
    await expect.poll(() => seen(blended), working).not.toBe(before)
    const weighed = await rested()
    await command(page, 'undo').click()
    await expect.poll(() => seen(blended), working).toBe(before)
    await command(page, 'redo').click()
    await expect.poll(() => seen(blended), working).toBe(weighed)
  }
})

for (const [language, said] of [['en', 'trained on photos only; drawn faces have a small model of their own'], ['zh-Hant', '只用照片訓練過；程式畫的臉另有自己的小模型']]) {
  test(`without a photo the room says what learned from photos and what from drawn faces (${language})`, async ({ page }) => {
    await openFaces(page, language)
    const note = page.locator(`${room} [data-note=drawn]`)
    await expect(note).toContainText(said)
    await command(page, 'scene').first().click()
    await expect(listed(page)).toHaveCount(3, working)
    await expect(note).toContainText(said)
    await command(page, 'new-person').click()
    await expect(note).toHaveCount(0)
  })
}
