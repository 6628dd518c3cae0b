/**
 * `npm run soak -- 60`: everything that can be done in the page, for so many minutes, and what is held at the end beside what was held after
 * two. A table, and a line of JSON last. Exit code 1 where more is held, or the page did not answer for 50 ms of the processor's time.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { root } from './run.mjs'
import { ensurePackages, ensureTestTools } from './tools.mjs'

const usualMinutes = 60

/** @param {string[]} words */
function optionsOf(words) {
  const minutes = Number(words.find(word => !word.startsWith('--')) ?? usualMinutes)
  if (!(minutes > 0)) throw new Error(`\`npm run soak -- 60\` takes minutes, not ${words.join(' ')}.`)
  return { minutes, build: !words.includes('--no-build'), verbose: words.includes('--verbose') }
}

/** @param {number} value */
const large = value => (value >= 1e6 ? `${(value / 1e6).toFixed(1)} M` : String(value))

/** @param {{ minutes: number, verbose?: boolean }} options @returns {Promise<number>} exit code */
export async function soak({ minutes, verbose = false }) {
  const run = await import('../tests/soak/run.mjs')
  const result = await run.soak({ minutes, say: text => { if (verbose) console.log(text) } })
  const { after, end, longest, done, failures } = result
  console.log(`\n${Object.entries(done).map(([kind, count]) => `${count} ${kind}`).join(', ')} in ${result.minutes.toFixed(1)} minutes`)
  console.log(`\n${'held'.padEnd(22)}${`after ${result.measuredAfter.toFixed(1)} min`.padStart(16)}${'at the end'.padStart(16)}`)
  for (const where of /** @type {const} */ (['page', 'stranger'])) {
    for (const [key, value] of Object.entries(after[where])) console.log(`${`${where}: ${key}`.padEnd(22)}${large(value).padStart(16)}${large(end[where][key]).padStart(16)}`)
  }
  console.log(`\nlongest task of the page, ms of the processor: ${Object.entries(longest).map(([name, ms]) => `${name} ${ms.toFixed(0)}`).join(', ')}`)
  for (const text of failures) console.log(`FAIL  ${text}`)
  console.log(JSON.stringify({ ok: !failures.length, ...result }))
  return failures.length ? 1 : 0
}

async function main() {
  const options = optionsOf(process.argv.slice(2))
  await ensurePackages()
  await ensureTestTools()
  if (options.build || !existsSync(path.join(root, 'dist/index.html'))) await (await import('./build.mjs')).build()
  return soak(options)
}

if (process.argv[1] === import.meta.filename) {
  main().then(code => process.exit(code), error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
