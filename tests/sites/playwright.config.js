import site from '../../playwright.config.js'
import { ports } from '../e2e/serve.mjs'

export default {
  ...site,
  testDir: '.',
  outputDir: '../../test-results/sites',
  use: { ...site.use, baseURL: `http://localhost:${ports.stranger}/` },
  webServer: { ...site.webServer, command: 'node serve.mjs' }
}
