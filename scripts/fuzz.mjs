/**
 * `npm run fuzz -- MINUTES [READERS]`: every reader of a visitor's bytes, or those named, that many minutes each; a table, and a line of
 * JSON last. What was learned goes on where the last run ended (target/fuzz), and into fuzz/corpus with `--keep`. Inputs that fail lie in
 * fuzz/failing; the exit code says whether there are any.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createHash } from 'node:crypto'
import { findFirstIn, output, root, run, runOrThrow, say } from './run.mjs'
import { fuzzScript, scriptReaders } from './fuzz-script.mjs'

const folder = path.join(root, 'fuzz')
const target = path.join(root, 'target/fuzz')
const tools = path.join(root, 'target/tools')
findFirstIn(path.join(tools, 'bin'))

/** Programs by their readers. */
const programs = {
  readers: ['pickle', 'zip', 'checkpoint', 'safetensors', 'npy', 'idx', 'table', 'person'],
  networks: ['generator', 'session'],
}
const native = Object.values(programs).flat()
/** Bytes of a corpus that is kept. */
const mostKept = 20_000
/** Milliseconds for one input, on a machine that does other things too; the program itself counts what it computed. */
const patience = 20_000

const corpusFile = reader => path.join(folder, 'corpus', `${reader}.txt`)
/** A file a line, in base64: a thousand small files in one that a review can show. @param {string} reader @returns {Buffer[]} */
const corpus = reader => (existsSync(corpusFile(reader)) ? readFileSync(corpusFile(reader), 'utf8').split('\n').filter(Boolean).map(line => Buffer.from(line, 'base64')) : [])

/** @param {string} into @param {Buffer[]} files */
function unpack(into, files) {
  rmSync(into, { recursive: true, force: true })
  mkdirSync(into, { recursive: true })
  for (const [at, file] of files.entries()) writeFileSync(path.join(into, String(at)), file)
}

const filesIn = where => (existsSync(where) ? readdirSync(where, { withFileTypes: true }).filter(entry => entry.isFile() && entry.name !== 'README.txt').map(({ name }) => readFileSync(path.join(where, name))) : [])

async function ensureAfl() {
  if (output('cargo', ['afl', '--version'])) return
  say('cargo-afl (once)')
  await runOrThrow('cargo', ['install', '--root', tools, 'cargo-afl@0.18.2', '--locked'])
}

/** @param {string[]} readers */
async function build(readers) {
  for (const [program, known] of Object.entries(programs)) {
    if (!readers.some(reader => known.includes(reader))) continue
    const features = program === 'networks' ? ['--features', 'networks'] : []
    await runOrThrow('cargo', ['afl', 'build', '--release', '--manifest-path', path.join(folder, 'Cargo.toml'), '--bin', program, ...features], {
      env: { RUSTC_WRAPPER: path.join(folder, 'spare.sh'), CARGO_TARGET_DIR: target },
    })
  }
}

const programOf = reader => path.join(target, 'release', programs.networks.includes(reader) ? 'networks' : 'readers')
const stateOf = reader => path.join(target, 'state', reader)

/** @param {string} reader @returns {Record<string, number>} */
function stats(reader) {
  const file = path.join(stateOf(reader), 'default/fuzzer_stats')
  if (!existsSync(file)) return {}
  return Object.fromEntries(readFileSync(file, 'utf8').split('\n').map(line => line.split(':').map(part => part.trim())).map(([key, value]) => [key, parseFloat(value)]))
}

/** AFL++ without its screen, and on a machine that is not its alone. */
const environment = {
  AFL_NO_UI: '1', AFL_SKIP_CPUFREQ: '1', AFL_NO_AFFINITY: '1', AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES: '1', AFL_AUTORESUME: '1', AFL_IGNORE_SEED_PROBLEMS: '1', AFL_FAST_CAL: '1'
}

/** @param {string} reader @param {number} minutes */
async function fuzz(reader, minutes) {
  const state = stateOf(reader)
  const seeds = path.join(target, 'seeds', reader)
  const extra = filesIn(path.join(target, 'first', reader))
  const files = [...corpus(reader), ...extra]
  mkdirSync(state, { recursive: true })
  unpack(seeds, files.length ? files : [Buffer.from('\n')])
  const words = path.join(folder, 'words', `${reader}.dict`)
  const before = stats(reader)
  const seconds = Math.max(1, Math.round(minutes * 60))
  const args = ['afl', 'fuzz', '-i', seeds, '-o', state, '-V', String(seconds), '-t', String(patience), '-m', 'none', '-G', '65536']
  const code = await run('cargo', [...args, ...(existsSync(words) ? ['-x', words] : []), '--', programOf(reader), reader], { env: environment, quiet: true })
  const after = stats(reader)
  const failing = [...filesIn(path.join(state, 'default/crashes')), ...filesIn(path.join(state, 'default/hangs'))]
  for (const input of failing) {
    const into = path.join(folder, 'failing', reader)
    mkdirSync(into, { recursive: true })
    writeFileSync(path.join(into, createHash('sha256').update(input).digest('hex').slice(0, 12)), input)
  }
  if (!Number.isFinite(after.execs_done)) throw new Error(`AFL++ did not run ${reader} (exit code ${code}).`)
  // A run that goes on counts on.
  const known = after.execs_done >= (before.execs_done ?? 0) ? before.execs_done ?? 0 : 0
  return { reader, executions: after.execs_done - known, failing: failing.length, corpus: after.corpus_count, coverage: `${after.bitmap_cvg ?? 0} %` }
}

/**
 * Of all files that were found, the smallest that reach everything reached, as far as they fit. AFL++'s own `cmin` sees nothing in a program
 * that runs in its loop; its `showmap`, which does, says what each file reaches.
 * @param {string} reader
 */
async function keep(reader) {
  const all = path.join(target, 'all', reader)
  const maps = path.join(target, 'maps', reader)
  unpack(all, [...corpus(reader), ...filesIn(path.join(target, 'first', reader)), ...filesIn(path.join(stateOf(reader), 'default/queue'))].sort((one, other) => one.length - other.length || one.compare(other)))
  rmSync(maps, { recursive: true, force: true })
  mkdirSync(path.dirname(maps), { recursive: true })
  await runOrThrow('cargo', ['afl', 'showmap', '-q', '-i', all, '-o', maps, '-t', String(patience), '-m', 'none', '--', programOf(reader), reader], { env: environment, quiet: true })
  const reached = new Set()
  /** @type {Buffer[]} */
  const kept = []
  let size = 0
  for (const name of readdirSync(maps).sort((one, other) => Number(one) - Number(other))) {
    const fresh = readFileSync(path.join(maps, name), 'utf8').split('\n').filter(place => !reached.has(place))
    const file = readFileSync(path.join(all, name))
    if (!fresh.length || size + file.length > mostKept) continue
    size += file.length
    kept.push(file)
    for (const place of fresh) reached.add(place)
  }
  if (!kept.length) throw new Error(`Nothing is known of ${reader}.`)
  mkdirSync(path.dirname(corpusFile(reader)), { recursive: true })
  writeFileSync(corpusFile(reader), `${kept.map(file => file.toString('base64')).join('\n')}\n`)
  console.log(`${reader.padEnd(12)} ${kept.length} files of ${size} bytes kept, which reach ${reached.size} places`)
}

async function main() {
  const words = process.argv.slice(2)
  const options = words.filter(word => word.startsWith('--'))
  const [minutes, ...names] = words.filter(word => !word.startsWith('--'))
  const known = [...native, ...scriptReaders]
  const strange = [...names.filter(name => !known.includes(name)), ...options.filter(option => option !== '--keep')]
  if (!(Number(minutes) >= 0) || strange.length) throw new Error(`npm run fuzz -- MINUTES [READERS] [--keep]; the readers are ${known.join(', ')}.`)
  const readers = names.length ? names : known
  const ofCrate = readers.filter(reader => native.includes(reader))
  if (ofCrate.length) {
    await ensureAfl()
    await build(ofCrate)
  }
  const results = []
  for (const reader of readers) {
    say(reader)
    if (Number(minutes) > 0) results.push(ofCrate.includes(reader) ? await fuzz(reader, Number(minutes)) : await fuzzScript(reader, { minutes: Number(minutes) }, path.join(folder, 'failing', reader)))
    if (options.includes('--keep') && ofCrate.includes(reader)) await keep(reader)
  }
  if (!results.length) return 0
  console.table(results)
  const total = key => results.reduce((sum, result) => sum + result[key], 0)
  console.log(JSON.stringify({ minutes: Number(minutes), executions: total('executions'), failing: total('failing'), results }))
  return total('failing') ? 1 : 0
}

main().then(code => process.exit(code), error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
