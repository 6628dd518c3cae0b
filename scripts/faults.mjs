/**
 * `npm run faults`: faults, provoked in the built page; a table, and a line of JSON last. Exit code 1 where something was lost, came out
 * otherwise, or was not said once.
 *
 *     npm run faults -- --seed 7 --kills 200 --panics 50 --losses 50     words name scenarios by parts of their names
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'
import { ensurePackages, ensureTestTools } from './tools.mjs'

const usual = { seed: 1, kills: 200, panics: 50, losses: 50 }
/** What `npm test` takes a minute for. */
const few = { kills: 5, panics: 5, losses: 0 }

/** @param {string[]} words */
export function optionsOf(words) {
  const options = { ...usual, words: /** @type {string[]} */ ([]), verbose: false, build: true, small: false }
  for (let at = 0; at < words.length; at++) {
    const name = words[at].replace(/^--/, '')
    if (name in usual && words[at].startsWith('--')) {
      const value = Number(words[++at])
      if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${words[at] ?? 'nothing'}.`)
      options[name] = value
    } else if (words[at] === '--verbose') options.verbose = true
    else if (words[at] === '--no-build') options.build = false
    else if (words[at] === '--small') Object.assign(options, few, { small: true })
    else if (words[at].startsWith('--')) throw new Error(`There is no option ${words[at]}; there are ${Object.keys(usual).map(each => `--${each} N`).join(', ')}, --small, --verbose and --no-build.`)
    else options.words.push(words[at])
  }
  return options
}

/** @param {ReturnType<typeof optionsOf>} options @returns {Promise<number>} exit code */
export async function faults({ seed, kills, panics, losses, words, verbose, small }) {
  const { provoke } = await import('../tests/faults/run.mjs')
  const { sound } = await import('../tests/faults/tally.mjs')
  console.log(`seed ${seed}: ${kills} kills, ${panics} panics, ${losses} lost cards`)
  const tallies = await provoke({ seed, amounts: { kills, panics, losses }, words, verbose, small })
  const faults = {}
  for (const { faults: each } of tallies) for (const [kind, count] of Object.entries(each)) faults[kind] = (faults[kind] ?? 0) + count
  console.log(JSON.stringify({ seed, faults, ok: tallies.every(sound), scenarios: tallies }))
  return tallies.length && tallies.every(sound) ? 0 : 1
}

async function main() {
  const options = optionsOf(process.argv.slice(2))
  await ensurePackages()
  await ensureTestTools()
  if (options.build || !existsSync(path.join(root, 'dist/index.html'))) await (await import('./build.mjs')).build()
  return faults(options)
}

if (process.argv[1] === import.meta.filename) {
  main().then(code => process.exit(code), error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
