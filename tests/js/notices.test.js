// Everything that ships is named with its licence and the text of it, and may be passed on.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { mayShip } from '../../scripts/audit.mjs'
import { noticesText, servedNotices, shippedNotices } from '../../scripts/notices.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const notices = shippedNotices()
const text = noticesText(notices)

test('the crates of both engines and the packages of the page are in the notices, each with a text', () => {
  const names = notices.map(({ name }) => name)
  for (const name of ['burn', 'wgpu', 'safetensors', 'miniz_oxide', 'serde_json', 'wasm-bindgen', 'lit', 'lit-html', 'workbox-precaching']) assert.ok(names.includes(name), name)
  for (const name of ['cc', 'serde_derive', 'vite', 'typescript', 'proptest']) assert.ok(!names.includes(name), `${name} does not ship`)
  for (const name of Object.keys(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).dependencies)) assert.ok(names.includes(name), name)
  for (const { name, version, license, texts } of notices) {
    assert.ok(text.includes(`${name} ${version}\n    ${license}\n`), name)
    assert.ok(texts.length && texts.every(each => each.length > 100 && text.includes(each)), name)
  }
})

test('every licence of them lets us pass the work on', () => {
  for (const { name, license } of notices) assert.ok(mayShip(license), `${name}: ${license}`)
  assert.deepEqual(['MIT/Apache-2.0', '(MIT OR Apache-2.0) AND Unicode-3.0', 'GPL-3.0-only', 'MIT AND GPL-3.0-only', 'GPL-2.0 OR MIT'].map(mayShip), [true, true, false, false, true])
})

test('the dev server, which builds nothing, answers with them too, in either language’s folder', () => {
  const layers = []
  servedNotices().configureServer(/** @type {any} */ ({ middlewares: { use: layer => layers.push(layer) } }))
  const ask = url => {
    const answer = { said: '', next: false }
    layers[0]({ url }, { setHeader: () => {}, end: said => { answer.said = said } }, () => { answer.next = true })
    return answer
  }
  for (const url of ['/THIRD-PARTY-NOTICES.txt', '/zh-Hant/THIRD-PARTY-NOTICES.txt?x']) assert.deepEqual(ask(url), { said: text, next: false }, url)
  assert.deepEqual(ask('/en/'), { said: '', next: true })
})
