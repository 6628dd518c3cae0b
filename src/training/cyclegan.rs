//! One step of CycleGAN (Zhu et al. 2017, sections 3 and 4): both generators learn to fool the other domain's
//! discriminator, to find the way back (cycle) and to leave alone what is already there (identity); then both
//! discriminators learn from pictures of a pool.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::models::cyclegan::{
    PatchDiscriminator, PatchDiscriminatorConfig, ResnetGenerator, ResnetGeneratorConfig, Upsample,
};
use crate::nn::optim::{Optimizer, OptimizerKind, Rule, move_average};
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

/// The published settings are the default, with smaller networks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CycleGanConfig {
    pub seed: u32,
    pub generator: ResnetGeneratorConfig,
    pub discriminator: PatchDiscriminatorConfig,
    /// Side of a training picture, in pixels.
    pub side: usize,
    /// The learning rate is constant over the first half of these steps and falls to zero over the second.
    pub total_steps: u32,
    pub learning_rate: f64,
    pub lambda_cycle: f64,
    /// In units of `lambda_cycle`.
    pub lambda_identity: f64,
    /// Made pictures that the discriminators may see again.
    pub pool: usize,
    pub average_decay: f64,
}

impl Default for CycleGanConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            generator: ResnetGeneratorConfig { filters: 32, blocks: 6, upsample: Upsample::Resize, skip: true },
            discriminator: PatchDiscriminatorConfig { filters: 32 },
            side: 128,
            total_steps: 10_000,
            learning_rate: 2e-4,
            lambda_cycle: 10.0,
            lambda_identity: 0.5,
            pool: 50,
            average_decay: 0.998,
        }
    }
}

/// The losses of one step, still on the device, one number each.
#[derive(Debug)]
pub struct CycleGanLosses {
    pub fool: Tensor<1>,
    pub cycle: Tensor<1>,
    pub identity: Tensor<1>,
    pub discriminator_a: Tensor<1>,
    pub discriminator_b: Tensor<1>,
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
            generator_ab: config.generator.init(&mut stream, &device),
            generator_ba: config.generator.init(&mut stream, &device),
        };
        let discriminators = Discriminators {
            discriminator_a: config.discriminator.init(&mut stream, &device),
            discriminator_b: config.discriminator.init(&mut stream, &device),
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

    /// # Shapes
    /// real pictures of each domain, without autodiff: `[n, 3, side, side]`
    pub fn train_step(&mut self, config: &CycleGanConfig, real_a: Tensor<4>, real_b: Tensor<4>) -> CycleGanLosses {
        let rule = Rule {
            kind: OptimizerKind::Adam,
            learning_rate: config.learning_rate * remaining(self.step, config.total_steps),
            beta_1: 0.5,
            beta_2: 0.999,
        };
        let (fake_a, fake_b, [fool, cycle, identity]) =
            self.step_generators(config, &rule, real_a.clone(), real_b.clone());

        let mut random = Stream::new(config.seed as u64, Purpose::Pool, self.step as u64);
        let fake_a = exchange(&mut self.pool_a, config.pool, fake_a, &mut random);
        let fake_b = exchange(&mut self.pool_b, config.pool, fake_b, &mut random);
        let [discriminator_a, discriminator_b] = self.step_discriminators(&rule, [real_a, real_b], [fake_a, fake_b]);

        self.step += 1;
        CycleGanLosses { fool, cycle, identity, discriminator_a, discriminator_b }
    }

    /// The discriminators judge, but only the generators learn.
    fn step_generators(
        &mut self,
        config: &CycleGanConfig,
        rule: &Rule,
        real_a: Tensor<4>,
        real_b: Tensor<4>,
    ) -> (Tensor<4>, Tensor<4>, [Tensor<1>; 3]) {
        let Generators { generator_ab, generator_ba } = &self.generators;
        let judges = self.discriminators.valid();
        let (a, b) = (real_a.autodiff(), real_b.autodiff());

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
        self.generators = self.optimizer_g.step(rule, self.generators.clone(), loss.backward());
        // A young average would remember the initialisation: it follows faster at first.
        let decay = config.average_decay.min((self.step + 1) as f64 / (self.step + 10) as f64);
        self.average = move_average(self.average.clone(), &self.generators, decay);
        (fake_a.inner(), fake_b.inner(), [fool, cycle, identity].map(Tensor::inner))
    }

    /// Real pictures are to score 1, made ones 0.
    fn step_discriminators(&mut self, rule: &Rule, real: [Tensor<4>; 2], fake: [Tensor<4>; 2]) -> [Tensor<1>; 2] {
        let judge = |discriminator: &PatchDiscriminator, real: Tensor<4>, fake: Tensor<4>| {
            let (real, fake) = (discriminator.forward(real.autodiff()), discriminator.forward(fake.autodiff()));
            (mean_square(real, 1.0) + mean_square(fake, 0.0)).mul_scalar(0.5)
        };
        let ([real_a, real_b], [fake_a, fake_b]) = (real, fake);
        let loss_a = judge(&self.discriminators.discriminator_a, real_a, fake_a);
        let loss_b = judge(&self.discriminators.discriminator_b, real_b, fake_b);
        let gradients = (loss_a.clone() + loss_b.clone()).backward();
        self.discriminators = self.optimizer_d.step(rule, self.discriminators.clone(), gradients);
        [loss_a, loss_b].map(Tensor::inner)
    }
}

/// The share of the learning rate that is left: 1 over the first half, then down to 0.
fn remaining(step: u32, total: u32) -> f64 {
    let progress = step as f64 / total.max(1) as f64;
    (2.0 * (1.0 - progress)).clamp(0.0, 1.0)
}

/// Half of the time the discriminator sees an older picture, and the new one takes its place (Shrivastava et al. 2017,
/// "Learning from simulated and unsupervised images through adversarial training", section 2.3).
fn exchange(pool: &mut Vec<Tensor<4>>, size: usize, made: Tensor<4>, random: &mut Stream) -> Tensor<4> {
    if pool.len() < size {
        pool.push(made.clone());
        return made;
    }
    match random.uniform() < 0.5 && size > 0 {
        true => std::mem::replace(&mut pool[random.below(size)], made),
        false => made,
    }
}

/// Least-squares GAN loss (Mao et al. 2017).
fn mean_square(scores: Tensor<4>, target: f32) -> Tensor<1> {
    let distance = scores.sub_scalar(target);
    (distance.clone() * distance).mean()
}

fn mean_distance(a: Tensor<4>, b: Tensor<4>) -> Tensor<1> {
    (a - b).abs().mean()
}
