// The page's own readers hold on their corpora, on what once failed, and on a few thousand changes of it; `npm run fuzz` runs them for longer.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { material } from '../../scripts/fuzz-readers.mjs'
import { fault, fuzzScript, scriptReaders } from '../../scripts/fuzz-script.mjs'

/** What a reader did not hold once. */
const mended = {
  link: ['?dataset=ring&seed=-0'],
  frame: ['null', '5', '"x"', '[]', '{"set":"x"}', '{"call":5,"args":5}'],
  result: ['""', ',', ';;\n;', '"'],
}

for (const reader of scriptReaders) {
  test(`${reader}: what it begins with and what once failed is read or refused`, () => {
    for (const text of [...material[reader].seeds, ...material[reader].words, ...(mended[reader] ?? [])]) assert.equal(fault(reader, Buffer.from(text)), null, text)
  })
  test(`${reader}: a few thousand changes of it are`, async () => {
    const failing = mkdtempSync(path.join(tmpdir(), 'fuzz-'))
    const { failing: count } = await fuzzScript(reader, { most: 3000 }, failing, 7)
    rmSync(failing, { recursive: true })
    assert.equal(count, 0)
  })
}
