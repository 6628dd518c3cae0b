// The pages that elements and frames really stand in: other writing directions, sandboxes, files, policies, addresses that editors made.
import { expect } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { places, test } from './host.mjs'
import { madePage, ports, subPath } from './serve.mjs'

const site = `http://localhost:${ports.site}`
const module = places['another origin'].module
const dist = path.resolve(import.meta.dirname, '../../dist')

test.use({ allowedErrors: /favicon\.ico|404 \(Not Found\)|net::ERR_BLOCKED|file:|Content Security Policy|TrustedScript|Trusted Type|CORS|net::ERR_FAILED|Blocked script execution|TrustedTypePolicy/ })

const step = element => element.locator('[data-figure=step] dd')
const steps = async element => Number((await step(element).textContent()).replace(/\D/g, ''))
const element = '<gan-trainer dataset="ring" seed="7" lang="en" hide="losses" steps="60" autoplay></gan-trainer>'
const head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>A course page</title><link rel="icon" href="data:,">'
const script = `<script type="module" src="${module}"></script>`

/** A page of the stranger's, with headers of its own. */
const visit = (page, body, headers = {}) => page.goto(madePage(head + body, headers))

const learns = (page, within = page) => expect.poll(() => steps(within.locator('gan-trainer'))).toBeGreaterThan(20)

test('what a page hands down ends at the border, whether it is inherited or given to everything', async ({ page }) => {
  const strange = `direction: rtl; text-indent: 3em; white-space: pre; text-transform: uppercase; letter-spacing: .3em; word-spacing: 1em; text-align: center;
    font: italic small-caps bold 30px/3 fantasy; color: red; text-shadow: 0 0 3px blue; word-break: break-all; writing-mode: vertical-rl; cursor: wait; -webkit-text-fill-color: lime`
  const seen = () => page.locator('gan-trainer').evaluate(host => {
    const names = ['direction', 'textIndent', 'whiteSpace', 'textTransform', 'letterSpacing', 'wordSpacing', 'textAlign', 'fontStyle', 'fontVariant', 'fontWeight', 'fontSize', 'lineHeight',
      'fontFamily', 'color', 'textShadow', 'wordBreak', 'writingMode', 'cursor', 'webkitTextFillColor']
    const all = root => [...root.children].flatMap(child => [child, ...all(child), ...(child.shadowRoot ? all(child.shadowRoot) : [])])
    return all(host.shadowRoot).filter(each => each.localName === 'p' || each.localName === 'button').slice(0, 12).map(each => names.map(name => `${name} ${getComputedStyle(each)[name]}`))
  })
  await visit(page, '<gan-trainer lang="en" theme="light"></gan-trainer>' + script)
  await expect(page.locator('gan-trainer button')).toBeVisible()
  const [plain] = [await seen()]
  for (const css of [`body { ${strange} }`, `body, body * { ${strange} }`]) {
    await visit(page, `<style>html { direction: rtl } ${css}</style><gan-trainer lang="en" theme="light"></gan-trainer>${script}`)
    await expect(page.locator('gan-trainer button')).toBeVisible()
    expect(await seen()).toEqual(plain)
  }
  // What hides it stays in force.
  await visit(page, `<div style="visibility: hidden; height: 400px"><gan-trainer lang="en"></gan-trainer></div>${script}`)
  await expect(page.locator('gan-trainer button')).toBeHidden()
})

test('on an Arabic page a training reads from left to right', async ({ page }) => {
  await visit(page, `<body dir="rtl">${element}${script}`)
  await learns(page)
  const trainer = page.locator('gan-trainer')
  expect(await trainer.locator('key-figures dd').first().evaluate(each => getComputedStyle(each).direction)).toBe('ltr')
  const [first, last] = [await trainer.locator('[data-command=play]').boundingBox(), await trainer.locator('[data-command=reset]').boundingBox()]
  expect(first.x < last.x || first.y < last.y).toBe(true)
  expect(await trainer.locator('plane-view canvas').evaluate(canvas => getComputedStyle(canvas).direction)).toBe('ltr')
})

test('a frame in which no script may run says so in both languages, with a link', async ({ page }) => {
  const address = `${site}${subPath}embed.html?element=gan-trainer&dataset=moons&autoplay`
  const [, words] = (await (await page.request.get(address)).text()).match(/<noscript>([\s\S]*?)<\/noscript>/)
  for (const text of ['No script may run in this frame', '這個框架裡不能執行程式', '<a href="./en/">', '<a href="./zh-Hant/">']) expect(words).toContain(text)
  // Into such a frame no test can look, but somebody can: it is no white rectangle.
  const seen = async address => {
    await visit(page, `<iframe sandbox="" src="${address}" width="900" height="500"></iframe>`)
    await page.waitForLoadState('load')
    return (await page.locator('iframe').screenshot()).length
  }
  expect(await seen(address.replaceAll('&', '&amp;'))).toBeGreaterThan(4 * await seen('about:blank'))
})

test('a frame whose script never arrives says so', async ({ page }) => {
  await page.route('**/assets/embed-*.js', route => route.abort())
  await visit(page, `<iframe sandbox="allow-scripts" src="${site}${subPath}embed.html?element=gan-trainer" width="900" height="500"></iframe>`)
  await expect(page.frameLocator('iframe').getByText('The script of this frame has not arrived')).toBeVisible({ timeout: 15_000 })
})

test('an address that was encoded twice is understood, and what is unknown is said on the spot', async ({ page }) => {
  const frame = query => `<iframe src="${site}${subPath}embed.html?${query}" width="900" height="700"></iframe>`
  await visit(page, frame('element=gan-trainer&amp;amp;dataset=moons&amp;amp;seed=5') + frame('element=gan-trainer&amp;#038;dataset=moons&amp;#038;seed=5')
    + frame('element=gan-triner&datset=moons&lang=en&utm_source=course'))
  for (const at of [0, 1]) {
    const trainer = page.frameLocator('iframe').nth(at).locator('gan-trainer')
    await expect(trainer).toHaveAttribute('dataset', 'moons')
    await expect(trainer).toHaveAttribute('seed', '5')
    await expect(trainer.locator('.remark')).toHaveCount(0)
  }
  await expect(page.frameLocator('iframe').nth(2).locator('.remark')).toHaveText('For whoever set this up: “element=gan-triner”, “datset” cannot be used here, and was left out.')
  await visit(page, `<gan-trainer lang="zh-Hant" datset="moons" theme="blue" data-x="1" class="wide"></gan-trainer>${script}`)
  await expect(page.locator('gan-trainer .remark')).toHaveText('給設定這裡的人：「datset」、「theme=blue」在這裡無法使用，已略過。')
})

for (const [name, file, text] of [['the root', 'index.html', /served|server/], ['a language', 'zh-Hant/index.html', /伺服器/], ['the frame', 'embed.html', /server[\s\S]*伺服器/]]) {
  test(`opened as a file, ${name} says that it has to be served, and how`, async ({ page }) => {
    await page.goto(pathToFileURL(path.join(dist, file)).href)
    const note = page.locator('#unserved')
    await expect(note).toBeVisible()
    await expect(note).toContainText(text)
    await expect(note).toContainText('python3 -m http.server')
    if (name === 'the frame') return
    // With its styles, and with links that lead to pages.
    expect(await page.evaluate(() => getComputedStyle(document.body).fontFamily)).toContain('system-ui')
    expect(new URL(page.url()).pathname).toMatch(/(en|zh-Hant)\/index\.html$/)
    await page.locator('#other-language').click()
    await expect(page).toHaveURL(/\/(en|zh-Hant)\/index\.html$/)
    await expect(note).toBeVisible()
  })
}

test('pages without an origin: a data: address, a document written into a sandboxed frame, a file', async ({ page }) => {
  const text = head + element + script
  for (const [name, value] of [['src', `data:text/html;charset=utf-8,${encodeURIComponent(text)}`], ['srcdoc', text]]) {
    await visit(page, '<iframe sandbox="allow-scripts" width="900" height="800"></iframe>')
    await page.evaluate(([name, value]) => { document.querySelector('iframe')[name] = value }, [name, value])
    await learns(page, page.frameLocator('iframe'))
  }
  const file = test.info().outputPath('course.html')
  writeFileSync(file, text)
  await page.goto(pathToFileURL(file).href)
  await learns(page)
})

for (const value of ['require-corp', 'credentialless']) {
  test(`a cross-origin isolated page (${value}) has elements and frames`, async ({ page }) => {
    const isolated = { 'cross-origin-embedder-policy': value, 'cross-origin-opener-policy': 'same-origin' }
    const frame = `<iframe sandbox="allow-scripts" src="${site}${subPath}embed.html?element=gan-trainer&dataset=ring&lang=en&hide=losses&steps=60&autoplay" width="900" height="800"></iframe>`
    await visit(page, frame + element + script, isolated)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await learns(page, page.frameLocator('iframe'))
    await page.locator('gan-trainer').scrollIntoViewIfNeeded()
    await learns(page)
  })
}

test('Trusted Types: works with our two names, and says what is refused without them', async ({ page }) => {
  const policy = names => ({ 'content-security-policy': `require-trusted-types-for 'script'${names === null ? '' : `; trusted-types ${names}`}` })
  for (const names of [null, 'gan-atelier lit-html']) {
    await visit(page, element + script, policy(names))
    await learns(page)
  }
  for (const names of ["'none'", 'gan-atelier', 'lit-html']) {
    await visit(page, element + script, policy(names))
    await expect(page.locator('gan-trainer').getByRole('alert'), names).toContainText('Trusted Types')
  }
  await visit(page, element.replace('lang="en"', 'lang="zh-Hant"') + script, policy("'none'"))
  await expect(page.locator('gan-trainer').getByRole('alert')).toContainText('外面的網頁只接受指定來源的程式')
})

test('a policy that refuses workers or the engine is named', async ({ page }) => {
  for (const [policy, directive] of [[`script-src ${site} 'wasm-unsafe-eval'; worker-src 'none'`, 'worker-src'], [`script-src ${site}; worker-src blob:`, 'script-src']]) {
    await visit(page, element + script, { 'content-security-policy': policy })
    await expect(page.locator('gan-trainer').getByRole('alert')).toContainText(directive)
  }
})
