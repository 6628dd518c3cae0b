import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { fill } from '../../scripts/vite-languages.js'

test('placeholders become escaped texts', () => {
  assert.equal(fill('<p lang="{{lang}}">{{ home.title }}</p>', { home: { title: 'Forger & "appraiser"' } }, { lang: 'en' }),
    '<p lang="en">Forger &amp; &quot;appraiser&quot;</p>')
})

test('a text that no language file has stops the build', () => {
  assert.throws(() => fill('{{home.title}}', { home: {} }, {}), /home\.title/)
  assert.throws(() => fill('{{home}}', { home: {} }, {}), /home/)
})

test('no two files of a language have a group of texts by the same name: the later would take the place of the earlier', async () => {
  for (const language of ['en', 'zh-Hant']) {
    const folder = path.resolve(import.meta.dirname, '../../www/i18n', language)
    const groups = (await Promise.all(readdirSync(folder).map(name => import(path.join(folder, name))))).flatMap(({ default: texts }) => Object.keys(texts))
    assert.deepEqual(groups.filter((name, at) => groups.indexOf(name) !== at), [], language)
  }
})
