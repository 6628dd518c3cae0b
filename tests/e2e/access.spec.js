// What keeps people out, in every room, both languages and both themes; and the keyboard's way through the page.
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { rooms } from '../../www/rooms.js'
import { test } from './host.mjs'

/** A room at rest: what it shows first is there. */
async function enter(page, language, hash) {
  await page.goto(`${language}/#${hash}`)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-shown', hash.split('?')[0].split('/')[0])
  await page.waitForTimeout(700)
}

async function serious(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.flat().join(' ')} (${failureSummary?.split('\n')[1]?.trim()})`).join('; ')}`)
}

/** Both themes of what stands there; the page follows the system's without being loaded again. */
async function seriousInBoth(page) {
  const found = []
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    found.push(...(await serious(page)).map(text => `${colorScheme}: ${text}`))
  }
  return found
}

for (const language of ['en', 'zh-Hant']) {
  test(`axe finds nothing serious in any room, light or dark (${language})`, async ({ page }) => {
    const found = {}
    for (const { id } of rooms) {
      await enter(page, language, id)
      found[id] = await seriousInBoth(page)
    }
    for (const part of ['lesson=ten-layers', 'page=summary', 'page=quiz', 'page=glossary', 'page=reading']) {
      await enter(page, language, `learn?${part}`)
      found[part] = await seriousInBoth(page)
    }
    await page.locator('#storage').click()
    await expect(page.locator('dialog.storage storage-list')).toBeVisible()
    found.storage = await seriousInBoth(page)
    await page.goto(`${language}/examples.html`)
    found.examples = await seriousInBoth(page)
    expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length))).toEqual({})
  })
}

for (const language of ['en', 'zh-Hant']) {
  test(`axe finds nothing serious in the pages for teachers, light or dark (${language})`, async ({ page }) => {
    const found = {}
    for (const name of ['course', 'class-set', 'worksheet', 'results']) {
      await page.goto(`${language}/${name}.html`)
      await expect(page.locator('[data-mount] :is(h2, .drop)').first()).toBeVisible()
      // A few codes stand for thirty.
      if (name === 'class-set') await page.locator('[data-field=count]').fill('4')
      if (name === 'results') {
        const result = { format: 'gan-atelier-result', version: 1, lesson: 'flow', name: 'A', goals: [{ id: 'both', reached: true, step: 6 }] }
        await page.locator('input[type=file]').setInputFiles([JSON.stringify(result), 'no result'].map((text, at) => ({ name: `${at}.json`, mimeType: 'application/json', buffer: Buffer.from(text) })))
        await expect(page.locator('[data-result]')).toHaveCount(1)
      }
      found[name] = await seriousInBoth(page)
    }
    expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length))).toEqual({})
  })
}

test('axe finds nothing serious while something is going on: a training with its panel open, a frame', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await enter(page, 'en', 'train?v=1&dataset=ring&seed=7')
  const room = page.locator('#room-train')
  await room.locator('share-panel summary').click()
  await expect(room.locator('[data-command=play]')).toBeEnabled({ timeout: 60_000 })
  await room.locator('[data-command=discriminator]').click()
  await expect(room.locator('loss-chart [role=img]')).toHaveAttribute('aria-label', /Losses at step 1/)
  expect(await serious(page)).toEqual([])
  await page.goto('embed.html?element=gan-trainer&lang=zh-Hant&theme=dark&steps=20&autoplay')
  const trainer = page.locator('gan-trainer')
  await expect(trainer.locator('[data-command=play]')).toBeEnabled({ timeout: 60_000 })
  // Who asked for less motion starts it by hand, also where it opens by itself.
  await page.waitForTimeout(300)
  await expect(trainer.locator('[data-figure=step] dd')).toHaveText('0')
  await trainer.locator('[data-command=play]').click()
  await expect(trainer.locator('loss-chart [role=img]')).toBeVisible({ timeout: 60_000 })
  expect(await serious(page)).toEqual([])
})

test('every control of a room is reached by the keyboard alone, and is seen to be', async ({ page }) => {
  await enter(page, 'en', 'train?v=1&dataset=ring&seed=7')
  await expect(page.locator('#room-train [data-command=play]')).toBeEnabled({ timeout: 60_000 })
  const reached = new Set()
  const unseen = []
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press('Tab')
    const { name, outlined } = await page.evaluate(() => {
      let active = document.activeElement
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
      const wrapped = active?.closest('label') ?? active
      const style = element => element && getComputedStyle(element)
      return {
        name: active?.dataset.command ?? active?.id ?? active?.textContent?.trim().slice(0, 30) ?? '',
        outlined: [active, wrapped].some(each => each && (style(each).outlineStyle !== 'none' || style(each).boxShadow !== 'none')),
      }
    })
    reached.add(name)
    if (name && !outlined) unseen.push(name)
  }
  for (const name of ['play', 'reset', 'discriminator', 'generator', 'share', 'save', 'defaults', 'theme', 'other-language']) expect([...reached], name).toContain(name)
  expect([...new Set(unseen)]).toEqual([])
})
