// Slides turn at an arrow and documentation searches at a letter: what a control inside an element uses, the page around it does not hear.
import { expect } from '@playwright/test'
import { openElsewhere, test } from './host.mjs'

/** The element, in a page that keeps what it hears. @param {import('@playwright/test').Page} page @param {string} tag @param {Record<string, string>} [attributes] */
const open = (page, tag, attributes = {}) => openElsewhere(page, tag, attributes, () => {
  globalThis.heard = []
  document.addEventListener('keydown', event => globalThis.heard.push(event.key))
})

/** Which of these keys the page hears while a control has the focus. @param {import('@playwright/test').Locator} control @param {string[]} keys */
async function heard(control, keys) {
  const page = control.page()
  await page.evaluate(() => { globalThis.heard = [] })
  for (const key of keys) {
    await control.focus()
    await page.keyboard.press(key)
  }
  return page.evaluate(() => globalThis.heard)
}

const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']

test('a slider keeps its arrows, a choice its arrows and space, a button its space; the page hears the rest', async ({ page }) => {
  const trainer = await open(page, 'gan-trainer', { dataset: 'ring' })
  const speed = trainer.locator('play-controls input[type=range]')
  const before = await speed.inputValue()
  await speed.press('ArrowLeft')
  await expect(speed).not.toHaveValue(before)
  expect(await heard(speed, [...arrows, 'Home', 'End', 'Space', 'n', 'PageDown', 'Escape'])).toEqual([' ', 'n', 'PageDown', 'Escape'])
  expect(await heard(trainer.locator('dataset-picker input[value=ring]'), ['Space', 'n', 'ArrowRight'])).toEqual(['n'])
  await expect(trainer.locator('dataset-picker input[value=grid]')).toBeChecked()
  expect(await heard(trainer.locator('[data-command=reset]'), ['Enter', 'ArrowRight'])).toEqual(['ArrowRight'])
})

test('a list keeps what is typed into it, and a painting the keys that move its line', async ({ page }) => {
  const painter = await open(page, 'photo-stylizer', { side: '64' })
  expect(await heard(painter.locator('select').first(), ['ArrowDown', 'ArrowUp', 'm', 'PageUp'])).toEqual(['PageUp'])
  await painter.locator('photo-input [data-command=scene]').click()
  await expect(painter.locator('before-after')).toBeVisible({ timeout: 90_000 })
  expect(await heard(painter.locator('before-after input[type=range]'), [...arrows, 'n'])).toEqual(['n'])
  expect(await heard(painter.locator('before-after .frame'), ['ArrowLeft', 'ArrowRight', '+', '0', 'n'])).toEqual(['n'])
})
