/** The scenarios, one after another, in one browser. */
import { chance } from './random.mjs'
import { scenarios } from './scenarios.mjs'
import { openSite } from './site.mjs'
import { newTally, sound, table } from './tally.mjs'
import { launch } from './world.mjs'

/**
 * @typedef {object} World
 * @property {import('@playwright/test').Browser} browser
 * @property {Awaited<ReturnType<typeof openSite>>} site
 * @property {import('./random.mjs').Chance} chance of this scenario: the same whichever others run
 * @property {Amounts} amounts
 * @property {(text: string) => void} say
 *
 * @typedef {{ kills: number, panics: number, losses: number }} Amounts
 */

/** Its own seed for each scenario. @param {number} seed @param {string} name */
const seedFor = (seed, name) => [...name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), seed) >>> 0

/**
 * @param {{ seed: number, amounts: Amounts, words: string[], verbose?: boolean, small?: boolean }} options words: parts of names; none: all
 * @returns {Promise<import('./tally.mjs').Tally[]>}
 */
export async function provoke({ seed, amounts, words, verbose = false, small = false }) {
  const list = scenarios(amounts, small).filter(({ name }) => !words.length || words.some(word => name.includes(word)))
  if (!list.length) throw new Error(`No scenario has ${words.join(' or ')} in its name; there are ${scenarios(amounts).map(({ name }) => name).join(', ')}.`)
  const site = await openSite()
  const tallies = []
  /** @type {import('@playwright/test').Browser | undefined} */
  let browser
  try {
    for (const { name, run } of list) {
      const began = performance.now()
      let tally = newTally(name)
      site.heal()
      site.publish(1)
      try {
        if (!browser?.isConnected()) browser = await launch()
        tally = await run({ browser, site, chance: chance(seedFor(seed, name)), amounts, say: text => { if (verbose) console.log(`      ${text}`) } })
      } catch (error) {
        tally.broken.push(`${error.message.split('\n')[0]}`)
        if (verbose) console.error(error)
      }
      Object.assign(tally, { name, seconds: (performance.now() - began) / 1000 })
      tallies.push(tally)
      console.log(`${sound(tally) ? 'ok  ' : 'FAIL'}  ${tally.seconds.toFixed(0).padStart(4)} s  ${name}`)
      for (const line of tally.broken.slice(0, 12)) console.log(`        ${line}`)
      // What a scenario left open ends with it.
      for (const context of browser?.contexts() ?? []) await context.close()
    }
  } finally {
    await browser?.close()
    await site.close()
  }
  console.log(`\n${table(tallies)}`)
  return tallies
}
