/** What our commands start sees the environment somebody typed them in. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { output, runOrThrow } from '../../scripts/run.mjs'

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
