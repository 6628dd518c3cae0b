// Files that learners hand in: written, read back, and told apart from everything else that lies in a folder.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { goalFigures, readResults, resultFile, resultOf, sameAs, toCsv, toJson } from '../../www/lessons/results.js'

const bytes = text => new TextEncoder().encode(text)
const progress = { lesson: 'balance', seed: 7, choice: 'calm', step: 4200, settings: 'v=1&dataset=ring&seed=7', goals: [{ id: 'collapsed', reached: true, step: 200 }, { id: 'strict', reached: true, step: null }, { id: 'full', reached: false, step: null }] }
const date = new Date('2026-03-02T08:00:00Z')
const result = resultOf(progress, { name: ' 林 "小明", A ', date })
const reason = text => { try { readResults(typeof text === 'string' ? bytes(text) : text) } catch (error) { return /** @type {any} */ (error).reason } return null }

test('a result comes back from both kinds of file', () => {
  assert.deepEqual(readResults(bytes(toJson(result))), [result])
  assert.deepEqual(readResults(bytes(toCsv([result]))), [result])
  assert.equal(resultFile(result, 'csv'), 'balance-林 _小明_, A.csv')
})

test('a table of several lessons comes back, also as a spreadsheet saves it: semicolons, UTF-16', () => {
  const other = { ...resultOf({ ...progress, lesson: 'flow', goals: [{ id: 'both', reached: true, step: 6 }] }, { name: 'B', date }), file: 'b.json' }
  const text = toCsv([result, other])
  assert.deepEqual(readResults(bytes(text)), [result, other])
  const semicolons = 'name;lesson;date;seed;choice;step;settings;goals_reached;goals;goal.both\nB;flow;2026-03-02;3;;6;"a;b";1;1;6\n'
  const utf16 = new Uint8Array([0xff, 0xfe, ...new Uint8Array(Uint16Array.from(semicolons, letter => letter.charCodeAt(0)).buffer)])
  for (const file of [bytes(semicolons), utf16]) assert.deepEqual(readResults(file).map(({ lesson, settings, goals }) => [lesson, settings, goals]), [['flow', 'a;b', [{ id: 'both', reached: true, step: 6 }]]])
})

test('a name that a spreadsheet would compute stays a name', () => {
  for (const name of ['=HYPERLINK("x")', '-1+HYPERLINK("x")', '-2+3+A1', '@SUM(A1)', '+1']) {
    const typed = resultOf(progress, { name, date })
    const [, row] = toCsv([typed]).split('\r\n')
    assert.match(row, /^"?'/, name)
    assert.equal(readResults(bytes(toCsv([typed])))[0].name, name)
  }
  assert.match(toCsv([{ ...result, seed: -5 }]), /,-5,/)
})

test('a table saved in a spreadsheet’s own letters keeps its names', () => {
  const table = (/** @type {number[]} */ ...name) => new Uint8Array([...bytes('name,lesson,goals,goal.both\n'), ...name, ...bytes(',flow,1,6\n')])
  const [big5, western] = [[0xb3, 0xaf, 0xa9, 0xc9, 0xa7, 0x67], [0x4a, 0x6f, 0x73, 0xe9]].map(name => readResults(table(...name))[0].name)
  assert.deepEqual([big5, western], ['陳怡君', 'José'])
})

test('goals in another order are the same result', () => {
  const turned = { ...result, goals: result.goals.toReversed() }
  assert.equal(sameAs(turned), sameAs(result))
})

test('what is no result says why', () => {
  assert.deepEqual(['', '  ', '{"a":1}', '{"a":', '[]', 'just,a,table\n1,2,3\n', 'name,lesson,goals\n', '<html></html>', toJson(result).replace('"version": 1', '"version": 2'), toJson(result).replace(/"goals": \[[^\]]*\]/, '"goals": []')].map(reason),
    ['empty', 'empty', 'not_result', 'broken', 'empty', 'not_result', 'empty', 'not_result', 'newer', 'not_result'])
  assert.equal(reason(new Uint8Array(3e6)), 'too_large')
  assert.equal(reason(Uint8Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256)), 'not_result')
})

test('figures of a class: how many reached each goal, and at which steps; the same file twice is one', () => {
  const later = { ...result, name: 'C', goals: [{ id: 'collapsed', reached: true, step: 120 }, { id: 'strict', reached: false, step: null }, { id: 'full', reached: false, step: null }] }
  assert.deepEqual(goalFigures([result, later]), [{ id: 'collapsed', count: 2, of: 2, steps: [120, 200] }, { id: 'strict', count: 1, of: 2, steps: [] }, { id: 'full', count: 0, of: 2, steps: [] }])
  assert.equal(sameAs({ ...result, file: 'a.json' }), sameAs(readResults(bytes(toCsv([result])))[0]))
  assert.notEqual(sameAs(result), sameAs(later))
})
