// Elements of which something is asked while they are doing something else.
import { expect } from '@playwright/test'
import { openElsewhere, openHost, places, test } from './host.mjs'
import { madePage, ports } from './serve.mjs'

const site = `http://localhost:${ports.site}`
const hear = () => {
  Object.assign(globalThis, { errors: [], reports: [] })
  addEventListener('atelier-error', event => globalThis.errors.push(event.detail))
  addEventListener('atelier-report', event => globalThis.reports.push(event.detail))
}
const told = (page, name) => page.evaluate(name => globalThis[name], name)
const forget = page => page.evaluate(() => { globalThis.reports.length = 0 })
const lastStep = async page => (await told(page, 'reports')).at(-1)?.step ?? 0

test('the dataset that was pressed last is trained, and begun again once', async ({ page }) => {
  const trainer = await openElsewhere(page, 'gan-trainer', { dataset: 'ring' }, hear)
  for (const delay of [0, 40, 120]) {
    await trainer.locator('dataset-picker').evaluate(async (picker, delay) => {
      const pick = id => picker.dispatchEvent(new CustomEvent('pick', { detail: { id } }))
      pick('digits')
      await new Promise(resolve => setTimeout(resolve, delay))
      pick('moons')
    }, delay)
    // What trains says so itself: points have modes or a spread, pictures have neither.
    await forget(page)
    await expect.poll(() => lastStep(page)).toBeGreaterThan(0)
    await forget(page)
    await expect.poll(() => lastStep(page)).toBeGreaterThan(0)
    await expect(trainer.locator('.below a')).toHaveAttribute('href', /dataset=moons/)
    await expect(trainer.locator('plane-view')).toBeVisible()
  }
  await trainer.locator('[data-command=reset]').dblclick()
  await forget(page)
  await trainer.locator('[data-command=play]').click()
  await expect.poll(() => lastStep(page)).toBeGreaterThan(0)
  expect(await told(page, 'errors')).toEqual([])
  await expect(trainer.locator('[role=alert]')).toHaveCount(0)
})

test('a training rests at the step that was asked for, and goes on when told to', async ({ page }) => {
  const trainer = await openElsewhere(page, 'gan-trainer', { dataset: 'ring', steps: '300', settings: 'hidden_dim=8&batch_size=16' }, hear)
  await expect(trainer.locator('[data-command=play]')).toBeVisible({ timeout: 60_000 })
  expect(await lastStep(page)).toBe(300)
  await trainer.locator('[data-command=play]').click()
  await expect.poll(() => lastStep(page)).toBeGreaterThan(900)
  // Begun anew while it runs, it rests there again.
  await trainer.locator('[data-command=reset]').click()
  await trainer.locator('[data-command=play]').click()
  await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBe(300)
  await expect(trainer.locator('[data-command=play]')).toBeVisible()
  await page.waitForTimeout(500)
  expect(await lastStep(page)).toBe(300)
})

test('a single step of a poster is one step', async ({ page }) => {
  await openHost(page, places['another origin'])
  await page.evaluate(hear)
  const step = await page.evaluate(async () => {
    const trainer = document.createElement('gan-trainer')
    document.body.replaceChildren(trainer)
    return (await trainer.command('step', 2)).step
  })
  await page.waitForTimeout(800)
  expect([step, await lastStep(page)]).toEqual([2, 2])
})

test('the training room’s own query names its family', async ({ page }) => {
  const trainer = await openElsewhere(page, 'gan-trainer', { settings: 'v=1&family=dcgan&dataset=digits&seed=3&width=8' }, hear)
  await expect(trainer.locator('dataset-picker')).toHaveAttribute('value', 'digits')
  expect(await told(page, 'errors')).toEqual([])
})

test('whoever hears that a lesson is ready may use it; a poster that is told to play plays', async ({ page }) => {
  await openHost(page, places['another origin'])
  const [ready, played] = await page.evaluate(async () => {
    const made = () => Object.assign(document.createElement('gan-lesson'), { id: 'lesson' })
    const lesson = made()
    lesson.setAttribute('name', 'flow')
    document.body.append(lesson)
    const ready = new Promise(resolve => lesson.addEventListener('atelier-ready', async () => {
      const at = [lesson.state, lesson.progress?.lesson]
      await lesson.play()
      resolve(at)
    }))
    const stepped = new Promise(resolve => lesson.addEventListener('atelier-report', event => resolve(event.detail.step > 0)))
    await lesson.play()
    return [await ready, await stepped]
  })
  expect([ready, played]).toEqual([['open', 'flow'], true])
})

test('what was reached in a lesson stays in another language; several steps are several', async ({ page }) => {
  const lesson = await openElsewhere(page, 'gan-lesson', { name: 'ten-layers', lang: 'en', seed: '42' }, () => {})
  await expect(lesson.locator('.below a')).toHaveAttribute('href', /lesson=ten-layers&seed=42/)
  expect((await lesson.evaluate(element => element.command('step', 3))).step).toBe(3)
  const [, refused] = await lesson.evaluate(element => Promise.all([0, element.command('scene').catch(error => error.code)]))
  expect(refused).toBe('Unsupported')
  await lesson.locator('[data-command=generator]').click()
  await expect(lesson.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  await lesson.evaluate(element => element.setAttribute('lang', 'zh-Hant'))
  await expect(lesson.locator('h2')).toContainText('層')
  await expect(lesson.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  // Attributes and what is asked for with them are done one after the other; a seed that is taken away is gone.
  const seeds = await lesson.evaluate(async element => {
    const at = async () => [(await element.command('step', 2)).step, element.progress.seed]
    element.removeAttribute('seed')
    const own = await at()
    element.setAttribute('settings', 'seed=9')
    return [own, await at()]
  })
  expect(seeds.map(([step]) => step)).toEqual([2, 2])
  expect(seeds[0][1]).not.toBe(42)
  expect(seeds[1][1]).toBe(9)
  await expect(lesson.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
})

test('steps that were pressed before a new start are not taken by it', async ({ page }) => {
  const lesson = await openElsewhere(page, 'gan-lesson', { name: 'cnn' }, () => {})
  await lesson.locator('play-controls').evaluate(controls => {
    const press = name => controls.shadowRoot.querySelector(`[data-command=${name}]`).click()
    for (let time = 0; time < 12; time++) press('discriminator')
    press('reset')
  })
  // One that is asked for later is the first of what began.
  expect((await lesson.evaluate(element => element.command('step'))).step).toBe(1)
})

test('a painting that was reset does not appear, and the own photo is painted after the drawn one was asked for', async ({ page }) => {
  const stylizer = await openElsewhere(page, 'photo-stylizer', { model: 'horse2zebra', side: '96' }, hear)
  await stylizer.evaluate(async element => {
    const scene = element.command('scene')
    await element.reset()
    await scene
  })
  await expect(stylizer.locator('work-progress')).toHaveCount(0)
  await stylizer.locator('photo-input').evaluate(async input => {
    const canvas = new OffscreenCanvas(96, 64)
    canvas.getContext('2d').fillRect(0, 0, 96, 64)
    const blob = await canvas.convertToBlob()
    input.dispatchEvent(new CustomEvent('scene'))
    input.dispatchEvent(new CustomEvent('photo', { detail: { blob, name: 'own.png' } }))
  })
  await expect(stylizer.locator('before-after')).toBeVisible({ timeout: 60_000 })
  await page.waitForTimeout(1000)
  expect((await told(page, 'reports')).map(({ width }) => width)).toEqual([96])
})

test('one that is scrolled past while it opens rests', async ({ page }) => {
  await openHost(page, places['another origin'])
  await page.evaluate(hear)
  await page.evaluate(async () => {
    const trainer = document.createElement('gan-trainer')
    for (const name of ['dataset', 'autoplay']) trainer.setAttribute(name, name === 'dataset' ? 'ring' : '')
    const below = document.createElement('div')
    below.style.height = '6000px'
    document.body.replaceChildren(trainer, below)
    while (trainer.state !== 'opening') await new Promise(resolve => setTimeout(resolve, 5))
    scrollTo(0, 5000)
    while (trainer.state !== 'open') await new Promise(resolve => setTimeout(resolve, 5))
  })
  await page.waitForTimeout(1500)
  const step = await lastStep(page)
  await page.waitForTimeout(1500)
  expect(await lastStep(page)).toBe(step)
  await page.evaluate(() => scrollTo(0, 0))
  await expect.poll(() => lastStep(page)).toBeGreaterThan(step)
})

test('before somebody who asked for less motion it rests in another language too', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openHost(page, places['another origin'])
  await page.evaluate(hear)
  await page.evaluate(() => { document.body.innerHTML = '<gan-trainer dataset="ring" autoplay></gan-trainer>' })
  const trainer = page.locator('gan-trainer')
  await expect(trainer.locator('[data-command=play]')).toBeVisible({ timeout: 60_000 })
  await trainer.evaluate(element => element.setAttribute('lang', 'zh-Hant'))
  await page.waitForTimeout(1500)
  expect(await lastStep(page)).toBe(0)
})

test('what a sandbox forbids stays away, whatever the page sets', async ({ page }) => {
  await page.goto(madePage(`<link rel="icon" href="data:,"><iframe src="${site}/embed.html?element=photo-stylizer&hide=direction" sandbox="allow-scripts" width="900" height="700"></iframe><script type="module">
    import { connectFrame } from '${site}/gan-atelier-frame.js'
    globalThis.frame = await connectFrame(document.querySelector('iframe'))
  </script>`))
  await page.waitForFunction(() => globalThis.frame)
  await page.evaluate(() => globalThis.frame.set({ hide: 'save' }))
  await page.evaluate(() => globalThis.frame.call('start'))
  const frame = page.frameLocator('iframe')
  await expect(frame.locator('[data-choice=direction]')).toBeVisible({ timeout: 60_000 })
  await expect(frame.locator('.below a')).toHaveCount(0)
})
