//! The judges of sequences. TimeGAN's two are GRUs of half as many hidden units as a step has values (2 for its sines), trained by Adam at
//! 1e-3 on batches of 128, as in the authors' `discriminative_metrics.py` (2,000 steps) and `predictive_metrics.py` (5,000 steps); the one
//! that tells classes apart is a multilayer perceptron.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::activation::{log_softmax, sigmoid};
use burn::tensor::{Device, Tensor, TensorData, s};
use gan_atelier::data::waves::Drawn;
use gan_atelier::models::mlp::MlpConfig;
use gan_atelier::nn::linear::init_linear;
use gan_atelier::nn::optim::{Optimizer, OptimizerKind, Rule};
use gan_atelier::rng::{Purpose, Stream};

const BATCH: usize = 128;
const DISCRIMINATIVE_STEPS: usize = 2_000;
const PREDICTIVE_STEPS: usize = 5_000;
const CLASSIFIER_STEPS: usize = 1_500;

const RULE: Rule = Rule { kind: OptimizerKind::Adam, learning_rate: 1e-3, beta_1: 0.9, beta_2: 0.999 };

/// TensorFlow's `GRUCell`: the reset gate acts before the product, the gates' biases begin at 1, weights are Glorot's.
#[derive(Module, Debug)]
struct Gru {
    gates: Linear,
    candidate: Linear,
    output: Linear,
}

impl Gru {
    fn init(inputs: usize, hidden: usize, stream: &mut Stream, device: &Device) -> Self {
        // Glorot: variance 2 / (inputs + outputs).
        let mut layer = |inputs: usize, outputs: usize| {
            let gain = (2.0 * inputs as f32 / (inputs + outputs) as f32).sqrt();
            init_linear(inputs, outputs, gain, stream, device)
        };
        let mut gates = layer(inputs + hidden, 2 * hidden);
        gates.bias = Some(Param::from_tensor(Tensor::ones([2 * hidden], device)));
        Self { gates, candidate: layer(inputs + hidden, hidden), output: layer(hidden, 1) }
    }

    /// # Shapes
    /// `[batch, steps, inputs]` -> after each step `[batch, 1]`
    fn forward(&self, input: Tensor<3>) -> Vec<Tensor<2>> {
        let [batch, steps, inputs] = input.dims();
        let hidden = self.candidate.weight.dims()[1];
        let mut state = Tensor::zeros([batch, hidden], &input.device());
        let mut outputs = Vec::with_capacity(steps);
        for step in 0..steps {
            let x: Tensor<2> = input.clone().slice(s![.., step..step + 1, ..]).reshape([batch, inputs]);
            let gates = sigmoid(self.gates.forward(Tensor::cat(vec![x.clone(), state.clone()], 1)));
            let reset = gates.clone().slice(s![.., ..hidden]);
            let update = gates.slice(s![.., hidden..]);
            let candidate = self.candidate.forward(Tensor::cat(vec![x, reset * state.clone()], 1)).tanh();
            state = update.clone() * (state - candidate.clone()) + candidate;
            outputs.push(self.output.forward(state.clone()));
        }
        outputs
    }
}

/// Sequences one after another, `[steps, values]` each.
struct Set<'a> {
    values: &'a [f32],
    shape: [usize; 2],
}

impl Set<'_> {
    fn count(&self) -> usize {
        self.values.len() / self.shape.iter().product::<usize>()
    }

    /// # Shapes
    /// `[picked, steps, values]`
    fn pick(&self, rows: impl Iterator<Item = usize>, device: &Device) -> Tensor<3> {
        let size = self.shape.iter().product::<usize>();
        let values: Vec<f32> = rows.flat_map(|row| &self.values[row * size..(row + 1) * size]).copied().collect();
        let n = values.len() / size;
        Tensor::from_data(TensorData::new(values, [n, self.shape[0], self.shape[1]]), device)
    }
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap_or_default()
}

fn random_rows(seed: u32, step: usize, count: usize) -> impl Iterator<Item = usize> {
    let mut stream = Stream::new(seed as u64, Purpose::Batch, step as u64);
    (0..BATCH).map(move |_| stream.below(count))
}

/// How far the judge's accuracy on held-out sequences is from guessing: `|accuracy - 1/2|`, 0 at best. A fifth of each kind is held out.
pub fn discriminative(real: &[f32], made: &[f32], shape: [usize; 2], seed: u32) -> f64 {
    let device = Device::flex();
    let learning = device.clone().autodiff();
    let sets = [real, made].map(|values| Set { values, shape });
    let mut judge = Gru::init(
        shape[1],
        (shape[1] / 2).max(1),
        &mut Stream::new(seed as u64, Purpose::Initialisation, 1),
        &learning,
    );
    let mut optimizer = Optimizer::default();
    let kept = sets[0].count() * 4 / 5;
    let last = |judge: &Gru, x: Tensor<3>| judge.forward(x).pop().unwrap_or_else(|| Tensor::zeros([1, 1], &device));
    for step in 0..DISCRIMINATIVE_STEPS {
        let batch = |set: &Set, which: usize| set.pick(random_rows(seed, 2 * step + which, kept), &device);
        let x = Tensor::cat(vec![batch(&sets[0], 0), batch(&sets[1], 1)], 0).autodiff();
        let logits = last(&judge, x);
        let sign =
            Tensor::cat(vec![Tensor::ones([BATCH, 1], &device), Tensor::ones([BATCH, 1], &device).neg()], 0).autodiff();
        // -log sigmoid(x) of a real one, -log sigmoid(-x) of a made one.
        let loss = sigmoid(logits * sign).log().mean().neg();
        judge = optimizer.step(&RULE, judge, loss.backward());
    }
    let judge = judge.valid();
    let right = |set: &Set, real: bool| {
        let logits = floats(last(&judge, set.pick(kept..set.count(), &device)));
        logits.iter().filter(|logit| (**logit > 0.0) == real).count()
    };
    let right = right(&sets[0], true) + right(&sets[1], false);
    (right as f64 / (2 * (sets[0].count() - kept)) as f64 - 0.5).abs()
}

/// The mean absolute error on real sequences of a judge that learned from others to foresee the last value of the next step from the other
/// values of all steps so far.
pub fn predictive(learned: &[f32], real: &[f32], shape: [usize; 2], seed: u32) -> f64 {
    let device = Device::flex();
    let learning = device.clone().autodiff();
    let [steps, values] = shape;
    let mut judge = Gru::init(
        values - 1,
        (values / 2).max(1),
        &mut Stream::new(seed as u64, Purpose::Initialisation, 2),
        &learning,
    );
    let mut optimizer = Optimizer::default();
    let error = |judge: &Gru, x: Tensor<3>| {
        let n = x.dims()[0];
        let known = x.clone().slice(s![.., ..steps - 1, ..values - 1]);
        let wanted = x.slice(s![.., 1.., values - 1..]).reshape([n, steps - 1]);
        (sigmoid(Tensor::cat(judge.forward(known), 1)) - wanted).abs().mean()
    };
    let set = Set { values: learned, shape };
    for step in 0..PREDICTIVE_STEPS {
        let batch = set.pick(random_rows(seed, step, set.count()), &device).autodiff();
        let loss = error(&judge, batch);
        judge = optimizer.step(&RULE, judge, loss.backward());
    }
    let real = Set { values: real, shape };
    floats(error(&judge.valid(), real.pick(0..real.count(), &device)))[0] as f64
}

/// The accuracy on `tested` of a classifier that learned from `learned`.
pub fn accuracy(learned: &Drawn, tested: &Drawn, classes: usize, seed: u32) -> f64 {
    let device = Device::flex();
    let learning = device.clone().autodiff();
    let size = learned.values.len() / learned.labels.len();
    let config = MlpConfig { inputs: size, hidden_dim: 64, hidden_layers: 2, outputs: classes, bounded: false };
    let mut judge = config.init(&mut Stream::new(seed as u64, Purpose::Initialisation, 3), &learning);
    let mut optimizer = Optimizer::default();
    let rows = |data: &Drawn, rows: &[usize]| {
        let values: Vec<f32> =
            rows.iter().flat_map(|row| &data.values[row * size..(row + 1) * size]).copied().collect();
        Tensor::<2>::from_data(TensorData::new(values, [rows.len(), size]), &device)
    };
    for step in 0..CLASSIFIER_STEPS {
        let picked: Vec<usize> = random_rows(seed, step, learned.labels.len()).collect();
        let mut hot = vec![0.0f32; BATCH * classes];
        picked.iter().enumerate().for_each(|(at, row)| hot[at * classes + learned.labels[*row]] = 1.0);
        let hot = Tensor::<2>::from_data(TensorData::new(hot, [BATCH, classes]), &device).autodiff();
        let loss = (log_softmax(judge.forward(rows(learned, &picked).autodiff()), 1) * hot).sum().neg();
        judge = optimizer.step(&RULE, judge, loss.div_scalar(BATCH as f32).backward());
    }
    let all: Vec<usize> = (0..tested.labels.len()).collect();
    let logits = floats(judge.valid().forward(rows(tested, &all)));
    let best = |logits: &[f32]| (0..classes).max_by(|a, b| logits[*a].total_cmp(&logits[*b]));
    let right =
        logits.chunks_exact(classes).zip(&tested.labels).filter(|(logits, label)| best(logits) == Some(**label));
    right.count() as f64 / tested.labels.len() as f64
}
