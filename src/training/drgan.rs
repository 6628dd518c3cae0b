//! One step of DR-GAN (Tran et al. 2017, sections 3.1 to 3.3): a discriminator that tells who somebody is, where they look and whether the
//! picture is real; and an encoder and a decoder that together are the generator, for one picture of a person and for several fused.

mod config;

pub use config::{DrganConfig, Networks};

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};

use super::Turn;
use super::losses::Loss;
use crate::data::gallery::Portraits;
use crate::models::drgan::{Decoder, Discriminator, Encoder, fuse};
use crate::nn::activation::{log_softmax, sigmoid};
use crate::nn::batch::{mean, settled};
use crate::nn::conv::scaled_source;
use crate::nn::optim::{Optimizer, OptimizerKind, Rule, move_average};
use crate::nn::shards;
use crate::rng::{Purpose, Stream};

/// Pixels on a side of a picture.
pub const SIDE: usize = 32;

/// Degrees to either side.
pub const YAW_LIMIT: f32 = 90.0;

/// What a cosine is multiplied with before the softmax (Wang et al. 2018, "Additive margin softmax", equation 6, who take 30 for thousands
/// of people; few need less).
const COSINE_SCALE: f32 = 12.0;

/// Encoder and decoder, which one optimiser moves together.
#[derive(Module, Debug)]
pub struct Generator {
    pub encoder: Encoder,
    pub decoder: Decoder,
}

/// The losses of one step, still on the device, one number each; networks that did not learn have none.
#[derive(Debug, Default)]
pub struct DrganLosses {
    /// In the order of [`PARTS`], the weighted sum of the losses first.
    pub discriminator: Option<Tensor<1>>,
    pub generator: Option<Tensor<1>>,
}

/// What both networks' losses consist of: the sum, identity (cross entropy), yaw (squared radians), real or fake (cross entropy), and the
/// mean probability "real" of what was judged; the generator's has the reconstruction besides.
pub const PARTS: [usize; 2] = [5, 6];

/// What a step learns from: pictures, and what the fused faces are asked for.
#[derive(Debug, Clone)]
pub struct Batch {
    /// `[people pictures, 3, side, side]`
    pub real: Tensor<4>,
    /// One-hot `[people pictures, people]`.
    pub identity: Tensor<2>,
    /// `[people pictures, 1]`, radians.
    pub yaw: Tensor<2>,
    /// Of each fused face `[people, 1]`.
    pub target_yaw: Tensor<2>,
    /// Of each single face, then of each fused one `[people pictures + people, noise]`.
    pub noise: Tensor<2>,
    pub pictures: usize,
}

#[derive(Debug, Clone)]
pub struct Drgan {
    pub generator: Generator,
    pub discriminator: Discriminator,
    /// Without autodiff; what is shown is made with it.
    pub average: Generator,
    pub optimizer_g: Optimizer,
    pub optimizer_d: Optimizer,
    pub step: u32,
    device: Device,
}

impl Drgan {
    /// The small networks that learn in the page.
    pub fn new(config: &DrganConfig, device: &Device) -> Self {
        Self::with(&config.networks(), config.seed, device)
    }

    pub fn with(networks: &Networks, seed: u32, device: &Device) -> Self {
        let device = device.clone().autodiff();
        let mut stream = Stream::new(seed as u64, Purpose::Initialisation, 0);
        let transposed = |name: &str| name == "decoder.out.weight" || name.starts_with("decoder.conv");
        let mut scaled = scaled_source(&mut stream, transposed);
        let mut source = |name: &str, shape: &[usize]| match name {
            // The first pictures are an even grey: what begins as noise is slow to leave.
            "decoder.out.weight" => Ok(scaled(name, shape)?.into_iter().map(|w| 0.1 * w).collect()),
            _ => scaled(name, shape),
        };
        let random = "random numbers are never missing";
        let encoder = networks.encoder.init_from(&mut source, &device).expect(random);
        let decoder = networks.decoder.init_from(&mut source, &device).expect(random);
        let discriminator = networks.discriminator.init_from(&mut source, &device).expect(random);
        let generator = Generator { encoder, decoder };
        let average = generator.valid();
        let (optimizer_g, optimizer_d) = Default::default();
        Self { generator, discriminator, average, optimizer_g, optimizer_d, step: 0, device }
    }

    /// One training step: the discriminator's, then the generator's. Where several replicas learn, each sees its part of the people.
    pub fn train_step(&mut self, config: &DrganConfig, turn: Turn) -> DrganLosses {
        let mut random = Stream::new(config.seed as u64, Purpose::Batch, self.step as u64);
        let n = config.batch_size;
        let people: Vec<usize> = (0..n).map(|_| random.below(config.people)).collect();
        let portraits = Portraits::take_some(people, shards::own(n), config.pictures, SIDE, &mut random);
        shards::sharing(n, || self.turns(config, portraits, n, turn))
    }

    /// [`Drgan::train_step`] on pictures from elsewhere: `config.pictures` of each person, one person after another.
    pub fn train_step_on(&mut self, config: &DrganConfig, portraits: Portraits, turn: Turn) -> DrganLosses {
        let people = portraits.people.len() / config.pictures;
        self.turns(config, portraits, people, turn)
    }

    /// With pictures of the own ones of so many people.
    fn turns(&mut self, config: &DrganConfig, portraits: Portraits, people: usize, turn: Turn) -> DrganLosses {
        let batch = self.ask(config, portraits, people);
        let mut losses = DrganLosses::default();
        // The discriminator's turn leaves the generator as it was: both look at the same pictures.
        let made = (turn != Turn::Discriminator).then(|| self.generator.turn(&batch.clone().autodiff()));
        if turn != Turn::Generator {
            let fake =
                made.as_ref().map_or_else(|| self.generator.valid().turn(&batch).0, |(fake, _)| fake.clone().inner());
            losses.discriminator = Some(self.learn_to_judge(config, &batch, fake));
        }
        if let Some(made) = made {
            losses.generator = Some(self.learn_to_make(config, &batch, made));
        }
        self.step += 1;
        let mut settled = settled(losses.discriminator.iter().chain(&losses.generator).cloned().collect()).into_iter();
        DrganLosses {
            discriminator: losses.discriminator.and_then(|_| settled.next()),
            generator: losses.generator.and_then(|_| settled.next()),
        }
    }

    /// The discriminator learns real people's identities and yaws, and to tell real pictures from made ones.
    pub fn step_discriminator(&mut self, config: &DrganConfig, batch: &Batch) -> Tensor<1> {
        self.learn_to_judge(config, batch, self.generator.valid().turn(batch).0)
    }

    /// With pictures made without autodiff: no gradient reaches the generator.
    fn learn_to_judge(&mut self, config: &DrganConfig, batch: &Batch, fake: Tensor<4>) -> Tensor<1> {
        let [real, made] = [batch.real.clone(), fake].map(|pictures| self.discriminator.forward(pictures.autodiff()));
        let identity = cross_entropy(real.identity, batch.identity.clone().autodiff());
        let yaw = mean_square(real.yaw - batch.yaw.clone().autodiff());
        let fooled = Loss::NonSaturating.discriminator(real.real.clone(), made.real, 0.0);
        let loss = identity.clone().mul_scalar(config.weight_identity)
            + yaw.clone().mul_scalar(config.weight_yaw)
            + fooled.clone();

        let parts = [loss.clone(), identity, yaw, fooled, mean(sigmoid(real.real))].map(Tensor::inner);
        let rule = rule(config, config.learning_rate_d, self.step);
        self.discriminator = self.optimizer_d.step(&rule, self.discriminator.clone(), loss.backward());
        Tensor::cat(parts.into(), 0)
    }

    /// Encoder and decoder learn to make pictures that the discriminator takes for real ones of that person at that yaw.
    pub fn step_generator(&mut self, config: &DrganConfig, batch: &Batch) -> Tensor<1> {
        let made = self.generator.turn(&batch.clone().autodiff());
        self.learn_to_make(config, batch, made)
    }

    /// With the pictures made, and their yaws.
    fn learn_to_make(
        &mut self,
        config: &DrganConfig,
        batch: &Batch,
        (fake, yaws): (Tensor<4>, Tensor<2>),
    ) -> Tensor<1> {
        let frozen = self.discriminator.valid();
        let tracked = batch.clone().autodiff();
        let opinion = frozen.forward(fake.clone());
        let identity = cross_entropy(opinion.identity, tracked.identities());
        let yaw = mean_square(opinion.yaw - yaws);
        let fooled = Loss::NonSaturating.generator(opinion.real.clone());
        let reconstruction = mean((singles(fake, batch.pictures) - next(tracked.real, batch.pictures)).abs());
        let loss = identity.clone().mul_scalar(config.weight_identity)
            + yaw.clone().mul_scalar(config.weight_yaw)
            + fooled.clone()
            + reconstruction.clone().mul_scalar(config.weight_reconstruction);

        let parts =
            [loss.clone(), identity, yaw, fooled, mean(sigmoid(opinion.real)), reconstruction].map(Tensor::inner);
        let rule = rule(config, config.learning_rate_g, self.step);
        self.generator = self.optimizer_g.step(&rule, self.generator.clone(), loss.backward());
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = match config.average_decay {
            0.0 => self.generator.valid(),
            _ => move_average(self.average.clone(), &self.generator, decay),
        };
        Tensor::cat(parts.into(), 0)
    }

    /// What the fused faces of so many people are asked for, and the noise, both at random; the own ones' are kept.
    fn ask(&self, config: &DrganConfig, portraits: Portraits, people: usize) -> Batch {
        let mut random = Stream::new(config.seed as u64, Purpose::LatentG, self.step as u64);
        let limit = YAW_LIMIT.to_radians();
        let target_yaw = shards::mine((0..people).map(|_| random.range(-limit, limit)).collect(), people);
        // First of all single faces, then of all fused ones.
        let mut draw = |faces: usize| shards::mine(noise(people * faces * config.noise_dim, &mut random), people);
        let noise = [draw(config.pictures), draw(1)].concat();
        self.batch(config, portraits, target_yaw, noise)
    }

    /// Uploads what a step learns from.
    pub fn batch(&self, config: &DrganConfig, portraits: Portraits, target_yaw: Vec<f32>, noise: Vec<f32>) -> Batch {
        let Portraits { values, people, yaws } = portraits;
        let n = people.len();
        // Square pictures in three colours.
        let side = (values.len() / (3 * n)).isqrt();
        let mut hot = vec![0.0f32; n * config.people];
        people.iter().enumerate().for_each(|(at, person)| hot[at * config.people + person] = 1.0);
        let device = self.device.clone().inner();
        let matrix = |values: Vec<f32>, columns: usize| {
            let rows = values.len() / columns;
            Tensor::<2>::from_data(TensorData::new(values, [rows, columns]), &device)
        };
        Batch {
            real: Tensor::from_data(TensorData::new(values, [n, 3, side, side]), &device),
            identity: matrix(hot, config.people),
            yaw: matrix(yaws, 1),
            target_yaw: matrix(target_yaw, 1),
            noise: matrix(noise, config.noise_dim),
            pictures: config.pictures,
        }
    }
}

impl Batch {
    fn autodiff(self) -> Self {
        Self {
            real: self.real.autodiff(),
            identity: self.identity.autodiff(),
            yaw: self.yaw.autodiff(),
            target_yaw: self.target_yaw.autodiff(),
            noise: self.noise.autodiff(),
            pictures: self.pictures,
        }
    }

    /// Who is to be seen in what [`Generator::turn`] makes.
    fn identities(&self) -> Tensor<2> {
        let [n, people] = self.identity.dims();
        let each = self.identity.clone().reshape([n / self.pictures, self.pictures, people]);
        beside(self.identity.clone(), each.narrow(1, 0, 1).reshape([n / self.pictures, people]))
    }
}

impl Generator {
    /// Of each person, one after another, every picture turned to the yaw of the next one, and all pictures fused to the asked yaw; and those yaws.
    ///
    /// # Shapes
    /// -> `[people (pictures + 1), 3, side, side]`, `[people (pictures + 1), 1]`
    fn turn(&self, batch: &Batch) -> (Tensor<4>, Tensor<2>) {
        let (features, confidence) = self.encoder.forward(batch.real.clone());
        let [n, width] = features.dims();
        let (people, k) = (n / batch.pictures, batch.pictures);
        let fused = fuse(features.clone().reshape([people, k, width]), confidence.reshape([people, k, 1]));
        let yaws = beside(next(batch.yaw.clone(), k), batch.target_yaw.clone());
        let noise = beside(batch.noise.clone().narrow(0, 0, n), batch.noise.clone().narrow(0, n, people));
        let made = self.decoder.forward(beside(features, fused), yaws.clone(), noise);
        (made, yaws)
    }
}

/// Each person's rows, and behind them the one of all of them fused.
///
/// # Shapes
/// `[people pictures, columns]`, `[people, columns]` -> `[people (pictures + 1), columns]`
fn beside(rows: Tensor<2>, fused: Tensor<2>) -> Tensor<2> {
    let [people, columns] = fused.dims();
    let each = rows.dims()[0] / people;
    let parts = vec![rows.reshape([people, each, columns]), fused.reshape([people, 1, columns])];
    Tensor::cat(parts, 1).reshape([people * (each + 1), columns])
}

/// Without the fused one of each person.
///
/// # Shapes
/// `[people (pictures + 1), ..]` -> `[people pictures, ..]`
fn singles(made: Tensor<4>, pictures: usize) -> Tensor<4> {
    let [n, a, b, c] = made.dims();
    let people = n / (pictures + 1);
    let each = made.reshape([people, pictures + 1, a * b * c]).narrow(1, 0, pictures);
    each.reshape([people * pictures, a, b, c])
}

/// The row of the person's next picture in place of each; the first follows the last.
///
/// # Shapes
/// `[people pictures, ..]` -> the same
fn next<const D: usize>(rows: Tensor<D>, pictures: usize) -> Tensor<D> {
    if pictures == 1 {
        return rows;
    }
    let n = rows.dims()[0];
    let (shape, size) = (rows.dims(), rows.shape().num_elements());
    let people = rows.reshape([n / pictures, pictures, size / n]);
    let [later, first] = [(1, pictures - 1), (0, 1)].map(|(from, count)| people.clone().narrow(1, from, count));
    Tensor::cat(vec![later, first], 1).reshape(shape)
}

/// Numbers from U(-1, 1), as the paper draws its noise.
pub fn noise(count: usize, random: &mut Stream) -> Vec<f32> {
    (0..count).map(|_| random.range(-1.0, 1.0)).collect()
}

/// # Shapes
/// cosines and one-hot `[n, people]` -> `[1]`
pub fn cross_entropy(cosines: Tensor<2>, hot: Tensor<2>) -> Tensor<1> {
    -mean((log_softmax(cosines.mul_scalar(COSINE_SCALE)) * hot).sum_dim(1))
}

/// The probability of each person that cosines stand for.
pub fn probabilities(cosines: &[f32]) -> Vec<f32> {
    let most = cosines.iter().copied().fold(f32::MIN, f32::max);
    let shares: Vec<f32> = cosines.iter().map(|cosine| (COSINE_SCALE * (cosine - most)).exp()).collect();
    let sum: f32 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum).collect()
}

pub fn mean_square(x: Tensor<2>) -> Tensor<1> {
    mean(x.clone() * x)
}

/// The learning rates never fall below this share of themselves: whoever trains on should see something happen.
const LEAST_RATE: f64 = 0.02;

/// Constant over the first half, then falling in a straight line.
fn rule(config: &DrganConfig, learning_rate: f64, step: u32) -> Rule {
    let remaining = match config.anneal_steps {
        0 => 1.0,
        steps => (2.0 * (1.0 - step as f64 / steps as f64)).clamp(LEAST_RATE, 1.0),
    };
    let (beta_1, beta_2) = (config.beta_1, config.beta_2);
    Rule { kind: OptimizerKind::Adam, learning_rate: learning_rate * remaining, beta_1, beta_2 }
}
