// The example for marimo, in marimo: a cell trains, samples come back, and the cell that asks runs again by itself.
import { expect, test } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/run.mjs'
import { marimoCode, ports } from './prepare.mjs'

test('a cell trains and gets samples', async ({ page }) => {
  expect(readFileSync(path.join(root, 'examples/notebook_marimo.py'), 'utf8').trim(), 'the docs show the example').toBe(marimoCode)
  await page.goto(`http://localhost:${ports.marimo}/`)
  await expect(page.getByText(/^200 steps, \d modes, 100 points$/)).toBeVisible({ timeout: 150_000 })
  await expect(page.locator('.gan-atelier plane-view')).toBeVisible()
  // Trained on by hand, the cell tells of it.
  await page.locator('[data-command="generator"]').click()
  await expect(page.getByText(/^201 steps, \d modes, 100 points$/)).toBeVisible()
})
