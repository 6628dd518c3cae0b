/** What comes over the network, or does not: a line that breaks, bytes that were changed, another version of the page. */
import { compare, count, hold, newTally } from './tally.mjs'
import { families, openTraining } from './training.mjs'
import { givePhoto, hung } from './painting.mjs'
import { newContext, openPage, rest, seen, until, written } from './world.mjs'

/* global watch */

const note = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const errors = async page => (await seen(page)).sentences.filter(({ name }) => name === 'error')

/** The connection goes in mid-download of a model; the photo waits, and is painted once it is back. @param {import('./run.mjs').World} world */
export async function offline({ browser, site, chance }) {
  const tally = newTally('')
  const context = await newContext(browser)
  try {
    const page = await openPage(context, '#stylize')
    site.spoil(/monet-ab/, 'break')
    await givePhoto(page)
    await until(() => site.asked.some(url => url.includes('monet-ab')), 'the download begins')
    await rest(chance.between(0, 250))
    await context.setOffline(true)
    count(tally, 'offline in mid-download')
    tally.due++
    await note(page, 'error').waitFor()
    await rest(1500)
    hold(tally, (await errors(page)).length === 1, `${(await errors(page)).length} sentences`)
    await context.setOffline(false)
    await until(() => hung(page), 'the photo is painted once the connection is back')
    tally.said += (await errors(page)).length
    hold(tally, !await note(page, 'error').count(), 'the error is still shown after what it was about has passed', 'piled')
  } finally {
    await context.close()
  }
  return tally
}

/** A photo that is given before the list of painters is there waits for it. @param {import('./run.mjs').World} world */
export async function lateList({ browser, site }) {
  const tally = newTally('')
  const context = await newContext(browser)
  try {
    site.spoil(/models\.json/, 'slow')
    const page = await openPage(context, '#stylize')
    await givePhoto(page)
    count(tally, 'a late list of models')
    await until(() => hung(page), 'the painting')
    const { sentences } = await seen(page)
    hold(tally, !sentences.length, sentences.map(({ text }) => text).join(' | '), 'piled')
  } finally {
    await context.close()
  }
  return tally
}

/** The same with faces, which somebody asks for again. @param {import('./run.mjs').World} world */
export async function facesOffline({ browser, site }) {
  const tally = newTally('')
  const context = await newContext(browser)
  try {
    const page = await openPage(context, '#faces')
    site.spoil(/faces-encoder/, 'break', Infinity)
    await page.locator('#room-faces photo-input [data-command=scene]').first().click()
    count(tally, 'a download that breaks off')
    tally.due++
    await note(page, 'error').waitFor()
    await rest(3000)
    const told = await errors(page)
    tally.said += told.length
    hold(tally, told.length === 1, `${told.length} sentences for one download`, told.length > 1 ? 'piled' : undefined)
    const asked = site.asked.filter(url => url.includes('faces-encoder')).length
    hold(tally, asked === 1, `asked for ${asked} times, by nobody's wish`)
    site.heal()
    await note(page, 'error').locator('[data-answer=retry]').click()
    await until(() => page.locator('#room-faces face-turner').evaluateAll(([one]) => Boolean(/** @type {any} */ (one)?.picture)), 'the face, once the connection is back')
  } finally {
    await context.close()
  }
  return tally
}

/** A byte is changed on the way, or the end is missing; the browser's cache keeps it so. @param {import('./run.mjs').World} world */
export async function changedBytes({ browser, site }) {
  const tally = newTally('')
  for (const how of /** @type {const} */ (['flip', 'cut'])) {
    const context = await newContext(browser)
    try {
      const page = await openPage(context, '#stylize')
      site.heal()
      site.spoil(/monet-ab/, how, 1, { 'cache-control': 'max-age=3600' })
      await givePhoto(page)
      count(tally, `bytes changed: ${how}`)
      tally.due++
      await note(page, 'error').waitFor()
      hold(tally, !await hung(page), 'a painting by weights that were changed', 'differ')
      await note(page, 'error').locator('[data-answer=retry]').click()
      const right = await until(() => hung(page), 'the painting, once the weights arrive whole')
      tally.said += (await errors(page)).length
      // And where they lie spoilt in the browser: found out by itself, and fetched again.
      await page.evaluate(async () => {
        const cache = await caches.open('gan-atelier-weights')
        for (const key of await cache.keys()) {
          const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer())
          bytes[bytes.length >> 1] ^= 1
          await cache.put(key, new Response(bytes))
        }
      })
      await page.reload()
      count(tally, 'bytes changed in the cache')
      await givePhoto(page)
      const again = await until(() => hung(page), 'the painting after a reload')
      tally.compared++
      hold(tally, again === right, 'painted otherwise', 'differ')
      hold(tally, !(await errors(page)).length, 'an error although the weights were fetched again')
    } finally {
      await context.close()
    }
  }
  return tally
}

/** Another tab loads a new version while this one trains; then this one's worker ends, whose text is gone. @param {import('./run.mjs').World} world */
export async function replacedWorker({ browser, site }) {
  const tally = newTally('')
  const context = await newContext(browser, { serviceWorkers: 'allow' })
  try {
    const page = await openTraining(context, families.gan)
    const controlled = each => until(() => each.evaluate(() => Boolean(navigator.serviceWorker.controller)), 'the service worker')
    await controlled(page)
    await page.locator('#room-train [data-command=play]').click()
    await until(async () => (await seen(page)).step > 50, 'fifty steps')
    const other = await openPage(context, '#learn')
    await controlled(other)
    site.publish(2)
    await other.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update())
    count(tally, 'service worker replaced')
    tally.due += 2
    await note(other, 'update').waitFor()
    await note(page, 'update').waitFor()
    const reloaded = other.waitForEvent('load')
    await note(other, 'update').locator('[data-answer=now]').click()
    await reloaded
    // That there is a new version, and then that it is there.
    await until(async () => (await seen(page)).sentences.filter(({ name }) => name === 'update').length > 1, 'the first tab says that it was replaced')
    const { step } = await seen(page)
    await until(async () => (await seen(page)).step > step + 20, 'the training goes on')
    const before = await seen(page)
    hold(tally, before.opened.length === 1, 'the training was begun anew', 'gone')
    await page.evaluate(() => watch.strike('kill'))
    count(tally, 'kill')
    tally.due++
    await until(async () => (await seen(page)).sentences.some(({ name }) => ['error', 'recovered'].includes(name)), 'a sentence')
    await rest(1000)
    const { sentences } = await seen(page)
    tally.said += sentences.length
    hold(tally, sentences.length === 3, sentences.map(({ text }) => text).join(' | '), sentences.length > 3 ? 'piled' : undefined)
    const again = page.waitForEvent('load')
    await note(page, 'update').locator('[data-answer=now]').click()
    await again
    tally.due++
    await note(page, 'resume').waitFor()
    const offers = (await seen(page)).sentences.filter(({ name }) => name === 'resume')
    tally.said += offers.length
    const offered = Number(/at step ([\d,]+)/.exec(offers[0].text)?.[1].replaceAll(',', ''))
    tally.lost = before.step - offered
    hold(tally, offered > 0, 'nothing was kept', 'gone')
    await note(page, 'resume').locator('[data-answer=resume]').click()
    await until(async () => (await seen(page)).step === offered, `it goes on from step ${written(offered)}`)
    await page.locator('#room-train [data-command=play]:not([disabled])').click()
    await until(async () => (await seen(page)).step > before.step, 'it comes as far as it was')
    compare(tally, (await seen(page)).losses, before.losses)
  } finally {
    site.publish(1)
    await context.close()
  }
  return tally
}
