// The cells of docs/notebooks.md and the example notebook, run in JupyterLab as they stand.
import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/run.mjs'
import { cells, ports } from './prepare.mjs'

const at = path.join(root, 'target/notebooks/served')

/** @type {import('@playwright/test').Page} */
let page
/** @type {string[]} */
const elsewhere = []
/** @type {string[]} */
const wrong = []

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage()
  page.on('pageerror', error => wrong.push(String(error)))
  page.on('request', request => { if (!/^(blob:|data:)/.test(request.url()) && new URL(request.url()).port !== String(ports.lab)) elsewhere.push(request.url()) })
})
test.afterAll(() => page.close())

/** @param {string} name */
async function open(name) {
  await page.goto(`http://localhost:${ports.lab}/lab/tree/${name}?reset`)
  await page.getByText('Python 3 (ipykernel) | Idle').waitFor()
}

/** @param {...string} menu */
async function choose(...menu) {
  for (const item of menu) await page.locator('.lm-MenuBar-item, .lm-Menu-item').filter({ hasText: new RegExp(`^${item}`) }).first().click()
}

const done = count => expect.poll(() => page.locator('.jp-CodeCell .jp-InputPrompt').filter({ hasText: /\[\d+\]/ }).count(), { timeout: 200_000 }).toBe(count)
/** As text, since what is scrolled away is not laid out. */
const output = () => page.locator('.jp-OutputArea-output').allTextContents()
const error = () => page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"], .jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').allTextContents()

test('the cells of the docs train, take arrays, paint, save and go on', async () => {
  await open('docs.ipynb')
  await choose('Run', 'Run All Cells')
  await done(cells.length + 1)
  expect(await error()).toEqual([])
  const said = (await output()).find(text => text.startsWith('NOTES'))
  const notes = JSON.parse(/NOTES (.*)/.exec(said ?? '')?.[1] ?? '{}')
  expect(notes).toMatchObject({
    losses: [200, 2], finite: true, made: [[64, 2], 'float32'], modes: 8, settings: 'hinge', inside: true,
    pictures: [[16, 28, 28], 'uint8'], sequences: [8, 24, 1], again: [210, true], same: true
  })
  expect(notes.painting.slice(0, 2)).toEqual(['PIL.Image', [160, 120]])
  expect(notes.painting[2], 'a painting has more than one colour').toBeGreaterThan(5)
  expect(notes.changed, 'and is not the photo').toBeGreaterThan(0.02)
  expect(notes.label).toContain('There is no class \'cat\'')
  expect(notes.session[0]).toBe('InvalidSession')
  expect((await output()).join('\n')).toContain('Did you mean \'learning_rate_g\'')
})

test('the widget stands in the notebook as it does elsewhere, in its colours', async () => {
  const first = page.locator('.gan-atelier').first()
  await first.scrollIntoViewIfNeeded()
  await expect(first.locator('plane-view')).toBeVisible()
  await expect(first.getByRole('button', { name: 'Play' })).toBeVisible()
  await expect(first.locator('key-figures')).toContainText('210')
  const paper = () => first.evaluate(host => getComputedStyle(host).backgroundColor)
  const light = await paper()
  await page.evaluate(() => /** @type {any} */ (globalThis).jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' }))
  await expect.poll(paper).not.toBe(light)
  expect(await first.evaluate(host => getComputedStyle(host).colorScheme)).toBe('dark')
})

test('played by hand, the kernel hears of it', async () => {
  const first = page.locator('.gan-atelier').first()
  await first.getByRole('button', { name: 'Play' }).click()
  await expect(first.locator('key-figures')).not.toContainText('210')
  await first.getByRole('button', { name: 'Pause' }).click()
  await expect(first.getByRole('button', { name: 'Play' })).toBeVisible()
  // The kernel hears beside its cells, so what was trained last may reach it after the question.
  await expect(async () => {
    await ask('print("HEARD", trainer.until(0), len(trainer.losses), f"{len(trainer.losses):,}")')
    const heard = (await output()).filter(text => text.startsWith('HEARD')).at(-1) ?? ''
    const [, steps, losses, written] = heard.trim().split(' ')
    expect(steps, heard).toBe(losses)
    await expect(first.locator('key-figures')).toContainText(written, { timeout: 1000 })
  }).toPass({ intervals: [1000], timeout: 60_000 })
})

/** In a new cell at the end. @param {string} code */
async function ask(code) {
  await page.evaluate(async source => {
    const app = /** @type {any} */ (globalThis).jupyterapp
    const { content, context } = app.shell.currentWidget
    content.activeCellIndex = content.widgets.length - 1
    await app.commands.execute('notebook:insert-cell-below')
    content.activeCell.model.sharedModel.setSource(source)
    await app.commands.execute('notebook:run-cell')
    return context.path
  }, code)
}

test('the example notebook runs', async () => {
  await open('notebook.ipynb')
  await choose('Run', 'Run All Cells')
  await done(4)
  expect(await error()).toEqual([])
  await expect(page.locator('.gan-atelier plane-view')).toHaveCount(2)
})

test('nothing was asked of another host, and nothing went wrong in the page', async () => {
  expect(elsewhere).toEqual([])
  expect(wrong).toEqual([])
  expect(readFileSync(path.join(at, 'ring.gan')).length).toBeGreaterThan(1000)
})
