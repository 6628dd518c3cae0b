//! Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), equations and gate order as
//! PyTorch's `LSTM`. The way back is written out by hand: what a step multiplies its gradients with is known before the way back begins and
//! is computed for all steps at once, and each weight's gradient is one product over all steps, where automatic differentiation takes
//! every kernel of the way there back one by one and adds up as many weight gradients as there are steps.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData, s};
use std::collections::BTreeMap;

use crate::rng::Stream;

/// Gates side by side: input, forget, candidate, output.
const GATES: usize = 4;

/// A logistic gate is a hyperbolic tangent: `sigmoid(x) = 0.5 tanh(0.5 x) + 0.5`, so that one kernel bends all four gates.
const SCALE: [f32; GATES] = [0.5, 0.5, 1.0, 0.5];
const SHIFT: [f32; GATES] = [0.5, 0.5, 0.0, 0.5];

/// Sequences run along the first axis, so that each step is one piece of memory.
#[derive(Module, Debug)]
pub struct Lstm {
    weight_input: Param<Tensor<2>>,
    weight_hidden: Param<Tensor<2>>,
    bias: Param<Tensor<1>>,
}

/// What the way there leaves for the way back.
#[derive(Debug)]
pub struct LstmTape {
    input: Tensor<3>,
    /// After their bending: `[steps, batch, 4 hidden]`.
    gates: Tensor<3>,
    /// Before each step: `[steps, batch, hidden]`.
    cells: Tensor<3>,
    hidden: Tensor<3>,
    /// Bent, after each step.
    bent: Tensor<3>,
}

impl Lstm {
    /// `U(-k, k)` with `k = 1 / sqrt(hidden)`, as PyTorch; the forget gate begins open (bias 1, Jozefowicz et al. 2015), the other biases at 0.
    ///
    /// # Shapes
    /// weight_input `[inputs, 4 hidden]`, weight_hidden `[hidden, 4 hidden]`, bias `[4 hidden]`
    pub fn init(inputs: usize, hidden: usize, stream: &mut Stream, device: &Device) -> Self {
        let bound = 1.0 / (hidden as f32).sqrt();
        let mut weight = |rows: usize| {
            let values: Vec<f32> = (0..rows * GATES * hidden).map(|_| stream.range(-bound, bound)).collect();
            Param::from_data(TensorData::new(values, [rows, GATES * hidden]), device)
        };
        let (weight_input, weight_hidden) = (weight(inputs), weight(hidden));
        let bias = row([0.0, 1.0, 0.0, 0.0], hidden);
        Self { weight_input, weight_hidden, bias: Param::from_data(TensorData::new(bias, [GATES * hidden]), device) }
    }

    fn hidden_dim(&self) -> usize {
        self.weight_hidden.dims()[0]
    }

    /// # Shapes
    /// `[steps, batch, inputs]` -> `[steps, batch, hidden]`
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        self.remember(input).0
    }

    /// [`Lstm::forward`], with what [`Lstm::backward`] needs. The input's share of all gates is one product over all steps.
    pub fn remember(&self, input: Tensor<3>) -> (Tensor<3>, LstmTape) {
        let (h, [steps, batch, inputs], device) = (self.hidden_dim(), input.dims(), input.device());
        let constant = |values| Tensor::<2>::from_data(TensorData::new(row(values, h), [1, GATES * h]), &device);
        let (scale, shift) = (constant(SCALE), constant(SHIFT));
        let weight_hidden = self.weight_hidden.val() * scale.clone();
        let weight_input = self.weight_input.val() * scale.clone();
        let bias = self.bias.val().unsqueeze::<2>() * scale.clone();
        let given = input.clone().reshape([steps * batch, inputs]).matmul(weight_input) + bias;

        let mut cell = Tensor::zeros([batch, h], &device);
        let mut hidden = Tensor::zeros([batch, h], &device);
        let (mut all_gates, mut cells, mut before, mut bent) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for step in 0..steps {
            before.push(hidden.clone());
            cells.push(cell.clone());
            let sum =
                given.clone().slice(s![step * batch..(step + 1) * batch, ..]) + hidden.matmul(weight_hidden.clone());
            let gates = sum.tanh() * scale.clone() + shift.clone();
            let [open, keep, candidate, show] = part(&gates, h);
            cell = keep * cell + open * candidate;
            let shown = cell.clone().tanh();
            hidden = show * shown.clone();
            all_gates.push(gates);
            bent.push(shown);
        }
        let output = Tensor::stack(before[1..].iter().cloned().chain([hidden]).collect(), 0);
        let [gates, cells, hidden, bent] = [all_gates, cells, before, bent].map(|steps| Tensor::stack(steps, 0));
        (output, LstmTape { input, gates, cells, hidden, bent })
    }

    /// The gradient at the gates before their bending, from the gradient at every output (backpropagation through time).
    ///
    /// # Shapes
    /// `[steps, batch, hidden]` -> `[steps, batch, 4 hidden]`
    pub fn backward(&self, tape: &LstmTape, gradient: Tensor<3>) -> Tensor<3> {
        let h = self.hidden_dim();
        let [steps, batch, _] = gradient.dims();
        let device = gradient.device();
        let constant = |values| Tensor::<3>::from_data(TensorData::new(row(values, h), [1, 1, GATES * h]), &device);
        let piece = |at: usize| tape.gates.clone().slice(s![.., .., at * h..(at + 1) * h]);
        let [open, keep, candidate, show] = [0, 1, 2, 3].map(piece);
        // Each gate's slope: s (1 - s) of a logistic one, 1 - g^2 of the candidate.
        let slope = tape.gates.clone() * constant([1.0, 1.0, 0.0, 1.0]) + constant([0.0, 0.0, 1.0, 0.0])
            - tape.gates.clone() * tape.gates.clone();
        let factor = slope * Tensor::cat(vec![candidate, tape.cells.clone(), open, tape.bent.clone()], 2);
        let through = show - tape.gates.clone().slice(s![.., .., 3 * h..]) * tape.bent.clone() * tape.bent.clone();
        let transposed = self.weight_hidden.val().transpose();

        let at = |all: &Tensor<3>, step: usize| all.clone().slice(s![step..step + 1, .., ..]).squeeze_dim::<2>(0);
        let mut d_cell = Tensor::<2>::zeros([batch, h], &device);
        let mut d_hidden = Tensor::<2>::zeros([batch, h], &device);
        let mut found = Vec::with_capacity(steps);
        for step in (0..steps).rev() {
            let d_output = at(&gradient, step) + d_hidden;
            let d = d_output.clone() * at(&through, step) + d_cell;
            let d_gates = Tensor::cat(vec![d.clone(), d.clone(), d.clone(), d_output], 1) * at(&factor, step);
            d_cell = d * at(&keep, step);
            d_hidden = d_gates.clone().matmul(transposed.clone());
            found.push(d_gates);
        }
        found.reverse();
        Tensor::stack(found, 0)
    }

    /// The gradient at the input, from the one at the gates.
    ///
    /// # Shapes
    /// `[steps, batch, 4 hidden]` -> `[steps, batch, inputs]`
    pub fn input_gradient(&self, gates: Tensor<3>) -> Tensor<3> {
        let [steps, batch, width] = gates.dims();
        let flat = gates.reshape([steps * batch, width]).matmul(self.weight_input.val().transpose());
        flat.reshape([steps as isize, batch as isize, -1])
    }

    /// Each parameter's gradient by name, flat, from the one at the gates.
    pub fn gradients(&self, tape: LstmTape, gates: Tensor<3>) -> BTreeMap<String, Tensor<1>> {
        let [steps, batch, width] = gates.dims();
        let rows = steps * batch;
        let gates = gates.reshape([rows, width]);
        let product = |left: Tensor<3>| {
            let columns = left.dims()[2];
            left.reshape([rows, columns]).transpose().matmul(gates.clone()).reshape([columns * width])
        };
        let named = [
            ("weight_input", product(tape.input)),
            ("weight_hidden", product(tape.hidden)),
            ("bias", gates.clone().sum_dim(0).reshape([width])),
        ];
        named.into_iter().map(|(name, gradient)| (name.to_string(), gradient)).collect()
    }
}

/// A row with one value for all units of a gate.
fn row(values: [f32; GATES], hidden: usize) -> Vec<f32> {
    values.iter().flat_map(|value| std::iter::repeat_n(*value, hidden)).collect()
}

/// # Shapes
/// `[batch, 4 hidden]` -> four of `[batch, hidden]`
fn part(gates: &Tensor<2>, hidden: usize) -> [Tensor<2>; GATES] {
    [0, 1, 2, 3].map(|at| gates.clone().slice(s![.., at * hidden..(at + 1) * hidden]))
}
