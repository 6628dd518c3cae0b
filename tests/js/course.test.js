// The pages for teachers: texts in both languages, class sets held against the engine's ranges, worksheets that are whole.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import english from '../../www/i18n/en/course.js'
import chinese from '../../www/i18n/zh-Hant/course.js'
import { memberHash, mostLinks, seedMembers, settable, settingMembers } from '../../www/course/set.js'
import { changesIn } from '../../www/rooms/lesson.js'
import { parseHash } from '../../www/store.js'

const root = path.resolve(import.meta.dirname, '../..')
const json = file => JSON.parse(readFileSync(path.join(root, file), 'utf8'))
const schema = { family: 'gan', presets: {}, datasets: [{ id: 'ring' }], fields: [
  { key: 'dataset', kind: 'choice', default: 'ring', choices: ['ring'] }, { key: 'seed', kind: 'integer', default: 7, min: 0, max: 4294967295 }, { key: 'rate', kind: 'number', default: 0.1, min: 0, max: 1 },
  { key: 'loss', kind: 'choice', default: 'hinge', choices: ['hinge', 'other'] },
] }

test('the pages say the same in both languages, and a picture has as many words in each', () => {
  const flat = (node, prefix = '') => Object.entries(node).flatMap(([key, value]) => (typeof value === 'object' ? flat(value, `${prefix}${key}.`) : [[prefix + key, value]]))
  const [en, zh] = [flat(english), flat(chinese)]
  assert.deepEqual(zh.map(([key]) => key).toSorted(), en.map(([key]) => key).toSorted())
  const other = Object.fromEntries(zh)
  for (const [key, value] of en) {
    if (key.includes('words_')) assert.equal(other[key].split('|').length, value.split('|').length, key)
    assert.deepEqual((other[key].match(/\{\w+\}/g) ?? []).toSorted(), (value.match(/\{\w+\}/g) ?? []).toSorted(), key)
  }
})

test('a class set has a seed for each, or a value that the engine takes; what it does not take is named', () => {
  assert.deepEqual(seedMembers(101, 3).map(({ value }) => value), ['101', '102', '103'])
  assert.equal(seedMembers(NaN, 1000).length, mostLinks)
  const many = settingMembers(schema, 'ring', 'rate', Array(mostLinks + 5).fill('0.5').join(' '))
  assert.deepEqual([many.members.length, many.over], [mostLinks, 5])
  const { members, bad } = settingMembers(schema, 'ring', 'rate', '0.1, 0.5；2 much，1')
  assert.deepEqual([members.map(({ value }) => value), bad], [['0.1', '0.5', '1'], ['2', 'much']])
  assert.deepEqual(settable(schema).map(({ key }) => key), ['rate', 'loss'])
})

test('a link of a class set opens its lesson with its value, and nothing that would make it another lesson', () => {
  const read = hash => { const { room, params } = parseHash(`#${hash}`); return [room, params.get('lesson'), params.get('seed'), params.get('settings'), params.has('locked')] }
  assert.deepEqual(read(memberHash('balance', { key: 'seed', value: '101' }, true)), ['learn', 'balance', '101', null, true])
  assert.deepEqual(read(memberHash('balance', { key: 'rate', value: '0.5' }, false)), ['learn', 'balance', null, 'rate=0.5', false])
  assert.deepEqual(changesIn(schema, 'ring', { seed: '101', settings: 'rate=0.5' }), { changes: { rate: 0.5, seed: 101 }, ignored: [] })
  assert.deepEqual(changesIn(schema, 'ring', { seed: 'x', settings: 'rate=7&dataset=moons&speed=1' }), { changes: {}, ignored: ['dataset=moons', 'rate=7', 'speed=1', 'seed=x'] })
  assert.deepEqual(changesIn(schema, 'ring', {}), { changes: {}, ignored: [] })
})

test('a lesson with a worksheet has it in both languages: as many questions, each with an answer, tables of one shape', () => {
  const folder = path.join(root, 'www/lessons')
  const names = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)
  const file = (name, lang) => `www/lessons/${name}/worksheet.${lang}.json`
  const with_ = names.filter(name => ['en', 'zh-Hant'].some(lang => existsSync(path.join(root, file(name, lang)))))
  assert.ok(with_.length >= 11)
  for (const name of with_) {
    const [en, zh] = ['en', 'zh-Hant'].map(lang => json(file(name, lang)))
    const shape = ({ questions }) => questions.map(({ lines = 2, table }) => [lines, table?.head.length, table?.rows.map(row => row.length)])
    assert.deepEqual(shape(zh), shape(en), name)
    for (const { before, questions } of [en, zh]) {
      assert.ok(before && questions.length >= 3, name)
      for (const { ask, answer, table } of questions) assert.ok(ask && answer && (!table || table.rows.every(row => row.length === table.head.length)), `${name}: ${ask}`)
    }
    assert.doesNotMatch(JSON.stringify(en), /[\u4e00-\u9fff]/)
    assert.match(JSON.stringify(zh), /[\u4e00-\u9fff]/)
  }
})
