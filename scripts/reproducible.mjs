/**
 * `npm run reproducible`: the commit that is checked out, built twice in two folders of different names and with nothing compiled before; what
 * differs in `dist` is named, and the exit code says whether anything does. Takes as long as two first builds.
 * `npm run reproducible -- FOLDER`: built once, and compared with what lies in the folder: a release as it was published, say.
 */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { output, root, runOrThrow, say } from './run.mjs'

const places = ['one', 'another/place']

/** @param {string} folder @returns {Map<string, string>} digests by names */
export function digests(folder) {
  const names = readdirSync(folder, { recursive: true }).map(String).filter(name => statSync(path.join(folder, name)).isFile()).sort()
  return new Map(names.map(name => [name.split(path.sep).join('/'), createHash('sha256').update(readFileSync(path.join(folder, name))).digest('hex')]))
}

/** @param {Map<string, string>} one @param {Map<string, string>} other @returns {string[]} */
export function differences(one, other) {
  const names = [...new Set([...one.keys(), ...other.keys()])].sort()
  return names.filter(name => one.get(name) !== other.get(name)).map(name => (one.has(name) && other.has(name) ? name : `${name} (in one of them)`))
}

async function main() {
  const [published] = process.argv.slice(2)
  if (published && !existsSync(path.join(published, 'index.html'))) throw new Error(`${published} holds no built page.`)
  const commit = output('git', ['rev-parse', 'HEAD'])
  if (!commit) throw new Error('There is no commit to build.')
  const folder = path.join(tmpdir(), `gan-atelier-${commit.slice(0, 8)}`)
  rmSync(folder, { recursive: true, force: true })
  const built = published ? [digests(published)] : []
  for (const place of published ? places.slice(1) : places) {
    const clone = path.join(folder, place)
    say(`${commit.slice(0, 8)} in ${clone}`)
    mkdirSync(path.dirname(clone), { recursive: true })
    await runOrThrow('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
    await runOrThrow('git', ['-C', clone, 'checkout', '--quiet', commit])
    cpSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'), { recursive: true })
    await runOrThrow('npm', ['--prefix', clone, 'run', 'build'], { env: { CARGO_TARGET_DIR: path.join(clone, 'target') } })
    built.push(digests(path.join(clone, 'dist')))
  }
  const differ = differences(built[0], built[1])
  for (const name of differ) console.log(`differs: ${name}`)
  console.log(`${built[0].size} files, ${differ.length} differ`)
  if (!differ.length) rmSync(folder, { recursive: true, force: true })
  return differ.length ? 1 : 0
}

if (process.argv[1] === import.meta.filename) {
  main().then(code => process.exit(code), error => {
    console.error(`\n${error.message}`)
    process.exit(1)
  })
}
