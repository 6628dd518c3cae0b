/** What is measured. Read in pages and in Node. */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} said for the table
 * @property {'cpu' | 'webgpu'} device
 * @property {{ filters: number, blocks: number }} [network] painted by: random weights of the published form
 * @property {string} [model] painted by: a shipped pair, forward
 * @property {number} [side] of the square picture
 * @property {Record<string, any>} [training] settings that differ from the defaults
 * @property {number} [steps] of a training that are timed together; our report after them is in the time
 * @property {string[]} peers
 */

const painters = ['onnxruntime-web', 'litert', 'tfjs', 'jax-js']
const onGpu = ['onnxruntime-web', 'litert', 'jax-js']
const trainers = ['tfjs', 'jax-js']
const cpu = /** @type {const} */ ('cpu')
/** As in the paper: batch norms in both networks, and no penalty, which would ask peers for second derivatives; slow rates keep first losses comparable. */
const dcgan = { family: 'dcgan', dataset: 'digits', discriminator_norm: true, r1: 0, learning_rate_d: 2e-4, learning_rate_g: 2e-4, beta_1: 0.5 }

/** @type {Case[]} */
export const cases = [
  { name: 'published-256', said: 'published generator, 64 filters, 9 blocks, 256 px', device: cpu, network: { filters: 64, blocks: 9 }, side: 256, peers: painters },
  { name: 'small-256', said: '32 filters, 6 blocks, 256 px', device: cpu, network: { filters: 32, blocks: 6 }, side: 256, peers: painters },
  { name: 'small-512', said: '32 filters, 6 blocks, 512 px', device: cpu, network: { filters: 32, blocks: 6 }, side: 512, peers: painters },
  { name: 'monet-512', said: 'our Monet, 512 px', device: cpu, model: 'monet', side: 512, peers: painters },
  { name: 'tiny-64', said: '8 filters, 2 blocks, 64 px', device: cpu, network: { filters: 8, blocks: 2 }, side: 64, peers: painters },
  { name: 'ring', said: 'GAN step, ring, 64 wide, batch 128', device: cpu, training: { family: 'gan', dataset: 'ring' }, steps: 50, peers: trainers },
  { name: 'dcgan-16', said: 'DCGAN step, 16 channels, batch 32', device: cpu, training: { ...dcgan, width: 16, batch_size: 32 }, steps: 10, peers: trainers },
  { name: 'dcgan-64', said: 'DCGAN step, 64 channels, batch 64', device: cpu, training: { ...dcgan, width: 64, batch_size: 64 }, steps: 4, peers: trainers },
  { name: 'acgan', said: 'AC-GAN step, drawn faces, as the room has it', device: cpu, training: { family: 'acgan', dataset: 'faces' }, steps: 4, peers: [] },
  { name: 'cyclegan', said: 'CycleGAN step, drawn horses, as the room has it', device: cpu, training: { family: 'cyclegan' }, steps: 4, peers: [] },
  { name: 'drgan', said: 'DR-GAN step, drawn faces, as the room has it', device: cpu, training: { family: 'drgan' }, steps: 4, peers: [] },
  { name: 'rgan', said: 'recurrent GAN step, sines, 32 wide, batch 32', device: cpu, training: { family: 'rgan', dataset: 'sines', conditional: false }, steps: 10, peers: trainers },
  { name: 'tiny-64-webgpu', said: '8 filters, 2 blocks, 64 px, WebGPU', device: 'webgpu', network: { filters: 8, blocks: 2 }, side: 64, peers: onGpu }
]

/** For a graphics card (`npm run gpu`): on a software adapter each would take minutes. @type {Case[]} */
export const onCard = [
  { name: 'tiny-64-card', said: '8 filters, 2 blocks, 64 px', device: 'webgpu', network: { filters: 8, blocks: 2 }, side: 64, peers: onGpu },
  { name: 'ring-card', said: 'GAN step, ring, 64 wide, batch 128', device: 'webgpu', training: { family: 'gan', dataset: 'ring' }, steps: 50, peers: ['jax-js'] },
  { name: 'dcgan-16-card', said: 'DCGAN step, 16 channels, batch 32', device: 'webgpu', training: { ...dcgan, width: 16, batch_size: 32 }, steps: 10, peers: ['jax-js'] },
  { name: 'dcgan-64-card', said: 'DCGAN step, 64 channels, batch 64', device: 'webgpu', training: { ...dcgan, width: 64, batch_size: 64 }, steps: 4, peers: ['jax-js'] },
  { name: 'published-256-card', said: 'published generator, 64 filters, 9 blocks, 256 px', device: 'webgpu', network: { filters: 64, blocks: 9 }, side: 256, peers: onGpu },
  { name: 'monet-512-card', said: 'our Monet, 512 px', device: 'webgpu', model: 'monet', side: 512, peers: onGpu }
]

/** How a page is served, and how many threads an engine may have there. */
export const columns = {
  one: { said: 'one thread', isolated: false, threads: 1 },
  isolated: { said: 'isolated page, all threads', isolated: true, threads: Infinity },
  plain: { said: 'plain page', isolated: false, threads: Infinity }
}
