// Letters twice as large on a telephone, the projector's on a small screen, and the colours of a system of its own.
import { expect } from '@playwright/test'
import { test } from './host.mjs'

const languages = /** @type {const} */ (['en', 'zh-Hant'])

async function enter(page, language, hash) {
  await page.goto(`${language}/#${hash}`)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-shown', hash.split('?')[0])
}

/** What overlaps in the bar of buttons, or leaves it. @param {HTMLElement} host */
function faults(host) {
  const bar = host.shadowRoot.querySelector('.bar')
  const boxes = [...bar.querySelectorAll('button, .speed > *')].map(part => {
    const range = document.createRange()
    range.selectNodeContents(part)
    const inner = part.localName === 'input' ? part : range
    return { name: part.dataset.command ?? part.localName, box: (part.localName === 'button' ? part : inner).getBoundingClientRect(), text: inner.getBoundingClientRect() }
  })
  const edge = bar.getBoundingClientRect().right + 1
  const out = boxes.filter(({ box, text }) => text.right > box.right + 1 || box.right > edge).map(({ name }) => `${name} leaves`)
  const pairs = boxes.flatMap((one, index) => boxes.slice(index + 1).map(other => [one, other]))
  const near = ({ box: a }, { box: b }) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > -4 && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top)
  return [...out, ...pairs.filter(([one, other]) => near(one, other)).map(([one, other]) => `${one.name} touches ${other.name}`)]
}

for (const language of languages) {
  test(`letters twice as large push nothing off a telephone (${language})`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.addInitScript(() => addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%', 'important')))
    const wide = {}
    for (const hash of ['home', 'learn', 'learn?lesson=flow', 'learn?lesson=ten-layers', 'learn?page=quiz', 'train', 'stylize', 'faces', 'cycle']) {
      await enter(page, language, hash)
      const controls = page.locator('play-controls:visible')
      if (hash === 'train' || hash.includes('lesson=')) {
        await expect(controls.locator('[data-command=discriminator]')).toBeEnabled({ timeout: 60_000 })
        await controls.locator('[data-command=discriminator]').click()
        expect(await controls.evaluate(faults), hash).toEqual([])
      }
      await page.waitForTimeout(700)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      if (width > 390) wide[hash] = width
      if (hash === 'train') {
        const spilled = await page.locator('family-picker label').evaluateAll(tiles => tiles.filter(tile => tile.scrollWidth > tile.clientWidth).map(tile => tile.textContent.trim()))
        expect(spilled).toEqual([])
      }
    }
    expect(wide).toEqual({})
  })

  test(`the bar of buttons has room for its words, on a wall and on a telephone (${language})`, async ({ page }) => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 720 })
      for (const hash of ['learn?lesson=balance&view=projector', 'learn?lesson=balance']) {
        await enter(page, language, hash)
        const controls = page.locator('play-controls:visible')
        await expect(controls.locator('[data-command=play]')).toBeEnabled({ timeout: 60_000 })
        for (const speed of ['0', '3']) {
          await controls.locator('input').fill(speed)
          await expect(controls.locator('input')).toHaveValue(speed)
          expect(await controls.evaluate(faults), `${hash} ${width} ${speed}`).toEqual([])
        }
      }
    }
  })
}

test('what is chosen, and how far the work is, shows in the system’s own colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  /** @param {import('@playwright/test').Locator} locator */
  const edge = locator => locator.evaluate(element => {
    const { borderBottomWidth, borderBottomColor } = getComputedStyle(element)
    return `${borderBottomWidth} ${borderBottomColor}`
  })
  const highlight = await page.evaluate(() => {
    document.body.style.color = 'Highlight'
    return getComputedStyle(document.body).color
  })
  await enter(page, 'en', 'train')
  for (const picker of ['family-picker', 'dataset-picker']) {
    await expect(page.locator(`#room-train ${picker} label`).first()).toBeVisible({ timeout: 60_000 })
    expect(await edge(page.locator(`#room-train ${picker} label:has(:checked)`)), picker).toBe(`3px ${highlight}`)
    expect(await edge(page.locator(`#room-train ${picker} label:not(:has(:checked))`).first()), picker).toMatch(/^1px /)
  }
  expect(await edge(page.locator('.masthead nav a[aria-current]'))).toBe(`4px ${highlight}`)
  expect(await edge(page.locator('.masthead nav a:not([aria-current])').first())).toMatch(/^0px /)
  await enter(page, 'en', 'stylize')
  expect(await edge(page.locator('painter-picker label:has(:checked)'))).toBe(`3px ${highlight}`)
  const drawn = []
  for (const share of [0, 0.5]) {
    await page.evaluate(async share => {
      const bar = document.querySelector('main > work-progress') ?? document.createElement('work-progress')
      document.querySelector('main').prepend(Object.assign(bar, { text: 'half', share }))
      await bar.updateComplete
    }, share)
    drawn.push(await page.locator('main > work-progress progress').screenshot())
  }
  expect(await edge(page.locator('main > work-progress progress'))).toMatch(/^1px /)
  expect(drawn[0].equals(drawn[1])).toBe(false)
})
