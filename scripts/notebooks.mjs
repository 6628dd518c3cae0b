/** Python with notebooks for the tests, and the step `notebooks`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { environment, programOf } from './environment.mjs'
import { makePythonPackage } from './python.mjs'
import { findChromium } from './tools.mjs'
import { packageBin, root, run, runOrThrow } from './run.mjs'

const place = 'notebooks/venv'
/** A program of the virtual environment. @param {string} name */
export const venvBin = name => programOf(place, name)

/** The virtual environment's Python, with what tests/notebooks/requirements.txt names. */
export function ensurePython() {
  const folder = path.dirname(path.join(root, 'target', place))
  mkdirSync(folder, { recursive: true })
  // JupyterLab runs scripts of its own in Node, which must not be taken for modules of this project.
  writeFileSync(path.join(folder, 'package.json'), '{}')
  return environment(place, 'tests/notebooks/requirements.txt', ['--only-binary', ':all:'])
}

/** The step `notebooks`: the package as people install it, its own tests, and a page of JupyterLab and of marimo. */
export async function testNotebooks() {
  const wheel = await makePythonPackage()
  await runOrThrow(venvBin('python'), ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet', '--no-deps', '--force-reinstall', wheel])
  return await run(venvBin('python'), ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'python/tests']) ||
    run(process.execPath, [packageBin.playwright, 'test', '--config', 'tests/notebooks/playwright.config.js'], { env: { CHROMIUM: findChromium() ?? '' } })
}
