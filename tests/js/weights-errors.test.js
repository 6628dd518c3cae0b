import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const source = readFileSync(path.resolve(import.meta.dirname, '../../src/error.rs'), 'utf8')
const snake = variant => variant.replace(/\B[A-Z]/g, '_$&').toLowerCase()

/** The reasons of an enum of src/error.rs, and the names of what each carries. @param {string} name */
function reasons(name) {
  const body = source.split(`pub enum ${name} {`)[1].split('\n}')[0]
  return [...body.matchAll(/^ {4}([A-Z]\w+)(?: \{([^}]*)\})?/gm)].map(([, variant, fields = '']) => [snake(variant), [...fields.matchAll(/(\w+):/g)].map(([, field]) => field)])
}

for (const language of ['en', 'zh-Hant']) {
  test(`whatever is wrong with a file of weights has its sentence: ${language}`, async () => {
    const { error } = (await import(`../../www/i18n/${language}.js`)).default
    const wanted = [['WeightsMismatch', 'Misfit', 'key'], ['WeightsCorrupt', 'Damage', 'place']]
      .flatMap(([code, name, always]) => reasons(name).map(([reason, fields]) => [`${code}_${reason}`, [always, ...fields]]))
    assert.ok(wanted.length > 15)
    for (const [key, fields] of wanted) {
      assert.ok(error[key], `${key} has no sentence`)
      for (const [, field] of error[key].matchAll(/\{(\w+)\}/g)) assert.ok(fields.includes(field), `${key} says {${field}}, which the error does not carry`)
    }
  })
}
