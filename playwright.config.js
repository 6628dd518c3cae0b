import { defineConfig } from '@playwright/test'
import { ports } from './tests/e2e/serve.mjs'
import { findChromium } from './scripts/tools.mjs'

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: `test-results/${ports.site}`,
  // A training and a software GPU share two cores with the browser itself.
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    // A service worker's answers would pass by what tests do to requests; offline.spec.js lets it.
    serviceWorkers: 'block',
    baseURL: `http://localhost:${ports.site}/`,
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      // WebGPU without a GPU: a software adapter, for correctness and not for speed.
      args: ['--no-sandbox', '--enable-unsafe-webgpu', '--enable-features=Vulkan', '--use-webgpu-adapter=swiftshader']
    }
  },
  webServer: {
    command: 'node tests/e2e/serve.mjs',
    url: `http://localhost:${ports.site}/gan-atelier.js`,
    reuseExistingServer: false
  }
})
