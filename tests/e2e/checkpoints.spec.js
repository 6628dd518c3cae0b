import { expect } from '@playwright/test'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { openHost, test } from './host.mjs'
import { generatorTensors, readSafetensors, rgbaOf, writePth } from './weight-files.mjs'

const folder = path.resolve(import.meta.dirname, '../golden/checkpoints')
const golden = name => readFileSync(path.join(folder, name))
const expected = readSafetensors(golden('expected.safetensors'))
const small = { filters: 2, blocks: 1 }

/** A small generator's tensors, changed. @param {(tensors: Map<string, { shape: number[], values: Float32Array }>) => void} change */
function changed(change) {
  const tensors = generatorTensors(small)
  change(tensors)
  return writePth(tensors)
}

/** Makes files a page can fetch: a Blob of megabytes is too much for an argument. @param {import('@playwright/test').Page} page */
async function give(page, files) {
  for (const [name, bytes] of Object.entries(files)) {
    await page.route(`**/given/${name}`, route => route.fulfill({ body: Buffer.from(bytes), contentType: 'application/octet-stream' }))
  }
  await page.evaluate(() => { globalThis.given = async name => (await fetch(`/given/${name}`)).blob() })
}

for (const [name, output] of [['zip', 'small'], ['legacy', 'small'], ['python2', 'small'], ['parallel', 'parallel'], ['nine', 'nine'], ['strided', 'strided']]) {
  test(`a published file paints as in PyTorch: ${name}`, async ({ page }) => {
    await openHost(page)
    await give(page, { 'weights.pth': golden(`${name}.pth`) })
    const { rgba, width, height } = rgbaOf(expected.input)
    const painted = await page.evaluate(async ({ rgba, width, height }) => {
      const atelier = await open({ device: 'cpu' })
      const translator = await atelier.translator(await given('weights.pth'))
      const { image } = await translator.translate(new ImageData(Uint8ClampedArray.from(rgba), width, height), { side: width })
      const back = await failure(translator.translate(image, { direction: 'a', side: width }))
      const cycle = await failure(translator.translate(image, { cycle: true, side: width }))
      await atelier.close()
      return { data: [...image.data], size: [image.width, image.height], refused: [back.code, cycle.code] }
    }, { rgba: [...rgba], width, height })
    expect(painted.size).toEqual([width, height])
    expect(painted.refused).toEqual(['Unsupported', 'Unsupported'])
    const wanted = rgbaOf(expected[`${output}.output`]).rgba
    // Numbers that agree to 1e-4 may lie on two sides of a rounding.
    expect(Math.max(...painted.data.map((value, at) => Math.abs(value - wanted[at])))).toBeLessThanOrEqual(1)
  })
}

test('files that do not fit or are broken are told apart, and the atelier works on', async ({ page }) => {
  await openHost(page)
  const whole = writePth(generatorTensors(small))
  const set = (name, values) => tensors => tensors.set(name, { shape: [values.length], values: Float32Array.from(values) })
  const files = {
    whole, truncated: whole.subarray(0, 5000), 'cut.legacy': golden('legacy.pth').subarray(0, 9000), empty: new Uint8Array(0),
    jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...Buffer.from('JFIF'), ...new Uint8Array(500)]), html: Buffer.from('<!doctype html><html></html>'),
    noise: new Uint8Array(500).fill(7), torchscript: golden('torchscript.pt'), discriminator: golden('discriminator.pth'),
    nan: changed(tensors => { tensors.get('model.4.weight').values[5] = NaN }),
    missing: changed(tensors => tensors.delete('model.10.conv_block.5.weight')),
    surplus: changed(set('model.99.weight', [1])),
    shape: changed(tensors => tensors.set('model.18.weight', { shape: [3, 2, 5, 5], values: new Float32Array(150) }))
  }
  // The name that the pickle begins with, by another of the same length: nothing is run, the weights are read, and it is said.
  const program = Buffer.from(whole)
  const name = program.indexOf('collections\nOrderedDict')
  program.write('importlib\nimport_module', name)
  files.program = program
  await give(page, files)
  const seen = await page.evaluate(async names => {
    const atelier = await open({ device: 'cpu' })
    const { notes } = (await atelier.translator(await given('program'))).architecture.ab
    const told = {}
    for (const name of names) {
      const error = await failure(atelier.translator(await given(name)))
      told[name] = error && { code: error.code, ...error.details, message: error.message }
    }
    const translator = await atelier.translator(await given('whole'))
    const { image } = await translator.translate(await atelier.scene({ width: 32, height: 32 }), { side: 32 })
    await atelier.close()
    return { told, notes, size: [image.width, image.height] }
  }, Object.keys(files).filter(name => !['whole', 'program'].includes(name)))
  const { told } = seen
  const corrupt = (reason, more = {}) => expect.objectContaining({ code: 'WeightsCorrupt', reason, ...more })
  const mismatch = (reason, key, more = {}) => expect.objectContaining({ code: 'WeightsMismatch', reason, key, ...more })
  expect(told).toEqual({
    truncated: corrupt('cut_short', { place: 5000 }), 'cut.legacy': corrupt('cut_short', { place: 9000, promised: golden('legacy.pth').length }), empty: corrupt('empty', { place: 0 }),
    jpeg: corrupt('picture'), html: corrupt('web_page'), noise: corrupt('foreign', { place: 0 }), torchscript: corrupt('torchscript'),
    nan: corrupt('not_finite', { place: 'model.4.weight', index: 5, value: 'NaN' }),
    missing: mismatch('missing', 'model.10.conv_block.5.weight'), surplus: mismatch('surplus', 'model.99.weight'),
    shape: mismatch('shape', 'model.18.weight', { found: '[3, 2, 5, 5]', expected: '[3, 2, 7, 7]' }),
    discriminator: mismatch('discriminator', 'model.0.weight')
  })
  expect(seen.notes).toEqual([{ note: 'passed_over', names: ['importlib.import_module'] }])
  expect(seen.size).toEqual([32, 32])
})
