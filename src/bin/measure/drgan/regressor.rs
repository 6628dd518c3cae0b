//! The judge of yaws: a small convolutional network, trained anew by every measurement on real and turned photos of the
//! training people.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor, TensorData};
use gan_atelier::nn::conv::ConvConfig;
use gan_atelier::nn::linear::init_linear;
use gan_atelier::nn::optim::{Optimizer, OptimizerKind, Rule};
use gan_atelier::rng::{Purpose, Stream};

use super::analysis::host;
use super::faces::{Face, SIDE};

const CHANNELS: [usize; 4] = [16, 24, 32, 48];
/// It looks at pictures half as large: [3, 48, 48].
const HALF: usize = SIDE / 2;
const HIDDEN: usize = 48;
const BATCH: usize = 32;
const STEPS: u32 = 2000;
const LEARNING_RATE: f64 = 2e-3;
const SLOPE: f64 = 0.1;

#[derive(Module, Debug)]
pub struct Regressor {
    convs: Vec<Conv2d>,
    hidden: Linear,
    out: Linear,
}

impl Regressor {
    fn init(seed: u64, device: &Device) -> Self {
        let mut stream = Stream::new(seed, Purpose::Initialisation, 0);
        let mut convs = Vec::new();
        for (layer, outputs) in CHANNELS.into_iter().enumerate() {
            let inputs = if layer == 0 { 3 } else { CHANNELS[layer - 1] };
            let deviation = (2.0 / (inputs * 9) as f32).sqrt();
            let mut source = |name: &str, shape: &[usize]| {
                let count = shape.iter().product();
                Ok((0..count)
                    .map(|_| if name.ends_with(".bias") { 0.0 } else { deviation * stream.normal() })
                    .collect())
            };
            let config = ConvConfig { channels: [inputs, outputs], kernel: 3, stride: 2, padding: 1, bias: true };
            convs.push(config.init("regressor", &mut source, device).expect("random numbers are never missing"));
        }
        let hidden = init_linear(CHANNELS[3] * (HALF / 16).pow(2), HIDDEN, 1.0, &mut stream, device);
        let out = init_linear(HIDDEN, 1, 0.3, &mut stream, device);
        Self { convs, hidden, out }
    }

    pub fn train(faces: &[&Face], seed: u64, device: &Device) -> Self {
        let mut regressor = Self::init(seed, &device.clone().autodiff());
        let mut optimizer = Optimizer::default();
        for step in 0..STEPS {
            let mut random = Stream::new(seed, Purpose::Batch, step as u64);
            let chosen: Vec<&Face> = (0..BATCH).map(|_| faces[random.below(faces.len())]).collect();
            let mirrored: Vec<bool> = chosen.iter().map(|_| random.uniform() < 0.5).collect();
            let pixels =
                chosen.iter().zip(&mirrored).flat_map(|(face, mirrored)| varied(&face.pixels, *mirrored, &mut random));
            let x = Tensor::from_data(TensorData::new(pixels.collect(), [BATCH, 3, HALF, HALF]), device).autodiff();
            let yaws = chosen
                .iter()
                .zip(&mirrored)
                .map(|(face, mirrored)| if *mirrored { -face.yaw } else { face.yaw } as f32);
            let yaws = Tensor::<2>::from_data(TensorData::new(yaws.collect(), [BATCH, 1]), device).autodiff();
            // Huber's loss: some fits of real photos are wrong.
            let away = (regressor.forward(x) - yaws).abs();
            let near = away.clone().clamp(0.0, 0.2);
            let loss = (near.clone() * (away - near.mul_scalar(0.5))).sum();
            let rule = Rule {
                kind: OptimizerKind::Adam,
                learning_rate: LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * step as f64 / STEPS as f64).cos()),
                beta_1: 0.9,
                beta_2: 0.999,
            };
            regressor = optimizer.step(&rule, regressor, loss.div_scalar(BATCH as f32).backward());
        }
        regressor.valid()
    }

    /// # Shapes
    /// `[n, 3, 48, 48]` -> yaws `[n, 1]`, radians
    fn forward(&self, mut x: Tensor<4>) -> Tensor<2> {
        for conv in &self.convs {
            x = leaky_relu(conv.forward(x), SLOPE);
        }
        let [n, c, h, w] = x.dims();
        self.out.forward(leaky_relu(self.hidden.forward(x.reshape([n, c * h * w])), SLOPE))
    }

    /// Yaws of pictures given as RGB planes in 0..255, `SIDE` wide, radians.
    pub fn look(&self, pictures: &[Vec<f32>], device: &Device) -> Vec<f64> {
        let values: Vec<f32> = pictures.iter().flat_map(|pixels| halved(pixels)).collect();
        let x = Tensor::from_data(TensorData::new(values, [pictures.len(), 3, HALF, HALF]), device);
        host(self.forward(x)).into_iter().map(f64::from).collect()
    }
}

/// Half as large and in [-1, 1].
fn halved(pixels: &[f32]) -> Vec<f32> {
    let at = |c: usize, y: usize, x: usize| pixels[(c * SIDE + y) * SIDE + x];
    let mean = |i: usize| {
        let (c, y, x) = (i / HALF / HALF, i / HALF % HALF * 2, i % HALF * 2);
        (at(c, y, x) + at(c, y + 1, x) + at(c, y, x + 1) + at(c, y + 1, x + 1)) / 4.0 / 127.5 - 1.0
    };
    (0..3 * HALF * HALF).map(mean).collect()
}

/// Moved by up to two pixels, mirrored or not, lighter or darker, softer or not: how sharp a picture is must not matter.
fn varied(pixels: &[f32], mirrored: bool, random: &mut Stream) -> Vec<f32> {
    let small = halved(pixels);
    let shift = |random: &mut Stream| random.below(5) as isize - 2;
    let (dx, dy) = (shift(random), shift(random));
    let (gain, offset, soft) = (random.range(0.7, 1.3), random.range(-0.3, 0.3), random.uniform() < 0.5);
    let inside = |v: isize| v.clamp(0, HALF as isize - 1) as usize;
    let pixel = |c: usize, y: isize, x: isize| {
        let x = if mirrored { HALF as isize - 1 - x } else { x };
        small[(c * HALF + inside(y + dy)) * HALF + inside(x + dx)]
    };
    let value = |i: usize| {
        let (c, y, x) = (i / HALF / HALF, (i / HALF % HALF) as isize, (i % HALF) as isize);
        let shown = if soft {
            (0..9).map(|n| pixel(c, y + n / 3 - 1, x + n % 3 - 1)).sum::<f32>() / 9.0
        } else {
            pixel(c, y, x)
        };
        (shown * gain + offset).clamp(-1.0, 1.0)
    };
    (0..3 * HALF * HALF).map(value).collect()
}
