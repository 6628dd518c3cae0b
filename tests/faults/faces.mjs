/** Faces that are turned while their worker ends. */
import { compare, count, hold, newTally } from './tally.mjs'
import { aMinuteLater } from './training.mjs'
import { newContext, openPage, rest, seen, until } from './world.mjs'

/* global watch */

const room = '#room-faces'

/** Somebody that the page draws itself, encoded and turned. @param {import('@playwright/test').BrowserContext} context */
async function openFaces(context) {
  const page = await openPage(context, '#faces')
  await page.locator(`${room} photo-input [data-command=scene]`).first().click()
  await until(() => page.locator(`${room} face-turner`).evaluateAll(([one]) => Boolean(/** @type {any} */ (one)?.picture && /** @type {any} */ (one).strip.every(Boolean))), 'a face, turned')
  return page
}

/** @param {import('@playwright/test').Page} page @param {number} yaw */
const turn = (page, yaw) => page.locator(`${room} face-turner #yaw`).evaluate((input, value) => {
  /** @type {any} */ (input).value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
}, yaw)

/** @param {import('@playwright/test').Page} page @param {number} yaw */
const turned = (page, yaw) => page.evaluate(wanted => watch.turned.includes(wanted), yaw)

/** @param {import('./run.mjs').World} world @param {string[]} kinds @param {boolean} [hardware] */
export async function turnFaces({ browser, chance, say }, kinds, hardware = false) {
  const tally = newTally('')
  const context = await newContext(browser, { hardware })
  const yaws = chance.shuffled(Array.from({ length: 179 }, (_, index) => index - 89).filter(yaw => yaw % 15 && yaw % 22.5)).slice(0, kinds.length)
  try {
    const page = await openFaces(context)
    for (const [index, kind] of kinds.entries()) {
      if (hardware && index && index % 2 === 0) await aMinuteLater(page)
      const wait = chance.between(0, 120)
      const { length: said } = (await seen(page)).sentences
      const settled = await page.evaluate(() => watch.settled)
      await turn(page, yaws[index])
      await rest(wait)
      await page.evaluate(how => watch.strike(how), kind)
      count(tally, kind)
      tally.due++
      const where = `${kind} ${wait.toFixed(0)} ms after a turn to ${yaws[index]}`
      await until(() => page.evaluate(([from, opened]) => watch.sentences.length > from && watch.settled > opened, [said, settled]), `${where}: another worker, and a sentence`)
      await until(() => turned(page, yaws[index]), `${where}: the face`)
      await until(() => page.locator(`${room} face-turner`).evaluate(one => Boolean(/** @type {any} */ (one).picture)), `${where}: the face is shown`)
      const later = (await seen(page)).sentences.slice(said)
      tally.said += later.filter(({ name }) => name === 'recovered').length
      hold(tally, later.length === 1, `${where}: ${later.length} sentences: ${later.map(({ text }) => text).join(' | ')}`, later.length > 1 ? 'piled' : undefined)
      say(`faces: ${where}`)
    }
    const disturbed = await seen(page)
    hold(tally, !disturbed.odd.length, `the same face came out otherwise: ${disturbed.odd.slice(0, 3).join(', ')}`, 'differ')
    hold(tally, !disturbed.mishaps.length, `errors in the page: ${disturbed.mishaps.join('; ')}`)
    const calm = await openFaces(context)
    for (const yaw of yaws) {
      await turn(calm, yaw)
      await until(() => turned(calm, yaw), `the undisturbed face at ${yaw}`)
    }
    compare(tally, disturbed.answers, (await seen(calm)).answers)
    hold(tally, tally.compared >= yaws.length, `only ${tally.compared} pictures could be compared`)
  } finally {
    await context.close()
  }
  return tally
}
