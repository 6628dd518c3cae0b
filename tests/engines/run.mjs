/**
 * The built page in Chromium, Firefox and WebKit: one list of scenarios for all, a line for each.
 *
 *     node tests/engines/run.mjs                     all
 *     node tests/engines/run.mjs webkit --only=face  some; --look=FOLDER keeps screenshots
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openServers } from './servers.mjs'
import { scenarios } from './scenarios.mjs'

/** Chromium first: the others are held against it. @type {Record<string, () => Promise<(place: import('./driver.mjs').Place) => Promise<import('./driver.mjs').Driver>>>} */
const engines = {
  chromium: async () => (await import('./chromium.mjs')).openChromium,
  firefox: async () => (await import('./firefox.mjs')).openFirefox,
  webkit: async () => (await import('./webkit.mjs')).openWebkit
}

/** @type {import('./driver.mjs').Driver | undefined} */
let open

/** A scenario waits for nothing longer than this. */
const patienceMs = 120_000

/** @template T @param {Promise<T>} work @returns {Promise<T>} */
function inTime(work) {
  let timer
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not done within ${patienceMs / 1000} s`)), patienceMs) })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const seconds = began => `${((performance.now() - began) / 1000).toFixed(1)} s`

/**
 * @param {string} engine @param {typeof scenarios} list @param {Awaited<ReturnType<typeof openServers>>} servers
 * @param {Record<string, any>} first @param {string | undefined} album
 */
async function drive(engine, list, servers, first, album) {
  const folder = mkdtempSync(path.join(tmpdir(), `${engine}-`))
  const began = performance.now()
  const driver = await (await engines[engine]())({ folder, proxy: servers.proxyPort })
  open = driver
  const counts = { passed: 0, failed: 0, absent: 0 }
  const look = async name => { if (album) writeFileSync(path.join(album, `${engine}-${name}.png`), await driver.screenshot()) }
  servers.forget()
  try {
    for (const { name, run } of list) {
      const start = performance.now()
      let outcome
      let said
      try {
        said = await inTime(run({ driver, servers, first, look })).catch(async error => {
          // Drivers miss a beat beside much other work; what fails twice in a row fails.
          console.log(`once more  ${engine}: ${name}: ${error.message.split('\n')[0]}`)
          servers.heard.elsewhere.length = 0
          return inTime(run({ driver, servers, first, look }))
        })
        const mishaps = await driver.evaluate(() => /** @type {any} */ (globalThis).mishaps ?? [])
        if (mishaps.length) throw new Error(`errors in the page: ${mishaps.join('; ')}`)
        outcome = said === null ? 'absent' : 'passed'
      } catch (error) {
        outcome = 'failed'
        said = error.message
        await look(`failed-${name.replace(/\W+/g, '-')}`).catch(() => {})
      }
      counts[outcome]++
      console.log(`${{ passed: 'ok  ', failed: 'FAIL', absent: '--  ' }[outcome]}  ${engine.padEnd(8)}  ${seconds(start).padStart(7)}  ${name}${said ? `: ${said}` : ''}${outcome === 'absent' ? ': this engine has no such thing' : ''}`)
    }
  } finally {
    await driver.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { version: driver.version, time: seconds(began), ...counts }
}

async function main() {
  const words = process.argv.slice(2)
  const option = name => words.find(word => word.startsWith(`--${name}=`))?.split('=')[1]
  const wanted = words.filter(word => !word.startsWith('--'))
  const only = option('only')
  const album = option('look')
  const unknown = wanted.filter(name => !(name in engines))
  if (unknown.length) throw new Error(`There is no engine ${unknown.join(', ')}; there are ${Object.keys(engines).join(', ')}.`)
  if (album) mkdirSync(album, { recursive: true })
  const list = scenarios.filter(({ name }) => !only || new RegExp(only).test(name))
  const servers = await openServers()
  const first = {}
  const results = []
  try {
    for (const engine of Object.keys(engines)) {
      if (engine === 'webkit' && process.platform !== 'linux') console.log('--    webkit    is driven on Linux alone')
      else if (!wanted.length || wanted.includes(engine)) results.push(await drive(engine, list, servers, first, album))
    }
  } finally {
    await servers.close()
  }
  const sum = key => results.reduce((total, { [key]: count }) => total + count, 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('absent')} absent: ${results.map(({ version, time }) => `${version} (${time})`).join(', ')}`)
  return sum('failed') || !results.length ? 1 : 0
}

// Whoever ends this early ends the browsers too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => { Promise.resolve(open?.close()).finally(() => process.exit(1)) })

main().then(code => process.exit(code), error => {
  console.error(error)
  process.exit(1)
})
