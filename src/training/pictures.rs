//! DCGAN (Radford et al. 2015) and AC-GAN (Odena et al. 2016): one contest over pictures, with or without classes. The discriminator
//! learns L_S, to tell real from made, and L_C, to name the class of both; the generator learns to be taken for real and to show the class
//! it was asked for (section 3 of the latter, equations 2 and 3).

mod config;

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Map, Value};

use super::Turn;
use super::gan::StepLosses;
use super::losses::{Loss, class_loss, gradient_penalty};
use super::metrics::{State, remedy_of};
use crate::data::pictures::Pictures;
use crate::data::waves::Drawn;
use crate::models::acgan::{Discriminator, Opinion};
use crate::models::dcgan::{DcganConfig, Generator, Mode};
use crate::nn::norm::Moments;
use crate::nn::optim::{Optimizer, Rule, clip_weights, move_average};
use crate::nn::shards;
use crate::rng::{Purpose, Stream};
pub use config::PicturesConfig;

/// Streams of random numbers a step has: one for each turn of the discriminator, the last for the generator.
const ROUNDS: u64 = 16;

/// The gradient penalty is taken at one step in so many, and counts for all of them (Karras et al. 2020, "Analyzing and improving the image
/// quality of StyleGAN", section 3.1): it costs as much as the rest of the discriminator's step.
const PENALTY_EVERY: u32 = 4;

/// The two networks, their optimisers and the generator's moving average.
#[derive(Debug, Clone)]
pub struct PictureGan {
    pub generator: Generator,
    pub discriminator: Discriminator,
    /// Without autodiff; samples are drawn from it.
    pub average: Generator,
    pub optimizer_g: Optimizer,
    pub optimizer_d: Optimizer,
    pub step: u32,
    /// Classes that both networks know; 0 makes it a DCGAN.
    classes: usize,
    shape: [usize; 3],
    device: Device,
}

impl PictureGan {
    /// Fresh networks for pictures like these.
    pub fn new(config: &PicturesConfig, pictures: &Pictures, classes: usize, device: &Device) -> Self {
        let device = device.clone().autodiff();
        let mut stream = Stream::new(config.seed as u64, Purpose::Initialisation, 0);
        let shape = [pictures.channels(), pictures.side, pictures.side];
        let networks = DcganConfig {
            side: pictures.side,
            channels: pictures.channels(),
            width: config.width,
            discriminator_norm: config.discriminator_norm,
        };
        let generator = networks.init_generator(config.latent_dim + classes, &mut stream, &device);
        let discriminator = Discriminator::init(&networks, classes, &mut stream, &device);
        let average = generator.valid();
        let (optimizer_g, optimizer_d) = Default::default();
        Self { generator, discriminator, average, optimizer_g, optimizer_d, step: 0, classes, shape, device }
    }

    /// One training step: the discriminator's turns, then the generator's. Where several replicas learn, each sees its part of the batch.
    pub fn train_step(&mut self, config: &PicturesConfig, pictures: &Pictures, turn: Turn) -> StepLosses {
        shards::sharing(config.batch_size, || self.turns(config, pictures, turn).settled())
    }

    fn turns(&mut self, config: &PicturesConfig, pictures: &Pictures, turn: Turn) -> StepLosses {
        let mut losses = StepLosses::default();
        let n = config.batch_size;
        if turn != Turn::Generator {
            for round in 0..config.discriminator_steps as u64 {
                let stream = |purpose| Stream::new(config.seed as u64, purpose, self.step as u64 * ROUNDS + round);
                let Drawn { values, labels } = pictures.draw(n, None, &mut stream(Purpose::Batch));
                let (values, labels) = (shards::mine(values, n), shards::mine(labels, n));
                let (real, shown) = (self.upload(values), self.one_hot(&labels));
                let (latent, asked) = self.latent(config, n, stream(Purpose::LatentD));
                let noise = self.noise(config, [n; 2], stream(Purpose::InstanceNoise));
                losses.discriminator = Some(self.step_discriminator(config, (real, shown), (latent, asked), noise));
            }
        }
        if turn != Turn::Discriminator {
            let stream = |purpose| Stream::new(config.seed as u64, purpose, (self.step as u64 + 1) * ROUNDS - 1);
            let (latent, asked) = self.latent(config, n, stream(Purpose::LatentG));
            let noise = self.noise(config, [n], stream(Purpose::InstanceNoise));
            losses.generator = Some(self.step_generator(config, (latent, asked), noise));
        }
        self.step += 1;
        losses
    }

    /// Real pictures carry the label 1, made ones 0, and both their classes; each side is normalised by itself. Only the discriminator learns.
    ///
    /// # Shapes
    /// real `[n, side, side, channels]`, latent `[n, latent_dim]`, classes `[n, classes]`, noise for real and made pictures
    /// `[2 n, side, side, channels]` -> loss `[1]`
    pub fn step_discriminator(
        &mut self,
        config: &PicturesConfig,
        (real, shown): (Tensor<4>, Option<Tensor<2>>),
        (latent, asked): (Tensor<2>, Option<Tensor<2>>),
        noise: Option<Tensor<4>>,
    ) -> Tensor<1> {
        let n = real.dims()[0];
        // Made without autodiff: no gradient reaches the generator.
        let fake = self.generator.valid().forward(beside(latent, &asked), Mode::Batch(&mut Vec::new()));
        let [noise_real, noise_fake] = [0, n].map(|from| noise.clone().map(|noise| noise.narrow(0, from, n)));
        let (mut moments, mut moments_fake) = (Vec::new(), Vec::new());
        let (real, penalty) = self.of_real(config, blur(real, noise_real).autodiff(), &mut moments);
        let fake = self.discriminator.forward(blur(fake, noise_fake).autodiff(), Mode::Batch(&mut moments_fake));
        let source = config.loss.discriminator(real.source.clone(), fake.source.clone(), config.label_smoothing);
        let loss = source + self.naming(config, &real, &shown) + self.naming(config, &fake, &asked);
        let loss = match penalty {
            Some(penalty) => loss + penalty,
            None => loss,
        };

        let rule = rule(config, config.learning_rate_d, self.step);
        let gradients = loss.backward();
        let learned = self.optimizer_d.step(&rule, self.discriminator.clone(), gradients);
        let learned = match config.loss {
            Loss::Wasserstein => clip_weights(learned, config.clip),
            _ => learned,
        };
        self.discriminator = learned.gather(moments).gather(moments_fake);
        loss.inner()
    }

    /// What the discriminator says of real pictures, and the penalty on its gradient at them, where and when there is one.
    fn of_real(
        &self,
        config: &PicturesConfig,
        real: Tensor<4>,
        moments: &mut Vec<Moments>,
    ) -> (Opinion, Option<Tensor<1>>) {
        if config.discriminator_norm || config.r1 == 0.0 || !self.optimizer_d.steps().is_multiple_of(PENALTY_EVERY) {
            return (self.discriminator.forward(real, Mode::Batch(moments)), None);
        }
        let (opinion, gradient) = self.discriminator.forward_with_gradient(real);
        (opinion, Some(gradient_penalty(gradient.flatten(1, 3), config.r1 * PENALTY_EVERY as f64)))
    }

    /// The generator followed by the discriminator as one network, of which only the generator learns.
    ///
    /// # Shapes
    /// latent `[n, latent_dim]`, classes `[n, classes]`, noise `[n, side, side, channels]` -> loss `[1]`
    pub fn step_generator(
        &mut self,
        config: &PicturesConfig,
        (latent, asked): (Tensor<2>, Option<Tensor<2>>),
        noise: Option<Tensor<4>>,
    ) -> Tensor<1> {
        let mut moments = Vec::new();
        let fake = self.generator.forward(beside(latent, &asked).autodiff(), Mode::Batch(&mut moments));
        let frozen = self.discriminator.valid();
        let opinion = frozen.forward(blur(fake, noise), Mode::Batch(&mut Vec::new()));
        let loss = config.loss.generator(opinion.source.clone()) + self.naming(config, &opinion, &asked);

        let rule = rule(config, config.learning_rate_g, self.step);
        let gradients = loss.backward();
        self.generator = self.optimizer_g.step(&rule, self.generator.clone(), gradients).gather(moments);
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = match config.average_decay {
            0.0 => self.generator.valid(),
            _ => move_average(self.average.clone(), &self.generator, decay),
        };
        loss.inner()
    }

    /// L_C, by its weight; nothing where there are no classes.
    fn naming(&self, config: &PicturesConfig, opinion: &Opinion, class: &Option<Tensor<2>>) -> Tensor<1> {
        match (&opinion.class, class) {
            (Some(logits), Some(class)) => class_loss(logits.clone(), class.clone()).mul_scalar(config.lambda_class),
            _ => Tensor::zeros([1], &opinion.source.device()),
        }
    }

    /// Classes that both networks know.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Pictures of the averaged generator.
    ///
    /// # Shapes
    /// `n latent_dim` numbers and `n` classes -> `[n, channels, side, side]`
    pub fn make(&self, latent: Vec<f32>, labels: &[usize]) -> Tensor<4> {
        let n = labels.len();
        let latent_dim = latent.len() / n;
        let latent = Tensor::from_data(TensorData::new(latent, [n, latent_dim]), &self.plain());
        self.average.forward(beside(latent, &self.one_hot(labels)), Mode::Settled).permute([0, 3, 1, 2])
    }

    /// What the discriminator says of pictures of one kind, real or made: normalised by themselves, as it learned to see them. The moments that
    /// it gathered are of both kinds at once, and scores by them are off by as much as the kinds differ.
    ///
    /// # Shapes
    /// `[n, channels, side, side]`
    pub fn judge(&self, pictures: Tensor<4>) -> Opinion {
        self.discriminator.valid().forward(pictures.permute([0, 2, 3, 1]), Mode::Batch(&mut Vec::new()))
    }

    /// Pictures as the networks keep them: channels last.
    ///
    /// # Shapes
    /// `n channels side side` numbers -> `[n, side, side, channels]`
    pub fn upload(&self, values: Vec<f32>) -> Tensor<4> {
        let [channels, height, width] = self.shape;
        let n = values.len() / (channels * height * width);
        let planes = Tensor::<4>::from_data(TensorData::new(values, [n, channels, height, width]), &self.plain());
        planes.permute([0, 2, 3, 1])
    }

    /// # Shapes
    /// `[n, classes]`; none where the networks know no classes
    pub fn one_hot(&self, labels: &[usize]) -> Option<Tensor<2>> {
        let (n, classes) = (labels.len(), self.classes);
        let mut hot = vec![0.0f32; n * classes];
        for (at, label) in labels.iter().enumerate().filter(|(_, label)| **label < classes) {
            hot[at * classes + label] = 1.0;
        }
        (classes > 0).then(|| Tensor::from_data(TensorData::new(hot, [n, classes]), &self.plain()))
    }

    /// The own ones of `n` latents, and of classes asked for evenly at random.
    fn latent(&self, config: &PicturesConfig, n: usize, mut stream: Stream) -> (Tensor<2>, Option<Tensor<2>>) {
        let values = shards::mine(stream.normals(n * config.latent_dim), n);
        let labels = shards::mine((0..n).map(|_| stream.below(self.classes.max(1))).collect(), n);
        let latent = Tensor::from_data(TensorData::new(values, [labels.len(), config.latent_dim]), &self.plain());
        (latent, self.one_hot(&labels))
    }

    /// What the discriminator sees batches of so many pictures through: the own ones' noise, batch after batch.
    fn noise<const B: usize>(
        &self,
        config: &PicturesConfig,
        batches: [usize; B],
        mut stream: Stream,
    ) -> Option<Tensor<4>> {
        let deviation = (config.instance_noise * noise_left(config, self.step)) as f32;
        let size = self.shape.iter().product::<usize>();
        let mut draw = |n: usize| {
            let own = shards::own(n);
            stream.skip_normals(own.start * size);
            let drawn: Vec<f32> = stream.normals(own.len() * size).into_iter().map(|v| v * deviation).collect();
            stream.skip_normals((n - own.end) * size);
            drawn
        };
        (deviation > 0.0).then(|| batches.map(&mut draw).concat()).map(|noise| self.upload(noise))
    }

    fn plain(&self) -> Device {
        self.device.clone().inner()
    }
}

/// Latent and class side by side.
fn beside(latent: Tensor<2>, class: &Option<Tensor<2>>) -> Tensor<2> {
    match class {
        Some(class) => Tensor::cat(vec![latent, class.clone()], 1),
        None => latent,
    }
}

fn blur(pictures: Tensor<4>, noise: Option<Tensor<4>>) -> Tensor<4> {
    match noise {
        Some(noise) => pictures + noise,
        None => pictures,
    }
}

/// How much of the annealing is over, 0 to 1.
fn progress(config: &PicturesConfig, step: u32) -> f64 {
    match config.anneal_steps {
        0 => 0.0,
        steps => (step as f64 / steps as f64).min(1.0),
    }
}

/// The instance noise fades over the first three quarters.
pub fn noise_left(config: &PicturesConfig, step: u32) -> f64 {
    (1.0 - progress(config, step) / 0.75).max(0.0)
}

/// The learning rates fall over the second half, to this share of themselves.
const FINAL_RATE: f64 = 0.05;

fn rule(config: &PicturesConfig, learning_rate: f64, step: u32) -> Rule {
    Rule {
        kind: config.optimizer,
        learning_rate: learning_rate * FINAL_RATE.powf((2.0 * progress(config, step) - 1.0).max(0.0)),
        beta_1: config.beta_1,
        beta_2: config.beta_2,
    }
}

/// Which settings would help, as the contest stands.
pub fn remedy(config: &PicturesConfig, state: State) -> Option<Map<String, Value>> {
    let rates = [config.learning_rate_d, config.learning_rate_g];
    let collapsed = serde_json::json!({
        "instance_noise": config.instance_noise.max(0.3),
        "learning_rate_g": (config.learning_rate_g / 2.0).max(1e-5),
    });
    remedy_of(state, rates, config.loss.has_labels().then_some(config.label_smoothing), collapsed)
}
