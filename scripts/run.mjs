/** Commands of other programs, and where they are found. Node's own modules only: this runs before anything is installed. */
import { spawn, spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export const root = path.resolve(import.meta.dirname, '..')
const windows = process.platform === 'win32'

/** cargo's programs are found even where the shell does not know them yet. */
const cargoHome = process.env.CARGO_HOME ?? path.join(homedir(), '.cargo')
const cargoBin = path.join(cargoHome, 'bin')
process.env.PATH = [process.env.PATH, cargoBin].join(path.delimiter)

/** As somebody typed the command in: a bundler that runs in this process sets NODE_ENV for all that come after it, and npm then leaves out what builds and tests. */
const environment = { ...process.env }

/** Programs of our own in a folder, found before the system's. @param {string} folder */
export function findFirstIn(folder) {
  environment.PATH = [folder, environment.PATH].join(path.delimiter)
}

/** npm is a script on Windows. @param {string} command */
const runnable = command => (windows && command === 'npm' ? 'npm.cmd' : command)

/**
 * What every build for a browser is compiled with, in place of .cargo/config.toml's flags: no path of this machine is in what it makes, so
 * that two builds of a commit are the same, wherever they are made. @param {string} [features] of WebAssembly @returns {Record<string, string>}
 */
export const wasmEnvironment = (features = '+simd128') => ({
  CARGO_ENCODED_RUSTFLAGS: ['-C', `target-feature=${features}`, `--remap-path-prefix=${path.join(cargoHome, 'registry/src')}=/crates`, `--remap-path-prefix=${root}=/gan-atelier`].join('\x1f')
})

/**
 * Runs a program with its output going straight to the terminal.
 * @param {string} command @param {string[]} args @param {{ env?: Record<string, string>, quiet?: boolean, lines?: (line: string) => void, both?: boolean }} [options]
 *   lines: hears of each line of its errors, among which cargo says what it compiles; both: of its output too
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, { env = {}, quiet = false, lines, both = false } = {}) {
  return new Promise(resolve => {
    const child = spawn(runnable(command), args, {
      cwd: root, stdio: quiet ? 'ignore' : ['inherit', both ? 'pipe' : 'inherit', lines ? 'pipe' : 'inherit'], env: { ...environment, ...env }, shell: windows && command === 'npm'
    })
    for (const [from, to] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      if (!from) continue
      createInterface({ input: from }).on('line', line => {
        to.write(`${line}\n`)
        lines?.(line)
      })
    }
    child.on('error', error => { console.error(`${command}: ${error.message}`); resolve(127) })
    child.on(lines ? 'close' : 'exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

/**
 * As `run`, but a failure ends the script, and its message has the program's last words.
 * @param {string} command @param {string[]} args @param {Parameters<typeof run>[2] & { words?: boolean }} [options]
 *   words: keeps its last lines for the message; the program then sees no terminal
 */
export async function runOrThrow(command, args, { words = false, lines, ...options } = {}) {
  /** @type {string[]} */
  const last = []
  const keep = line => { last.push(line); last.splice(0, last.length - 12); lines?.(line) }
  const code = await run(command, args, { ...options, lines: words ? keep : lines, both: words })
  if (code !== 0) throw new Error([`\`${command} ${args.join(' ')}\` failed with ${code}`, ...last].join('\n    '))
}

/** As `runOrThrow`, for what comes over a network: a fetch that breaks off is tried three times. @type {typeof runOrThrow} */
export async function obtain(command, args, options) {
  for (const pause of [5, 20]) {
    try {
      return await runOrThrow(command, args, { words: true, ...options })
    } catch (error) {
      console.error(`${error.message}\nonce more in ${pause} s`)
      await new Promise(resolve => setTimeout(resolve, pause * 1000))
    }
  }
  return runOrThrow(command, args, { words: true, ...options })
}

/** A program's output, or null where it does not exist or fails. @param {string} command @param {string[]} args */
export function output(command, args) {
  const result = spawnSync(runnable(command), args, { cwd: root, encoding: 'utf8', env: environment, maxBuffer: 1 << 26 })
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
