//! One step of CycleGAN (Zhu et al. 2017, sections 3 and 4): both generators learn to fool the other domain's
//! discriminator, to find the way back (cycle) and to leave alone what is already there (identity); then both
//! discriminators learn from pictures of a pool.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Turn;
use super::fields::{Field, Group, choice, config, integer, logarithmic, number, to_value};
use crate::data::pairs::PairedDataset;
use crate::error::{Error, Result};
use crate::models::cyclegan::{
    Canvas, PatchDiscriminator, PatchDiscriminatorConfig, ResnetGenerator, ResnetGeneratorConfig, Upsample,
};
use crate::nn::batch::{mean, mine, settled, whole};
use crate::nn::optim::{Optimizer, OptimizerKind, Rule, move_average};
use crate::nn::shards;
use crate::rng::{Purpose, Stream};

/// Both generators. One optimiser moves them together.
#[derive(Module, Debug)]
pub struct Generators {
    pub generator_ab: ResnetGenerator,
    pub generator_ba: ResnetGenerator,
}

/// Both discriminators: `discriminator_a` judges pictures of a.
#[derive(Module, Debug)]
pub struct Discriminators {
    pub discriminator_a: PatchDiscriminator,
    pub discriminator_b: PatchDiscriminator,
}

config! {
    /// Defaults are for small pictures in a browser; [`CycleGanConfig::published`] has the paper's.
    CycleGanConfig {
        dataset: PairedDataset = PairedDataset::Horses, choice(&PairedDataset::ALL), Data;
        /// All random numbers of a run follow from it.
        seed: u32 = 7, integer(0, u32::MAX as u64), Data;
        /// Pixels on a side of a training picture.
        side: usize = 32, choice(&[32, 48, 64, 128, 256]), Data;
        /// Pictures of each domain in a step: an even number, which two workers share evenly.
        batch_size: usize = 6, integer(1, 16), Data;
        /// Channels of the generators' first layer.
        filters: usize = 8, integer(2, 64), Networks;
        /// Residual blocks of a generator.
        blocks: usize = 2, integer(1, 9), Networks;
        /// What the generators paint on. An underpainting lets more of a drawn background change: 0.113 where the picture leaves 0.081
        /// (`measure horses --seeds 101..101`).
        canvas: Canvas = Canvas::Picture, choice(&Canvas::ALL), Networks;
        discriminator_filters: usize = 12, integer(2, 64), Networks;
        /// How often a discriminator halves the picture; sets the size of the patches that it judges.
        halvings: usize = 2, integer(1, 3), Networks;
        lambda_cycle: f64 = 6.0, number(0.0, 30.0), Loss, live;
        /// In units of `lambda_cycle`.
        lambda_identity: f64 = 0.0, number(0.0, 1.0), Loss, live;
        learning_rate_d: f64 = 2e-4, logarithmic(1e-5, 0.1), Optimizer, live;
        learning_rate_g: f64 = 1e-3, logarithmic(1e-5, 0.1), Optimizer, live;
        beta_1: f64 = 0.5, number(0.0, 0.99), Optimizer, live;
        beta_2: f64 = 0.999, number(0.5, 0.9999), Optimizer, live;
        /// Decay of the generators' moving average.
        average_decay: f64 = 0.99, number(0.0, 0.9999), Stability, live;
        /// Made pictures that the discriminators may see again.
        pool: usize = 50, integer(0, 200), Stability, live;
        /// The learning rates are constant over the first half of these steps and fall over the second; 0 keeps them.
        anneal_steps: u32 = 800, integer(0, 1_000_000), Stability, live;
    }
}

impl CycleGanConfig {
    /// The paper's settings, with smaller generators.
    pub fn published() -> Self {
        Self {
            dataset: PairedDataset::Own,
            seed: 1,
            side: 128,
            batch_size: 1,
            filters: 32,
            blocks: 6,
            canvas: Canvas::Picture,
            discriminator_filters: 32,
            halvings: 3,
            lambda_cycle: 10.0,
            lambda_identity: 0.5,
            learning_rate_d: 2e-4,
            learning_rate_g: 2e-4,
            beta_1: 0.5,
            beta_2: 0.999,
            average_decay: 0.998,
            pool: 50,
            anneal_steps: 10_000,
        }
    }

    pub fn generator(&self) -> ResnetGeneratorConfig {
        ResnetGeneratorConfig {
            filters: self.filters,
            blocks: self.blocks,
            upsample: Upsample::Resize,
            canvas: self.canvas,
        }
    }

    pub fn discriminator(&self) -> PatchDiscriminatorConfig {
        PatchDiscriminatorConfig { filters: self.discriminator_filters, halvings: self.halvings }
    }
}

/// The losses of one step, still on the device, one number each; networks that did not learn have none.
#[derive(Debug, Default)]
pub struct CycleGanLosses {
    /// How far the made pictures were from being taken for real, how far the way back was from the start, and how far
    /// pictures of the target domain were changed; each the sum of both directions.
    pub generators: Option<[Tensor<1>; 3]>,
    /// Of the discriminators of a and b.
    pub discriminators: Option<[Tensor<1>; 2]>,
}

impl CycleGanLosses {
    /// Over the whole batch.
    fn settled(self) -> Self {
        let all: Vec<_> =
            self.generators.iter().flatten().chain(self.discriminators.iter().flatten()).cloned().collect();
        let mut all = settled(all).into_iter();
        let mut next = || all.next().expect("as many as there were");
        Self {
            generators: self.generators.map(|losses| losses.map(|_| next())),
            discriminators: self.discriminators.map(|losses| losses.map(|_| next())),
        }
    }
}

#[derive(Debug)]
pub struct CycleGan {
    pub generators: Generators,
    pub discriminators: Discriminators,
    /// Without autodiff; translations are made with it.
    pub average: Generators,
    pub optimizer_g: Optimizer,
    pub optimizer_d: Optimizer,
    pub pool_a: Vec<Tensor<4>>,
    pub pool_b: Vec<Tensor<4>>,
    pub step: u32,
}

impl CycleGan {
    pub fn new(config: &CycleGanConfig, device: &Device) -> Self {
        let device = device.clone().autodiff();
        let mut stream = Stream::new(config.seed as u64, Purpose::Initialisation, 0);
        let generators = Generators {
            generator_ab: config.generator().init(&mut stream, &device),
            generator_ba: config.generator().init(&mut stream, &device),
        };
        let discriminators = Discriminators {
            discriminator_a: config.discriminator().init(&mut stream, &device),
            discriminator_b: config.discriminator().init(&mut stream, &device),
        };
        let average = generators.valid();
        Self {
            generators,
            discriminators,
            average,
            optimizer_g: Optimizer::default(),
            optimizer_d: Optimizer::default(),
            pool_a: Vec::new(),
            pool_b: Vec::new(),
            step: 0,
        }
    }

    /// Where several replicas learn, each sees its part of the pictures.
    ///
    /// # Shapes
    /// real pictures of each domain, without autodiff: `[n, 3, side, side]`
    pub fn train_step(&mut self, config: &CycleGanConfig, real: [Tensor<4>; 2], turn: Turn) -> CycleGanLosses {
        let n = real[0].dims()[0];
        shards::sharing(n, || self.turns(config, real.map(|real| mine(real, n)), n, turn))
    }

    /// With the own ones of `n` pictures a domain.
    fn turns(&mut self, config: &CycleGanConfig, real: [Tensor<4>; 2], n: usize, turn: Turn) -> CycleGanLosses {
        let mut losses = CycleGanLosses::default();
        let fake = if turn == Turn::Discriminator {
            let Generators { generator_ab, generator_ba } = self.generators.valid();
            [generator_ba.forward(real[1].clone()), generator_ab.forward(real[0].clone())]
        } else {
            let (fake, made) = self.step_generators(config, real.clone());
            losses.generators = Some(made);
            fake
        };
        if turn != Turn::Generator {
            let mut random = Stream::new(config.seed as u64, Purpose::Pool, self.step as u64);
            // Everybody's pool holds what all have made.
            let [fake_a, fake_b] = fake.map(whole);
            let fake_a = mine(exchange(&mut self.pool_a, config.pool, fake_a, &mut random), n);
            let fake_b = mine(exchange(&mut self.pool_b, config.pool, fake_b, &mut random), n);
            losses.discriminators = Some(self.step_discriminators(config, real, [fake_a, fake_b]));
        }
        self.step += 1;
        losses.settled()
    }

    /// The discriminators judge, but only the generators learn.
    fn step_generators(&mut self, config: &CycleGanConfig, real: [Tensor<4>; 2]) -> ([Tensor<4>; 2], [Tensor<1>; 3]) {
        let Generators { generator_ab, generator_ba } = &self.generators;
        let judges = self.discriminators.valid();
        let [a, b] = real.map(Tensor::autodiff);

        let fake_b = generator_ab.forward(a.clone());
        let fake_a = generator_ba.forward(b.clone());
        let rec_a = generator_ba.forward(fake_b.clone());
        let rec_b = generator_ab.forward(fake_a.clone());
        let fool = mean_square(judges.discriminator_b.forward(fake_b.clone()), 1.0)
            + mean_square(judges.discriminator_a.forward(fake_a.clone()), 1.0);
        let cycle = mean_distance(rec_a, a.clone()) + mean_distance(rec_b, b.clone());
        let identity = match config.lambda_identity {
            0.0 => cycle.clone().detach().mul_scalar(0.0),
            _ => mean_distance(generator_ba.forward(a.clone()), a) + mean_distance(generator_ab.forward(b.clone()), b),
        };

        let loss = fool.clone()
            + cycle.clone().mul_scalar(config.lambda_cycle)
            + identity.clone().mul_scalar(config.lambda_cycle * config.lambda_identity);
        let rule = rule(config, config.learning_rate_g, self.step);
        self.generators = self.optimizer_g.step(&rule, self.generators.clone(), loss.backward());
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = move_average(self.average.clone(), &self.generators, decay);
        ([fake_a, fake_b].map(Tensor::inner), [fool, cycle, identity].map(Tensor::inner))
    }

    /// Real pictures are to score 1, made ones 0.
    fn step_discriminators(
        &mut self,
        config: &CycleGanConfig,
        real: [Tensor<4>; 2],
        fake: [Tensor<4>; 2],
    ) -> [Tensor<1>; 2] {
        let judge = |discriminator: &PatchDiscriminator, real: Tensor<4>, fake: Tensor<4>| {
            let (real, fake) = (discriminator.forward(real.autodiff()), discriminator.forward(fake.autodiff()));
            (mean_square(real, 1.0) + mean_square(fake, 0.0)).mul_scalar(0.5)
        };
        let ([real_a, real_b], [fake_a, fake_b]) = (real, fake);
        let loss_a = judge(&self.discriminators.discriminator_a, real_a, fake_a);
        let loss_b = judge(&self.discriminators.discriminator_b, real_b, fake_b);
        let gradients = (loss_a.clone() + loss_b.clone()).backward();
        let rule = rule(config, config.learning_rate_d, self.step);
        self.discriminators = self.optimizer_d.step(&rule, self.discriminators.clone(), gradients);
        [loss_a, loss_b].map(Tensor::inner)
    }
}

/// The learning rates never fall below this share of themselves: whoever trains on should see something happen.
const LEAST_RATE: f64 = 0.02;

/// Constant over the first half, then falling in a straight line.
fn rule(config: &CycleGanConfig, learning_rate: f64, step: u32) -> Rule {
    let remaining = match config.anneal_steps {
        0 => 1.0,
        steps => (2.0 * (1.0 - step as f64 / steps as f64)).clamp(LEAST_RATE, 1.0),
    };
    let (beta_1, beta_2) = (config.beta_1, config.beta_2);
    Rule { kind: OptimizerKind::Adam, learning_rate: learning_rate * remaining, beta_1, beta_2 }
}

/// Half of the time the discriminator sees an older picture, and the new one takes its place (Shrivastava et al. 2017,
/// "Learning from simulated and unsupervised images through adversarial training", section 2.3).
fn exchange(pool: &mut Vec<Tensor<4>>, size: usize, made: Tensor<4>, random: &mut Stream) -> Tensor<4> {
    pool.truncate(size);
    let shown = made.split(1, 0).into_iter().map(|made| {
        if pool.len() < size {
            pool.push(made.clone());
            return made;
        }
        match random.uniform() < 0.5 && size > 0 {
            true => std::mem::replace(&mut pool[random.below(size)], made),
            false => made,
        }
    });
    Tensor::cat(shown.collect(), 0)
}

/// Least-squares GAN loss (Mao et al. 2017).
fn mean_square(scores: Tensor<4>, target: f32) -> Tensor<1> {
    let distance = scores.sub_scalar(target);
    mean(distance.clone() * distance)
}

fn mean_distance(a: Tensor<4>, b: Tensor<4>) -> Tensor<1> {
    mean((a - b).abs())
}
