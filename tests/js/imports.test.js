import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'

const root = path.resolve(import.meta.dirname, '../..')

function filesOf(folder, ending) {
  return readdirSync(path.join(root, folder), { recursive: true }).map(String).filter(name => name.endsWith(ending)).map(name => path.join(folder, name))
}

/** What a Rust module may use of the crate. `weights` maps published names to the fields of models, so it stands above them. */
const leaves = ['error', 'rng', 'data', 'image', 'weights', 'nn']
const layers = {
  nn: ['error', 'rng'], models: leaves.filter(name => name !== 'weights'), training: [...leaves, 'models'], session: [...leaves, 'models', 'training', 'onnx'],
  web: [...leaves, 'models', 'training', 'session', 'onnx'], data: leaves, weights: [...leaves, 'models'], onnx: ['error', 'weights', 'models', 'nn'], image: leaves, error: [], rng: []
}

test('Rust modules use only what lies below them', () => {
  const wrong = []
  for (const file of filesOf('src', '.rs')) {
    const layer = file.split(path.sep)[1].replace('.rs', '')
    if (!(layer in layers)) continue
    const code = readFileSync(path.join(root, file), 'utf8').replace(/\/\/.*$/gm, '')
    for (const [, used] of code.matchAll(/\bcrate::\{?\s*(\w+)/g)) {
      if (used in layers && used !== layer && !layers[layer].includes(used)) wrong.push(`${file} uses ${used}`)
    }
    if (layer !== 'web' && /\b(wasm_bindgen|js_sys|web_sys)\b/.test(code)) wrong.push(`${file} knows the browser`)
  }
  assert.deepEqual(wrong, [])
})

test('elements know neither the engine nor the state, and only the worker loads an engine', () => {
  const wrong = []
  for (const file of filesOf('www', '.js')) {
    const code = readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    const imports = [...code.matchAll(/(?:from\s*|import\s*\(?\s*)['"]([^'"]+)['"]/g)].map(([, name]) => name)
    if (file.startsWith(path.join('www', 'elements'))) {
      for (const name of imports) if (/engine\/|store\.js|gan-atelier\.js|rooms\//.test(name)) wrong.push(`${file} imports ${name}`)
    }
    if (file.startsWith(path.join('www', 'files'))) {
      for (const name of imports) if (/elements\/|engine\/|rooms\/|store\.js|i18n\//.test(name)) wrong.push(`${file} imports ${name}`)
    }
    if (file.startsWith(path.join('www', 'engine'))) {
      for (const name of imports) if (/elements\/|rooms\/|store\.js|i18n\//.test(name)) wrong.push(`${file} imports ${name}`)
    }
    if (/\bpkg\//.test(code)) wrong.push(`${file} names pkg/`)
  }
  assert.deepEqual(wrong, [])
})
