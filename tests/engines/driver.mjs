/**
 * What the scenarios ask of an engine, and no more: `chromium.mjs`, `firefox.mjs` and `webkit.mjs` are three ways to it.
 *
 * @typedef {object} Place what a browser is started with
 * @property {string} folder its own, empty: profile and downloads
 * @property {number} proxy the port of a proxy that hears of every request but those to localhost
 *
 * @typedef {object} Driver
 * @property {string} version as the browser says it
 * @property {string} downloads the folder where downloads arrive
 * @property {(url: string) => Promise<void>} goto returns after the page's load event
 * @property {(run: Function, ...args: any[]) => Promise<any>} evaluate a function in the page, its arguments and what its promise brings as JSON
 * @property {() => Promise<Buffer>} screenshot a PNG
 * @property {() => Promise<void>} close
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export const screen = { width: 1280, height: 900 }

/** An expression whose promise is a text: `{ value }` or `{ error }` as JSON, so that all drivers carry the same. @param {Function} run @param {any[]} args */
export const asText = (run, args) => `(async () => JSON.stringify({ value: await (${run})(...${JSON.stringify(args)}) }))().catch(error => JSON.stringify({ error: String(error?.stack?.includes(error?.message) ? error.stack : error) }))`

/** @param {string} text @returns {any} */
export function fromText(text) {
  const { value, error } = JSON.parse(text)
  if (error) throw new Error(error)
  return value
}

/**
 * A program in a group of its own, which ends whole.
 * @param {string} command @param {string[]} args
 * @param {{ env?: Record<string, string>, stdio?: import('node:child_process').StdioOptions, from?: number, line?: RegExp }} options
 *   line: what it says once it is ready, on the stream of that number; without one nothing is waited for
 * @returns {Promise<{ said: RegExpExecArray, end: () => Promise<void> }>}
 */
export async function program(command, args, { env = {}, stdio = ['ignore', 'pipe', 'pipe'], from = 2, line }) {
  const child = spawn(command, args, { stdio, detached: true, env: { ...process.env, ...env } })
  const gone = new Promise(resolve => child.once('exit', resolve))
  const end = async () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // It had ended.
    }
    await gone
  }
  const words = []
  let timer
  const said = await new Promise((resolve, reject) => {
    if (!line) child.once('spawn', () => resolve([]))
    timer = setTimeout(() => reject(new Error(`${command} said nothing in a minute.\n${words.join('\n')}`)), 60_000)
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${command} ended with ${code}.\n${words.join('\n')}`)))
    for (const [index, stream] of child.stdio.entries()) {
      if (!index || !stream) continue
      createInterface({ input: /** @type {import('node:stream').Readable} */ (stream) }).on('line', text => {
        words.push(text)
        const found = index === from && line?.exec(text)
        if (found) resolve(found)
      })
    }
  }).catch(async error => {
    await end()
    throw error
  }).finally(() => clearTimeout(timer))
  return { said, end }
}
