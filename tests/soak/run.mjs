/** An hour of everything, or as much of it as there is time for. */
import { openSite } from '../faults/site.mjs'
import { launch, patienceMs } from '../faults/world.mjs'
import { embed, home, lesson, openStranger, paint, people, stepOnCard, train } from './acts.mjs'
import { inPage, workerText } from './hooks.mjs'
import { answerMs, broken, held, traced } from './measure.mjs'

/** In an hour. */
const hourly = { photos: 300, people: 100, lessons: 30, embedded: 200 }
const names = ['gan', 'dcgan', 'acgan', 'rgan', 'cyclegan', 'drgan']
/** So many at a time. */
const batch = { photos: 5, people: 2, lessons: 1, embedded: 4 }
const settledMs = 120_000
/** On the card, before anything is measured: from then on its buffers are used again, however slow the machine. */
const warmSteps = 40
/** What a busy machine has not collected yet goes while one waits; what was kept for good does not. */
const patience = { times: 6, ms: 5000 }
/** A trace of an hour would be gigabytes: each kind of act is traced once in so many times. In common with the number of families it has nothing: each has its turn. */
const tracedEvery = 5

/**
 * @param {{ minutes: number, say: (text: string) => void }} options
 */
export async function soak({ minutes, say }) {
  const site = await openSite(workerText)
  const browser = await launch()
  const began = performance.now()
  const elapsed = () => performance.now() - began
  const done = { photos: 0, people: 0, lessons: 0, embedded: 0, trained: 0 }
  /** @type {Record<string, number>} */
  const longest = {}
  /** @type {Record<string, number>} */
  const times = {}
  try {
    const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 900 } })
    context.setDefaultTimeout(patienceMs)
    await context.addInitScript(inPage)
    const page = await context.newPage()
    const mishaps = []
    page.on('pageerror', error => mishaps.push(error.message))
    await page.goto(`${site.address}/en/#learn`)
    const stranger = await openStranger(context)
    stranger.on('pageerror', error => mishaps.push(error.message))
    /** @param {string} name @param {import('@playwright/test').Page} on @param {() => Promise<any>} act */
    const perform = async (name, on, act) => {
      times[name] = (times[name] ?? 0) + 1
      await on.bringToFront()
      // The first time a room is built, which is measured as the page's start is: `npm run measure -- page`.
      if (times[name] % tracedEvery !== 2) return act()
      longest[name] = Math.max(longest[name] ?? 0, await traced(on, act))
      say(`${(elapsed() / 60_000).toFixed(1)} min: ${name}: a task of ${longest[name].toFixed(0)} ms at most`)
    }
    const acts = {
      photos: count => perform('painting', page, () => paint(page, count)),
      people: count => perform('faces', page, () => people(page, count)),
      lessons: () => perform('lesson', page, () => lesson(page, done.lessons)),
      embedded: count => perform('embedded', stranger, () => embed(stranger, count))
    }
    const learn = async (ms = 4000) => {
      await perform('training', page, () => train(page, names[done.trained % names.length], ms, 1 + (done.trained % 50)))
      done.trained++
    }
    /** Both pages as they are when nothing is done: always after the same things. */
    const rested = async () => {
      for (const [kind, act] of Object.entries(acts)) {
        // A queue is one of two at least.
        const count = kind === 'photos' ? 2 : 1
        await act(count)
        done[kind] += count
      }
      await stepOnCard(stranger, 5)
      await page.bringToFront()
      await train(page, 'gan', 3000)
      await home(page)
      return { page: await held(page), stranger: await held(stranger) }
    }
    const due = () => Object.entries(hourly).find(([kind, all]) => done[kind] < (all * elapsed()) / 3_600_000)?.[0]
    const until = async ms => {
      while (elapsed() < ms) {
        const kind = due()
        if (kind) {
          await acts[kind](batch[kind])
          done[kind] += batch[kind]
        } else await learn()
        await stepOnCard(stranger, 3)
      }
    }
    for (let family = 0; family < names.length; family++) await learn(2000)
    await stepOnCard(stranger, warmSteps)
    await rested()
    await until(settledMs)
    const after = await rested()
    say(`${(elapsed() / 60_000).toFixed(1)} min: measured`)
    const measuredAt = elapsed()
    // A machine so slow that two minutes were over before everything was done once still goes round once more.
    await until(Math.max(minutes * 60_000, measuredAt + 30_000))
    let end = await rested()
    const over = () => [...broken(after.page, end.page).map(text => `the page: ${text}`), ...broken(after.stranger, end.stranger).map(text => `the stranger’s page: ${text}`)]
    for (let time = 0; time < patience.times && over().length; time++) {
      say(`not collected yet: ${over().join('; ')}`)
      await new Promise(resolve => setTimeout(resolve, patience.ms))
      end = { page: await held(page), stranger: await held(stranger) }
    }
    const tooLong = Object.entries(longest).filter(([, ms]) => ms >= answerMs).map(([name, ms]) => `${name}: the page did not answer for ${ms.toFixed(0)} ms of the processor`)
    const failures = [...over(), ...tooLong, ...mishaps.slice(0, 5)]
    return { minutes: elapsed() / 60_000, measuredAfter: measuredAt / 60_000, done, after, end, longest, failures }
  } finally {
    await browser.close()
    await site.close()
  }
}
