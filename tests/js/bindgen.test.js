import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const read = file => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8')
/** @param {string} lock @param {string} crate */
const versionIn = (lock, crate) => new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`).exec(lock)?.[1]

test('what binds the engines is of the version that they are compiled with', () => {
  const compiled = versionIn(read('Cargo.lock'), 'wasm-bindgen')
  assert.ok(compiled)
  assert.equal(versionIn(read('scripts/bindgen/Cargo.lock'), 'wasm-bindgen-cli-support'), compiled)
  assert.match(read('scripts/bindgen/Cargo.toml'), new RegExp(`"=${compiled?.replaceAll('.', '\\.')}"`))
})
