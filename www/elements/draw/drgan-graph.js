// DR-GAN's training step as data: who takes part, and what flows when. The names are those of src/models/drgan.rs and its training step.

/**
 * @typedef {'picture' | 'network' | 'vector' | 'answer'} Kind
 * @typedef {{ from: string, to: string, kind: 'data' | 'back', target?: string, tone?: 'real' | 'made' }} Flow
 * @typedef {{ id: string, code: string[], flows: Flow[], learns: string[], frozen: string[] }} Stage
 */

/** @type {Record<string, Kind>} */
export const parts = {
  x: 'picture', encoder: 'network', confidence: 'vector', identity_features: 'vector', pose_code: 'vector', noise: 'vector',
  decoder: 'network', fake: 'picture', discriminator: 'network', identity: 'answer', yaw: 'answer', real: 'answer',
}

/** Along a chain of names. @param {string[]} names @returns {Flow[]} */
const data = (...names) => names.slice(1).map((to, index) => ({ from: names[index], to, kind: 'data' }))
/** The gradient's way, against the data. @returns {Flow[]} */
const back = (...names) => names.slice(1).map((from, index) => ({ from, to: names[index], kind: 'back' }))
/** What a head is wanted to say. @param {'real' | 'made'} tone @param {Record<string, string>} targets @returns {Flow[]} */
const wanted = (tone, targets) => Object.entries(targets).map(([to, target]) => ({ from: 'discriminator', to, kind: 'data', target, tone }))

/** @param {string} id @param {string[]} code @param {Flow[]} flows @param {string[]} [learns] @param {string[]} [frozen] @returns {Stage} */
const stage = (id, code, flows, learns = [], frozen = []) => ({ id, code, flows, learns, frozen })

/** @type {Stage[]} */
export const stages = [
  stage('encode', ['identity_features, confidence = encoder(x)'], [...data('x', 'encoder', 'identity_features'), ...data('encoder', 'confidence')]),
  stage('fuse', ['identity_features = Σ confidence · identity_features / Σ confidence'], data('confidence', 'identity_features')),
  stage('code', ['code = [identity_features, pose_code(yaw), noise]'], [...data('identity_features', 'decoder'), ...data('pose_code', 'decoder'), ...data('noise', 'decoder')]),
  stage('decode', ['fake = decoder(code)'], data('decoder', 'fake')),
  stage('judge', ['identity, yaw, real = discriminator(fake)'], [...data('fake', 'discriminator', 'identity'), ...data('discriminator', 'yaw'), ...data('discriminator', 'real')]),
  stage('discriminator_learns', ['x: identity → y, yaw → its own, real → 1', 'fake: real → 0'],
    [...data('x', 'discriminator'), ...data('fake', 'discriminator'), ...wanted('real', { identity: 'y', yaw: 'c', real: '1 | 0' })], ['discriminator'], ['encoder', 'decoder']),
  stage('generator_learns', ['fake: identity → y, yaw → c, real → 1'], [
    ...wanted('made', { identity: 'y', yaw: 'c', real: '1' }),
    ...back('decoder', 'fake', 'discriminator'), ...back('encoder', 'identity_features', 'decoder'),
  ], ['encoder', 'decoder'], ['discriminator']),
]

/** A flow and its way back share a line. @param {Flow} flow */
export const lineOf = ({ from, to, kind }) => (kind === 'back' ? `${to}>${from}` : `${from}>${to}`)

/** Every line of the drawing, once. @type {Map<string, { from: string, to: string }>} */
export const lines = new Map(stages.flatMap(({ flows }) => flows).filter(({ kind }) => kind === 'data').map(flow => [lineOf(flow), flow]))

/** @param {Stage} stage @returns {string[]} */
export const namesIn = ({ flows, learns }) => [...new Set([...flows.flatMap(({ from, to }) => [from, to]), ...learns])]
