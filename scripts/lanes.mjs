/** Tasks beside each other: what one of them waits for need not hold up the other. */
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { root, say } from './run.mjs'

/**
 * A script of ours. Its words are kept in target/tests as they come, and shown together when it has ended.
 * @typedef {{ name: string, args: string[], after?: string[], alone?: string }} Task
 *   after: names of those that have to end before it; alone: no two tasks with the same word here run at once
 * @typedef {{ name: string, code: number, seconds: number }} Result
 */

/** Servers of two lanes do not meet. */
const portsOf = lane => ({ TEST_PORT: String((Number(process.env.TEST_PORT) || 4173) + 20 * lane) })

const wordsOf = name => path.join(root, 'target/tests', `${name.replace(/\W+/g, '-')}.log`)

/** What a task that failed said of it, for whoever sees only the end of everything. @param {string} text @returns {string[]} */
export function telling(text) {
  const lines = stripVTControlCharacters(text).split('\n').map(line => line.trim())
  const told = lines.filter(line => /\berror\b|\bfail(ed|ing|ure)?\b|panicked|^✘|^not ok|^\d+\) /i.test(line) && !line.startsWith('[WebServer]'))
  return [...new Set(told)].slice(-6).map(line => line.slice(0, 160))
}

/** @param {string} name of a task that ran here */
export const tellingOf = name => telling(readFileSync(wordsOf(name), 'utf8'))

/** @param {Task} task @param {number} lane @returns {Promise<Result>} */
function perform({ name, args }, lane) {
  const began = performance.now()
  const file = wordsOf(name)
  mkdirSync(path.dirname(file), { recursive: true })
  const words = createWriteStream(file)
  console.log(`${name} begins`)
  return new Promise(resolve => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...portsOf(lane) } })
    for (const stream of [child.stdout, child.stderr]) stream.pipe(words, { end: false })
    child.once('error', error => words.write(error.message))
    child.once('close', code => words.end(() => {
      say(name)
      process.stdout.write(readFileSync(file))
      resolve({ name, code: code ?? 1, seconds: (performance.now() - began) / 1000 })
    }))
  })
}

/**
 * The next task whose turn it can be, in their order.
 * @param {Task[]} waiting @param {Task[]} running
 */
export function next(waiting, running) {
  const open = new Set([...waiting, ...running].map(({ name }) => name))
  const taken = new Set(running.map(({ alone }) => alone).filter(Boolean))
  return waiting.find(({ after = [], alone }) => !after.some(name => open.has(name)) && !(alone && taken.has(alone)))
}

/**
 * @param {Task[]} tasks @param {number} [lanes] @param {typeof perform} [performed]
 * @returns {Promise<Result[]>} in the tasks' order
 */
export async function inLanes(tasks, lanes = 2, performed = perform) {
  const waiting = [...tasks]
  /** @type {Map<number, { task: Task, result: Promise<[number, Result]> }>} */
  const running = new Map()
  /** @type {Result[]} */
  const results = []
  for (;;) {
    for (let lane = 0; lane < lanes; lane++) {
      const task = running.has(lane) ? undefined : next(waiting, [...running.values()].map(each => each.task))
      if (!task) continue
      waiting.splice(waiting.indexOf(task), 1)
      running.set(lane, { task, result: performed(task, lane).then(result => [lane, result]) })
    }
    if (!running.size) break
    const [lane, result] = await Promise.race([...running.values()].map(each => each.result))
    running.delete(lane)
    results.push(result)
  }
  if (waiting.length) throw new Error(`These wait for each other: ${waiting.map(({ name }) => name).join(', ')}.`)
  return tasks.map(({ name }) => /** @type {Result} */ (results.find(result => result.name === name)))
}
