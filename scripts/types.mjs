/** Types for those who import the module in TypeScript: from the JSDoc that tsc checks, and by hand where it has no words for them. */
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { packageBin, root, runOrThrow } from './run.mjs'

const byHand = ['engine/virtual.d.ts', 'embed/elements.d.ts', 'embed/react.d.ts', 'embed/vue.d.ts']

const json = file => JSON.parse(readFileSync(path.join(root, file), 'utf8'))
const union = names => [...new Set(names)].map(name => `'${name}'`).join(' | ')

/** What attributes may name: families, datasets, painters and lessons, as this build has them. */
function values() {
  const schemas = json('www/generated/schema.json')
  const lessons = readdirSync(path.join(root, 'www/lessons')).filter(name => existsSync(path.join(root, 'www/lessons', name, 'lesson.json')))
  const painters = json('www/public/models/models.json').filter(({ kind }) => kind === 'cyclegan').map(({ id }) => id)
  const datasets = Object.values(schemas).flatMap(schema => schema.datasets.map(({ id }) => id))
  const types = { Family: Object.keys(schemas), Dataset: datasets, Painter: painters, Lesson: lessons }
  return Object.entries(types).map(([name, list]) => `export type ${name} = ${union(list)}\n`).join('')
}

/** @param {string} folder where the module lies, from the root of the repository */
export async function writeTypes(folder) {
  await runOrThrow(process.execPath, [packageBin.tsc, '-p', 'scripts/tsconfig.types.json', '--outDir', `${folder}/types`])
  const to = path.join(root, folder)
  for (const file of byHand) copyFileSync(path.join(root, 'www', file), path.join(to, 'types', file))
  writeFileSync(path.join(to, 'types/embed/values.d.ts'), values())
  writeFileSync(path.join(to, 'gan-atelier.d.ts'), "export * from './types/gan-atelier.js'\nexport type * from './types/embed/elements.js'\n")
}
