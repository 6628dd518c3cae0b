// What comes into the painting room: files, weights, a camera’s shot, what is dropped and pasted; good and bad.
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import { test } from './host.mjs'
import { broken, command, compared, downloaded, input, meadow, notice, openStylize, painted, photo, room, root, row, size, translations, weights } from './stylize-room.mjs'

const golden = name => path.join(root, 'tests/golden', name)

test('weights of one’s own paint; two files are asked for their order; broken ones say where they break', async ({ page }) => {
  await openStylize(page)
  await input(page).setInputFiles(photo('meadow.png'))
  await painted(page)
  const bytes = readFileSync(golden('generator-resize.safetensors'))
  await weights(page).setInputFiles({ name: 'apple2orange.safetensors', mimeType: '', buffer: bytes })
  await expect(page.locator(`${room} [data-architecture]`)).toContainText('ResNet with', { timeout: 60_000 })
  await expect(page.locator(`${room} [data-architecture]`)).toContainText('one direction only')
  await expect(page.locator('input[name=direction]')).toHaveCount(1)
  await expect(page.locator(room)).toContainText('apple → orange')
  await command(page, 'paint').click()
  await expect(command(page, 'paint')).not.toHaveClass(/primary/, { timeout: 60_000 })
  expect((await downloaded(page, 'download')).name).toBe('meadow-orange.png')
  await weights(page).setInputFiles([{ name: 'one.safetensors', mimeType: '', buffer: bytes }, { name: 'two.safetensors', mimeType: '', buffer: bytes }])
  await page.locator(`${room} [data-order="1"]`).click()
  await expect(page.locator('input[name=direction]')).toHaveCount(2, { timeout: 60_000 })
  await expect(page.locator('painter-picker')).toContainText('two')
  for (const [name, buffer, said] of [['cut.safetensors', bytes.subarray(0, bytes.length - 40), /cut\.safetensors could not be opened\..*\d/], ['strange.pth', Buffer.from('not at all what it says'), /strange\.pth could not be opened/]]) {
    await weights(page).setInputFiles({ name, mimeType: '', buffer })
    await expect(notice(page, 'error')).toContainText(said, { timeout: 60_000 })
  }
  // Nothing was lost: the painter before is still the painter.
  await expect(page.locator('painter-picker input:checked + strong')).toHaveText('two')
  await page.locator('painter-picker .painter', { hasText: 'Monet' }).click()
  await command(page, 'paint').click()
  await expect(command(page, 'paint')).not.toHaveClass(/primary/, { timeout: 60_000 })
})

test('photos and weights are dropped anywhere, and pasted', async ({ page }) => {
  await openStylize(page)
  const give = (type, files) => page.evaluate(({ type, files }) => {
    const carried = new DataTransfer()
    for (const { name, bytes } of files) carried.items.add(new File([new Uint8Array(bytes)], name))
    const event = type === 'paste' ? new ClipboardEvent('paste', { clipboardData: carried }) : new DragEvent(type, { dataTransfer: carried, cancelable: true })
    document.body.dispatchEvent(event) || true
    dispatchEvent(event)
  }, { type, files: files.map(({ name, buffer }) => ({ name, bytes: [...buffer] })) })
  await give('drop', [photo('one.png', 64, 64), { name: 'orange2apple.safetensors', buffer: readFileSync(golden('generator-resize.safetensors')) }, photo('two.png', 64, 64)])
  await expect(page.locator('painter-picker')).toContainText('orange2apple', { timeout: 60_000 })
  await expect(page.locator(`${room} photo-queue li`)).toHaveCount(2)
  await give('paste', [photo('three.png', 64, 64)])
  await expect(page.locator(`${room} photo-queue li`)).toHaveCount(3)
})

test('the room lists the painters that are there, also one that nobody translated', async ({ page }) => {
  await page.route('**/models.json', async route => {
    const [monet] = await (await route.fetch()).json()
    await route.fulfill({ json: [monet, { ...monet, id: 'vangogh', domains: ['photo', 'vangogh'] }, { ...monet, id: 'turner', domains: ['photo', 'turner'] }, { ...monet, id: 'faces', kind: 'drgan' }] })
  })
  await openStylize(page)
  await expect(page.locator('painter-picker strong')).toHaveText(['Monet', 'Van Gogh', 'turner'])
  await page.locator('painter-picker .painter', { hasText: 'Van Gogh' }).click()
  await expect(page.locator(room)).toContainText('photo → Van Gogh')
  await page.locator('#other-language').click()
  await expect(page.locator('painter-picker strong')).toHaveText(['莫內', '梵谷', 'turner'])
})

/** Whatever the networks say, the verdict is that the picture is a painting; how good real verdicts are, other tests ask. */
function pretendVerdict() {
  const send = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (message, ...rest) {
    this.verdicts ??= new Set()
    if (message?.call === 'suggest') {
      this.verdicts.add(message.id)
      globalThis.asked = (globalThis.asked ?? 0) + 1
    }
    return send.call(this, message, ...rest)
  }
  const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')
  Object.defineProperty(Worker.prototype, 'onmessage', {
    set(listener) {
      set.call(this, event => {
        const asked = this.verdicts?.has(event.data.id) && event.data.result
        listener.call(this, asked ? { data: { ...event.data, result: { ...asked, direction: 'a', confident: true } } } : event)
      })
    }
  })
}

test('what the page drew itself is never taken for something else', async ({ page }) => {
  await page.addInitScript(pretendVerdict)
  await openStylize(page)
  await command(page, 'scene').click()
  await expect(command(page, 'download')).toBeVisible({ timeout: 60_000 })
  await input(page).setInputFiles(photo('poppies.png'))
  await expect(row(page, 'poppies.png')).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
  await expect(page.locator(`${room} [data-hint]`)).toBeVisible()
  expect(await page.evaluate(() => globalThis.asked)).toBe(1)
})

test('a painting that is given for a photo: the room says so, waits for nothing, and changes direction when asked', async ({ page }) => {
  await page.addInitScript(pretendVerdict)
  await openStylize(page)
  await input(page).setInputFiles(photo('poppies.png'))
  const there = await painted(page)
  const hint = page.locator(`${room} [data-hint]`)
  await expect(hint).toContainText('looks like a painting already')
  await expect(page.locator('input[name=direction][value=b]')).toBeChecked()
  await command(page, 'switch').click()
  await expect(page.locator('input[name=direction][value=a]')).toBeChecked()
  await expect(hint).toHaveCount(0)
  await expect.poll(() => translations(page)).toBe(2)
  await expect(page.locator(room)).toContainText('Monet → photo, 256 × 192 pixels', { timeout: 60_000 })
  expect((await compared(page)).all).not.toBe(there.all)
})

test('the picture goes along to the cycle laboratory', async ({ page }) => {
  await openStylize(page)
  await input(page).setInputFiles(photo('meadow.png'))
  await painted(page)
  await command(page, 'laboratory').click()
  await expect(page.locator('#cycle-heading')).toBeVisible()
  const taken = page.locator('#room-cycle [data-experiment=cycle] picture-panel[data-picture=real_a]')
  await expect.poll(() => taken.evaluate(({ picture }) => picture?.width / picture?.height), { timeout: 90_000 }).toBeCloseTo(4 / 3, 1)
})

/** A camera made of a canvas; what becomes of its track is kept. */
function pretendCamera() {
  globalThis.asked = []
  const devices = [{ kind: 'videoinput' }, { kind: 'videoinput' }]
  Object.defineProperty(navigator, 'mediaDevices', { value: {
    enumerateDevices: async () => devices,
    getUserMedia: async wish => {
      globalThis.asked.push(wish.video.facingMode)
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 })
      const context = canvas.getContext('2d')
      const paint = () => { context.fillStyle = `hsl(${performance.now() % 360} 60% 60%)`; context.fillRect(0, 0, 320, 240); requestAnimationFrame(paint) }
      paint()
      globalThis.stream = canvas.captureStream(10)
      return globalThis.stream
    },
  } })
}

const ended = page => page.evaluate(() => globalThis.stream.getTracks().every(({ readyState }) => readyState === 'ended'))

test('the camera: the other side, a shot, and never left running', async ({ page }) => {
  await page.addInitScript(pretendCamera)
  await openStylize(page)
  await command(page, 'camera').click()
  await command(page, 'turn-camera').click()
  await expect.poll(() => page.evaluate(() => globalThis.asked)).toEqual(['environment', 'user'])
  await expect(command(page, 'shoot')).toBeEnabled()
  await command(page, 'shoot').click()
  expect(await painted(page)).toMatchObject({ width: 320, height: 240 })
  expect(await ended(page)).toBe(true)
  await command(page, 'camera').click()
  await expect(command(page, 'shoot')).toBeEnabled()
  expect(await ended(page)).toBe(false)
  await page.evaluate(() => globalThis.stream.getTracks()[0].dispatchEvent(new Event('ended')))
  await expect(page.locator('camera-shot').getByRole('alert')).toContainText('taken away')
  await command(page, 'camera-again').click()
  await expect(command(page, 'shoot')).toBeEnabled()
  await page.locator('.masthead a[href="#learn"]').click()
  await expect.poll(() => ended(page)).toBe(true)
})

test('a camera that is refused says what to do, and choosing a photo still works', async ({ page }) => {
  await page.addInitScript(() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('denied', 'NotAllowedError')) })
  await openStylize(page)
  await command(page, 'camera').click()
  await expect(page.locator('camera-shot')).toContainText('The camera was not allowed')
  await input(page).setInputFiles(photo('meadow.png', 64, 64))
  await expect(page.locator('camera-shot')).toHaveCount(0)
  await painted(page)
})

/** The header of a PNG of any size, and almost nothing after it. */
function hollow(width, height) {
  const whole = meadow(8, 8)
  whole.writeUInt32BE(width, 16)
  whole.writeUInt32BE(height, 20)
  whole.writeUInt32BE(crc32(whole.subarray(12, 29)), 29)
  return whole
}

const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(64)])
const bad = [
  ['a text named .jpg', 'holiday.jpg', broken.buffer, 'not a picture', '並不是圖片'],
  ['an empty file', 'empty.png', Buffer.alloc(0), 'is empty', '是空的'],
  ['a HEIC photo', 'IMG_0001.HEIC', heic, 'HEIC', 'HEIC'],
  ['a single pixel', 'dot.png', hollow(1, 1), '1×1', '1×1'],
  ['a picture too large', 'huge.png', hollow(20000, 10000), '200 megapixels', '200 百萬像素'],
  ['a picture cut off', 'torn.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]), 'damaged', '損壞']
]

test('each kind of bad file gets its own message, in both languages', async ({ page }) => {
  await openStylize(page)
  const message = page.locator(`${room} [data-failed]`)
  for (const [kind, name, buffer, english] of bad) {
    await input(page).setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
    await expect(message, kind).toContainText(english)
    await expect(command(page, 'paint')).toBeDisabled()
  }
  await page.locator('#other-language').click()
  for (const [kind, name, , , chinese] of bad) {
    await row(page, name).locator('.choose').click()
    await expect(message, kind).toContainText(chinese)
    await expect(row(page, name), kind).toContainText(chinese)
  }
  await command(page, 'clear').click()
  await expect(page.locator(`${room} photo-input:not([compact])`)).toBeVisible()
})
