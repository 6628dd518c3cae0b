// CycleGAN's training step as data: who takes part, and what flows when. The names are those of src/training/cyclegan.rs.

/**
 * `half` is the drawing that a flow belongs to: `a` starts from real_a, `b` from real_b.
 * @typedef {{ half: 'a' | 'b', from: string, to: string, kind: 'data' | 'loss' | 'back', label?: string, target?: 0 | 1 }} Flow
 * @typedef {{ id: string, code: string[], flows: Flow[], learns: string[], frozen: string[] }} Stage
 */

const generators = ['generator_ab', 'generator_ba']
const discriminators = ['discriminator_a', 'discriminator_b']

/** @param {string} name @returns {'picture' | 'generator' | 'discriminator'} */
export function kindOf(name) {
  if (generators.includes(name)) return 'generator'
  return discriminators.includes(name) ? 'discriminator' : 'picture'
}

/** Along a chain of names. @param {'a' | 'b'} half @param {string[]} names @returns {Flow[]} */
const data = (half, ...names) => names.slice(1).map((to, index) => ({ half, from: names[index], to, kind: 'data' }))
/** @returns {Flow} */
const loss = (half, from, to, label) => ({ half, from, to, kind: 'loss', label })
/** @returns {Flow} */
const judged = (half, from, to, target) => ({ half, from, to, kind: 'data', target })
/** The gradient's way, against the data. @returns {Flow[]} */
const back = (half, ...names) => names.slice(1).map((from, index) => ({ half, from, to: names[index], kind: 'back' }))

/** @param {string} id @param {string[]} code @param {Flow[]} flows @param {string[]} [learns] @param {string[]} [frozen] @returns {Stage} */
const stage = (id, code, flows, learns = [], frozen = []) => ({ id, code, flows, learns, frozen })

/** In the order of `train_step`. @type {Stage[]} */
export const stages = [
  stage('fake_b', ['fake_b = generator_ab(real_a)'], data('a', 'real_a', 'generator_ab', 'fake_b')),
  stage('fake_a', ['fake_a = generator_ba(real_b)'], data('b', 'real_b', 'generator_ba', 'fake_a')),
  stage('rec_a', ['rec_a = generator_ba(fake_b)'], data('a', 'fake_b', 'generator_ba', 'rec_a')),
  stage('rec_b', ['rec_b = generator_ab(fake_a)'], data('b', 'fake_a', 'generator_ab', 'rec_b')),
  stage('fool', ['(discriminator_b(fake_b) − 1)²', '(discriminator_a(fake_a) − 1)²'],
    [judged('a', 'fake_b', 'discriminator_b', 1), judged('b', 'fake_a', 'discriminator_a', 1)], [], discriminators),
  stage('cycle', ['lambda_cycle · |rec_a − real_a|', 'lambda_cycle · |rec_b − real_b|'],
    [loss('a', 'rec_a', 'real_a', 'lambda_cycle'), loss('b', 'rec_b', 'real_b', 'lambda_cycle')]),
  stage('identity', ['lambda_cycle · lambda_identity · |idt_a − real_a|', 'lambda_cycle · lambda_identity · |idt_b − real_b|'], [
    ...data('a', 'real_a', 'generator_ba', 'idt_a'), loss('a', 'idt_a', 'real_a', 'lambda_identity'),
    ...data('b', 'real_b', 'generator_ab', 'idt_b'), loss('b', 'idt_b', 'real_b', 'lambda_identity'),
  ]),
  stage('generators_learn', ['loss = fool + lambda_cycle · cycle + lambda_cycle · lambda_identity · identity'], [
    ...back('a', 'generator_ab', 'fake_b', 'discriminator_b'), ...back('a', 'fake_b', 'generator_ba', 'rec_a'),
    ...back('b', 'generator_ba', 'fake_a', 'discriminator_a'), ...back('b', 'fake_a', 'generator_ab', 'rec_b'),
  ], generators, discriminators),
  stage('discriminators_learn', ['discriminator_b: real_b → 1, fake_b → 0', 'discriminator_a: real_a → 1, fake_a → 0'], [
    judged('a', 'real_b', 'discriminator_b', 1), judged('a', 'fake_b', 'discriminator_b', 0),
    judged('b', 'real_a', 'discriminator_a', 1), judged('b', 'fake_a', 'discriminator_a', 0),
  ], discriminators, generators),
]

/** A flow and its way back share a line. @param {Flow} flow */
export const lineOf = ({ half, from, to, kind }) => (kind === 'back' ? `${half}:${to}>${from}` : `${half}:${from}>${to}`)

/** Every line of the drawing, once. @type {Map<string, { half: 'a' | 'b', from: string, to: string, kind: string }>} */
export const lines = new Map(stages.flatMap(({ flows }) => flows).filter(({ kind }) => kind !== 'back').map(flow => [lineOf(flow), flow]))

/** Pictures and networks that a stage touches. @param {Stage} stage @returns {string[]} */
export const namesIn = ({ flows, learns }) => [...new Set([...flows.flatMap(({ from, to }) => [from, to]), ...learns])]
