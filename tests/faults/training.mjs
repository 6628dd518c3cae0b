/** Trainings of every family whose worker is ended, panics or loses its card, at any moment and in the middle of saving. */
import { readFileSync } from 'node:fs'
import { compare, count, hold, newTally } from './tally.mjs'
import { newContext, openPage, rest, seen, until, written } from './world.mjs'

/* global watch */

/** Small, with every kind of layer. */
export const families = {
  gan: 'v=1&dataset=ring&seed=5&hidden_dim=16&hidden_layers=2&batch_size=16',
  dcgan: 'v=1&family=dcgan&dataset=digits&seed=5&width=4&batch_size=8',
  acgan: 'v=1&family=acgan&dataset=digits&seed=5&width=4&batch_size=8',
  rgan: 'v=1&family=rgan&dataset=sines&seed=5&hidden_dim=6&batch_size=8&sequence_length=8',
  cyclegan: 'v=1&family=cyclegan&seed=5&filters=2&blocks=1&batch_size=1',
  drgan: 'v=1&family=drgan&seed=5&filters=4&batch_size=2'
}

/** How far the undisturbed run follows the other, ms: a run that was often disturbed got no further. */
const followMs = 25_000
/** A card lost more often than that within a minute is given up for the processor, whose numbers are others. */
const lossesWithACard = 2
const minuteMs = 61_000

/** Lets a minute pass by the page's clock. @param {import('@playwright/test').Page} page */
export const aMinuteLater = page => page.evaluate(ms => { watch.later += ms }, minuteMs)

const play = page => page.locator('#room-train [data-command=play]').click()
const pause = page => page.locator('#room-train [data-command=pause]').click()

/** @param {import('@playwright/test').BrowserContext} context @param {string} query */
export async function openTraining(context, query) {
  const page = await openPage(context, `#train?${query}`)
  await page.locator('#room-train [data-command=play]:not([disabled])').waitFor()
  await until(() => page.evaluate(() => watch.alive().some(({ settled }) => settled)), 'the training opens')
  return page
}

/**
 * One fault in a training that runs, and what the page makes of it.
 * @param {import('./tally.mjs').Tally} tally @param {import('@playwright/test').Page} page @param {string} kind
 * @param {{ wait: number, call?: string }} moment call: in the middle of the next one of these
 */
export async function strikeTraining(tally, page, kind, { wait, call = '' }) {
  await rest(wait)
  const before = await page.evaluate(([how, which]) => {
    const { opened: { length: opened }, sentences: { length: said } } = watch
    if (which) watch.trap = { call: which, kind: how, sprung: false }
    else watch.strike(how)
    return { opened, said }
  }, [kind, call])
  count(tally, kind)
  tally.due++
  const where = `${kind} ${call ? `in ${call}` : `after ${wait.toFixed(0)} ms`}`
  const after = await until(async () => {
    const now = await seen(page)
    return now.opened.length > before.opened && now.sentences.length > before.said && now
  }, `${where}: another worker, and a sentence`)
  const told = after.sentences.slice(before.said)
  const { step, checkpoint, reached } = after.opened.at(-1)
  tally.lost = Math.max(tally.lost, reached - step)
  tally.beyond += Math.max(0, checkpoint - step)
  const answered = after.answered
  await until(async () => (await seen(page)).answered > answered, `${where}: the training goes on`)
  const later = (await seen(page)).sentences.slice(before.said)
  const mine = later.filter(({ name, text }) => name === 'recovered' && text.includes(`step ${written(step)}.`))
  tally.said += mine.length
  hold(tally, told.length >= 1 && later.length === 1, `${where}: ${later.length} sentences: ${later.map(({ text }) => text).join(' | ')}`, later.length > 1 ? 'piled' : undefined)
  hold(tally, after.visible.filter(name => name === 'recovered').length <= 1, `${where}: notes pile up: ${after.visible.join(', ')}`, 'piled')
}

/** The losses that the page draws and gives away, once each step. @param {import('./tally.mjs').Tally} tally @param {import('@playwright/test').Page} page */
async function holdTable(tally, page) {
  const [table] = await Promise.all([page.waitForEvent('download'), page.locator('#room-train [data-command=losses]').click()])
  const steps = readFileSync(await table.path(), 'utf8').trim().split('\n').slice(1).map(line => Number(line.split(',')[0]))
  const back = steps.findIndex((step, index) => index && step <= steps[index - 1])
  hold(tally, back < 0, `the table of losses goes back from step ${steps[back - 1]} to ${steps[back]}`, 'differ')
}

/** The training as a file, opened again: it goes on as the undisturbed one does. @param {import('./tally.mjs').Tally} tally @param {import('@playwright/test').Page} page @param {Record<string, string>} undisturbed @param {'cpu' | 'webgpu'} device */
async function holdFile(tally, page, undisturbed, device) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('#room-train [data-command=save]').click()])
  const bytes = [...readFileSync(await file.path())]
  const losses = await page.evaluate(async ([saved, kind]) => {
    const { openAtelier } = await import(new URL('../gan-atelier.js', location.href).href)
    const atelier = await openAtelier({ device: kind })
    const session = await atelier.open(new Uint8Array(saved))
    const first = session.steps + 1
    const { loss_d, loss_g } = await session.step(3)
    const [d, g] = [loss_d, loss_g].map(each => new Uint32Array(each.buffer, each.byteOffset, each.length))
    await session.close()
    return Object.fromEntries([0, 1, 2].map(index => [first + index, `${d[index]} ${g[index]}`]))
  }, /** @type {const} */ ([bytes, device]))
  compare(tally, losses, undisturbed)
}

/**
 * @param {import('./run.mjs').World} world @param {string} family @param {string[]} kinds of the faults, in their order @param {boolean} [hardware]
 */
export async function disturb({ browser, chance, say }, family, kinds, hardware = false) {
  const tally = newTally(`${hardware ? 'the card lost: ' : 'training '}${family}`)
  const context = await newContext(browser, { hardware })
  try {
    const page = await openTraining(context, families[family])
    await play(page)
    await until(async () => (await seen(page)).step > 0, 'the first step')
    for (const [index, kind] of kinds.entries()) {
      if (hardware && index && index % lossesWithACard === 0) await aMinuteLater(page)
      // Some at once, most within the time of a checkpoint or two, some in the middle of saving.
      const saving = chance.share() < 0.2
      await strikeTraining(tally, page, kind, { wait: saving ? 0 : chance.share() < 0.2 ? chance.between(0, 60) : chance.between(60, 4200), call: saving ? 'save' : '' })
      say(`${tally.name}: ${kind}`)
    }
    const opened = (await seen(page)).opened.length
    await until(async () => { const now = await seen(page); return now.step > (now.opened.at(-1)?.step ?? 0) + 3 }, 'three steps more')
    await pause(page)
    await page.locator('#room-train [data-command=play][aria-disabled=false]').waitFor()
    const disturbed = await seen(page)
    hold(tally, disturbed.opened.length === opened, 'another worker was lost by itself')
    hold(tally, !disturbed.odd.length, `steps done twice came out otherwise: ${disturbed.odd.slice(0, 5).join(', ')}`, 'differ')
    hold(tally, !disturbed.mishaps.length, `errors in the page: ${disturbed.mishaps.join('; ')}`)
    await holdTable(tally, page)
    const calm = await openTraining(context, families[family])
    await play(calm)
    const late = performance.now() + followMs
    await until(async () => (await seen(calm)).step >= disturbed.step + 4 || performance.now() > late, 'the undisturbed run')
    await pause(calm)
    const { losses } = await seen(calm)
    compare(tally, disturbed.losses, losses)
    hold(tally, tally.compared > 2, `only ${tally.compared} steps could be compared`)
    await holdFile(tally, page, losses, hardware ? 'webgpu' : 'cpu')
  } finally {
    await context.close()
  }
  return tally
}

/** A card that is lost again and again is given up for the processor, and the training goes on. @param {import('./run.mjs').World} world */
export async function givenUp({ browser, chance }) {
  const tally = newTally('')
  const context = await newContext(browser, { hardware: true })
  try {
    const page = await openTraining(context, families.dcgan)
    const runsOn = () => page.evaluate(() => watch.kinds.at(-1))
    hold(tally, await runsOn() === 'webgpu', 'it did not begin on the card')
    await play(page)
    await until(async () => (await seen(page)).step > 0, 'the first step')
    for (let loss = 0; loss <= lossesWithACard; loss++) await strikeTraining(tally, page, 'loss', { wait: chance.between(0, 1500) })
    hold(tally, await runsOn() === 'cpu', 'the card was not given up')
    const { mishaps } = await seen(page)
    hold(tally, !mishaps.length, `errors in the page: ${mishaps.join('; ')}`)
  } finally {
    await context.close()
  }
  return tally
}
