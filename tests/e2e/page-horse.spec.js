/** The notes' own example: a horse becomes a zebra, on the entrance, in the lesson, in the painting room and in the laboratory. */
import { expect } from '@playwright/test'
import { test } from './host.mjs'

/** Share of neighbours in a row, in a part of a picture, between which light changes by a stripe's step. @param {ImageData} picture */
const striped = `({ data, width, height }, [left, top, right, bottom]) => {
  let [steps, all] = [0, 0]
  const light = at => data[at] + data[at + 1] + data[at + 2]
  for (let y = Math.round(top * height); y < bottom * height; y++) {
    for (let x = Math.round(left * width); x < right * width - 2; x++) {
      const at = 4 * (y * width + x)
      steps += Math.abs(light(at) - light(at + 8)) > 90
      all++
    }
  }
  return steps / all
}`
/** Where the animal's trunk is in the drawn meadow, and a piece of sky. */
const [trunk, sky] = [[0.35, 0.4, 0.65, 0.6], [0, 0, 1, 0.15]]

test('the entrance shows what became of a horse, and leads to the painter who did it', async ({ page }) => {
  await page.goto('en/#home')
  const shown = page.locator('turned-horse')
  await expect.poll(() => shown.locator('canvas').evaluateAll(all => all.map(({ width, height }) => `${width} ${height}`))).toEqual(['256 192', '256 192', '256 192'])
  const shares = await shown.locator('canvas').evaluateAll((all, [measure, part]) => all.map(canvas => eval(measure)(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height), part)), [striped, trunk])
  expect(shares[1], 'the zebra has stripes, the horse none').toBeGreaterThan(3 * shares[0] + 0.1)
  await shown.getByRole('link', { name: 'Try it with a photo' }).click()
  const room = page.locator('#room-stylize')
  await expect(room.locator('painter-picker [value=horse2zebra]')).toBeChecked()
  await expect(room.locator('[data-suits]')).toContainText('one or two horses')
  await expect(room).toContainText('CC-BY-NC-4.0')
})

test('without a photo the painter of zebras gets a drawn horse, and leaves the sky alone', async ({ page }) => {
  // Which meadow is drawn is left to chance, and not every sky is as calm.
  await page.addInitScript(() => { Math.random = () => 0.5 })
  await page.goto('zh-Hant/#stylize?painter=horse2zebra')
  const room = page.locator('#room-stylize')
  await expect(room.locator('painter-picker [value=horse2zebra]')).toBeChecked()
  await expect(room.locator('painter-picker .painter', { hasText: '馬 → 斑馬' })).toHaveCount(1)
  await room.locator('input[name=size][value=working]').check()
  await room.locator('[data-command=scene]').click()
  await expect(room.locator('[data-command=download]')).toBeVisible({ timeout: 150_000 })
  const shares = await room.locator('before-after').evaluate(({ original, painting }, [measure, trunk, sky]) => ({
    before: eval(measure)(original, trunk), after: eval(measure)(painting, trunk), sky: eval(measure)(painting, sky)
  }), [striped, trunk, sky])
  expect(shares.after).toBeGreaterThan(3 * shares.before + 0.1)
  expect(shares.sky).toBeLessThan(0.05)
  await expect(room.getByRole('status').filter({ hasText: '馬 → 斑馬' })).toHaveCount(1)
})

test('the laboratory opens with the horse, and fills the other half with a zebra', async ({ page }) => {
  await page.goto('en/#cycle')
  const room = page.locator('#room-cycle')
  await expect(room.locator('input[name=pair][value=horse2zebra]')).toBeChecked()
  await expect(room).toContainText('The animal you can try without a photo is drawn by our own code')
  await room.locator('#cycle-side').fill('128')
  await room.locator('[data-command=scene]').click()
  const given = name => room.locator(`[data-experiment=cycle] picture-panel[data-picture=${name}]`).evaluate(({ picture }, [measure, trunk]) => eval(measure)(picture, trunk), [striped, trunk])
  await expect(room.locator('[data-figure=cycle_l1] dd')).toBeVisible({ timeout: 120_000 })
  const horse = await given('real_a')
  await room.locator('[data-command=other-half]').click()
  await expect(room.locator('cycle-diagram [data-part="b:rec_b"] image')).toHaveCount(1, { timeout: 120_000 })
  await room.locator('input[name=start][value=b]').check()
  await expect(room.locator('[data-experiment=cycle] picture-panel[data-picture=rec_b]')).toHaveCount(1)
  expect(await given('real_b'), 'a zebra was drawn').toBeGreaterThan(horse + 0.2)
})

test('the lesson on CycleGAN shows it, in Chinese too', async ({ page }) => {
  await page.goto('zh-Hant/#learn?lesson=cycle')
  const shown = page.locator('#room-learn turned-horse')
  await expect(shown).toContainText('變成斑馬')
  await expect.poll(() => shown.locator('canvas').nth(1).evaluate(({ width }) => width)).toBe(256)
  await expect(shown.getByRole('link')).toHaveCount(0)
})

test('a subject that nobody draws is refused by name', async ({ page }) => {
  await page.goto('en/#home')
  const refused = await page.evaluate(async () => {
    const { openAtelier } = await import(new URL('../gan-atelier.js', location.href).href)
    const atelier = await openAtelier()
    return atelier.scene({ subject: 'unicorn' }).catch(({ code, details }) => ({ code, ...details }))
  })
  expect(refused).toMatchObject({ code: 'InvalidConfig', field: 'subject', value: 'unicorn' })
})
