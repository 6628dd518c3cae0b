import { readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { openHost, test } from './host.mjs'

/** Networks this small take a few milliseconds a step. */
const small = 'family=rgan&seed=3&hidden_dim=8&batch_size=8&sequence_length=16'
const room = page => page.locator('#room-train')
const figure = (page, key) => page.locator(`#room-train [data-figure=${key}] dd`)
const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const stepOf = async page => Number((await figure(page, 'step').textContent()).replaceAll(/\D/g, ''))

async function play(page, past) {
  await command(page, 'play').click()
  await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(past)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
}

/** How many pixels of a canvas are of each kind's colour. */
const inked = canvas => canvas.evaluate(element => {
  const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height)
  let [real, made] = [0, 0]
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 40) continue
    if (data[at + 2] > data[at] + 60) real++
    if (data[at] > data[at + 2] + 60) made++
  }
  return { real, made }
})

test('a recurrent GAN trains on the CPU engine, by class, and goes on from a file to the last bit', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async () => {
    const atelier = await open()
    const session = await atelier.train({ family: 'rgan', dataset: 'waves', hidden_dim: 8, batch_size: 8, sequence_length: 16, device: 'cpu' })
    const report = await session.step(3)
    const sample = await session.sample({ count: 3, seed: 1, label: 2 })
    const { real, fake } = await session.inspect({ what: 'scores', count: 5, seed: 1 })
    const again = await atelier.open(await session.save(), { device: 'cpu' })
    const [one, other] = [await session.step(2), await again.step(2)]
    const bits = ({ loss_d, loss_g }) => [...new Uint32Array(loss_d.buffer), ...new Uint32Array(loss_g.buffer)]
    const own = await atelier.train({ family: 'rgan', dataset: 'series', hidden_dim: 8, batch_size: 8, sequence_length: 8, device: 'cpu', data: { sequences: [[1, 2, 3, 4], [4, 3, 2, 1]], labels: [0, 1] } })
    const ragged = await atelier.train({ family: 'rgan', dataset: 'series', data: { sequences: [[1, 2], [1, 2, 3]] } }).catch(({ code }) => code)
    const unknown = await session.sample({ count: 1, label: 9 }).catch(({ code }) => code)
    const out = {
      steps: report.step, mmd2: typeof report.metrics.mmd2, kind: sample.kind, shape: sample.shape, labels: [...sample.labels], classes: session.dataset.classes,
      scores: [real.scores.length, fake.scores.length, fake.shape], bits: [bits(one), bits(other)], own: own.dataset, ragged, unknown
    }
    await atelier.close()
    return out
  })
  expect(seen).toMatchObject({
    steps: 3, mmd2: 'number', kind: 'sequences', shape: [3, 16, 1], labels: [2, 2, 2], classes: ['sine', 'square', 'heartbeat', 'damped'],
    scores: [5, 5, [5, 16, 1]], own: { kind: 'sequences', shape: [8, 1], count: 2, own: true, classes: ['0', '1'], range: [[1, 4]] }, ragged: 'InvalidData', unknown: 'InvalidConfig'
  })
  expect(seen.bits[0]).toEqual(seen.bits[1])
})

test('sines are learned in the room: curves, spectrum, scores', async ({ page }) => {
  await page.goto(`/#train?v=1&${small}&dataset=sines`)
  const curves = room(page).locator('sequence-plot[what=curves] canvas')
  await expect.poll(async () => (await inked(curves)).real).toBeGreaterThan(200)
  expect((await inked(curves)).made, 'nothing is made before the first step').toBe(0)
  await play(page, 5)
  await expect.poll(async () => (await inked(curves)).made).toBeGreaterThan(50)
  await expect.poll(async () => inked(room(page).locator('sequence-plot[what=spectrum] canvas'))).toMatchObject({ real: expect.any(Number) })
  expect((await inked(room(page).locator('sequence-plot[what=autocorrelation] canvas'))).real).toBeGreaterThan(20)
  await expect(room(page).locator('scored-sequence')).toHaveCount(12)
  await expect(figure(page, 'mmd2')).toHaveText(/\d/)
})

test('one class can be asked for', async ({ page }) => {
  await page.goto(`/#train?v=1&${small}&dataset=waves`)
  await room(page).locator('class-choice input[value="1"]').check()
  await expect(room(page).locator('scored-sequence .of')).toHaveText(Array(12).fill('square'))
})

test('a table is looked at, then learned from; a wrong one names its line', async ({ page }) => {
  await page.goto(`/#train?v=1&${small}&dataset=series`)
  const own = room(page).locator('own-table')
  const choose = lines => own.locator('[data-input=csv]').setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await choose(['temperature,humidity', '21.4,63', '', '21.6,damp'])
  await expect(own.locator('.way').nth(1)).toContainText('Line 4, column 2: “damp” is not a number.')
  await own.locator('[data-command=other-table]').click()
  // A date before the numbers: left out, and said.
  const lines = Array.from({ length: 60 }, (_, at) => `2024-03-${String(1 + at % 28).padStart(2, '0')},${20 + 5 * Math.sin(at / 3)},${60 + at % 7}`)
  await choose(['date,temperature,humidity', ...lines])
  await expect(own.locator('select[data-column="0"]')).toHaveValue('time')
  await expect(own.locator('[data-part=why]')).toContainText('“date” says when each row was')
  await expect(own.locator('tbody tr').first()).toContainText('2024-03-01')
  await expect(own.locator('.way', { has: page.locator(':checked') })).toContainText(/45 curves of 16 steps.*2 values in a step/)
  await expect.poll(async () => (await inked(own.locator('curve-sketch canvas').first())).real).toBeGreaterThan(50)
  await own.locator('select[data-column="2"]').selectOption('out')
  await expect(own.locator('.way', { has: page.locator(':checked') })).not.toContainText('values in a step')
  await own.locator('[data-command=gather]').click()
  await expect(room(page).locator('dataset-card')).toContainText('45 curves')
  await expect(room(page).locator('dataset-card')).toContainText('one recording, cut into pieces. Left out: date, humidity.')
  await play(page, 5)
  await expect.poll(async () => (await inked(room(page).locator('sequence-plot[what=curves] canvas'))).made).toBeGreaterThan(50)
})

test('each reading of a table can be chosen, and the module says which was taken', async ({ page }) => {
  await openHost(page)
  const seen = await page.evaluate(async () => {
    const atelier = await open()
    const curve = at => Array.from({ length: 24 }, (_, step) => Math.sin(step / 3 + at * 1.7).toFixed(4)).join('\t')
    const file = new Blob([Array.from({ length: 30 }, (_, at) => `${at % 2 ? 1 : -1}\t${curve(at)}\n`).join('')])
    const found = await atelier.table(file, { length: 16 })
    const small = { family: 'rgan', dataset: 'series', hidden_dim: 8, batch_size: 8, sequence_length: 16, device: 'cpu' }
    const likely = await atelier.train({ ...small, data: { sequences: file } })
    const again = await atelier.open(await likely.save(), { device: 'cpu' })
    const asked = await atelier.train({ ...small, data: { sequences: file, reading: 'columns', columns: ['out'] } })
    const refused = await atelier.train({ ...small, data: { sequences: file, readings: 'rows' } }).catch(({ code, details }) => [code, details.field])
    const points = new Blob([Array.from({ length: 40 }, (_, at) => `${1000 + at};${at % 7},5\n`).join('')])
    const plane = await atelier.train({ family: 'gan', dataset: 'drawn', device: 'cpu', data: { points } })
    const { points: scaled, scale } = await atelier.tablePoints(points)
    const excel = await atelier.table(new Blob([Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0)])).catch(({ details }) => details.reason)
    const out = {
      found: [found.reading, found.why, found.ways.map(({ reading, count }) => [reading, count])], likely: likely.dataset, again: again.dataset.table.reading, asked: asked.dataset, refused,
      plane: [plane.dataset.scale, plane.dataset.count], points: [scaled.length, scale], excel
    }
    await atelier.close()
    return out
  })
  expect(seen.found).toEqual(['rows', 'class_beside_series', [['rows', 30], ['recording', 15], ['columns', 25]]])
  expect(seen.likely).toMatchObject({ count: 30, classes: ['-1', '1'], shape: [16, 1], table: { reading: 'rows', sure: true } })
  expect(seen.again).toBe('rows')
  expect(seen.asked).toMatchObject({ count: 24, table: { reading: 'columns', why: 'asked' } })
  expect(seen.refused).toEqual(['InvalidConfig', 'readings'])
  const scale = { axes: [[1019.5, expect.closeTo(20.526, 2)], [3.5, expect.closeTo(3.158, 2)]], names: ['', ''], brought: 40 }
  expect([seen.plane, seen.points]).toEqual([[scale, 40], [80, scale]])
  expect(seen.excel).toBe('spreadsheet')
})

test('points come from a table, and made ones leave in its units', async ({ page }) => {
  await page.goto('/#train?v=1&dataset=drawn&seed=3&hidden_dim=16')
  const own = room(page).locator('own-points')
  const choose = text => own.locator('[data-input=points]').setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  const line = at => `${at % 4},${1000 + 100 * Math.cos(at)},${5 + Math.sin(at)}`
  await choose(['weight,across,up', ...Array.from({ length: 80 }, (_, at) => line(at))].join('\n'))
  await expect(own).toContainText('3 columns of numbers')
  await own.locator('select[data-axis=x]').selectOption({ label: 'across' })
  await own.locator('select[data-axis=y]').selectOption({ label: 'up' })
  await own.locator('[data-command=points]').click()
  await expect.poll(() => stepOf(page), { timeout: 60_000 }).toBeGreaterThan(20)
  await command(page, 'pause').click()
  await expect(command(page, 'play')).toHaveAttribute('aria-disabled', 'false')
  const [download] = await Promise.all([page.waitForEvent('download'), command(page, 'points_table').click()])
  const [names, first] = readFileSync(await download.path(), 'utf8').split('\n')
  expect(names).toBe('across,up')
  const [across, up] = first.split(',').map(Number)
  expect(across).toBeGreaterThan(500)
  expect(Math.abs(up - 5)).toBeLessThan(5)
})

test('drawn curves are learned from', async ({ page }) => {
  await page.goto(`/#train?v=1&${small}&dataset=curves`)
  const pad = room(page).locator('curve-pad .pad')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  const stroke = async (from, to) => {
    await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height)
    await page.mouse.down()
    await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height, { steps: 6 })
    await page.mouse.up()
  }
  await stroke([0.4, 0.2], [0.5, 0.8])
  await expect(room(page).locator('curve-pad output')).toContainText('too short')
  await stroke([0.05, 0.2], [0.95, 0.8])
  await stroke([0.05, 0.7], [0.95, 0.3])
  await room(page).locator('curve-pad [data-command=learn]').click()
  await expect(room(page).locator('dataset-card')).toContainText('2 curves')
  await play(page, 3)
})
