/** Pages of real notebooks: their own config, so that the site's tests need no Python. Run by `npm test -- notebooks`. */
import { defineConfig } from '@playwright/test'
import path from 'node:path'
import { venvBin } from '../../scripts/notebooks.mjs'
import { findChromium } from '../../scripts/tools.mjs'
import { folder, ports, prepare } from './prepare.mjs'

// The workers read this file too, while the servers are running.
if (!process.env.TEST_WORKER_INDEX) prepare()
const home = path.join(folder, 'home')
const env = {
  ...process.env, PATH: `${path.dirname(venvBin('python'))}${path.delimiter}${process.env.PATH}`,
  JUPYTER_CONFIG_DIR: home, JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'), JUPYTERLAB_SETTINGS_DIR: path.join(home, 'settings'),
  IPYTHONDIR: path.join(home, 'ipython'), XDG_CONFIG_HOME: home
}
const server = (command, url) => ({ command, url, cwd: folder, env, reuseExistingServer: false, timeout: 120_000, gracefulShutdown: /** @type {const} */ ({ signal: 'SIGTERM', timeout: 5000 }) })

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/notebooks',
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 90_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: { viewport: { width: 1280, height: 1400 }, launchOptions: { executablePath: findChromium() ?? undefined, args: ['--no-sandbox'] } },
  webServer: [
    server(`jupyter lab --no-browser --allow-root --port ${ports.lab} --ServerApp.port_retries=0 --IdentityProvider.token= --ServerApp.password= --LabApp.expose_app_in_browser=True`, `http://localhost:${ports.lab}/api`),
    server(`marimo --quiet run notebook_marimo.py --headless --no-token --port ${ports.marimo}`, `http://localhost:${ports.marimo}/health`)
  ]
})
