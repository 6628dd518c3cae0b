// The learning room: lessons with goals that check themselves, what is remembered, what a teacher sets, the pages beside them.
import { expect } from '@playwright/test'
import { test } from './host.mjs'

const room = page => page.locator('#room-learn')
const command = (page, name) => room(page).locator(`[data-command=${name}]`)
const goal = (page, id) => room(page).locator(`[data-goal=${id}]`)
const moved = (page, network) => room(page).locator(`network-flow .${network} tbody tr.moved`)
const still = (page, network) => room(page).locator(`network-flow .${network} tbody tr.still`)

async function openLesson(page, name, query = '', language = 'en') {
  await page.goto(`${language}/#learn?lesson=${name}${query}`)
  await expect(room(page).locator(`[data-lesson=${name}] network-flow, [data-lesson=${name}] .frame`).first()).toBeVisible({ timeout: 60_000 })
}

test('ten layers: in each step the learning half moves, the frozen half is seen not to; the goals notice, and are remembered', async ({ page }) => {
  await openLesson(page, 'ten-layers')
  await expect(goal(page, 'first-half')).toHaveAttribute('data-done', 'false')
  await command(page, 'generator').click()
  await expect(moved(page, 'generator')).toHaveCount(5)
  await expect(still(page, 'discriminator')).toHaveCount(5)
  await expect(still(page, 'discriminator').first()).toContainText('not at all')
  await expect(room(page).locator('network-flow .discriminator')).toHaveAttribute('data-condition', 'frozen')
  await expect(room(page).locator('.said')).toContainText('The forger has learned: 5 layers moved. The appraiser’s 5 layers stayed')
  await expect(goal(page, 'first-half')).toHaveAttribute('data-done', 'true')
  await command(page, 'discriminator').click()
  await expect(moved(page, 'discriminator')).toHaveCount(5)
  await expect(moved(page, 'generator')).toHaveCount(0)
  await expect(goal(page, 'second-half')).toHaveAttribute('data-done', 'true')
  await expect(room(page).locator('.goals [role=status]')).toContainText('Never all ten at once')
  await page.goto('zh-Hant/#learn')
  await page.reload()
  await expect(room(page).locator('.path .seal.real')).toHaveCount(1)
  await expect(room(page).getByText('課當中完成了 1 課')).toBeVisible()
})

test('a lesson leads into the training room with its state, and to the next lesson; the language changes under it', async ({ page }) => {
  await openLesson(page, 'flow')
  await command(page, 'discriminator').click()
  await expect(room(page).locator('.said')).toContainText('The appraiser has learned')
  await page.locator('#other-language').click()
  await expect(room(page).getByRole('heading', { level: 2 })).toHaveText('會動的流程圖')
  await expect(room(page).locator('.said')).toContainText('鑑定師學了一步')
  await expect(room(page).locator('[data-link=train]')).toHaveAttribute('href', /#train\?v=1&dataset=ring&seed=7&batch_size=64&hidden_dim=32&hidden_layers=2/)
  await room(page).locator('[data-way=after]').click()
  await expect(room(page).getByRole('heading', { level: 2 })).toHaveText('鑑別器的一步')
  await expect(room(page).getByRole('heading', { level: 2 })).toBeFocused()
})

test('there and back: every row shows its own pictures, no more than are kept of it', async ({ page }) => {
  await openLesson(page, 'cycle')
  const rows = room(page).locator('cycle-rows')
  await expect.poll(() => rows.evaluate(({ rows }) => rows?.shape[0] / rows?.rows.length)).toBe(2)
  const shown = await rows.evaluate(element => [...element.renderRoot.querySelectorAll('[data-row]')].map(row => [row.dataset.row, [...row.querySelectorAll('scored-picture, pixel-picture')].map(({ index }) => index)]))
  const order = await rows.evaluate(({ rows }) => rows.rows)
  expect(shown.map(([name]) => name).sort()).toEqual([...order].sort())
  for (const [name, indices] of shown) expect(indices).toEqual([0, 1].map(column => 2 * order.indexOf(name) + column))
})

test('for a class: controls locked or hidden, a projector view, a reset, and the lines that embed what stands there', async ({ page }) => {
  await openLesson(page, 'ten-layers')
  await command(page, 'generator').click()
  await expect(goal(page, 'first-half')).toHaveAttribute('data-done', 'true')
  await room(page).getByText('For the classroom').click()
  await room(page).locator('[data-class=hide_text]').check()
  await expect(room(page).locator('.words')).toHaveCount(0)
  await room(page).locator('[data-class=locked]').check()
  await expect(command(page, 'generator')).toBeDisabled()
  await expect(room(page).locator('embed-lines')).toContainText('<gan-lesson name="ten-layers" hide="text" locked lang="en">')
  await command(page, 'projector').click()
  await expect(page.locator('.masthead')).toBeHidden()
  expect(page.url()).toMatch(/#learn\?lesson=ten-layers&hide=text&view=projector&locked$/)
  expect(await page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize))).toBeGreaterThanOrEqual(20)
  await page.reload()
  await expect(command(page, 'generator')).toBeDisabled()
  await expect(command(page, 'play')).toBeEnabled()
  await page.keyboard.press('Escape')
  await expect(page.locator('.masthead')).toBeVisible()
  await room(page).getByText('For the classroom').click()
  await room(page).locator('[data-class=locked]').uncheck()
  await room(page).locator('[data-class=hide_controls]').check()
  await expect(room(page).locator('play-controls')).toHaveCount(0)
  await command(page, 'next-class').click()
  await expect(goal(page, 'first-half')).toHaveAttribute('data-done', 'false')
  expect(await page.evaluate(() => localStorage.getItem('lessons'))).toBeNull()
})

test('the quiz gives the reason at once, counts, and remembers', async ({ page }) => {
  await page.goto('zh-Hant/#learn?page=quiz')
  const question = id => room(page).locator(`[data-question=${id}]`)
  await question('labels').getByText('真品給 1，仿作給 0').click()
  await expect(question('labels')).toContainText('正確')
  await question('frozen').getByText('為了節省時間').click()
  await expect(question('frozen')).toContainText('不是這個')
  await expect(question('frozen').locator('.right')).toContainText('否則它會學成什麼都說好')
  await expect(room(page).locator('.score')).toContainText('答了 2 題，對了 1 題')
  await page.reload()
  await expect(room(page).locator('.score')).toContainText('答了 2 題，對了 1 題')
  await command(page, 'quiz-again').click()
  await expect(room(page).locator('.score')).toHaveText('')
})

for (const [language, words] of [['en', ['cycle consistency', 'Generative Adversarial Nets']], ['zh-Hant', ['循環一致性', '生成對抗網路到底在GAN麻']]]) {
  test(`glossary and reading list are there; the summary prints on one page (${language})`, async ({ page }) => {
    for (const [name, word] of [['glossary', words[0]], ['reading', words[1]]]) {
      await page.goto(`${language}/#learn?page=${name}`)
      await expect(room(page).locator('article[class]')).toContainText(word)
    }
    await page.goto(`${language}/#learn?page=summary`)
    await expect(room(page).locator('.summary')).toContainText('DR-GAN')
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
    await page.emulateMedia({ media: 'print' })
    await expect(page.locator('.masthead')).toBeHidden()
    await expect(command(page, 'print')).toBeHidden()
    await expect(room(page).locator('.top')).toBeHidden()
    // Dark ink on white paper, whatever the screen looks like.
    await page.evaluate(() => { document.documentElement.dataset.theme = 'dark' })
    const [ink, ground] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor])
    expect(Math.max(...ink.match(/\d+/g).map(Number))).toBeLessThan(80)
    expect(ground).toBe('rgba(0, 0, 0, 0)')
  })
}
