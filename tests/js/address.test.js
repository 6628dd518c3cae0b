import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHash, readAddress, readQuery } from '../../www/store.js'

const moons = { element: 'gan-trainer', dataset: 'moons', seed: '5' }

test('an address that an editor has encoded once too often, or twice, is read as it was meant', () => {
  for (const query of [
    '?element=gan-trainer&dataset=moons&seed=5', '?element=gan-trainer&amp;dataset=moons&amp;seed=5', '?element=gan-trainer&amp;amp;dataset=moons&amp;seed=5',
    '?element=gan-trainer&#038;dataset=moons&#x26;seed=5', '?element=gan-trainer%26dataset=moons%26seed=5', '?element=gan-trainer%26amp%3Bdataset%3Dmoons%26amp%3Bseed%3D5',
    '?element%3Dgan-trainer%26dataset%3Dmoons%26seed%3D5', '?element%253Dgan-trainer%2526dataset%253Dmoons%2526seed%253D5',
  ]) assert.deepEqual(Object.fromEntries(readQuery(query)), moons, query)
  assert.deepEqual(Object.fromEntries(readAddress({ search: '?element=gan-trainer&', hash: '#038;dataset=moons&#038;seed=5' })), moons)
  assert.deepEqual(Object.fromEntries(readAddress({ search: '?element=gan-trainer', hash: '#top' })), { element: 'gan-trainer' })
})

test('what is meant to hold further pairs stays whole, and what cannot be decoded stays as it is', () => {
  const settings = new URLSearchParams({ element: 'gan-trainer', settings: 'loss=hinge&hidden_dim=64' })
  assert.equal(readQuery(settings.toString()).get('settings'), 'loss=hinge&hidden_dim=64')
  assert.equal(readQuery(`?${encodeURIComponent(settings.toString())}`).get('settings'), 'loss=hinge&hidden_dim=64')
  assert.deepEqual(Object.fromEntries(readQuery('loss=hinge&amp;hidden_dim=64')), { loss: 'hinge', hidden_dim: '64' })
  assert.equal(readQuery('name=100%25%26more').get('name'), '100%&more')
  assert.equal(readQuery('name=100%&x=1').get('x'), '1')
})

test('a room’s address too', () => {
  for (const hash of ['#train?v=1&dataset=moons', '#train?v=1&amp;dataset=moons', '#train%3Fv=1%26dataset=moons', '#train%3Fv%3D1%26dataset%3Dmoons']) {
    const { room, params } = parseHash(hash)
    assert.deepEqual([room, params.get('dataset')], ['train', 'moons'], hash)
  }
  assert.equal(parseHash('').room, '')
})
