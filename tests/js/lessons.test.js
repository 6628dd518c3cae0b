// Every lesson is there in both languages, names only what the engine has, and its goals are reached on the CPU engine by its own `way`.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { isCurrent } from '../../scripts/engines.mjs'
import { missed, needsControls, reached } from '../../www/lessons/goals.js'
import { Witness, layersOf } from '../../www/lessons/witness.js'
import { progressOf } from '../../www/rooms/progress.js'

const root = path.resolve(import.meta.dirname, '../..')
const folder = path.join(root, 'www/lessons')
const json = file => JSON.parse(readFileSync(path.join(folder, file), 'utf8'))
const names = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name)
const languages = ['en', 'zh-Hant']

test('every lesson says everything in both languages', () => {
  assert.ok(names.length >= 7)
  for (const name of names) {
    const { goals, choices = [], order, show } = json(`${name}/lesson.json`)
    assert.ok(Number.isFinite(order) && show.length && goals.length, name)
    const [en, zh] = languages.map(language => json(`${name}/${language}.json`))
    for (const text of [en, zh]) {
      assert.ok(text.title && text.short && text.done && text.text.length, name)
      assert.deepEqual(Object.keys(text.goals).toSorted(), goals.map(({ id }) => id).toSorted(), name)
      assert.deepEqual(Object.keys(text.choices ?? {}).toSorted(), choices.map(({ id }) => id).toSorted(), name)
    }
    assert.equal(en.text.length, zh.text.length, name)
    assert.match(JSON.stringify(zh), /[\u4e00-\u9fff]/)
    assert.doesNotMatch(JSON.stringify(en), /[\u4e00-\u9fff]/)
  }
  assert.equal(new Set(names.map(name => json(`${name}/lesson.json`).order)).size, names.length)
})

test('quiz, glossary and reading list are whole in both languages', () => {
  for (const { id, right, ...texts } of json('quiz.json')) {
    for (const language of languages) assert.ok(texts[language].question && texts[language].why && texts[language].choices[right] && texts[language].choices.length === texts.en.choices.length, id)
  }
  for (const { en, 'zh-Hant': zh, meaning } of json('glossary.json')) assert.ok(en && zh && languages.every(language => meaning[language]), en)
  const { papers, articles } = json('reading.json')
  for (const { title, note } of [...papers, ...articles]) assert.ok(title && languages.every(language => note[language]), title)
  assert.equal(articles.length, 5)
})

test('a goal holds what is measured, and nothing that is not', () => {
  const goal = { id: 'full', all: [{ figure: 'modes', at_least: 8 }, { figure: 'step', at_most: 5000 }, { figure: 'contest.state', is: 'even' }] }
  const facts = { modes: 8, step: 4000, contest: { state: 'even' } }
  assert.ok(reached(goal, facts))
  for (const worse of [{ modes: 7 }, { modes: NaN }, { modes: undefined }, { step: 5001 }, { contest: undefined }]) assert.ok(!reached(goal, { ...facts, ...worse }))
  assert.deepEqual([missed(goal, facts), missed(goal, { ...facts, step: 5001 })], [false, true])
})

test('a layer has moved where any of its tensors has, however little; looking twice forgets nothing', () => {
  const tensor = (name, norm) => ({ name, shape: name.endsWith('weight') ? [2, 3] : [3], norm })
  const before = [tensor('layers.0.weight', 3), tensor('layers.0.bias', 4), tensor('layers.1.weight', 1)]
  const now = [tensor('layers.0.weight', 3), tensor('layers.0.bias', 4.0000005), tensor('layers.1.weight', 1)]
  const [first, second] = layersOf(now, before)
  assert.deepEqual([first.moved, second.moved, second.change, first.shape], [true, false, 0, [2, 3]])
  const witness = new Witness()
  witness.saw({ generator: before, discriminator: before })
  witness.took({ step: 1, metrics: {} }, 'generator')
  witness.saw({ generator: now, discriminator: before })
  witness.saw({ generator: now, discriminator: before })
  assert.deepEqual(witness.facts.moved, { generator: 1, discriminator: 0 })
  assert.deepEqual(witness.facts.turns, { discriminator: 0, generator: 1, both: 0 })
  witness.took({ step: 5, metrics: {} })
  assert.deepEqual(witness.facts.turns, { discriminator: 0, generator: 1, both: 4 })
})

const place = path.join(root, 'pkg/cpu')
const built = isCurrent('cpu')

async function engine() {
  const loaded = await import(pathToFileURL(path.join(place, 'gan_atelier.js')).href)
  loaded.initSync({ module: readFileSync(path.join(place, 'gan_atelier_bg.wasm')) })
  await loaded.openDevice()
  return loaded
}

/** As the page does, without the page. @returns {Promise<Map<string, number>>} goals and the step at which each was reached */
async function play({ Training }, { experiment, choices = [], goals, way }) {
  const witness = new Witness()
  const done = new Map()
  const begin = async (choice = '') => {
    witness.begin(choice)
    const training = Training.start({ ...experiment, ...choices.find(({ id }) => id === choice)?.settings })
    witness.saw(await training.inspect({ what: 'tensors' }))
    return training
  }
  let training = await begin()
  for (const { choice, only, steps, times = 1 } of way) {
    if (choice) {
      training.free()
      training = await begin(choice)
    }
    for (let time = 0; steps && time < times; time++) {
      witness.took(await training.step(steps, only), only)
      witness.saw(await training.inspect({ what: 'tensors' }))
      for (const goal of goals) if (!done.has(goal.id) && reached(goal, witness.facts)) done.set(goal.id, witness.step)
      if (process.env.LESSON_FACTS) console.log(JSON.stringify({ ...witness.facts, contest: witness.facts.contest?.state }))
      if (done.size === goals.length) break
    }
  }
  training.free()
  return done
}

for (const name of names) {
  test(`the goals of "${name}" are reached on the CPU engine`, { skip: !built && 'the CPU engine is not built from these sources' }, async () => {
    const lesson = json(`${name}/lesson.json`)
    const loaded = await engine()
    const schema = loaded.schema(lesson.experiment.family)
    const settings = [lesson.experiment, ...(lesson.choices ?? []).map(choice => choice.settings)]
    for (const key of settings.flatMap(Object.keys)) assert.ok(key === 'family' || schema.fields.some(field => field.key === key), `${name}: ${key}`)
    const done = await play(loaded, lesson)
    assert.deepEqual([...done.keys()].toSorted(), lesson.goals.map(({ id }) => id).toSorted())
  })
}

test('another seed or other settings are another experiment, whose goals are its own', () => {
  assert.equal(progressOf('forger', { seed: '', settings: '' }), 'forger')
  const [one, other] = [progressOf('forger', { seed: '112', settings: '' }), progressOf('forger', { seed: '', settings: 'loss=hinge&seed=1' })]
  assert.equal(new Set(['forger', one, other]).size, 3)
  assert.equal(progressOf('forger', { seed: 112, settings: undefined }), one)
})

test('lessons whose goals need what a lock takes away are known', () => {
  const needing = names.filter(name => needsControls(json(`${name}/lesson.json`)))
  assert.deepEqual(needing.toSorted(), ['appraiser-step', 'balance', 'flow', 'forger-step', 'ten-layers'])
})
