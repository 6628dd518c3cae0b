// Course packages as a platform has them: unpacked from the archive itself, in a frame, with the API of a real run-time (scorm-again) in the window around.
import { expect } from '@playwright/test'
import { createServer } from 'node:http'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { allLessons, builtSco, makeScorm, packageOf } from '../../scripts/scorm.mjs'
import { packageId } from '../../www/scorm/manifest.js'
import { test } from './host.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'gan-atelier-scorm-'))
const runTimes = path.resolve(import.meta.dirname, '../../node_modules/scorm-again/dist')
// A platform may know no type for .wasm.
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

const editions = {
  '1.2': { file: 'scorm12.min.js', name: 'Scorm12API', object: 'API' },
  2004: { file: 'scorm2004.min.js', name: 'Scorm2004API', object: 'API_1484_11' },
}

/** The platform's page: what it kept of the last visit is handed to the run-time, and what it has at the end is kept. @param {'1.2' | '2004'} edition */
const platformPage = edition => {
  const { file, name, object } = editions[edition]
  return `<!doctype html><html lang="en"><title>Course</title><link rel="icon" href="data:,"><script src="/run-time/${file}"></script><script>
    const kept = JSON.parse(sessionStorage.getItem('kept') ?? 'null')
    window.${object} = new ${name}({ autocommit: false, logLevel: 'NONE', selfReportSessionTime: true })
    if (kept) ${object}.loadFromJSON(kept)
    for (const event of ['LMSFinish', 'Terminate']) ${object}.on(event, () => { window.ended = true; sessionStorage.setItem('ended', JSON.stringify(${object}.renderCMIToJSONObject().cmi)) })
  </script><iframe src="/${edition}/ten-layers.html" width="100%" height="900" title="SCO"></iframe></html>`
}

const server = createServer((request, response) => {
  const url = decodeURIComponent(request.url.split(/[?#]/)[0])
  const edition = url.match(/^\/platform-(.+)\.html$/)?.[1]
  if (edition) return response.writeHead(200, { 'content-type': 'text/html' }).end(platformPage(/** @type {any} */ (edition)))
  const file = url.startsWith('/run-time/') ? path.join(runTimes, url.slice('/run-time/'.length)) : path.join(folder, url)
  if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
})
const address = () => `http://localhost:${server.address().port}`

/** @param {Uint8Array} bytes @param {string} [to] @returns {Promise<string[]>} */
async function unpack(bytes, to) {
  const entries = await new ZipReader(new BlobReader(new Blob([bytes])), { useWebWorkers: false }).getEntries()
  for (const entry of to ? entries : []) {
    const file = path.join(folder, to ?? '', entry.filename)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, await entry.getData(new Uint8ArrayWriter()))
  }
  return entries.map(({ filename }) => filename)
}

/** Every file of an archive is in its manifest, and the other way round. @param {string[]} names @param {string} manifest */
function expectWhole(names, manifest) {
  const listed = [...manifest.matchAll(/<file href="([^"]+)"/g)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual(names.filter(name => name !== 'imsmanifest.xml').toSorted())
  expect(names.filter(name => /webgpu|models|\.safetensors|sw\.js/.test(name))).toEqual([])
}

test.beforeAll(async () => {
  const made = await makeScorm(['ten-layers', '--out', folder])
  expect(made.map(({ name }) => name)).toEqual(['gan-atelier-ten-layers-scorm12.zip', 'gan-atelier-ten-layers-scorm2004.zip'])
  for (const [at, edition] of Object.keys(editions).toSorted().entries()) {
    const names = await unpack(readFileSync(made[at].file), edition)
    expectWhole(names, readFileSync(path.join(folder, edition, 'imsmanifest.xml'), 'utf8'))
    expect(made[at].bytes).toBeLessThan(2.5e6)
  }
  await new Promise(resolve => server.listen(0, () => resolve(undefined)))
})

test.afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the run-time has of the present visit. @param {import('@playwright/test').Page} page @param {'1.2' | '2004'} edition */
const cmi = (page, edition) => page.evaluate(object => globalThis[object].renderCMIToJSONObject().cmi, editions[edition].object)

/** What the platform was left with; entry says that there is something to go on with. @param {import('@playwright/test').Page} page */
async function leave(page) {
  await page.locator('iframe').evaluate(frame => { /** @type {HTMLIFrameElement} */ (frame).src = 'about:blank' })
  await expect.poll(() => page.evaluate(() => Boolean(globalThis.ended))).toBe(true)
  return page.evaluate(() => JSON.parse(sessionStorage.getItem('ended') ?? 'null'))
}

for (const edition of /** @type {const} */ (['1.2', '2004'])) {
  test(`SCORM ${edition}: recorded goal by goal, gone on with on another day in the learner's language, passed; nothing leaves the platform`, async ({ page }) => {
    const strangers = []
    page.on('request', request => { if (!request.url().startsWith(address()) && !/^(blob|data):/.test(request.url())) strangers.push(request.url()) })
    const frame = page.frameLocator('iframe')
    const goal = id => frame.locator(`[data-goal=${id}]`)
    await page.goto(`${address()}/platform-${edition}.html`)
    await expect(frame.locator('#recorded')).toHaveText('Recorded by the course platform: 0 of 2 goals.', { timeout: 60_000 })
    await frame.locator('[data-command=generator]').click()
    await expect(frame.locator('#recorded')).toHaveText('Recorded by the course platform: 1 of 2 goals.')
    const first = await cmi(page, edition)
    const told = edition === '1.2' ? [first.core.lesson_status, first.core.score.raw] : [first.completion_status, first.success_status, first.score.raw, first.score.scaled]
    expect(told).toEqual(edition === '1.2' ? ['incomplete', '50'] : ['incomplete', 'unknown', '50', '0.5'])
    const ended = await leave(page)
    const time = edition === '1.2' ? ended.core.session_time ?? ended.core.total_time : ended.session_time ?? ended.total_time
    expect(time).toMatch(edition === '1.2' ? /^\d+:\d\d:\d\d(\.\d+)?$/ : /^PT/)
    expect(JSON.parse(ended.suspend_data)).toEqual({ v: 1, lesson: 'ten-layers', seed: 7, choice: '', goals: { 'first-half': 1 } })

    await page.evaluate(({ ended, edition }) => {
      const { suspend_data, core, completion_status } = ended
      const again = edition === '1.2' ? { suspend_data, core: { entry: 'resume', lesson_status: core.lesson_status }, student_preference: { language: 'zh-TW' } }
        : { suspend_data, entry: 'resume', completion_status, learner_preference: { language: 'zh-TW' } }
      sessionStorage.setItem('kept', JSON.stringify({ cmi: again }))
    }, { ended, edition })
    await page.reload()
    await expect(frame.locator('#recorded')).toHaveText('課程平台已記錄：2 個目標中達成 1 個。', { timeout: 60_000 })
    await expect(goal('first-half')).toHaveAttribute('data-done', 'true')
    await expect(goal('second-half')).toHaveAttribute('data-done', 'false')
    await frame.locator('[data-command=discriminator]').click()
    await expect(frame.locator('#recorded')).toHaveText('課程平台已記錄：2 個目標中達成 2 個。')
    const last = await cmi(page, edition)
    expect(edition === '1.2' ? [last.core.lesson_status, last.core.score.raw] : [last.completion_status, last.success_status, last.score.scaled])
      .toEqual(edition === '1.2' ? ['passed', '100'] : ['completed', 'passed', '1'])
    expect(strangers).toEqual([])
  })
}

test('without a platform a lesson works and says that nothing is recorded; locked, it only plays', async ({ page }) => {
  await page.goto(`${address()}/2004/ten-layers.html?locked&lang=zh-Hant&seed=11`)
  await expect(page.locator('#recorded')).toHaveAttribute('data-state', 'none')
  await expect(page.locator('#recorded')).toContainText('這裡沒有課程平台回應')
  await expect(page.locator('[data-command=generator]')).toBeDisabled({ timeout: 60_000 })
  await expect(page.locator('[data-command=play]')).toBeEnabled()
  expect(await page.locator('gan-lesson').evaluate(lesson => /** @type {any} */ (lesson).progress)).toMatchObject({ lesson: 'ten-layers', seed: 11, step: 0 })
  await page.goto(`${address()}/1.2/ten-layers.html`)
  await page.locator('[data-command=generator]').click()
  await expect(page.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  await expect(page.locator('#recorded')).toContainText('No course platform answers here')
})

test('all lessons in one archive: a page for each, and no file that its manifest does not name', async () => {
  const sco = builtSco()
  const bytes = await packageOf({ edition: '2004', lessons: allLessons('en'), title: 'GAN Atelier', id: packageId(), version: '0.1.0' }, sco)
  const names = await unpack(bytes, 'all')
  expectWhole(names, readFileSync(path.join(folder, 'all/imsmanifest.xml'), 'utf8'))
  for (const { name } of allLessons('en')) expect(names).toContain(`${name}.html`)
})
