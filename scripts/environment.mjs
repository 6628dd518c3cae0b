/** Python for a test, in a virtual environment of its own under target/: made anew when what it needs changes. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { obtain, output, root, runOrThrow, say } from './run.mjs'
import { ensureBy } from './tools.mjs'

const windows = process.platform === 'win32'
const pythons = windows ? ['python'] : ['python3', 'python']
/** Debian keeps the part that makes virtual environments in a package of its own. @param {string} name */
const canMake = name => output(name, ['-c', 'import ensurepip, sys, venv; assert sys.version_info >= (3, 11)']) !== null

/** A Python that makes virtual environments. */
async function findPython() {
  await ensureBy(() => (pythons.some(canMake) ? [] : ['python3-venv']))
  return /** @type {string} */ (pythons.find(canMake))
}

/** Where a program of an environment lies. @param {string} name of the environment @param {string} program */
export const programOf = (name, program) => path.join(root, 'target', name, windows ? 'Scripts' : 'bin', windows ? `${program}.exe` : program)

/**
 * @param {string} name its folder under target/ @param {string} requirements a file, from the root @param {string[]} [options] of pip
 * @returns {Promise<string>} its Python
 */
export async function environment(name, requirements, options = ['--no-deps']) {
  const folder = path.join(root, 'target', name)
  const file = path.join(root, requirements)
  const wanted = createHash('sha256').update(readFileSync(file)).update(options.join()).digest('hex')
  const stamp = path.join(folder, '.gan-atelier-requirements')
  const python = programOf(name, 'python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  say(`Python for ${path.dirname(requirements)} (once)`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(path.dirname(folder), { recursive: true })
  await runOrThrow(await findPython(), ['-m', 'venv', folder], { words: true })
  // Most of what comes is never imported: compiled at once, it would take as long again.
  await obtain(python, ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet', '--no-compile', ...options, '-r', file])
  writeFileSync(stamp, wanted)
  return python
}
