/** Commands of other programs, and where they are found. Node's own modules only: this runs before anything is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')
const windows = process.platform === 'win32'

/** cargo's programs are found even where the shell does not know them yet. */
const cargoBin = path.join(process.env.CARGO_HOME ?? path.join(homedir(), '.cargo'), 'bin')
process.env.PATH = [process.env.PATH, cargoBin].join(path.delimiter)

/** npm is a script on Windows. @param {string} command */
const runnable = command => (windows && command === 'npm' ? 'npm.cmd' : command)

/**
 * Runs a program with its output going straight to the terminal.
 * @param {string} command @param {string[]} args @param {{ env?: Record<string, string>, quiet?: boolean }} [options]
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, { env = {}, quiet = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(runnable(command), args, {
      cwd: root, stdio: quiet ? 'ignore' : 'inherit', env: { ...process.env, ...env }, shell: windows && command === 'npm'
    })
    child.on('error', error => { console.error(`${command}: ${error.message}`); resolve(127) })
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

/** As `run`, but a failure ends the script. @param {string} command @param {string[]} args @param {object} [options] */
export async function runOrThrow(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed with ${code}`)
}

/** A program's output, or null where it does not exist or fails. @param {string} command @param {string[]} args */
export function output(command, args) {
  const result = spawnSync(runnable(command), args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return result.status === 0 ? result.stdout.trim() : null
}

/** A program of a node package, run by this node: no shell, the same on every system. */
export const packageBin = {
  vite: path.join(root, 'node_modules/vite/bin/vite.js'),
  tsc: path.join(root, 'node_modules/typescript/bin/tsc'),
  playwright: path.join(root, 'node_modules/@playwright/test/cli.js')
}

/** @param {string} name */
export const say = name => console.log(`\n\x1b[1m== ${name}\x1b[0m`)
