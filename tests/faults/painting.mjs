/** A photo that is painted again and again while its workers end: the lead, or one that helps. */
import { count, hold, newTally } from './tally.mjs'
import { aMinuteLater } from './training.mjs'
import { newContext, openPage, rest, seen, until } from './world.mjs'

/* global watch */

const room = '#room-stylize'
/** Small enough to be painted within a second or two. */
const size = { width: 96, height: 72 }

/** Some hills as a file in the room's field, as somebody gives it. @param {import('@playwright/test').Page} page */
export async function givePhoto(page) {
  const picture = await page.evaluate(async ({ width, height }) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    for (const [colour, top] of /** @type {const} */ ([['#9ec1e8', 0], ['#3d6b35', 0.6], ['#6d8a3a', 0.75], ['#c9a227', 0.9]])) {
      context.fillStyle = colour
      context.fillRect(0, top * height, width, height)
    }
    return canvas.toDataURL().split(',')[1]
  }, size)
  await page.locator(`${room} photo-input input[type=file]`).first().setInputFiles({ name: 'hills.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') })
}

/** Of the painting on the easel. @param {import('@playwright/test').Page} page */
export const hung = page => page.locator(`${room} before-after`).evaluateAll(([one]) => {
  const painting = /** @type {any} */ (one)?.painting
  return painting ? watch.digest(painting) : ''
})
const painted = page => page.evaluate(() => watch.painted)

/** @param {import('./run.mjs').World} world @param {string[]} kinds @param {boolean} [hardware] */
export async function paint({ browser, chance, say }, kinds, hardware = false) {
  const tally = newTally('')
  const context = await newContext(browser, { hardware })
  try {
    const page = await openPage(context, '#stylize')
    await givePhoto(page)
    const undisturbed = await until(() => hung(page), 'the undisturbed painting')
    const command = page.locator(`${room} [data-command=paint]`)
    const again = async () => {
      const before = await painted(page)
      await command.click()
      return before
    }
    const began = performance.now()
    const first = await again()
    await until(async () => (await painted(page)) > first, 'the undisturbed painting once more')
    const usual = performance.now() - began
    for (const [index, kind] of kinds.entries()) {
      if (hardware && index && index % 2 === 0) await aMinuteLater(page)
      const before = await again()
      // A helper is hired with the first painting of a lead.
      const hired = () => page.evaluate(() => watch.alive('helper').length)
      if (kind === 'helper') await until(async () => await hired() || (await painted(page)) > before, 'a helper')
      const helpers = await hired()
      const how = kind === 'helper' && !helpers ? 'kill' : kind
      const wait = chance.between(0, usual)
      await rest(wait)
      const { said, settled } = await page.evaluate(how => {
        const now = { said: watch.sentences.length, settled: watch.settled }
        watch.strike(how)
        return now
      }, how)
      const where = `${how} after ${wait.toFixed(0)} of ${usual.toFixed(0)} ms`
      count(tally, how)
      // The lead is replaced, which is said; without a helper the rest of the team paints on.
      if (how !== 'helper') {
        tally.due++
        await until(async () => page.evaluate(([from, opened]) => watch.sentences.length > from && watch.settled > opened, [said, settled]), `${where}: another worker, and a sentence`)
      }
      await until(async () => (await painted(page)) > before, `${where}: the painting`)
      await page.locator(`${room} [data-command=paint]:not([disabled])`).waitFor()
      const picture = await until(() => hung(page), `${where}: the painting on the easel`)
      tally.compared++
      hold(tally, picture === undisturbed, `${where}: painted otherwise`, 'differ')
      const later = (await seen(page)).sentences.slice(said)
      const mine = later.filter(({ name }) => name === 'recovered')
      tally.said += mine.length
      hold(tally, later.length === (how === 'helper' ? 0 : 1), `${where}: ${later.length} sentences: ${later.map(({ text }) => text).join(' | ')}`, later.length > 1 ? 'piled' : undefined)
      say(`painting: ${where}, ${helpers} helpers`)
    }
    const { mishaps } = await seen(page)
    hold(tally, !mishaps.length, `errors in the page: ${mishaps.join('; ')}`)
  } finally {
    await context.close()
  }
  return tally
}
