//! The recurrent GAN (Esteban et al. 2017, section 3): the discriminator judges every step of real and made sequences, then the generator
//! learns to be believed at every step. Noise enters at every step; some of it may be held for a whole sequence.

mod config;

use burn::tensor::{Device, Tensor, TensorData};

use super::gan::StepLosses;
use super::losses::Loss;
use super::{Turn, progress};
use crate::data::waves::{Drawn, Waves};
use crate::models::rgan::{Recurrent, RecurrentConfig};
use crate::nn::optim::{Optimizer, OptimizerKind, Rule, clip_weights, move_average};
use crate::rng::{Purpose, Stream};
pub use config::{RganConfig, remedy};

/// Streams of random numbers a step has: one for each turn of the discriminator, the last for the generator.
const ROUNDS: u64 = 16;

/// The two networks, their optimisers and the generator's moving average; all without autodiff, since their gradients are written out.
#[derive(Debug, Clone)]
pub struct Rgan {
    pub generator: Recurrent,
    pub discriminator: Recurrent,
    /// Samples are drawn from it.
    pub average: Recurrent,
    pub optimizer_g: Optimizer,
    pub optimizer_d: Optimizer,
    pub step: u32,
    /// Classes that both networks see; 0 where they see none.
    classes: usize,
    device: Device,
}

impl Rgan {
    pub fn new(config: &RganConfig, data: &Waves, device: &Device) -> Self {
        let mut stream = Stream::new(config.seed as u64, Purpose::Initialisation, 0);
        let classes = if config.conditional { data.classes().len() } else { 0 };
        let network =
            |inputs, outputs, bounded| RecurrentConfig { inputs, hidden_dim: config.hidden_dim, outputs, bounded };
        let latent = config.latent_dim + config.held_dim;
        let generator = network(latent + classes, data.dims(), true).init(&mut stream, device);
        let discriminator = network(data.dims() + classes, 1, false).init(&mut stream, device);
        let average = generator.clone();
        let (optimizer_g, optimizer_d) = Default::default();
        Self { generator, discriminator, average, optimizer_g, optimizer_d, step: 0, classes, device: device.clone() }
    }

    /// One training step: the discriminator's turns, then the generator's.
    pub fn train_step(&mut self, config: &RganConfig, data: &Waves, turn: Turn) -> StepLosses {
        let mut losses = StepLosses::default();
        let n = config.batch_size;
        if turn != Turn::Generator {
            for round in 0..config.discriminator_steps as u64 {
                let stream = |purpose| Stream::new(config.seed as u64, purpose, self.step as u64 * ROUNDS + round);
                let Drawn { values, labels } = data.draw(n, None, &mut stream(Purpose::Batch));
                let real = self.sequences(values, config.sequence_length);
                let latent = self.latent(config, n, &mut stream(Purpose::LatentD));
                let condition = self.condition(&labels, config.sequence_length);
                let noise = self.noise(config, [2 * n, data.dims()], &mut stream(Purpose::InstanceNoise));
                losses.discriminator = Some(self.step_discriminator(config, real, latent, condition, noise));
            }
        }
        if turn != Turn::Discriminator {
            let stream = |purpose| Stream::new(config.seed as u64, purpose, (self.step as u64 + 1) * ROUNDS - 1);
            let latent = self.latent(config, n, &mut stream(Purpose::LatentG));
            // Classes are asked for as often as they are there.
            let labels =
                if self.classes > 0 { data.draw(n, None, &mut stream(Purpose::Batch)).labels } else { Vec::new() };
            let condition = self.condition(&labels, config.sequence_length);
            let noise = self.noise(config, [n, data.dims()], &mut stream(Purpose::InstanceNoise));
            losses.generator = Some(self.step_generator(config, latent, condition, noise));
        }
        self.step += 1;
        losses
    }

    /// Every step of a real sequence carries the label 1, of a made one 0; only the discriminator learns.
    ///
    /// # Shapes
    /// real `[steps, n, dims]`, latent `[steps, n, latent]`, condition `[steps, n, classes]`, noise `[steps, 2 n, dims]` -> loss `[1]`
    pub fn step_discriminator(
        &mut self,
        config: &RganConfig,
        real: Tensor<3>,
        latent: Tensor<3>,
        condition: Option<Tensor<3>>,
        noise: Option<Tensor<3>>,
    ) -> Tensor<1> {
        let fake = self.generator.forward(beside(latent, condition.clone()));
        let seen = blur(Tensor::cat(vec![real, fake], 1), noise);
        let condition = condition.map(|condition| Tensor::cat(vec![condition.clone(), condition], 1));
        let (logits, tape) = self.discriminator.remember(beside(seen, condition));
        let (loss, gradient) = differentiate(logits, |logits| {
            let [steps, both, _] = logits.dims();
            let half = |from: usize| logits.clone().narrow(1, from, both / 2).reshape([steps * both / 2, 1]);
            config.loss.discriminator(half(0), half(both / 2), config.label_smoothing)
        });

        let rule = rule(config, config.optimizer_d, config.learning_rate_d, self.step);
        let gradients = self.discriminator.gradients(tape, gradient);
        let learned = self.optimizer_d.step_named(&rule, self.discriminator.clone(), gradients);
        self.discriminator = match config.loss {
            Loss::Wasserstein => clip_weights(learned, config.clip),
            _ => learned,
        };
        loss
    }

    /// The generator followed by the discriminator, of which only the generator learns.
    ///
    /// # Shapes
    /// latent `[steps, n, latent]`, condition `[steps, n, classes]`, noise `[steps, n, dims]` -> loss `[1]`
    pub fn step_generator(
        &mut self,
        config: &RganConfig,
        latent: Tensor<3>,
        condition: Option<Tensor<3>>,
        noise: Option<Tensor<3>>,
    ) -> Tensor<1> {
        let (fake, tape_g) = self.generator.remember(beside(latent, condition.clone()));
        let dims = fake.dims()[2];
        let (logits, tape_d) = self.discriminator.remember(beside(blur(fake, noise), condition));
        let (loss, gradient) = differentiate(logits, |logits| {
            let [steps, n, _] = logits.dims();
            config.loss.generator(logits.reshape([steps * n, 1]))
        });

        let gradient = self.discriminator.input_gradient(&tape_d, gradient).narrow(2, 0, dims);
        let rule = rule(config, config.optimizer_g, config.learning_rate_g, self.step);
        let gradients = self.generator.gradients(tape_g, gradient);
        self.generator = self.optimizer_g.step_named(&rule, self.generator.clone(), gradients);
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = match config.average_decay {
            0.0 => self.generator.clone(),
            _ => move_average(self.average.clone(), &self.generator, decay),
        };
        loss
    }

    /// Made sequences of the averaged generator.
    ///
    /// # Shapes
    /// latent `[steps, n, latent]`, condition `[steps, n, classes]` -> `[steps, n, dims]`
    pub fn make(&self, latent: Tensor<3>, condition: Option<Tensor<3>>) -> Tensor<3> {
        self.average.forward(beside(latent, condition))
    }

    /// Logits of every step.
    ///
    /// # Shapes
    /// sequences `[steps, n, dims]`, condition `[steps, n, classes]` -> `[steps, n, 1]`
    pub fn judge(&self, sequences: Tensor<3>, condition: Option<Tensor<3>>) -> Tensor<3> {
        self.discriminator.forward(beside(sequences, condition))
    }

    /// Sequences one after another, as the networks take them.
    ///
    /// # Shapes
    /// `n length dims` numbers -> `[length, n, dims]`
    pub fn sequences(&self, values: Vec<f32>, length: usize) -> Tensor<3> {
        let dims = self.generator.outputs();
        let n = values.len() / (length * dims);
        Tensor::from_data(TensorData::new(values, [n, length, dims]), &self.device).swap_dims(0, 1)
    }

    /// Noise of every step, and what is held, `n` times.
    ///
    /// # Shapes
    /// `[steps, n, latent_dim + held_dim]`
    pub fn latent(&self, config: &RganConfig, n: usize, stream: &mut Stream) -> Tensor<3> {
        self.upload_latent(config, n, &stream.normals(n * latent_numbers(config)))
    }

    /// The latent of each sequence: what is held, then each step's own.
    pub fn upload_latent(&self, config: &RganConfig, n: usize, numbers: &[f32]) -> Tensor<3> {
        let (own, held, steps) = (config.latent_dim, config.held_dim, config.sequence_length);
        let mut values = Vec::with_capacity(steps * n * (own + held));
        for step in 0..steps {
            for sequence in numbers.chunks_exact(latent_numbers(config)) {
                let (kept, fresh) = sequence.split_at(held);
                values.extend_from_slice(&fresh[step * own..(step + 1) * own]);
                values.extend_from_slice(kept);
            }
        }
        Tensor::from_data(TensorData::new(values, [steps, n, own + held]), &self.device)
    }

    /// The class of each sequence at every step, one-hot; none where the networks see no classes.
    ///
    /// # Shapes
    /// `[steps, n, classes]`
    pub fn condition(&self, labels: &[usize], steps: usize) -> Option<Tensor<3>> {
        let (n, classes) = (labels.len(), self.classes);
        let mut hot = vec![0.0f32; n * classes];
        for (at, label) in labels.iter().enumerate().filter(|(_, label)| **label < classes) {
            hot[at * classes + label] = 1.0;
        }
        let upload =
            || Tensor::<3>::from_data(TensorData::new(hot, [1, n, classes]), &self.device).repeat_dim(0, steps);
        (classes > 0).then(upload)
    }

    /// Classes that both networks see.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// What the discriminator sees both sides through.
    fn noise(&self, config: &RganConfig, [n, dims]: [usize; 2], stream: &mut Stream) -> Option<Tensor<3>> {
        let deviation = (config.instance_noise * noise_left(config, self.step)) as f32;
        let shape = [config.sequence_length, n, dims];
        let draw = || stream.normals(shape.iter().product()).into_iter().map(|v| v * deviation).collect::<Vec<f32>>();
        (deviation > 0.0).then(draw).map(|noise| Tensor::from_data(TensorData::new(noise, shape), &self.device))
    }
}

/// Numbers that a sequence starts from.
pub fn latent_numbers(config: &RganConfig) -> usize {
    config.held_dim + config.sequence_length * config.latent_dim
}

/// The loss of logits and its gradient in them.
fn differentiate(logits: Tensor<3>, loss: impl FnOnce(Tensor<3>) -> Tensor<1>) -> (Tensor<1>, Tensor<3>) {
    let logits = logits.autodiff().require_grad();
    let loss = loss(logits.clone());
    let gradients = loss.backward();
    let gradient = logits.grad(&gradients).unwrap_or_else(|| logits.clone().inner().zeros_like());
    (loss.inner(), gradient)
}

/// Step by step side by side.
fn beside(values: Tensor<3>, condition: Option<Tensor<3>>) -> Tensor<3> {
    match condition {
        Some(condition) => Tensor::cat(vec![values, condition], 2),
        None => values,
    }
}

fn blur(sequences: Tensor<3>, noise: Option<Tensor<3>>) -> Tensor<3> {
    match noise {
        Some(noise) => sequences + noise,
        None => sequences,
    }
}

/// The instance noise fades over the first three quarters.
pub fn noise_left(config: &RganConfig, step: u32) -> f64 {
    (1.0 - progress(config.anneal_steps, step) / 0.75).max(0.0)
}

/// The learning rates fall over the second half, to this share of themselves.
const FINAL_RATE: f64 = 0.05;

fn rule(config: &RganConfig, kind: OptimizerKind, learning_rate: f64, step: u32) -> Rule {
    let left = FINAL_RATE.powf((2.0 * progress(config.anneal_steps, step) - 1.0).max(0.0));
    Rule { kind, learning_rate: learning_rate * left, beta_1: config.beta_1, beta_2: config.beta_2 }
}
