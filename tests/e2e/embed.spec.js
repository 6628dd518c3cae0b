import { expect } from '@playwright/test'
import { places, test } from './host.mjs'
import { ports, subPath } from './serve.mjs'

const site = `http://localhost:${ports.site}`
const stranger = `http://localhost:${ports.stranger}`
const module = places['another origin'].module

// The examples are as teachers will copy them: without an icon, for which a browser asks.
test.use({ allowedErrors: /favicon\.ico|404 \(Not Found\)/ })

/** Requests to the site, by file name. */
function listRequests(page) {
  const names = []
  page.on('request', request => { if (request.url().startsWith(site)) names.push(request.url()) })
  return names
}

const step = element => element.locator('[data-figure=step] dd')
const steps = async element => Number((await step(element).textContent()).replace(/\D/g, ''))
const engines = names => names.filter(name => name.endsWith('.wasm'))

test('plain HTML in ten lines shows a GAN that learns, on another origin', async ({ page }) => {
  await page.goto(`${stranger}/examples/plain.html`)
  const trainer = page.locator('gan-trainer')
  await expect(trainer.locator('plane-view')).toBeVisible()
  await expect.poll(() => steps(trainer)).toBeGreaterThan(100)
  await expect(trainer.locator('contest-note')).toBeVisible()
})

test('a lesson in a course page: its networks learn on another origin and its goals are reached', async ({ page }) => {
  await page.goto(`${stranger}/examples/lesson.html`)
  const lesson = page.locator('gan-lesson')
  await lesson.getByRole('button', { name: 'Open the lesson' }).click()
  await lesson.locator('[data-command=discriminator]').click()
  await expect(lesson.locator('[data-goal=second-half]')).toHaveAttribute('data-done', 'true')
  await expect(lesson.locator('[data-goal=first-half]')).not.toHaveAttribute('data-done', 'true')
  await lesson.locator('[data-command=generator]').click()
  await expect(lesson.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  const points = () => lesson.locator('plane-view').first().evaluate(({ fake }) => fake.join())
  const before = await points()
  await lesson.locator('[data-command=play]').click()
  await expect.poll(points).not.toBe(before)
})

test('a Markdown site: nothing is fetched until the button is pressed, and hidden parts are not there', async ({ page }) => {
  const names = listRequests(page)
  await page.goto(`${stranger}/examples/markdown.md`)
  const trainer = page.locator('gan-trainer')
  const start = trainer.getByRole('button', { name: 'Start the contest' })
  await expect(start).toBeVisible()
  expect(names.filter(name => /wasm|live-|worker|\/en-/.test(name))).toEqual([])
  await start.click()
  await expect.poll(() => steps(trainer)).toBeGreaterThan(20)
  await expect(trainer.locator('loss-chart')).toHaveCount(0)
  await expect(trainer.locator('dataset-picker')).toHaveCount(0)
})

test('a course system: a sandboxed frame without origin and storage, in Chinese', async ({ page }) => {
  await page.goto(`${stranger}/examples/course.html`)
  const trainer = page.frameLocator('iframe').locator('gan-trainer')
  await trainer.getByRole('button', { name: '開始較量' }).click()
  await expect.poll(() => steps(trainer)).toBeGreaterThan(20)
  const frame = page.frames()[1]
  expect(await frame.evaluate(() => self.origin)).toBe('null')
  expect(await frame.evaluate(() => document.documentElement.lang)).toBe('zh-Hant')
})

test('an ES module import trains from a script', async ({ page }) => {
  await page.goto(`${stranger}/examples/module.html`)
  await expect(page.locator('#log')).toContainText(/seed 3: \d of 8 clusters after 200 steps/, { timeout: 60_000 })
})

test('under the documented policy, several elements share one download; each has its language and theme', async ({ page }) => {
  const names = listRequests(page)
  await page.goto(places['another origin'].page)
  await page.evaluate(async url => {
    await import(url)
    const make = attributes => {
      const element = document.createElement('gan-trainer')
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
      document.body.append(element)
    }
    make({ dataset: 'ring', hide: 'losses', lang: 'en', theme: 'light', autoplay: '' })
    make({ dataset: 'grid', hide: 'losses', lang: 'zh-Hant', theme: 'dark', autoplay: '' })
  }, module)
  const [english, chinese] = [page.locator('gan-trainer').first(), page.locator('gan-trainer').last()]
  await expect(english.locator('play-controls')).toContainText('Pause')
  await chinese.scrollIntoViewIfNeeded()
  await expect(chinese.locator('play-controls')).toContainText('暫停')
  await expect(english.locator('play-controls')).toContainText('Speed')
  await expect.poll(() => steps(chinese)).toBeGreaterThan(5)
  expect(engines(names).length).toBe(1)
  const ground = element => element.evaluate(each => getComputedStyle(each).backgroundColor)
  expect(await ground(english)).toBe('rgb(245, 239, 227)')
  expect(await ground(chinese)).toBe('rgb(21, 21, 26)')
  await english.evaluate(element => element.setAttribute('theme', 'dark'))
  expect(await ground(english)).toBe('rgb(21, 21, 26)')
})

test('a page that counts its sizes in tens does not make it small', async ({ page }) => {
  await page.goto(stranger)
  await page.evaluate(async url => {
    document.documentElement.style.fontSize = '62.5%'
    document.body.innerHTML = '<gan-trainer lang="en" hide="losses" steps="20"></gan-trainer>'
    await import(url)
  }, module)
  const trainer = page.locator('gan-trainer')
  const start = trainer.getByRole('button')
  expect((await start.boundingBox()).height).toBeGreaterThan(40)
  await start.click()
  await expect.poll(() => steps(trainer)).toBeGreaterThanOrEqual(20)
  expect((await trainer.locator('[data-command=reset]').boundingBox()).height).toBeGreaterThan(38)
  const [plane, canvas] = [await trainer.locator('plane-view').boundingBox(), await trainer.locator('plane-view canvas').boundingBox()]
  expect(Math.abs(plane.width - canvas.width)).toBeLessThan(4)
})

test('events tell what happens; attributes change it; far below nothing starts', async ({ page }) => {
  const names = listRequests(page)
  await page.goto(stranger)
  await page.evaluate(async url => {
    globalThis.told = []
    for (const name of ['ready', 'report', 'error']) addEventListener(`atelier-${name}`, ({ detail }) => told.push({ name, ...detail }))
    const space = document.createElement('div')
    space.style.height = '4000px'
    const below = document.createElement('gan-trainer')
    below.setAttribute('autoplay', '')
    document.body.append(space, below)
    await import(url)
  }, module)
  const trainer = page.locator('gan-trainer')
  await expect(trainer.getByRole('button')).toHaveCount(1)
  await page.waitForTimeout(400)
  expect(engines(names)).toEqual([])
  await trainer.scrollIntoViewIfNeeded()
  const told = name => page.evaluate(name => globalThis.told.filter(each => each.name === name), name)
  await expect.poll(async () => (await told('report')).length).toBeGreaterThan(2)
  expect((await told('ready'))[0].device.kind).toBe('cpu')
  expect((await told('report')).at(-1)).toMatchObject({ step: expect.any(Number), metrics: { modes_total: 8 } })
  await trainer.evaluate(element => { element.setAttribute('dataset', 'grid'); element.setAttribute('seed', '4') })
  await expect.poll(async () => (await told('ready')).at(-1).config).toMatchObject({ dataset: 'grid', seed: 4 })
  await trainer.evaluate(element => element.setAttribute('family', 'perceptron'))
  await expect(trainer.getByRole('alert')).toBeVisible()
  expect((await told('error')).at(-1).code).toBe('Unsupported')
  await trainer.evaluate(element => element.removeAttribute('family'))
  await expect.poll(() => steps(trainer)).toBeGreaterThan(0)
  // Out of sight it rests.
  await page.evaluate(() => scrollTo(0, 0))
  await expect.poll(async () => {
    const before = (await told('report')).length
    await page.waitForTimeout(400)
    return (await told('report')).length - before
  }).toBe(0)
})

test('imported twice, from two places, and beside an older version: the first serves all, and the others do no harm', async ({ page }) => {
  await page.goto(stranger)
  await page.evaluate(async ([one, two]) => {
    await import(one)
    globalThis.second = await import(two)
    await import(`${two}?again`)
    document.body.innerHTML = '<gan-trainer dataset="ring" autoplay lang="en"></gan-trainer>'
  }, [module, `${site}/gan-atelier.js`])
  await expect.poll(() => steps(page.locator('gan-trainer'))).toBeGreaterThan(5)
  expect(await page.evaluate(async () => {
    const atelier = await globalThis.second.openAtelier()
    const { step } = await (await atelier.train({ family: 'gan', dataset: 'ring', hidden_dim: 8 })).step(2)
    await atelier.close()
    return step
  })).toBe(2)
  await page.goto(stranger)
  expect(await page.evaluate(async url => {
    customElements.define('gan-trainer', class extends HTMLElement {})
    const { openAtelier } = await import(url)
    return [typeof openAtelier, customElements.get('photo-stylizer')]
  }, module)).toEqual(['function', undefined])
})

test('a host talks to a sandboxed frame through a port, and hears its height', async ({ page }) => {
  await page.goto(stranger)
  const outcome = await page.evaluate(async base => {
    const { connectFrame } = await import(`${base}gan-atelier-frame.js`)
    const iframe = document.createElement('iframe')
    iframe.sandbox.add('allow-scripts')
    iframe.src = `${base}embed.html?element=gan-trainer&dataset=ring&lang=en&steps=400`
    document.body.append(iframe)
    // Another window's words are not the frame's.
    postMessage({ ganAtelier: 1, type: 'hello' }, '*')
    const frame = await connectFrame(iframe)
    const heard = name => new Promise(resolve => frame.addEventListener(name, event => resolve(event.detail), { once: true }))
    const height = await heard('height')
    const ready = heard('ready')
    const report = heard('report')
    await frame.call('play')
    const device = (await ready).device.kind
    const { step, loss_d } = await report
    await frame.call('pause')
    const refused = await frame.call('constructor').catch(error => error.code)
    await frame.set({ theme: 'dark', onclick: 'alert(1)' })
    return { height, device, step, losses: Array.isArray(loss_d), refused, fitted: iframe.style.height }
  }, `${site}${subPath}`)
  expect(outcome).toMatchObject({ device: 'cpu', losses: true, refused: 'Unsupported' })
  expect(outcome.height).toBeGreaterThan(200)
  expect(outcome.step).toBeGreaterThan(0)
  expect(parseInt(outcome.fitted)).toBeGreaterThan(200)
})

test('a photo is painted in a stranger’s page, and what is dropped elsewhere stays the page’s own', async ({ page }) => {
  await page.goto(stranger)
  await page.evaluate(async url => {
    await import(url)
    document.body.innerHTML = '<photo-stylizer model="monet" side="64" lang="zh-Hant"></photo-stylizer>'
    globalThis.painted = new Promise(resolve => addEventListener('atelier-report', ({ detail }) => resolve(detail)))
  }, module)
  const stylizer = page.locator('photo-stylizer')
  await stylizer.getByRole('button', { name: '架好畫架' }).click()
  await stylizer.locator('[data-command=scene]').click()
  await expect(stylizer.locator('before-after')).toBeVisible({ timeout: 90_000 })
  expect(await page.evaluate(() => globalThis.painted)).toMatchObject({ model: 'monet', direction: 'b', width: 640 })
  expect(await page.evaluate(() => dispatchEvent(new DragEvent('dragover', { cancelable: true, dataTransfer: new DataTransfer() })))).toBe(true)
})

test('a lesson on another origin: its goal is reached there, nothing is stored, and a teacher’s wishes hold', async ({ page }) => {
  await page.goto(stranger)
  await page.evaluate(async url => {
    globalThis.reached = []
    addEventListener('atelier-report', ({ detail }) => { if (detail.goal) globalThis.reached.push(detail.goal) })
    addEventListener('atelier-error', ({ detail }) => { globalThis.refused = detail.code })
    await import(url)
    document.body.innerHTML = '<gan-lesson name="ten-layers" lang="zh-Hant" theme="dark" hide="text"></gan-lesson>'
  }, module)
  const lesson = page.locator('gan-lesson')
  await lesson.getByRole('button', { name: '打開這一課' }).click()
  await lesson.locator('[data-command=generator]').click()
  await expect(lesson.locator('[data-goal=first-half]')).toHaveAttribute('data-done', 'true')
  await lesson.locator('[data-command=discriminator]').click()
  await expect(lesson.locator('.goals [role=status]')).toContainText('十層從來不會同時改變')
  expect(await page.evaluate(() => [globalThis.reached, localStorage.length])).toEqual([['first-half', 'second-half'], 0])
  await expect(lesson.locator('.words')).toHaveCount(0)
  expect(await lesson.evaluate(each => getComputedStyle(each).backgroundColor)).toBe('rgb(21, 21, 26)')
  await lesson.evaluate(element => element.setAttribute('locked', ''))
  await expect(lesson.locator('[data-command=generator]')).toBeDisabled()
  await lesson.evaluate(element => { element.removeAttribute('locked'); element.setAttribute('name', 'alchemy') })
  await expect(lesson.getByRole('alert')).toContainText('alchemy')
  expect(await page.evaluate(() => globalThis.refused)).toBe('Unsupported')
})

test('a lesson in a sandboxed frame without origin and storage', async ({ page }) => {
  await page.goto(stranger)
  await page.evaluate(base => {
    document.body.innerHTML = `<iframe sandbox="allow-scripts" width="1000" height="1400" src="${base}embed.html?element=gan-lesson&name=flow&lang=en&hide=text"></iframe>`
  }, `${site}${subPath}`)
  const lesson = page.frameLocator('iframe').locator('gan-lesson')
  await lesson.getByRole('button', { name: 'Open the lesson' }).click()
  for (const network of ['discriminator', 'generator']) for (let step = 0; step < 3; step++) await lesson.locator(`[data-command=${network}]`).click()
  await expect(lesson.locator('[data-goal=both]')).toHaveAttribute('data-done', 'true')
})

for (const language of ['en', 'zh-Hant']) {
  test(`the examples page shows the lines that the tests run, for this site, with the result beside them (${language})`, async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${language}/examples.html`)
    const plain = page.locator('[data-example=plain]')
    await expect(plain).toContainText(`src="${site}/gan-atelier.js"`)
    expect(await page.locator('[data-example]').evaluateAll(all => all.map(each => each.dataset.example))).toEqual(['plain', 'lesson', 'markdown', 'mkdocs', 'sphinx', 'vitepress', 'page', 'react', 'vue', 'course', 'module'])
    expect((await plain.textContent()).trim().split('\n').length).toBeLessThanOrEqual(10)
    await plain.locator('+ button').click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('<gan-trainer dataset="ring"')
    await expect(page.locator('gan-trainer').getByRole('button')).toHaveText(language === 'en' ? 'Start the contest' : '開始較量')
    await page.setViewportSize({ width: 360, height: 740 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  })
}
