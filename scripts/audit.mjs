/**
 * `npm run audit`: known weaknesses, licences and sources of what ships. Each part says what it found, or that it could not look; a part that
 * could not is no success.
 */
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { findFirstIn, output, root, run, runOrThrow, say } from './run.mjs'
import { ensurePackages } from './tools.mjs'
import { shippedNotices } from './notices.mjs'

const tools = path.join(root, 'target/tools')
findFirstIn(path.join(tools, 'bin'))

/** Licences of which we may pass works on, as deny.toml has them. */
export const allowed = ['MIT', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'ISC', 'Zlib', 'Unlicense', 'Unicode-3.0', '0BSD', 'CC0-1.0', 'MPL-2.0']

/** Whether one of the licences that it leaves the choice of, or all that it names together, are allowed. @param {string} expression of SPDX */
export function mayShip(expression) {
  const choices = expression.replaceAll(/[()]/g, '').split(/ OR | \/ |\//).map(choice => choice.trim())
  return choices.some(choice => choice.split(' AND ').every(part => allowed.includes(part.trim())))
}

/** @typedef {{ part: string, state: 'clean' | 'found' | 'could not look', what: string }} Finding */

/** npm's own audit of what the page is bundled with. @returns {Promise<Finding>} */
async function packages() {
  const { stdout = '' } = spawnSync('npm', ['audit', '--json', '--omit', 'dev'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
  let said
  try { said = JSON.parse(stdout) } catch { said = {} }
  const counts = said.metadata?.vulnerabilities
  if (!counts) return { part: 'npm audit', state: 'could not look', what: said.message ?? said.error?.summary ?? 'the registry gives no advisories' }
  return { part: 'npm audit', state: counts.total ? 'found' : 'clean', what: `${counts.total} advisories of ${said.metadata.dependencies?.prod ?? '?'} packages` }
}

/** @param {'advisories' | 'licenses' | 'sources'} what @returns {Promise<Finding>} */
async function deny(what) {
  const part = `cargo deny ${what}`
  /** @type {string[]} */
  const last = []
  const code = await run('cargo', ['deny', '--manifest-path', path.join(root, 'Cargo.toml'), '--config', path.join(root, 'deny.toml'), 'check', what], { lines: line => last.push(line) })
  if (code === 0) return { part, state: 'clean', what: '' }
  const fetching = last.some(line => /failed to (fetch|acquire|clone|open)|advisory database|network|resolve/i.test(line))
  return { part, state: what === 'advisories' && fetching ? 'could not look' : 'found', what: fetching ? 'the advisory database cannot be fetched' : last.slice(-3).join(' ') }
}

/** The notices' own list, which knows packages of npm too. @returns {Finding} */
function licences() {
  const notices = shippedNotices()
  const wrong = notices.filter(({ license }) => !mayShip(license))
  return { part: 'licences', state: wrong.length ? 'found' : 'clean', what: wrong.length ? wrong.map(({ name, license }) => `${name} (${license})`).join(', ') : `${notices.length} works that ship` }
}

async function main() {
  await ensurePackages()
  const findings = [licences(), await packages()]
  if (!output('cargo', ['deny', '--version'])) {
    say('cargo-deny (once)')
    await runOrThrow('cargo', ['install', '--root', tools, 'cargo-deny@0.20.2', '--locked'])
  }
  for (const what of /** @type {const} */ (['licenses', 'sources', 'advisories'])) findings.push(await deny(what))
  say('Audit')
  for (const { part, state, what } of findings) console.log(`${state.padEnd(15)} ${part.padEnd(24)} ${what}`)
  console.log(JSON.stringify(findings))
  return findings.every(({ state }) => state === 'clean') ? 0 : 1
}

if (process.argv[1] === import.meta.filename) {
  main().then(code => process.exit(code), error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
