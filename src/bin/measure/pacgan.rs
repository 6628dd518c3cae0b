//! PacGAN's own networks on its own two toy problems (Lin et al. 2018, "PacGAN: the power of two samples in generative
//! adversarial networks", section 4.1 and appendix): generator of four layers of 400 with batch norm and ReLU,
//! discriminator of three maxout layers of 200 with 5 pieces, N(0, 0.02), Adam 1e-4 with beta 0.8, batches of 100.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::data::points::{Cloud, Shape};
use gan_atelier::nn::optim::{Optimizer, OptimizerKind, Rule};
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::training::gan::pack;
use gan_atelier::training::losses::Loss;
use gan_atelier::training::metrics::{Coverage, coverage};
use std::time::Instant;

use super::modes::SAMPLES;

const BATCH: usize = 100;
const LATENT: usize = 2;
const WIDTH: usize = 400;
const MAXOUT: usize = 200;
const PIECES: usize = 5;
/// The training set is drawn once.
const TRAINING: usize = 100_000;
/// 400 epochs of the training set: what the published figures took.
const PUBLISHED_ITERATIONS: u32 = 400_000;
/// As the paper's TensorFlow code has it.
const NORM_EPSILON: f64 = 1e-3;

fn linear(inputs: usize, outputs: usize, stream: &mut Stream, device: &Device) -> Linear {
    let weight = stream.normals(inputs * outputs).into_iter().map(|v| 0.02 * v).collect::<Vec<_>>();
    Linear {
        weight: Param::from_data(TensorData::new(weight, [inputs, outputs]), device),
        bias: Some(Param::from_tensor(Tensor::zeros([outputs], device))),
    }
}

#[derive(Module, Debug)]
struct Generator {
    layers: Vec<Linear>,
    scales: Vec<Param<Tensor<1>>>,
    shifts: Vec<Param<Tensor<1>>>,
    last: Linear,
}

impl Generator {
    fn new(stream: &mut Stream, device: &Device) -> Self {
        let layers = [LATENT, WIDTH, WIDTH, WIDTH].map(|inputs| linear(inputs, WIDTH, stream, device)).to_vec();
        let each = |fill: fn([usize; 1], &Device) -> Tensor<1>| {
            layers.iter().map(|_| Param::from_tensor(fill([WIDTH], device))).collect()
        };
        let (scales, shifts) = (each(|n, d| Tensor::ones(n, d)), each(|n, d| Tensor::zeros(n, d)));
        Self { scales, shifts, last: linear(WIDTH, 2, stream, device), layers }
    }

    /// Normalised by the batch that is there, also when samples are drawn.
    ///
    /// # Shapes
    /// `[batch, 2]` -> `[batch, 2]`
    fn forward(&self, latent: Tensor<2>) -> Tensor<2> {
        let mut x = latent;
        for ((layer, scale), shift) in self.layers.iter().zip(&self.scales).zip(&self.shifts) {
            x = layer.forward(x);
            let centred = x.clone() - x.mean_dim(0);
            let variance = (centred.clone() * centred.clone()).mean_dim(0);
            let normal = centred / variance.add_scalar(NORM_EPSILON).sqrt();
            x = relu(normal * scale.val().unsqueeze() + shift.val().unsqueeze());
        }
        self.last.forward(x)
    }
}

#[derive(Module, Debug)]
struct Discriminator {
    layers: Vec<Linear>,
    last: Linear,
}

impl Discriminator {
    fn new(packing: usize, stream: &mut Stream, device: &Device) -> Self {
        let layers = [2 * packing, MAXOUT, MAXOUT].map(|inputs| linear(inputs, MAXOUT * PIECES, stream, device));
        Self { layers: layers.to_vec(), last: linear(MAXOUT, 1, stream, device) }
    }

    /// # Shapes
    /// `[packs, 2 * packing]` -> `[packs, 1]`
    fn forward(&self, packs: Tensor<2>) -> Tensor<2> {
        let mut x = packs;
        for layer in &self.layers {
            let [n, _] = x.dims();
            x = layer.forward(x).reshape([n, PIECES, MAXOUT]).max_dim(1).reshape([n, MAXOUT]);
        }
        self.last.forward(x)
    }
}

/// Trains for the published number of iterations, or as long as `seconds` allow; says how many it was.
pub fn train(shape: Shape, packing: u32, seed: u32, seconds: f64) -> (u32, Coverage) {
    let (seed, packing, cloud) = (seed as u64, packing as usize, Cloud::new(shape));
    let (plain, device) = (Device::flex(), Device::flex().autodiff());
    let mut stream = Stream::new(seed, Purpose::Initialisation, 0);
    let mut generator = Generator::new(&mut stream, &device);
    let mut discriminator = Discriminator::new(packing, &mut stream, &device);
    let (mut optimizer_g, mut optimizer_d) = <(Optimizer, Optimizer)>::default();
    let rule = Rule { kind: OptimizerKind::Adam, learning_rate: 1e-4, beta_1: 0.8, beta_2: 0.999 };
    let training = cloud.draw(TRAINING, &mut Stream::new(seed, Purpose::Batch, 0));
    let upload = |values: Vec<f32>| Tensor::<2>::from_data(TensorData::new(values, [BATCH, 2]), &plain);
    let loss = Loss::NonSaturating;
    let began = Instant::now();
    let mut iterations = 0;
    while iterations < PUBLISHED_ITERATIONS && began.elapsed().as_secs_f64() < seconds {
        let stream = |purpose| Stream::new(seed, purpose, iterations as u64 + 1);
        let mut places = stream(Purpose::Batch);
        let real = (0..BATCH).flat_map(|_| training[2 * places.below(TRAINING)..][..2].to_vec());
        let real = upload(real.collect());
        let fake = generator.valid().forward(upload(stream(Purpose::LatentD).normals(BATCH * LATENT)));
        let logits = |samples: Tensor<2>| discriminator.forward(pack(samples, packing).autodiff());
        let gradients = loss.discriminator(logits(real), logits(fake), 0.0).backward();
        discriminator = optimizer_d.step(&rule, discriminator, gradients);
        let fake = generator.forward(upload(stream(Purpose::LatentG).normals(BATCH * LATENT)).autodiff());
        let gradients = loss.generator(discriminator.valid().forward(pack(fake, packing))).backward();
        generator = optimizer_g.step(&rule, generator, gradients);
        iterations += 1;
    }
    let latent = Stream::new(seed, Purpose::Sample, 0).normals(SAMPLES * LATENT);
    let made = generator.valid().forward(Tensor::from_data(TensorData::new(latent, [SAMPLES, LATENT]), &plain));
    (iterations, coverage(&cloud, &made.into_data().try_to_vec::<f32>().expect("f32")))
}
