/** The scoreboard: PacGAN's protocol in the tab, short, on the CPU engine. */
import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { test } from './host.mjs'

const board = page => page.locator('#room-train score-board')

test('a short run of two seeds fills the board and its table; another dataset has its own rows', async ({ page }) => {
  await page.goto('en/#train?v=1&dataset=ring')
  await expect(board(page)).toContainText('modes of 8', { timeout: 60_000 })
  await expect(board(page).locator('tbody.published')).toContainText('95.9 ± 1.4')
  for (const [field, value] of [['first', 31], ['count', 2], ['budget', 300]]) {
    await board(page).locator(`[data-field=${field}]`).fill(String(value))
    await board(page).locator(`[data-field=${field}]`).blur()
  }
  await board(page).locator('[data-command=score]').click()
  await expect(board(page).locator('tr.mean')).toContainText('mean of 2', { timeout: 90_000 })
  const modes = await board(page).locator('tr[data-seed] [data-figure=modes]').allTextContents()
  expect(modes).toHaveLength(2)
  for (const found of modes) expect(Number(found)).toBeLessThanOrEqual(8)
  const [download] = await Promise.all([page.waitForEvent('download'), board(page).locator('[data-command=score-table]').click()])
  expect(download.suggestedFilename()).toBe('ring-score.csv')
  const lines = readFileSync(await download.path(), 'utf8').trimEnd().split('\n').map(line => line.split(','))
  expect(lines[0]).toEqual(['dataset', 'seed', 'iterations', 'modes', 'high_quality', 'reverse_kl', 'seconds'])
  expect(lines.slice(1).map(line => line.slice(0, 3))).toEqual([['ring', '31', '300'], ['ring', '32', '300'], ['ring', 'mean', ''], ['ring', 'standard_error', '']])
  expect(lines.slice(1, 3).map(line => line[3])).toEqual(modes)

  await page.locator('#room-train dataset-picker input[value=grid]').check({ force: true })
  await expect(board(page)).toContainText('modes of 25')
  await expect(board(page).locator('tbody.published')).toContainText('93.6 ± 0.6')
  await expect(board(page).locator('tr[data-seed]')).toHaveCount(0)
})
