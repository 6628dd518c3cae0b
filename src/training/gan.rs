//! The plain GAN, algorithm 1 of Goodfellow et al. 2014: some steps of the discriminator on real and made samples,
//! then one of the generator through the discriminator, whose weights stand still meanwhile.

mod config;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::losses::{Loss, gradient_penalty};
use super::{Turn, progress};
use crate::data::Data;
use crate::models::mlp::{Mlp, MlpConfig};
use crate::nn::batch::settled;
use crate::nn::optim::{Optimizer, Rule, clip_weights, move_average};
use crate::nn::spectral::SpectralNorm;
use crate::rng::{Purpose, Stream};
pub use config::GanConfig;

/// Streams of random numbers a step has: one for each turn of the discriminator, the last for the generator.
const ROUNDS: u64 = 16;

/// The losses of one step, still on the device; a network that did not learn has none.
#[derive(Debug, Default)]
pub struct StepLosses {
    pub discriminator: Option<Tensor<1>>,
    pub generator: Option<Tensor<1>>,
}

impl StepLosses {
    /// Over the whole batch, where it was shared.
    pub(super) fn settled(self) -> Self {
        let mut all = settled(self.discriminator.iter().chain(&self.generator).cloned().collect()).into_iter();
        Self {
            discriminator: self.discriminator.and_then(|_| all.next()),
            generator: self.generator.and_then(|_| all.next()),
        }
    }
}

/// The two networks, their optimisers and the generator's moving average.
#[derive(Debug, Clone)]
pub struct Gan {
    pub generator: Mlp,
    pub discriminator: Mlp,
    /// Without autodiff; samples are drawn from it.
    pub average: Mlp,
    /// The discriminator's, where it is asked for.
    pub spectral: Option<SpectralNorm>,
    pub optimizer_g: Optimizer,
    pub optimizer_d: Optimizer,
    pub step: u32,
    device: Device,
}

impl Gan {
    /// Fresh networks for `data_dim` numbers a sample.
    pub fn new(config: &GanConfig, data: &Data, device: &Device) -> Self {
        let device = device.clone().autodiff();
        let mut stream = Stream::new(config.seed as u64, Purpose::Initialisation, 0);
        let network = |inputs, outputs, bounded| MlpConfig {
            inputs,
            hidden_dim: config.hidden_dim,
            hidden_layers: config.hidden_layers,
            outputs,
            bounded,
        };
        let pictures = data.pictures();
        let dimension = data.dimension();
        let generator = network(config.latent_dim, dimension, pictures).init(&mut stream, &device);
        let discriminator = network(dimension * config.packing, 1, false).init(&mut stream, &device);
        let average = generator.valid();
        let mut directions = Stream::new(config.seed as u64, Purpose::Initialisation, 1);
        let spectral =
            config.spectral_norm.then(|| SpectralNorm::new(&discriminator.valid().weights(), &mut directions));
        let (optimizer_g, optimizer_d) = Default::default();
        Self { generator, discriminator, average, spectral, optimizer_g, optimizer_d, step: 0, device }
    }

    /// One training step: the discriminator's turns, then the generator's.
    pub fn train_step(&mut self, config: &GanConfig, data: &Data, turn: Turn) -> StepLosses {
        let mut losses = StepLosses::default();
        let (n, dimension) = (self.batch(config), data.dimension());
        if turn != Turn::Generator {
            for round in 0..config.discriminator_steps as u64 {
                let stream = |purpose| Stream::new(config.seed as u64, purpose, self.step as u64 * ROUNDS + round);
                let real = self.upload(data.draw(n, &mut stream(Purpose::Batch)), n, dimension);
                let latent = self.latent(config, n, stream(Purpose::LatentD));
                let noise = self.noise(config, 2 * n, dimension, stream(Purpose::InstanceNoise));
                losses.discriminator = Some(self.step_discriminator(config, real, latent, noise));
            }
        }
        if turn != Turn::Discriminator {
            let stream = |purpose| Stream::new(config.seed as u64, purpose, (self.step as u64 + 1) * ROUNDS - 1);
            let latent = self.latent(config, n, stream(Purpose::LatentG));
            let beside = config.loss == Loss::Relativistic;
            let real = beside.then(|| self.upload(data.draw(n, &mut stream(Purpose::Batch)), n, dimension));
            let seen = if beside { 2 * n } else { n };
            let noise = self.noise(config, seen, dimension, stream(Purpose::InstanceNoise));
            losses.generator = Some(self.step_generator(config, latent, real, noise));
        }
        self.step += 1;
        losses
    }

    /// Real samples carry the label 1, made ones 0; only the discriminator learns.
    ///
    /// # Shapes
    /// real `[n, d]`, latent `[n, latent_dim]`, noise `[2 n, d]` for real and made samples -> loss `[1]`
    pub fn step_discriminator(
        &mut self,
        config: &GanConfig,
        real: Tensor<2>,
        latent: Tensor<2>,
        noise: Option<Tensor<2>>,
    ) -> Tensor<1> {
        let half = real.dims()[0] / config.packing;
        // Made without autodiff: no gradient reaches the generator.
        let fake = self.generator.valid().forward(latent);
        let seen = blur(Tensor::cat(vec![real, fake], 0), noise);
        let loss = self.loss_d(config, pack(seen, config.packing).autodiff(), half);

        let rule = rule(config, config.learning_rate_d, self.step);
        let gradients = loss.backward();
        let learned = self.optimizer_d.step(&rule, self.discriminator.clone(), gradients);
        self.discriminator = match config.loss {
            Loss::Wasserstein => clip_weights(learned, config.clip),
            _ => learned,
        };
        loss.inner()
    }

    /// What the discriminator is to make small: the loss, and the gradient penalties that are asked for.
    ///
    /// # Shapes
    /// `[2 half, d]`, real packs first -> `[1]`
    fn loss_d(&mut self, config: &GanConfig, seen: Tensor<2>, half: usize) -> Tensor<1> {
        let sides = |rows: Tensor<2>| {
            let columns = rows.dims()[1];
            [0..half, half..2 * half].map(|side| rows.clone().slice([side, 0..columns]))
        };
        let scales = self.spectral.as_mut().map_or_else(Vec::new, |spectral| {
            spectral.advance(&self.discriminator.valid().weights());
            spectral.scales(&self.discriminator.weights())
        });
        let loss = |[real, fake]: [Tensor<2>; 2]| config.loss.discriminator(real, fake, config.label_smoothing);
        if config.r1 == 0.0 && config.r2 == 0.0 {
            return loss(sides(self.discriminator.forward_scaled(seen, &scales)));
        }
        let (logits, gradients) = self.discriminator.forward_with_gradient(seen, &scales);
        let [of_real, of_fake] = sides(gradients);
        let left = noise_left(config, self.step);
        loss(sides(logits)) + gradient_penalty(of_real, config.r1 * left) + gradient_penalty(of_fake, config.r2 * left)
    }

    /// The discriminator as it stands: nothing of it learns.
    ///
    /// # Shapes
    /// packs `[n, packing * d]` -> logits `[n, 1]`
    pub fn logits(&self, packs: Tensor<2>) -> Tensor<2> {
        let frozen = self.discriminator.valid();
        let scales = self.spectral.as_ref().map_or_else(Vec::new, |spectral| spectral.scales(&frozen.weights()));
        frozen.forward_scaled(packs, &scales)
    }

    /// The generator followed by the discriminator as one network, of which only the generator learns; real samples
    /// are for the loss that compares.
    ///
    /// # Shapes
    /// latent `[n, latent_dim]`, real `[n, d]`, noise `[n, d]` or, with real samples after the made ones, `[2 n, d]` -> loss `[1]`
    pub fn step_generator(
        &mut self,
        config: &GanConfig,
        latent: Tensor<2>,
        real: Option<Tensor<2>>,
        noise: Option<Tensor<2>>,
    ) -> Tensor<1> {
        let packs = latent.dims()[0] / config.packing;
        let fake = self.generator.forward(latent.autodiff());
        let seen = match &real {
            Some(real) => Tensor::cat(vec![fake, real.clone().autodiff()], 0),
            None => fake,
        };
        let logits = self.logits(pack(blur(seen, noise), config.packing));
        let beside = real.map(|_| logits.clone().slice([packs..2 * packs, 0..1]));
        let loss = config.loss.generator_beside(logits.slice([0..packs, 0..1]), beside);

        let rule = rule(config, config.learning_rate_g, self.step);
        let gradients = loss.backward();
        self.generator = self.optimizer_g.step(&rule, self.generator.clone(), gradients);
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = match config.average_decay {
            0.0 => self.generator.valid(),
            _ => move_average(self.average.clone(), &self.generator, decay),
        };
        loss.inner()
    }

    /// The batch, rounded down to whole packs.
    fn batch(&self, config: &GanConfig) -> usize {
        config.batch_size / config.packing * config.packing
    }

    fn latent(&self, config: &GanConfig, n: usize, mut stream: Stream) -> Tensor<2> {
        self.upload(stream.normals(n * config.latent_dim), n, config.latent_dim)
    }

    /// What the discriminator sees both sides through.
    fn noise(&self, config: &GanConfig, rows: usize, columns: usize, mut stream: Stream) -> Option<Tensor<2>> {
        let deviation = (config.instance_noise * noise_left(config, self.step)) as f32;
        let draw = || stream.normals(rows * columns).into_iter().map(|v| v * deviation).collect();
        (deviation > 0.0).then(draw).map(|noise| self.upload(noise, rows, columns))
    }

    fn upload(&self, values: Vec<f32>, rows: usize, columns: usize) -> Tensor<2> {
        Tensor::from_data(TensorData::new(values, [rows, columns]), &self.device.clone().inner())
    }
}

fn blur(samples: Tensor<2>, noise: Option<Tensor<2>>) -> Tensor<2> {
    match noise {
        Some(noise) => samples + noise,
        None => samples,
    }
}

/// `packing` neighbours side by side, judged as one.
///
/// # Shapes
/// `[batch, d]` -> `[batch / packing, packing * d]`
pub fn pack(samples: Tensor<2>, packing: usize) -> Tensor<2> {
    let [n, dimension] = samples.dims();
    samples.reshape([n / packing, packing * dimension])
}

/// The instance noise fades over the first three quarters, ever more slowly: while it is wide the modes get their
/// share of the samples, while it is narrow the samples find their exact places. The gradient penalties, which keep the
/// discriminator as smooth as that noise would (Roth et al. 2017), fade with it.
pub fn noise_left(config: &GanConfig, step: u32) -> f64 {
    (1.0 - progress(config.anneal_steps, step) / 0.75).max(0.0).powi(3)
}

/// The learning rates fall over the second half, to this share of themselves.
const FINAL_RATE: f64 = 0.02;

fn rate_left(config: &GanConfig, step: u32) -> f64 {
    FINAL_RATE.powf((2.0 * progress(config.anneal_steps, step) - 1.0).max(0.0))
}

fn rule(config: &GanConfig, learning_rate: f64, step: u32) -> Rule {
    Rule {
        kind: config.optimizer,
        learning_rate: learning_rate * rate_left(config, step),
        beta_1: config.beta_1,
        beta_2: config.beta_2,
    }
}
