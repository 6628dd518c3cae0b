// Experiments worth showing that go wrong on purpose.

/**
 * The forger's steps are long, carry most of their momentum on, and nothing blurs the appraiser's eye: it chases one weakness after
 * another and ends at a single mode. The remedy: short memory, equal steps, and noise that fades. Seen on seeds 7 and 31 to 33.
 */
export const collapse = {
  family: 'gan',
  dataset: 'ring',
  settings: { seed: 7, beta_1: 0.9, learning_rate_g: 0.01, learning_rate_d: 0.001, instance_noise: 0, average_decay: 0, anneal_steps: 0 },
  remedy: { beta_1: 0.5, learning_rate_g: 0.002, learning_rate_d: 0.002, instance_noise: 0.3, average_decay: 0.99, anneal_steps: 3000 },
}
