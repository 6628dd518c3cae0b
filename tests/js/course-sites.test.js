import assert from 'node:assert/strict'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')

test('every line of docs/course-sites.md stands in an example that is built and seen', () => {
  const files = ['examples/sites', 'tests/sites'].flatMap(folder => readdirSync(path.join(root, folder), { recursive: true }).map(name => path.join(root, folder, String(name))))
  const lines = new Set(files.filter(file => statSync(file).isFile() && !file.includes('package')).flatMap(file => readFileSync(file, 'utf8').split('\n').map(line => line.trim())))
  const blocks = [...readFileSync(path.join(root, 'docs/course-sites.md'), 'utf8').matchAll(/```\w+\n([\s\S]*?)```/g)]
  assert.ok(blocks.length > 10)
  const strange = blocks.flatMap(([, text]) => text.split('\n').map(line => line.trim())).filter(line => line && !lines.has(line))
  assert.deepEqual(strange, [])
})
