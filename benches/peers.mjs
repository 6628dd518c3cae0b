/** The other engines: installed apart from the project, and their versions. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { obtain, root, say } from '../scripts/run.mjs'

const here = path.join(root, 'benches')
const work = path.join(root, 'target/benches')

/** The peers, once, and anew when their list changes. */
export async function ensurePeers() {
  const files = ['package.json', 'package-lock.json', '.npmrc']
  const list = files.map(file => readFileSync(path.join(here, file), 'utf8')).join('')
  const stamp = path.join(work, 'installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === list) return
  say('Peers for the benches (once)')
  mkdirSync(work, { recursive: true })
  for (const file of files) cpSync(path.join(here, file), path.join(work, file))
  await obtain('npm', ['ci', '--include=dev', '--prefix', work, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'])
  writeFileSync(stamp, list)
}

/** @returns {Record<string, string>} */
export function versions() {
  const { devDependencies } = JSON.parse(readFileSync(path.join(here, 'package.json'), 'utf8'))
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version
  return { 'gan-atelier': own, ...devDependencies }
}
