import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Score, meanAndError, rows, scoreTable, scoresOf } from '../../www/rooms/score.js'

const run = (seed, modes, high_quality, reverse_kl, done = true) => ({ seed, step: 100, steps: 100, seconds: 1.26, done, found: { modes, high_quality, reverse_kl } })

test('the standard error is the deviation over the root of the count', () => {
  const { mean, error } = meanAndError([1, 2, 3, 4])
  assert.equal(mean, 2.5)
  assert.ok(Math.abs(error - Math.sqrt(5 / 3) / 2) < 1e-12)
})

test('one run has no error, a run that goes on does not count', () => {
  const scores = scoresOf([run(1, 8, 0.9, 0.1), run(2, 4, 0.5, 0.9, false)])
  assert.equal(scores.modes.mean, 8)
  assert.ok(Number.isNaN(scores.modes.error))
  assert.equal(scoresOf([]), null)
})

test('the table holds every run, mean and error; what is no number stays empty', () => {
  const lines = scoreTable('ring', [run(1, 8, 0.9, 0.1), run(2, 6, 0.7, 0.3)]).trimEnd().split('\n')
  assert.equal(lines[0], 'dataset,seed,iterations,modes,high_quality,reverse_kl,seconds')
  assert.deepEqual(lines.slice(1), ['ring,1,100,8,0.9,0.1,1.3', 'ring,2,100,6,0.7,0.3,1.3', 'ring,mean,,7,0.8,0.2,', 'ring,standard_error,,1,0.1,0.1,'])
  assert.equal(scoreTable('ring', [run(1, 8, 0.9, 0.1)]).trimEnd().split('\n').at(-1), 'ring,standard_error,,,,,')
})

test('published shares are shares', () => {
  for (const { scores } of [...rows.ring, ...rows.grid]) assert.ok(scores.high_quality.mean > 0.9 && scores.high_quality.mean < 1)
})

test('each seed is trained afresh with its preset and asked by the protocol; stopping keeps only what has ended', async () => {
  const asked = []
  const train = async config => {
    let step = 0
    asked.push(config.seed, config.anneal_steps)
    return { step: async n => ({ step: step += n }), inspect: async question => { asked.push(question.count); return { modes: 8, high_quality: 1, reverse_kl: 0 } }, close: async () => asked.push('closed') }
  }
  const score = new Score(async () => /** @type {any} */ ({ train }))
  await score.run('ring', { first: 5, count: 2, steps: 300 })
  assert.deepEqual(asked, [5, 300, 2500, 'closed', 6, 300, 2500, 'closed'])
  assert.deepEqual(score.runs.map(({ seed, done }) => [seed, done]), [[5, true], [6, true]])
  score.addEventListener('change', () => { if (score.runs.length === 3 && score.runs[0].done) score.stop() })
  await score.run('ring', { first: 7, count: 3, steps: 300 })
  assert.deepEqual(score.runs.map(({ seed }) => seed), [7])
})
