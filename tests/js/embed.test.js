import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { elementCode, experimentAttributes, frameCode, frameUrl } from '../../www/embed/code.js'
import { tokensFor } from '../../www/embed/look.js'
import { numberIn, unread } from '../../www/embed/remarks.js'
import { modulesOf } from '../../www/elements/draw/qr.js'

const css = readFileSync(path.resolve(import.meta.dirname, '../../www/styles/tokens.css'), 'utf8')

test('an embedded element has one scheme’s tokens on its own host, and nothing for the page around it', () => {
  const [light, dark] = [tokensFor(css, 'light'), tokensFor(css, 'dark')]
  for (const text of [light, dark]) assert.doesNotMatch(text, /:root|light-dark|@property|data-theme/)
  assert.match(light, /--paper: #f5efe3;/)
  assert.match(dark, /--paper: #15151a;/)
  assert.match(dark, /:host\(:lang\(en\)\)/)
})

test('an experiment’s address becomes attributes, and nothing of it can leave its quotes', () => {
  const attributes = experimentAttributes('v=1&dataset=ring&seed=7&loss=hinge&hidden_dim=64')
  assert.deepEqual(attributes, { family: '', dataset: 'ring', seed: '7', settings: 'loss=hinge&hidden_dim=64' })
  const lines = elementCode('gan-trainer', { ...attributes, autoplay: true, lang: '"><script>' })
  assert.match(lines, /<gan-trainer dataset="ring" seed="7" settings="loss=hinge&amp;hidden_dim=64" autoplay lang="&quot;&gt;&lt;script&gt;"><\/gan-trainer>$/)
  assert.match(lines, /^<script type="module" src="http:\/\/site\.test\/gan-atelier\.js"><\/script>\n/)
  const url = new URL(frameUrl('gan-trainer', { ...attributes, autoplay: true }))
  assert.deepEqual(Object.fromEntries(url.searchParams), { element: 'gan-trainer', dataset: 'ring', seed: '7', settings: 'loss=hinge&hidden_dim=64', autoplay: '' })
  assert.match(frameCode('gan-trainer', {}, { title: 'A "ring"' }), /sandbox="allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox" title="A &quot;ring&quot;"/)
})

test('a link that is too long has no QR code', () => {
  assert.ok((modulesOf('https://site.test/#train?v=1')?.length ?? 0) > 20)
  assert.equal(modulesOf('x'.repeat(6000)), null)
})

test('a number that is named as unusable is not used', () => {
  const of = (name, value) => numberIn(/** @type {any} */ ({ getAttribute: () => value }), name)
  assert.deepEqual([of('steps', '20'), of('side', ' 256 ')], [20, 256])
  for (const value of ['-3', '1.5', '0', 'many', '']) assert.equal(of('steps', value), undefined, value)
  for (const value of ['5000', '8']) assert.equal(of('side', value), undefined, value)
  assert.equal(of('side', null), undefined)
})

test('attributes and values that cannot be used are named, and what frameworks write is not', () => {
  const known = ['lang', 'theme', 'hide', 'autoplay', 'dataset', 'steps']
  const of = attributes => unread(/** @type {any} */ ({ attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) }), known)
  assert.deepEqual(of({ dataset: 'moons', class: 'wide', style: '', id: 'x', 'data-v-1a2b': '', '@click': 'x', 'v-if': 'y', onclick: '', _ngcontent: '', 'aria-label': 'x', autoplay: '' }), [])
  assert.deepEqual(of({ datset: 'moons', 'auto-play': '', theme: 'blue', hide: 'losses loses', steps: 'ten' }), ['datset', 'auto-play', 'theme=blue', 'hide=loses', 'steps=ten'])
  assert.deepEqual(of({ theme: 'page', autoplay: 'false' }), [])
  assert.deepEqual(of({ theme: 'dark', hide: 'losses, link', steps: '200' }), [])
})
