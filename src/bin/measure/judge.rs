//! The judge of paintings: a small convolutional network that tells landscape photos, Monet's and Van Gogh's pictures, horses and zebras apart. It is
//! trained anew by every measurement, on the training folders alone, and knows nothing of what it is asked to judge.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::activation::{leaky_relu, log_softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_atelier::data::folders::{self, Picture};
use gan_atelier::nn::conv::ConvConfig;
use gan_atelier::nn::linear::init_linear;
use gan_atelier::nn::norm::instance_norm;
use gan_atelier::nn::optim::{Optimizer, OptimizerKind, Rule};
use gan_atelier::rng::{Purpose, Stream};

pub const CLASSES: usize = 5;
/// Channels after each layer.
const CHANNELS: [usize; 4] = [24, 48, 96, 96];
const SLOPE: f64 = 0.1;
/// Side of a training crop.
const SIDE: usize = 96;
/// Largest crop over that side: nearly the whole of 256 pixels, so that a crop of horses shows one.
const WIDEST: f32 = 2.6;
const BATCH: usize = 24;
const STEPS: u32 = 2400;
const LEARNING_RATE: f64 = 4e-3;
/// Keeps the answers modest (Szegedy et al. 2016, "Rethinking the inception architecture", section 7).
const SMOOTHING: f32 = 0.05;
/// Two judges of different beginnings deliberate: their mistakes differ. They learn at the same time, one to a core.
const SEEDS: [u64; 2] = [4_001, 4_002];

pub struct Bench {
    judges: Vec<Judge>,
}

impl Bench {
    /// Trains on pictures of each class.
    pub fn train(classes: [&[Picture]; CLASSES], device: &Device) -> Self {
        let judges = std::thread::scope(|scope| {
            let learners = SEEDS.map(|seed| scope.spawn(move || Judge::train(classes, seed, device)));
            learners.into_iter().map(|learner| learner.join().expect("no panic")).collect()
        });
        Self { judges }
    }

    /// The class of one picture, `[1, 3, h, w]`, seen at its own size and at half of it; and the first judge's features.
    pub fn look(&self, picture: Tensor<4>) -> (usize, Vec<f32>) {
        let views = [picture.clone(), halved(picture.clone())];
        let opinions =
            self.judges.iter().flat_map(|judge| views.clone().map(|view| log_softmax(judge.forward(view), 1)));
        let verdict = opinions.reduce(|a, b| a + b).expect("there are judges");
        let class = verdict.argmax(1).into_data().iter::<i64>().next().expect("one picture") as usize;
        (class, self.judges[0].features(picture).into_data().try_to_vec().expect("f32"))
    }
}

#[derive(Module, Debug)]
struct Judge {
    convs: Vec<Conv2d>,
    out: Linear,
}

impl Judge {
    fn init(seed: u64, device: &Device) -> Self {
        let mut stream = Stream::new(seed, Purpose::Initialisation, 0);
        let mut convs = Vec::new();
        for (layer, outputs) in CHANNELS.into_iter().enumerate() {
            let (inputs, kernel) = if layer == 0 { (3, 5) } else { (CHANNELS[layer - 1], 3) };
            let channels = [inputs, outputs];
            let deviation = (2.0 / (inputs * kernel * kernel) as f32).sqrt();
            let mut source = |name: &str, shape: &[usize]| {
                let count = shape.iter().product();
                Ok((0..count)
                    .map(|_| if name.ends_with(".bias") { 0.0 } else { deviation * stream.normal() })
                    .collect())
            };
            let config = ConvConfig { channels, kernel, stride: 2, padding: kernel / 2, bias: true };
            convs.push(config.init("judge", &mut source, device).expect("random numbers are never missing"));
        }
        let out = init_linear(2 * CHANNELS[3], CLASSES, 0.5, &mut stream, device);
        Self { convs, out }
    }

    fn train(classes: [&[Picture]; CLASSES], seed: u64, device: &Device) -> Self {
        let mut judge = Self::init(seed, &device.clone().autodiff());
        let mut optimizer = Optimizer::default();
        for step in 0..STEPS {
            let mut random = Stream::new(seed, Purpose::Batch, step as u64);
            let labels: Vec<usize> = (0..BATCH).map(|_| random.below(CLASSES)).collect();
            let values = labels.iter().flat_map(|class| crop(classes[*class], &mut random)).collect::<Vec<f32>>();
            let x = Tensor::from_data(TensorData::new(values, [BATCH, 3, SIDE, SIDE]), device).autodiff();
            let loss = (log_softmax(judge.forward(x), 1) * targets(&labels, device).autodiff()).sum().neg();
            let progress = step as f64 / STEPS as f64;
            let rule = Rule {
                kind: OptimizerKind::Adam,
                learning_rate: LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos()),
                beta_1: 0.9,
                beta_2: 0.999,
            };
            judge = optimizer.step(&rule, judge, loss.div_scalar(BATCH as f32).backward());
        }
        judge.valid()
    }

    /// What the last layer decides from: mean and deviation of every channel over the picture, so that the size of the
    /// picture does not matter.
    ///
    /// # Shapes
    /// `[n, 3, h, w]` -> `[n, 192]`
    fn features(&self, mut x: Tensor<4>) -> Tensor<2> {
        for (layer, conv) in self.convs.iter().enumerate() {
            x = conv.forward(x);
            if layer + 1 < CHANNELS.len() {
                x = instance_norm(x);
            }
            x = leaky_relu(x, SLOPE);
        }
        let [n, channels, h, w] = x.dims();
        let x = x.reshape([n, channels, h * w]);
        let mean = x.clone().mean_dim(2);
        let variance = (x - mean.clone()).powi_scalar(2).mean_dim(2);
        let deviation = variance.add_scalar(1e-6).sqrt();
        Tensor::cat(vec![mean.reshape([n, channels]), deviation.reshape([n, channels])], 1)
    }

    /// # Shapes
    /// `[n, 3, h, w]` -> logits `[n, 5]`
    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        self.out.forward(self.features(x))
    }
}

/// # Shapes
/// `[n, c, h, w]` -> `[n, c, h/2, w/2]`, each the mean of four; h and w even
fn halved(x: Tensor<4>) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h / 2, 2, w / 2, 2]).mean_dim(5).mean_dim(3).reshape([n, c, h / 2, w / 2])
}

/// # Shapes
/// `[n, 5]`: the right class's share is 1, less what smoothing gives to all
fn targets(labels: &[usize], device: &Device) -> Tensor<2> {
    let labels: Vec<i64> = labels.iter().map(|label| *label as i64).collect();
    let n = labels.len();
    let hot: Tensor<2> = Tensor::<1, Int>::from_data(TensorData::new(labels, [n]), device).one_hot(CLASSES).float();
    hot.mul_scalar(1.0 - SMOOTHING).add_scalar(SMOOTHING / CLASSES as f32)
}

/// A random part of a random picture, with other saturation, contrast and brightness: the judge is to go by strokes and
/// the play of colours, not by how light a picture is.
fn crop(pictures: &[Picture], random: &mut Stream) -> Vec<f32> {
    let mut values = folders::crop(pictures, SIDE, WIDEST, random);
    let (saturation, contrast, brightness) =
        (random.range(0.7, 1.4), random.range(0.8, 1.2), random.range(-0.15, 0.15));
    let plane = SIDE * SIDE;
    for at in 0..plane {
        let grey = (values[at] + values[at + plane] + values[at + 2 * plane]) / 3.0;
        for value in values.iter_mut().skip(at).step_by(plane) {
            *value = ((grey + (*value - grey) * saturation) * contrast + brightness).clamp(-1.0, 1.0);
        }
    }
    values
}

/// Kernel inception distance (Bińkowski et al. 2018, "Demystifying MMD GANs", section 4) with this judge's features instead of
/// Inception's: the unbiased squared maximum mean discrepancy under `(x . y / d + 1)^3`.
pub fn kernel_distance(a: &[Vec<f32>], b: &[Vec<f32>]) -> f64 {
    let kernel = |x: &[f32], y: &[f32]| {
        let dot: f64 = x.iter().zip(y).map(|(p, q)| *p as f64 * *q as f64).sum();
        (dot / x.len() as f64 + 1.0).powi(3)
    };
    let within = |set: &[Vec<f32>]| {
        let n = set.len() as f64;
        let pairs = set.iter().enumerate().flat_map(|(i, x)| set[..i].iter().map(move |y| kernel(x, y)));
        2.0 * pairs.sum::<f64>() / (n * (n - 1.0))
    };
    let across = a.iter().flat_map(|x| b.iter().map(move |y| kernel(x, y))).sum::<f64>() / (a.len() * b.len()) as f64;
    within(a) + within(b) - 2.0 * across
}
