import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inLanes, telling } from '../../scripts/lanes.mjs'

/** Tasks that end one by one, the one that began first before the others; a line when one begins or ends. */
function stage() {
  const lines = []
  /** @param {{ name: string }} task @param {number} lane */
  const performed = async ({ name }, lane) => {
    lines.push(`+${name}${lane}`)
    for (let turn = 0; turn < 10; turn++) await null
    lines.push(`-${name}`)
    return { name, code: 0, seconds: 0 }
  }
  return { lines, performed }
}
const task = (name, after = [], alone = '') => ({ name, args: [], after, alone })

test('two run beside each other, a third when one has ended, and the results come in the order of the tasks', async () => {
  const { lines, performed } = stage()
  const results = await inLanes([task('a'), task('b'), task('c')], 2, performed)
  assert.deepEqual(lines.slice(0, 2), ['+a0', '+b1'])
  assert.ok(lines.indexOf('+c0') > lines.indexOf('-a'))
  assert.deepEqual(results.map(({ name }) => name), ['a', 'b', 'c'])
})

test('one waits for what it comes after and for what it cannot run beside; another goes first', async () => {
  const { lines, performed } = stage()
  await inLanes([task('a', [], 'x'), task('b', [], 'x'), task('c', ['a']), task('d')], 2, performed)
  assert.deepEqual(lines.slice(0, 2), ['+a0', '+d1'])
  assert.ok(lines.indexOf('+b0') > lines.indexOf('-a'))
  assert.ok(lines.findIndex(line => line.startsWith('+c')) > lines.indexOf('-a'))
})

test('what waits for itself is said', async () => {
  const { performed } = stage()
  await assert.rejects(inLanes([task('a', ['b']), task('b', ['a'])], 2, performed), /wait for each other: a, b/)
})

test('what failed is told in a few lines', () => {
  const said = ['  ✓  1 one.spec.js › it does (1s)', '[WebServer] Error: none of ours', '  ✘  2 two.spec.js › it does not (2s)', ...Array(3).fill('    \u001b[31mError: expected 3\u001b[39m'), '  1 passed'].join('\n')
  assert.deepEqual(telling(said), ['✘  2 two.spec.js › it does not (2s)', 'Error: expected 3'])
  assert.equal(telling(Array.from({ length: 20 }, (_, at) => `not ok ${at}`).join('\n')).at(-1), 'not ok 19')
})
