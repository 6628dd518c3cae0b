import assert from 'node:assert/strict'
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
