/** What our commands start sees the environment somebody typed them in. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findFirstIn, output, runOrThrow } from '../../scripts/run.mjs'

const tell = ['-e', 'console.log(process.env.NODE_ENV ?? "none", process.env.EXTRA ?? "none")']

test('a bundler in the same process does not change what is started after it', async context => {
  const before = process.env.NODE_ENV
  context.after(() => { if (before === undefined) delete process.env.NODE_ENV; else process.env.NODE_ENV = before })
  process.env.NODE_ENV = 'production'
  const expected = `${before ?? 'none'} none`
  assert.equal(output(process.execPath, tell), expected)
  const lines = []
  await runOrThrow(process.execPath, ['-e', 'console.error(process.env.NODE_ENV ?? "none", process.env.EXTRA)'], { env: { EXTRA: 'x' }, lines: line => lines.push(line) })
  assert.deepEqual(lines, [`${before ?? 'none'} x`])
})

test('a program of our own is found before the system’s', { skip: process.platform === 'win32' }, context => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tools-'))
  context.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(path.join(folder, 'npm'), '#!/bin/sh\necho ours\n')
  chmodSync(path.join(folder, 'npm'), 0o755)
  findFirstIn(folder)
  assert.equal(output('npm', []), 'ours')
})
