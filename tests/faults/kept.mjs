/** What is kept in the browser: full, gone, cut in half, written by two tabs, left behind by a reload. */
import { readdirSync, statSync, truncateSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { inPage } from './hooks.mjs'
import { compare, count, hold, newTally } from './tally.mjs'
import { families, openTraining } from './training.mjs'
import { launching, newContext, openPage, patienceMs, rest, seen, until, written } from './world.mjs'

const command = (page, name) => page.locator(`#room-train [data-command=${name}]`)
const playable = page => page.locator('#room-train [data-command=play]:not([disabled])')
const note = (page, name) => page.locator(`page-note[data-notice=${name}]`)
const heard = (page, name) => seen(page).then(({ sentences }) => sentences.filter(each => each.name === name))

/** Notes what is kept for good, where a reload does not forget it; and breaks the storage when told to. */
function watchStorage() {
  const scope = /** @type {any} */ (globalThis)
  const { put } = IDBObjectStore.prototype
  scope.storageFails = ''
  IDBObjectStore.prototype.put = function (value, key) {
    if (scope.storageFails) throw new DOMException('provoked', scope.storageFails)
    if (Number.isInteger(value?.step)) this.transaction.addEventListener('complete', () => sessionStorage.setItem('faults-kept', String(value.step)))
    return put.call(this, value, key)
  }
}
const keptStep = page => page.evaluate(() => Number(sessionStorage.getItem('faults-kept') ?? 0))

/** @param {import('@playwright/test').Page} page @param {number} steps more */
async function trainOn(page, steps) {
  const { step } = await seen(page)
  await command(page, 'play').click()
  await until(async () => (await seen(page)).step >= step + steps, `${steps} steps more after ${step}`)
}

async function pause(page) {
  await command(page, 'pause').click()
  await page.locator('#room-train [data-command=play][aria-disabled=false]').waitFor()
}

/** The storage is full, or its database gone: said once, while the training goes on; a file has room for it. @param {import('./run.mjs').World} world @param {'QuotaExceededError' | 'InvalidStateError'} name */
export async function storageFails({ browser }, name) {
  const tally = newTally('')
  const context = await newContext(browser, { before: watchStorage })
  try {
    const page = await openTraining(context, families.gan)
    await trainOn(page, 20)
    await pause(page)
    await until(() => keptStep(page), 'something is kept')
    await page.evaluate(name => { globalThis.storageFails = name }, name)
    count(tally, name === 'QuotaExceededError' ? 'storage full' : 'storage gone')
    tally.due = 1
    for (let time = 0; time < 3; time++) {
      await trainOn(page, 20)
      await pause(page)
      await rest(300)
    }
    const sentences = (await seen(page)).sentences
    tally.said = sentences.filter(each => each.name === 'full').length
    hold(tally, sentences.length === 1, `${sentences.length} sentences: ${sentences.map(({ text }) => text).join(' | ')}`)
    const [file] = await Promise.all([page.waitForEvent('download'), note(page, 'full').locator('[data-answer=save]').click()])
    hold(tally, statSync(await file.path()).size > 1000, 'the file is empty', 'gone')
    hold(tally, Number(/-(\d+)\.gan$/.exec(file.suggestedFilename())?.[1]) === (await seen(page)).step, 'the file is of another step', 'gone')
  } finally {
    await context.close()
  }
  return tally
}

/** A page that is reloaded at any moment: what was kept last is offered, and goes on to the last bit. @param {import('./run.mjs').World} world @param {number} times */
export async function reloads({ browser, chance, say }, times) {
  const tally = newTally('')
  const context = await newContext(browser, { before: watchStorage })
  try {
    const page = await openTraining(context, families.gan)
    const losses = {}
    for (let time = 0; time < times; time++) {
      await command(page, 'play').click()
      // Keeping takes place every eight seconds, and at once after a pause.
      await rest(chance.between(500, 11_000))
      if (time === 0) await pause(page)
      if (chance.share() < 0.3) { await command(page, 'play').click({ timeout: 5000 }).catch(() => {}); await rest(chance.between(0, 60)) }
      const [before, kept] = [await seen(page), await keptStep(page)]
      compare(tally, before.losses, losses)
      Object.assign(losses, before.losses)
      await page.reload()
      count(tally, 'reload')
      await playable(page).waitFor()
      if (!kept) continue
      tally.due++
      await note(page, 'resume').waitFor()
      const [{ text }, ...more] = await heard(page, 'resume')
      const offered = Number(/at step ([\d,]+)/.exec(text)?.[1].replaceAll(',', '') ?? -1)
      tally.said += 1 + more.length
      tally.lost = Math.max(tally.lost, before.step - offered)
      tally.beyond += Math.max(0, kept - offered)
      hold(tally, offered >= kept, `step ${kept} was kept, and ${offered} is offered`, 'gone')
      await note(page, 'resume').locator('[data-answer=resume]').click()
      await until(async () => (await seen(page)).step === offered, `it goes on from step ${offered}`)
      await playable(page).waitFor()
      say(`reload at step ${before.step}: ${offered} offered, ${kept} kept`)
    }
    await trainOn(page, 20)
    compare(tally, (await seen(page)).losses, losses)
  } finally {
    await context.close()
  }
  return tally
}

/** One training in two tabs: each keeps its own, and neither is offered the other's. @param {import('./run.mjs').World} world */
export async function twoTabs({ browser }) {
  const tally = newTally('')
  const context = await newContext(browser, { before: watchStorage })
  try {
    const one = await openTraining(context, families.gan)
    await trainOn(one, 60)
    await pause(one)
    await until(() => keptStep(one), 'the first tab keeps')
    const other = await openTraining(context, families.gan.replace('seed=5', 'seed=6'))
    count(tally, 'second tab')
    hold(tally, !(await heard(other, 'resume')).length, 'a training that is open in another tab is offered')
    await trainOn(other, 20)
    await pause(other)
    await until(() => keptStep(other), 'the second tab keeps')
    const steps = [(await seen(one)).step, (await seen(other)).step]
    await one.close()
    await other.close()
    // Each is offered again, the last one first, to as many tabs.
    const found = []
    for (let time = 0; time < 2; time++) {
      const again = await openPage(context, '#train')
      tally.due++
      await note(again, 'resume').waitFor()
      const [{ text }] = await heard(again, 'resume')
      tally.said++
      found.push(Number(/at step ([\d,]+)/.exec(text)?.[1].replaceAll(',', '')))
    }
    for (const step of steps) hold(tally, found.includes(step), `step ${step} is lost: ${found.join(' and ')} are offered`, 'gone')
    hold(tally, found[0] === steps[1], 'the one that was kept last is not the first to be offered')
  } finally {
    await context.close()
  }
  return tally
}

const halves = ['the session ends in the middle', 'the losses and the way end in the middle', 'half of its fields are gone', 'the session is gone']

/** In the page: what is left of a record. */
function cutting() {
  /** @param {string} which @param {any} record */
  const half = (which, record) => {
    const { blob, step, history, way, ...rest } = record
    if (which === 'the session ends in the middle') return { ...record, blob: blob.slice(0, blob.size >> 1) }
    if (which === 'the losses and the way end in the middle') return { ...record, history: { series: { step: history.series.step.slice(3) } }, way: [...way.slice(0, 2), { step }] }
    return which === 'half of its fields are gone' ? { blob, step } : { step, history, way, ...rest }
  }
  /** @type {any} */ (globalThis).half = half
}

/** A record whose parts end in the middle; in the page the present training stays what it is. @param {import('./run.mjs').World} world */
export async function halfRecords({ browser }) {
  const tally = newTally('')
  for (const what of halves) {
    const context = await newContext(browser, { before: watchStorage })
    try {
      const page = await openTraining(context, families.gan)
      await trainOn(page, 60)
      await pause(page)
      await until(() => keptStep(page), 'something is kept')
      await page.goto('about:blank')
      const bare = await openPage(context, '#learn')
      await bare.evaluate(cutting)
      await bare.evaluate(which => new Promise((resolve, reject) => {
        const { half } = /** @type {any} */ (globalThis)
        const open = indexedDB.open('keyval-store')
        open.onsuccess = () => {
          const transaction = open.result.transaction('keyval', 'readwrite')
          const store = transaction.objectStore('keyval')
          store.openCursor().onsuccess = event => {
            const cursor = /** @type {any} */ (event.target).result
            if (!cursor) return
            cursor.update(half(which, cursor.value))
            cursor.continue()
          }
          transaction.oncomplete = resolve
          transaction.onerror = reject
        }
      }), what)
      await bare.close()
      const again = await openTraining(context, families.gan.replace('seed=5', 'seed=9'))
      count(tally, 'half a record')
      tally.due++
      await holdHalf(tally, again, what)
    } finally {
      await context.close()
    }
  }
  return tally
}

/** @param {import('./tally.mjs').Tally} tally @param {import('@playwright/test').Page} page @param {string} what */
async function holdHalf(tally, page, what) {
  await note(page, 'resume').waitFor()
  const resume = note(page, 'resume').locator('[data-answer=resume]')
  // Either it is said at once that it cannot be read, or the way back is tried and fails, or it goes on with what is left.
  const offered = await resume.count()
  if (offered) {
    await resume.click()
    await until(async () => (await seen(page)).sentences.some(({ name }) => ['error', 'opened'].includes(name)), `${what}: whether it goes on`)
  }
  await rest(300)
  const { sentences, mishaps } = await seen(page)
  const told = sentences.filter(({ name, text }) => name !== 'resume' || /no longer be read/.test(text))
  tally.said += told.length
  hold(tally, told.length === 1, `${what}: ${sentences.map(({ text }) => text).join(' | ')}`)
  hold(tally, !mishaps.length, `${what}: ${mishaps.join('; ')}`)
  // Whichever is there now, it learns.
  await playable(page).waitFor()
  await trainOn(page, 5)
  hold(tally, !told.some(({ name }) => name === 'error') || (await seen(page)).step >= 5, `${what}: the present training was lost`, 'gone')
}

/** The same on the disk, where the browser keeps the session as a file of its own. @param {import('./run.mjs').World} world */
export async function halfOnDisk() {
  const tally = newTally('')
  const profile = mkdtempSync(path.join(tmpdir(), 'faults-'))
  const open = async () => {
    const context = await chromium.launchPersistentContext(profile, { ...launching, serviceWorkers: 'block' })
    context.setDefaultTimeout(patienceMs)
    await context.addInitScript(inPage)
    await context.addInitScript(watchStorage)
    return context
  }
  /** @type {Awaited<ReturnType<typeof open>> | undefined} */
  let context
  try {
    context = await open()
    const page = await openTraining(context, families.gan)
    await trainOn(page, 30)
    await pause(page)
    await until(() => keptStep(page), 'something is kept')
    await context.close()
    const files = readdirSync(path.join(profile, 'Default/IndexedDB'), { recursive: true, withFileTypes: true })
      .filter(each => each.isFile() && /\.blob/.test(each.parentPath)).map(each => path.join(each.parentPath, each.name))
    hold(tally, files.length > 0, 'the browser keeps no file of its own for a session')
    for (const file of files) truncateSync(file, statSync(file).size >> 1)
    context = await open()
    const again = await openTraining(context, families.gan.replace('seed=5', 'seed=9'))
    count(tally, 'half a file')
    tally.due++
    await holdHalf(tally, again, 'the file ends in the middle')
  } finally {
    await context?.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return tally
}
