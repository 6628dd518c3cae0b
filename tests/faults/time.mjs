/** Time that is not what it seems: a clock set back, a tab that sleeps for an hour. */
import { compare, count, hold, newTally } from './tally.mjs'
import { families, openTraining } from './training.mjs'
import { newContext, rest, seen, until } from './world.mjs'

const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const day = 86_400_000

async function pause(page) {
  await command(page, 'pause').click()
  await page.locator('#room-train [data-command=play][aria-disabled=false]').waitFor()
}

/** The undisturbed run's losses, as far as the other went. @param {import('@playwright/test').BrowserContext} context @param {number} steps */
async function undisturbed(context, steps) {
  const page = await openTraining(context, families.gan)
  await command(page, 'play').click()
  await until(async () => (await seen(page)).step >= steps, 'the undisturbed run')
  await pause(page)
  return (await seen(page)).losses
}

/** A clock that can be set. */
function settableClock() {
  const scope = /** @type {any} */ (globalThis)
  const Native = Date
  scope.clockOffset = Number(sessionStorage.getItem('faults-clock') ?? 0)
  scope.Date = class extends Native {
    constructor(...args) { super(.../** @type {[any]} */ (args.length ? args : [Native.now() + scope.clockOffset])) }
    static now() { return Native.now() + scope.clockOffset }
  }
}

/** @param {import('./run.mjs').World} world */
export async function clockBack({ browser }) {
  const tally = newTally('')
  const context = await newContext(browser, { before: settableClock })
  try {
    const page = await openTraining(context, families.gan)
    await command(page, 'play').click()
    await until(async () => (await seen(page)).step > 40, 'forty steps')
    await pause(page)
    await command(page, 'play').click()
    await page.evaluate(offset => {
      /** @type {any} */ (globalThis).clockOffset = offset
      sessionStorage.setItem('faults-clock', String(offset))
    }, -400 * day)
    count(tally, 'clock set back')
    const { step } = await seen(page)
    await until(async () => (await seen(page)).step > step + 60, 'the training goes on')
    await pause(page)
    const before = await seen(page)
    hold(tally, !before.sentences.length, before.sentences.map(({ text }) => text).join(' | '), 'piled')
    await page.reload()
    tally.due++
    await page.locator('page-note[data-notice=resume]').waitFor()
    const [{ text }] = (await seen(page)).sentences
    tally.said++
    const offered = Number(/at step ([\d,]+)/.exec(text)?.[1].replaceAll(',', ''))
    tally.lost = before.step - offered
    hold(tally, offered === before.step, `step ${before.step} was kept last, and ${offered} is offered`, 'gone')
    compare(tally, before.losses, await undisturbed(context, before.step))
  } finally {
    await context.close()
  }
  return tally
}

/**
 * The page is frozen, and when it wakes an hour has gone by its clocks.
 * @param {import('./run.mjs').World} world @param {boolean} locks whether the browser tells by a lock that a worker is gone
 */
export async function frozen({ browser }, locks) {
  const tally = newTally('')
  const context = await newContext(browser, { before: locks ? undefined : () => Object.defineProperty(Object.getPrototypeOf(navigator), 'locks', { value: undefined, configurable: true }) })
  try {
    await context.clock.install()
    const awake = await openTraining(context, families.gan)
    await command(awake, 'play').click()
    await until(async () => (await seen(awake)).step > 20, 'twenty steps')
    const line = await context.newCDPSession(awake)
    for (let time = 0; time < 3; time++) {
      const { step } = await seen(awake)
      await line.send('Page.setWebLifecycleState', { state: 'frozen' })
      await rest(2500)
      await line.send('Page.setWebLifecycleState', { state: 'active' })
      // As a lid that was closed: what is due is called once.
      await awake.clock.fastForward('01:00:00')
      count(tally, 'frozen for an hour')
      await until(async () => (await seen(awake)).step > step + 30, 'the training goes on')
    }
    await rest(1500)
    await pause(awake)
    const { losses, sentences, opened, step, mishaps } = await seen(awake)
    hold(tally, opened.length === 1, `a worker that slept was taken for dead ${opened.length - 1} times`)
    hold(tally, !sentences.length, sentences.map(({ text }) => text).join(' | '), 'piled')
    hold(tally, !mishaps.length, mishaps.join('; '))
    compare(tally, losses, await undisturbed(context, step))
  } finally {
    await context.close()
  }
  return tally
}
