//! The reader of digits: a small convolutional network that every measurement trains anew, on real digits or, for GAN-train, on made ones.
//! It knows nothing of the networks it is asked to judge.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::{relu, softmax};
use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_atelier::data::waves::Drawn;
use gan_atelier::nn::linear::init_linear;
use gan_atelier::nn::norm::{BatchNorm, Moments};
use gan_atelier::nn::optim::{Optimizer, OptimizerKind, Rule};
use gan_atelier::nn::patches::Halving;
use gan_atelier::rng::{Purpose, Stream};
use gan_atelier::training::losses::class_loss;

pub const SIDE: usize = 28;
pub const CLASSES: usize = 10;
/// Of the leaky ReLU behind each norm.
const SLOPE: f64 = 0.1;
const CHANNELS: [usize; 3] = [1, 24, 48];
/// Numbers of the hidden layer, in whose space the Frechet distance is taken.
const FEATURES: usize = 64;
const BATCH: usize = 64;
const LEARNING_RATE: f64 = 3e-3;
/// How a picture is changed at most while learning: moved (pixels), turned and slanted (radians), enlarged or made smaller (a share).
const SHIFT: f32 = 2.0;
const TURN: f32 = 0.2;
const SCALE: f32 = 0.1;
/// Pictures read at once.
const CHUNK: usize = 250;

#[derive(Module, Debug)]
pub struct Reader {
    halvings: Vec<Halving>,
    norms: Vec<BatchNorm>,
    hidden: Linear,
    out: Linear,
}

impl Reader {
    /// Learns from batches that `draw` gives.
    pub fn train(draw: impl Fn(usize, &mut Stream) -> Drawn, steps: u32, seed: u64, device: &Device) -> Self {
        let mut reader = Self::init(seed, &device.clone().autodiff());
        let mut optimizer = Optimizer::default();
        for step in 0..steps {
            let mut random = Stream::new(seed, Purpose::Batch, step as u64);
            let Drawn { mut values, labels } = draw(BATCH, &mut random);
            values.chunks_mut(SIDE * SIDE).for_each(|picture| vary(picture, &mut random));
            let (mut moments, labels) = (Vec::new(), labels.iter().map(|label| *label as i64).collect::<Vec<_>>());
            let class = Tensor::<1, Int>::from_data(TensorData::new(labels, [BATCH]), device).one_hot(CLASSES).float();
            let (features, logits) = reader.forward(pictures(values, device).autodiff(), Some(&mut moments));
            drop(features);
            let progress = step as f64 / steps as f64;
            let rule = Rule {
                kind: OptimizerKind::Adam,
                learning_rate: LEARNING_RATE * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos()),
                beta_1: 0.9,
                beta_2: 0.999,
            };
            reader = optimizer.step(&rule, reader, class_loss(logits, class).backward());
            reader.norms = reader.norms.into_iter().zip(moments).map(|(norm, moments)| norm.gather(moments)).collect();
        }
        reader.valid()
    }

    fn init(seed: u64, device: &Device) -> Self {
        let mut stream = Stream::new(seed, Purpose::Initialisation, 0);
        let deviation = |inputs: usize| (2.0 / (16 * inputs) as f32).sqrt();
        let halvings = CHANNELS
            .windows(2)
            .map(|pair| Halving::init([pair[0], pair[1]], false, deviation(pair[0]), &mut stream, device));
        let halvings = halvings.collect();
        let norms = CHANNELS[1..].iter().map(|channels| BatchNorm::init(*channels, 0.0, &mut stream, device)).collect();
        let hidden = init_linear(CHANNELS[2] * (SIDE / 4).pow(2), FEATURES, 2.0f32.sqrt(), &mut stream, device);
        Self { halvings, norms, hidden, out: init_linear(FEATURES, CLASSES, 1.0, &mut stream, device) }
    }

    fn forward(&self, mut x: Tensor<4>, mut moments: Option<&mut Vec<Moments>>) -> (Tensor<2>, Tensor<2>) {
        for (halving, norm) in self.halvings.iter().zip(&self.norms) {
            x = halving.forward(x);
            x = match &mut moments {
                Some(moments) => {
                    let (normal, found) = norm.forward(x, SLOPE);
                    moments.push(found);
                    normal
                }
                None => norm.settled(x, SLOPE),
            };
        }
        let features = relu(self.hidden.forward(x.flatten(1, 3)));
        (features.clone(), self.out.forward(features))
    }

    /// The class of each picture, and its features.
    pub fn read(&self, values: &[f32], device: &Device) -> (Vec<usize>, Vec<Vec<f32>>) {
        let (mut classes, mut features) = (Vec::new(), Vec::new());
        for chunk in values.chunks(CHUNK * SIDE * SIDE) {
            let (hidden, logits) = self.forward(pictures(chunk.to_vec(), device), None);
            classes.extend(logits.argmax(1).into_data().iter::<i64>().map(|class| class as usize));
            let hidden: Vec<f32> = hidden.into_data().try_to_vec().expect("f32");
            features.extend(hidden.chunks(FEATURES).map(<[f32]>::to_vec));
        }
        (classes, features)
    }

    /// Probability of each class of each picture.
    fn probabilities(&self, values: &[f32], device: &Device) -> Vec<f32> {
        let chunk = |values: &[f32]| {
            let logits = self.forward(pictures(values.to_vec(), device), None).1;
            softmax(logits, 1).into_data().try_to_vec::<f32>().expect("f32")
        };
        values.chunks(CHUNK * SIDE * SIDE).flat_map(chunk).collect()
    }

    /// Share of pictures read as what they are.
    pub fn accuracy(&self, pictures: &Drawn, device: &Device) -> f64 {
        let read = self.read(&pictures.values, device).0;
        read.iter().zip(&pictures.labels).filter(|(read, label)| read == label).count() as f64 / read.len() as f64
    }
}

/// Share of pictures that several readers, each from a seed of its own, take together for what they are: their probabilities are added.
pub fn agreed(readers: &[Reader], pictures: &Drawn, device: &Device) -> f64 {
    let mut sums = vec![0.0; pictures.labels.len() * CLASSES];
    for reader in readers {
        let said = reader.probabilities(&pictures.values, device);
        sums.iter_mut().zip(said).for_each(|(sum, probability)| *sum += probability);
    }
    let right = |(said, label): &(&[f32], &usize)| said.iter().all(|probability| *probability <= said[**label]);
    sums.chunks(CLASSES).zip(&pictures.labels).filter(right).count() as f64 / pictures.labels.len() as f64
}

fn pictures(values: Vec<f32>, device: &Device) -> Tensor<4> {
    let n = values.len() / (SIDE * SIDE);
    Tensor::from_data(TensorData::new(values, [n, SIDE, SIDE, 1]), device)
}

/// The same digit by a slightly different hand: moved, turned, slanted and scaled, between pixels by bilinear interpolation.
fn vary(picture: &mut [f32], random: &mut Stream) {
    let before = picture.to_vec();
    let mut within = |most: f32| random.range(-most, most);
    let (turn, slant, scale) = (within(TURN), within(TURN), 1.0 + within(SCALE));
    let (right, down) = (within(SHIFT), within(SHIFT));
    let (sine, cosine) = (turn.sin() / scale, turn.cos() / scale);
    let middle = (SIDE - 1) as f32 / 2.0;
    let ink = |x: isize, y: isize| {
        let inside = (0..SIDE as isize).contains(&x) && (0..SIDE as isize).contains(&y);
        if inside { before[y as usize * SIDE + x as usize] } else { -1.0 }
    };
    for (at, value) in picture.iter_mut().enumerate() {
        let (x, y) = ((at % SIDE) as f32 - middle, (at / SIDE) as f32 - middle);
        let (x, y) = (cosine * x + (slant - sine) * y + right + middle, sine * x + cosine * y + down + middle);
        let (column, row) = (x.floor() as isize, y.floor() as isize);
        let (u, v) = (x - x.floor(), y - y.floor());
        let across = |row| (1.0 - u) * ink(column, row) + u * ink(column + 1, row);
        *value = (1.0 - v) * across(row) + v * across(row + 1);
    }
}

/// `n` of these at random.
pub fn pick(from: &Drawn, n: usize, stream: &mut Stream) -> Drawn {
    let size = SIDE * SIDE;
    let mut drawn = Drawn { values: Vec::with_capacity(n * size), labels: Vec::with_capacity(n) };
    for _ in 0..n {
        let at = stream.below(from.labels.len());
        drawn.values.extend_from_slice(&from.values[at * size..(at + 1) * size]);
        drawn.labels.push(from.labels[at]);
    }
    drawn
}
