// The pages for teachers: lines and packages for the lesson that is chosen, a class set that leads where it says, worksheets on one page
// each, results saved by a learner and laid side by side.
import { expect } from '@playwright/test'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { BlobReader, TextWriter, ZipReader, ZipWriter, BlobWriter, TextReader } from '@zip.js/zip.js'
import { test } from './host.mjs'
import { ports } from './serve.mjs'

const site = `http://localhost:${ports.site}`
const lessons = readdirSync(path.resolve(import.meta.dirname, '../../www/lessons'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)
const field = (page, name) => page.locator(`[data-field=${name}]`)
const pagesOf = pdf => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length

/** Where a request goes that is none of the site's. @param {import('@playwright/test').Page} page */
function strangers(page) {
  const found = []
  page.on('request', request => { if (!request.url().startsWith(site) && !/^(blob|data):/.test(request.url())) found.push(request.url()) })
  return found
}

test('use it in your course: the learning room leads there, every line is made for the lesson that is chosen, in both languages', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto('zh-Hant/#learn?lesson=balance')
  await page.locator('#room-learn').getByText('課堂使用').click()
  await page.locator('#room-learn [data-link=course]').click()
  const line = name => page.locator(`[data-line=${name}]`)
  await expect(field(page, 'lesson')).toHaveValue('balance')
  await expect(line('link')).toHaveText(`${site}/zh-Hant/#learn?lesson=balance`)
  await page.locator('#other-language').click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Use it in your course')
  await expect(field(page, 'lesson')).toHaveValue('balance')
  await field(page, 'lesson').selectOption('flow')
  await field(page, 'locked').check()
  await field(page, 'lang').selectOption('zh-Hant')
  await expect(line('link')).toHaveText(`${site}/zh-Hant/#learn?lesson=flow&locked`)
  await expect(line('address')).toHaveText(`${site}/embed.html?element=gan-lesson&name=flow&locked&lang=zh-Hant`)
  await expect(line('frame')).toContainText('<iframe src="')
  await expect(line('element')).toContainText('<gan-lesson name="flow" locked lang="zh-Hant"></gan-lesson>')
  await page.locator('[data-copy=link]').click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${site}/zh-Hant/#learn?lesson=flow&locked`)
  for (const id of ['moodle', 'canvas', 'classroom', 'sites', 'wordpress', 'hackmd', 'notion']) {
    await expect(page.locator(`[data-platform=${id}] figure svg[role=img]`).first()).toBeVisible()
    // No word runs out of its picture.
    expect(await page.locator(`[data-platform=${id}] svg`).evaluateAll(all => all.flatMap(svg => [...svg.querySelectorAll('text')].filter(text => { const { x, width } = text.getBBox(); return x + width > 316 }).map(text => text.textContent)))).toEqual([])
  }
  await page.goto('en/examples.html')
  await expect(page.locator('a[href="./course.html"]')).toBeVisible()
})

test('a package made in the tab is what the command makes: its manifest, its page, its files', async ({ page }) => {
  const outside = strangers(page)
  await page.goto('en/course.html#ten-layers')
  await field(page, 'locked').check()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-package="2004"]').click()])
  expect(download.suggestedFilename()).toBe('gan-atelier-ten-layers-scorm2004.zip')
  const entries = await new ZipReader(new BlobReader(new Blob([readFileSync(await download.path())])), { useWebWorkers: false }).getEntries()
  const text = name => entries.find(({ filename }) => filename === name).getData(new TextWriter())
  const listed = [...(await text('imsmanifest.xml')).matchAll(/<file href="([^"]+)"/g)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual(entries.map(({ filename }) => filename).filter(name => name !== 'imsmanifest.xml').toSorted())
  const built = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../dist/sco/files.json'), 'utf8'))
  expect(listed.toSorted()).toEqual(['ten-layers.html', 'engines/cpu/gan_atelier.js', 'engines/cpu/gan_atelier_bg.wasm', ...built].toSorted())
  expect(await text('ten-layers.html')).toContain('<gan-lesson locked name="ten-layers">')
  expect(outside).toEqual([])
})

test('a class set: thirty codes on a sheet, settings held against their ranges, and a link that opens the lesson with them', async ({ page }) => {
  await page.goto('en/class-set.html#ten-layers')
  await expect(page.locator('li svg[role=img]')).toHaveCount(30)
  expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBe(1)
  await field(page, 'by').selectOption('setting')
  await field(page, 'key').selectOption('batch_size')
  await field(page, 'typed').fill('16, 32, tomato')
  await expect(page.locator('li svg[role=img]')).toHaveCount(2)
  await expect(page.getByRole('alert')).toContainText('tomato')
  const link = page.locator('li a').nth(1)
  await expect(link).toHaveAttribute('href', `${site}/en/#learn?lesson=ten-layers&settings=batch_size%3D32`)
  await field(page, 'by').selectOption('seed')
  await expect(page.locator('li a')).toHaveCount(30)
  const href = await page.locator('li a').first().getAttribute('href')
  await page.goto(`${href}&settings=batch_size%3D32%26dataset%3Dmoons`)
  const room = page.locator('#room-learn')
  await expect(room.locator('[data-link=train]')).toHaveAttribute('href', /dataset=ring&seed=101&batch_size=32/, { timeout: 60_000 })
  await expect(room.locator('[data-part=ignored]')).toContainText('dataset=moons')
})

/** What is left of A4 inside the margins of 14 mm, in pixels. */
const paper = { width: Math.floor((182 / 25.4) * 96), height: Math.floor((269 / 25.4) * 96) }

test('every worksheet fits on one page, its answers on another, in both languages', async ({ page }) => {
  await page.setViewportSize(paper)
  const wrong = []
  for (const language of ['en', 'zh-Hant']) {
    await page.goto(`${language}/worksheet.html`)
    for (const name of lessons) {
      await page.emulateMedia({ media: 'screen' })
      await field(page, 'lesson').selectOption(name)
      await expect(page.locator('[data-paper=sheet] .address')).toContainText(`lesson=${name}`)
      await page.emulateMedia({ media: 'print' })
      const heights = await page.locator('[data-paper]').evaluateAll(papers => papers.map(({ offsetHeight }) => offsetHeight))
      if (heights.length !== 2 || heights.some(height => height > paper.height)) wrong.push(`${language} ${name}: ${heights}`)
    }
    expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBe(2)
    await page.emulateMedia({ media: 'screen' })
    await field(page, 'answers').uncheck()
    await expect(page.locator('.answer')).toHaveCount(0)
    await page.emulateMedia({ media: 'print' })
    expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBe(1)
  }
  expect(wrong).toEqual([])
})

/** @param {string} name @param {number} step @param {Partial<Record<string, any>>} [more] */
const resultText = (name, step, more = {}) => JSON.stringify({ format: 'gan-atelier-result', version: 1, lesson: 'balance', name, date: '2026-03-02T08:00:00.000Z', seed: 7, choice: 'calm', step, settings: 'v=1', goals: [{ id: 'collapsed', reached: true, step }, { id: 'full', reached: step > 500, step: step > 500 ? step : null }], ...more })
const file = (name, text) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

test('a learner saves a result; thirty of them lie side by side, bad ones are named, nothing is lost or sent, one CSV comes out', async ({ page }) => {
  const outside = strangers(page)
  await page.goto('en/#learn?lesson=ten-layers')
  const room = page.locator('#room-learn')
  await room.locator('[data-command=generator]').click()
  await expect(room.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true', { timeout: 60_000 })
  await room.getByText('Hand in what you reached').click()
  await room.locator('result-panel input').fill('林小明')
  const saved = {}
  for (const ending of ['json', 'csv']) {
    const [download] = await Promise.all([page.waitForEvent('download'), room.locator(`[data-command=save-${ending}]`).click()])
    expect(download.suggestedFilename()).toBe(`ten-layers-林小明.${ending}`)
    saved[ending] = readFileSync(await download.path(), 'utf8')
  }
  expect(JSON.parse(saved.json)).toMatchObject({ format: 'gan-atelier-result', lesson: 'ten-layers', name: '林小明', seed: 7, goals: [{ id: 'first-half', reached: true, step: 1 }, { id: 'second-half', reached: false, step: null }] })

  await page.goto('en/results.html')
  const put = files => page.locator('input[type=file]').setInputFiles(files)
  const rows = page.locator('[data-result]')
  await put([file('mine.json', saved.json), file('again.json', saved.json), file('broken.json', saved.json.slice(0, 80)), file('notes.txt', 'Dear teacher, my dog'), file('empty.json', '')])
  await expect(rows).toHaveCount(1)
  await expect(page.locator('[role=alert] li')).toHaveText(['broken.json: is broken off or damaged.', 'notes.txt: is no result of a lesson.', 'empty.json: is empty.'])
  await expect(page.getByText('Already here, and counted once: 1.')).toBeVisible()
  await put([file('mine.csv', saved.csv)])
  await expect(rows).toHaveCount(2)
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (let at = 0; at < 28; at++) await zip.add(`student ${at}/result.json`, new TextReader(resultText(at === 3 ? '=SUM(A1)' : `Student ${at}`, 100 + 30 * at)))
  const archive = Buffer.from(await (await zip.close()).arrayBuffer())
  await page.locator('.drop').evaluate((target, bytes) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(bytes)], 'all.zip'))
    target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, composed: true, cancelable: true }))
  }, [...archive])
  await expect(rows).toHaveCount(30)
  await expect(page.locator('[data-lesson=balance] [data-goal=full]')).toContainText('14 of 28 reached it at step 520 the first')
  await expect(page.locator('[data-lesson=balance] [data-goal=collapsed] circle')).toHaveCount(28)
  await page.locator('[data-sort=step]').click()
  await page.locator('[data-sort=step]').click()
  await expect(rows.first()).toContainText('Student 27')
  await expect(page.locator('th[aria-sort=descending]')).toHaveText(/Last step/)
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-command=export]').click()])
  const csv = readFileSync(await download.path(), 'utf8')
  expect(csv.trim().split('\r\n')).toHaveLength(31)
  expect(csv).toContain("'=SUM(A1)")
  await page.locator('[data-command=clear]').click()
  await put([{ name: 'all.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }])
  await expect(rows).toHaveCount(30)
  expect(outside).toEqual([])
})

test('a lesson in another page gives its progress away and takes it back', async ({ page }) => {
  await page.goto(`${site}/host/`)
  await page.evaluate(async url => {
    await import(url)
    const lesson = /** @type {any} */ (Object.assign(document.createElement('gan-lesson'), { lang: 'en', kept: { lesson: 'balance', choice: 'strict', seed: 11, goals: [{ id: 'collapsed', reached: true, step: 200 }, { id: 'gone', reached: true, step: 1 }] } }))
    lesson.setAttribute('name', 'balance')
    document.body.append(lesson)
    await lesson.start()
  }, `${site}/gan-atelier.js`)
  const lesson = page.locator('gan-lesson')
  await expect(lesson.locator('[data-goal=collapsed]')).toHaveAttribute('data-done', 'true')
  await expect(lesson.locator('[data-choice=strict]')).toHaveAttribute('aria-pressed', 'true')
  expect(await lesson.evaluate(element => /** @type {any} */ (element).progress)).toMatchObject({ lesson: 'balance', seed: 11, choice: 'strict', step: 0, goals: [{ id: 'collapsed', reached: true, step: 200 }, { id: 'strict', reached: false }, { id: 'full', reached: false }] })
})
