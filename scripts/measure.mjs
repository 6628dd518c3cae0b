/** `npm run measure -- NAME`: a measurement that ends with one line of JSON. */
import { ensureBuildTools, ensurePackages } from './tools.mjs'
import { run } from './run.mjs'

/** Natively, with the judges in Rust. @param {string} name @param {string[]} more */
const native = (name, more) => run('cargo', ['run', '--release', '--features', 'train', '--bin', 'measure', '--', name, ...more])

const measurements = {
  size: async () => (await import('./measure-size.mjs')).measureSize(),
  page: async () => (await import('./measure-page.mjs')).measurePage(),
  checkpoint: async () => (await import('./measure-checkpoint.mjs')).measureCheckpoint(),
  dispatches: async () => (await import('./measure-dispatches.mjs')).measureDispatches(),
  ring: more => native('ring', more),
  grid: more => native('grid', more),
  dcgan: more => native('dcgan', more),
  acgan: more => native('acgan', more),
  smile: more => native('smile', more),
  cyclegan: more => native('cyclegan', more),
  rgan: more => native('rgan', more),
  horses: more => native('horses', more),
  drgan: more => native('drgan', more),
  'drgan-live': more => native('drgan-live', more),
  speed: more => native('speed', more)
}

async function main() {
  const [name, ...more] = process.argv.slice(2)
  if (!(name in measurements)) throw new Error(`Which measurement? There are ${Object.keys(measurements).join(', ')}.`)
  await ensurePackages()
  await ensureBuildTools()
  return measurements[name](more)
}

main().then(code => process.exit(code), error => {
  console.error(`\n${error.message}`)
  process.exit(1)
})
