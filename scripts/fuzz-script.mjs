/** The page's own readers under fuzzing: bytes of what was found so far are changed at random, and what runs new code is kept. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import path from 'node:path'
import { material, readers } from './fuzz-readers.mjs'

export const scriptReaders = Object.keys(readers)
/** Inputs between two looks at what ran. */
const batch = 1000
const longest = 4096
/** A second a megabyte, and inputs are smaller. */
const patienceMs = 1000

/** Numbers from a seed, so that a run can be repeated (mulberry32). @param {number} seed */
function numbers(seed) {
  return (/** @type {number} */ below) => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** @param {Buffer} input @param {Buffer[]} pool @param {Buffer[]} words @param {(below: number) => number} below */
function changed(input, pool, words, below) {
  let bytes = input
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(bytes.length + 1)
    const to = Math.min(bytes.length, at + below(16))
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
    const other = pool[below(pool.length)]
    bytes = [
      () => Buffer.concat([before, words[below(words.length)], after]),
      () => Buffer.concat([before, words[below(words.length)], bytes.subarray(to)]),
      () => Buffer.concat([before, bytes.subarray(to)]),
      () => Buffer.concat([before, Buffer.from([below(256)]), after.subarray(1)]),
      () => Buffer.concat([before, bytes.subarray(at, to), bytes.subarray(at, to), after]),
      () => Buffer.concat([before, other.subarray(below(other.length + 1))]),
    ][below(6)]()
  }
  return bytes.subarray(0, longest)
}

/** Which parts of the page's scripts ran. */
class Coverage {
  #session = new Session()
  /** @type {Set<string>} */
  #known = new Set()

  async begin() {
    this.#session.connect()
    await this.#session.post('Profiler.enable')
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true })
  }

  /** How many parts ran that had not before. */
  async fresh() {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage')
    const before = this.#known.size
    for (const { url, functions } of result.filter(({ url }) => url.includes('/www/'))) {
      for (const { ranges } of functions) for (const { startOffset, endOffset, count } of ranges) if (count) this.#known.add(`${url}:${startOffset}:${endOffset}`)
    }
    return this.#known.size - before
  }

  end() { this.#session.disconnect() }
}

/** Whether the reader does not hold it; an error says why. @param {string} reader @param {Buffer} input */
export function fault(reader, input) {
  const began = process.cpuUsage()
  try {
    readers[reader](input.toString('utf8'), input)
  } catch (error) {
    return /** @type {Error} */ (error)
  }
  // What this process computed: other programs' work is nobody's fault.
  const { user, system } = process.cpuUsage(began)
  const took = (user + system) / 1000
  return took > patienceMs ? new Error(`${took.toFixed()} ms`) : null
}

/** @param {string} reader @param {{ minutes?: number, most?: number }} length most: executions @param {string} failing a folder @param {number} [seed] */
export async function fuzzScript(reader, { minutes = Infinity, most = Infinity }, failing, seed = Date.now() >>> 0) {
  const below = numbers(seed)
  const pool = material[reader].seeds.map(text => Buffer.from(text))
  const words = material[reader].words.map(text => Buffer.from(text))
  const found = new Map()
  const coverage = new Coverage()
  await coverage.begin()
  const until = performance.now() + minutes * 60_000
  let executions = 0
  const over = () => executions >= most || performance.now() > until
  while (!over()) {
    const tried = Array.from({ length: batch }, () => changed(pool[below(pool.length)], pool, words, below))
    for (const input of tried) {
      if (over()) break
      executions++
      const error = fault(reader, input)
      if (error && !found.has(error.message)) {
        found.set(error.message, input)
        console.error(`${reader}: ${error.stack}\n${JSON.stringify(input.toString('utf8'))}`)
        mkdirSync(failing, { recursive: true })
        writeFileSync(path.join(failing, createHash('sha256').update(input).digest('hex').slice(0, 12)), input)
      }
    }
    if (await coverage.fresh()) pool.push(...tried.slice(0, 20))
  }
  coverage.end()
  return { reader, executions, failing: found.size, corpus: pool.length, coverage: '' }
}
