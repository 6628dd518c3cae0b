import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseJson, median, table } from '../../benches/report.mjs'
import { permuted } from '../../benches/tflite.mjs'

const kase = { name: 'small', said: 'small', device: /** @type {const} */ ('cpu'), peers: ['fast', 'wrong', 'broken', 'slow'] }
const cell = (/** @type {number} */ time, more = {}) => ({ times: [time, 3 * time, 2 * time], ...more })
const result = {
  kase, multiplyAdds: 1e9,
  engines: {
    ours: { one: cell(20), isolated: cell(18), plain: cell(9) },
    fast: { one: cell(40), isolated: cell(10), plain: cell(40) },
    slow: { one: cell(80), isolated: cell(80) },
    // Neither what is another picture nor what never came is a time to be compared with.
    wrong: { one: cell(1, { differs: 'differs by 200 of 255' }) },
    broken: { isolated: { times: [], failed: 'no such | operator\nat a line' } }
  }
}

test('ratios are over the fastest peer that gives what we give', () => {
  const json = caseJson(result)
  assert.deepEqual([json.ours_ms, json.ours_workers_ms, json.peers['fast-wasm'], json.peers['fast-wasm-isolated']], [40, 18, 80, 20])
  // One thread against one, a plain page against an isolated one.
  assert.deepEqual([json.ratio, json.ratio_isolated, json.ratio_workers], [0.5, 1.8, 0.9])
  assert.equal(json.gflops, 50)
  assert.equal(json.failed['broken-wasm-isolated'], 'no such | operator\nat a line')
  assert.equal(json.differing['wrong-wasm'], 'differs by 200 of 255')
  assert.equal(json.least['wrong-wasm'], 1)
})

test('a cell says why it is empty or not compared', () => {
  const [, , one, isolated, plain] = table([result], ['ours', 'fast', 'wrong', 'broken']).split('\n').map(line => line.split(' | '))
  assert.deepEqual([one[4], one[5], one[6]], ['2 (1) **differs by 200 of 255**', '', '0.5'])
  assert.equal(isolated[5], 'no such / operator')
  assert.equal(plain[6], '0.225')
})

test('medians of even counts, and weights in another order', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5)
  const values = Float32Array.from({ length: 24 }, (_, at) => at)
  const shape = [1, 2, 3, 4]
  const turned = permuted(values, shape, [0, 2, 3, 1])
  for (let c = 0; c < 2; c++) for (let h = 0; h < 3; h++) for (let w = 0; w < 4; w++) assert.equal(turned[(h * 4 + w) * 2 + c], values[(c * 3 + h) * 4 + w])
})
