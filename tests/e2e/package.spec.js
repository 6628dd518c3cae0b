// The npm package, used as its README says: installed, bundled by Vite, rendered on a server, and run in a browser.
import { expect } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makePackage } from '../../scripts/package.mjs'
import { packageBin } from '../../scripts/run.mjs'
import { test } from './host.mjs'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' }
const folder = mkdtempSync(path.join(tmpdir(), 'gan-atelier-'))
const at = name => path.join(folder, name)

const files = {
  'package.json': '{ "name": "lecture", "private": true, "type": "module" }',
  'index.html': '<!doctype html><html lang="en"><link rel="icon" href="data:,"><body><script type="module" src="/main.js"></script></body></html>',
  'main.js': `
    import { openAtelier } from 'gan-atelier'
    import { lecture } from './lecture.js'
    document.body.innerHTML = lecture()
    const atelier = await openAtelier()
    const session = await atelier.train({ family: 'gan', dataset: 'ring', hidden_dim: 8 })
    const { step } = await session.step(3)
    const models = (await atelier.models()).map(({ id }) => id).sort()
    const monet = await atelier.translator('monet', { device: 'cpu' })
    const { image } = await monet.translate(await atelier.scene({ width: 32, height: 32 }), { side: 32 })
    await atelier.close()
    globalThis.outcome = { step, models, width: image.width }`,
  'lecture.js': 'export const lecture = () => \'<h1>Week 9</h1><gan-trainer dataset="grid" autoplay lang="en"></gan-trainer><gan-lesson name="ten-layers" lang="en"></gan-lesson>\'',
  'server.js': 'import { openAtelier, errorCodes } from \'gan-atelier\'\nimport { lecture } from \'./lecture.js\'\nexport { openAtelier, errorCodes }\nexport const render = lecture',
  'check.ts': 'import { openAtelier, type Session } from \'gan-atelier\'\nconst atelier = await openAtelier({ device: \'cpu\' })\nconst session: Session = await atelier.train({ family: \'gan\' })\nconst report = await session.step(1)\nconst losses: Float32Array = report.loss_d\nconsole.log(losses)\n',
}

function runOk(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  expect(status, `${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0)
  return stdout
}

const vite = (...args) => runOk(process.execPath, [packageBin.vite, ...args, '--logLevel', 'warn'])

test.beforeAll(async () => {
  const archive = await makePackage()
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text)
  runOk(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['install', '--offline', '--no-audit', '--no-fund', archive])
})

test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a Vite project installs it, bundles it, and trains, paints and shows the elements', async ({ page }) => {
  vite('build', '--base', './', '--target', 'es2022')
  const server = createServer((request, response) => {
    const file = path.join(folder, 'dist', request.url.split(/[?#]/)[0].replace(/\/$/, '/index.html'))
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  await new Promise(resolve => server.listen(0, resolve))
  try {
    await page.goto(`http://localhost:${server.address().port}/`)
    await expect.poll(() => page.evaluate(() => globalThis.outcome), { timeout: 90_000 }).toEqual({ step: 3, models: ['horse2zebra', 'monet', 'vangogh'], width: 32 })
    await expect.poll(() => page.locator('gan-trainer [data-figure=step] dd').textContent().then(Number)).toBeGreaterThan(3)
    await expect(page.locator('gan-trainer a')).toHaveCount(0)
    const lesson = page.locator('gan-lesson')
    await lesson.getByRole('button', { name: 'Open the lesson' }).click()
    for (const network of ['generator', 'discriminator']) await lesson.locator(`[data-command=${network}]`).click()
    for (const goal of ['first-half', 'second-half']) await expect(lesson.locator(`[data-goal=${goal}]`)).toHaveAttribute('data-done', 'true')
    await expect(lesson.locator('h2')).toBeVisible()
  } finally {
    server.close()
  }
})

test('a server renders with it and nothing happens', async () => {
  vite('build', '--ssr', 'server.js', '--outDir', 'server')
  const said = runOk(process.execPath, ['-e', `import('./server/server.js').then(async ({ render, openAtelier, errorCodes }) => {
    const refused = await openAtelier().catch(({ code }) => code)
    console.log(JSON.stringify([render(), refused, errorCodes.length]))
  })`])
  expect(JSON.parse(said)).toEqual([expect.stringMatching(/<gan-trainer.*<gan-lesson/), 'Unsupported', 15])
})

test('its types are there, its sizes are in its README, and no faces', async () => {
  runOk(process.execPath, [packageBin.tsc, '--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', '', 'check.ts'])
  const readme = readFileSync(at('node_modules/gan-atelier/README.md'), 'utf8')
  expect(readme).toMatch(/engine for the processor.*\| \d+\.\d\d \| \d\.\d\d \|/)
  expect(readme).not.toContain('{{')
  expect(readFileSync(at('node_modules/gan-atelier/dist/models/models.json'), 'utf8')).not.toContain('drgan')
})
