//! Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000), equations and gate order as
//! PyTorch's `LSTM`. The way back is written out by hand: what a step multiplies its gradients with is known before the way back begins and
//! is computed for all steps at once, and each weight's gradient is one product over all steps, where automatic differentiation takes
//! every kernel of the way there back one by one and adds up as many weight gradients as there are steps.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData, s};
use std::collections::BTreeMap;

use super::activation::exp;
#[cfg(feature = "cpu")]
use super::by_hand;
use super::linear::{product, weight_gradient};
#[cfg(feature = "webgpu")]
use super::on_card;
use crate::rng::Stream;

/// Gates side by side: input, forget, candidate, output.
const GATES: usize = 4;

/// What each gate's sum is multiplied with, so that one kernel bends all four: the candidate's `tanh(x)` is `2 sigmoid(2 x) - 1`, and
/// `sigmoid(x)` is `1 / (1 + exp(-x))`. An exponential and a division cost a third of the CPU engine's `tanh`.
const SCALE: [f32; GATES] = [-1.0, -1.0, -2.0, -1.0];

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
    /// Logistic, also the candidate: `[steps, batch, 4 hidden]`.
    gates: Tensor<3>,
    /// Before each step: `[steps, batch, hidden]`.
    cells: Tensor<3>,
    hidden: Tensor<3>,
    /// tanh of the cell after each step.
    bent: Tensor<3>,
}

/// What one step leaves.
struct Step {
    gates: Tensor<2>,
    cell: Tensor<2>,
    hidden: Tensor<2>,
    bent: Tensor<2>,
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

    /// Whether a graphics card's own operation is for it: a unit is a thread.
    #[cfg(feature = "webgpu")]
    fn on_card(&self, x: &Tensor<3>) -> bool {
        on_card::here(&x.device()) && !x.is_autodiff() && self.hidden_dim() <= on_card::MOST_UNITS
    }

    /// # Shapes
    /// `[steps, batch, inputs]` -> `[steps, batch, hidden]`
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        #[cfg(feature = "cpu")]
        if by_hand::here(&input.device()) {
            return self.remember(input).0;
        }
        #[cfg(feature = "webgpu")]
        if self.on_card(&input) {
            return self.remember(input).0;
        }
        self.run(input, |_| ())
    }

    /// [`Lstm::forward`], with what [`Lstm::backward`] needs.
    pub fn remember(&self, input: Tensor<3>) -> (Tensor<3>, LstmTape) {
        #[cfg(feature = "cpu")]
        if by_hand::here(&input.device()) {
            let weights = [self.weight_input.val(), self.weight_hidden.val()];
            let (output, [gates, cells, hidden, bent]) = by_hand::lstm_forward(input.clone(), weights, self.bias.val());
            return (output, LstmTape { input, gates, cells, hidden, bent });
        }
        #[cfg(feature = "webgpu")]
        if self.on_card(&input) {
            let weights = [self.weight_input.val(), self.weight_hidden.val()];
            let (output, [gates, cells, hidden, bent]) = on_card::lstm_forward(input.clone(), weights, self.bias.val());
            return (output, LstmTape { input, gates, cells, hidden, bent });
        }
        let [mut gates, mut cells, mut hidden, mut bent] = [const { Vec::new() }; 4];
        let output = self.run(input.clone(), |step: Step| {
            gates.push(step.gates);
            cells.push(step.cell);
            hidden.push(step.hidden);
            bent.push(step.bent);
        });
        let [gates, cells, hidden, bent] = [gates, cells, hidden, bent].map(|steps| Tensor::stack(steps, 0));
        (output, LstmTape { input, gates, cells, hidden, bent })
    }

    /// The input's share of all gates is one product over all steps.
    fn run(&self, input: Tensor<3>, mut keep: impl FnMut(Step)) -> Tensor<3> {
        let (h, [steps, batch, inputs], device) = (self.hidden_dim(), input.dims(), input.device());
        let scale = Tensor::<2>::from_data(TensorData::new(row(SCALE, h), [1, GATES * h]), &device);
        let weight_hidden = self.weight_hidden.val() * scale.clone();
        let bias = self.bias.val().unsqueeze::<2>() * scale.clone();
        let given = input.reshape([steps * batch, inputs]).matmul(self.weight_input.val() * scale) + bias;

        let (mut cell, mut hidden) = (Tensor::zeros([batch, h], &device), Tensor::zeros([batch, h], &device));
        let mut outputs = Vec::with_capacity(steps);
        for step in 0..steps {
            let given = given.clone().slice(s![step * batch..(step + 1) * batch, ..]);
            let gates = exp(hidden.clone().matmul(weight_hidden.clone()) + given).add_scalar(1.0).recip();
            let [open, forget, candidate, show] =
                [0, 1, 2, 3].map(|at| gates.clone().slice(s![.., at * h..(at + 1) * h]));
            let next = forget * cell.clone() + open * candidate.mul_scalar(2.0).add_scalar(-1.0);
            let bent = exp(next.clone().mul_scalar(-2.0)).add_scalar(1.0).recip().mul_scalar(2.0).add_scalar(-1.0);
            let shown = show * bent.clone();
            keep(Step {
                gates,
                cell: std::mem::replace(&mut cell, next),
                hidden: std::mem::replace(&mut hidden, shown),
                bent,
            });
            outputs.push(hidden.clone());
        }
        Tensor::stack(outputs, 0)
    }

    /// The gradient at the gates before their bending, from the gradient at every output (backpropagation through time).
    ///
    /// # Shapes
    /// `[steps, batch, hidden]` -> `[steps, batch, 4 hidden]`
    pub fn backward(&self, tape: &LstmTape, gradient: Tensor<3>) -> Tensor<3> {
        #[cfg(feature = "cpu")]
        if by_hand::here(&gradient.device()) {
            let known = [&tape.gates, &tape.cells, &tape.bent].map(Tensor::clone);
            return by_hand::lstm_backward(known, gradient, self.weight_hidden.val());
        }
        #[cfg(feature = "webgpu")]
        if self.on_card(&gradient) {
            let known = [&tape.gates, &tape.cells, &tape.bent].map(Tensor::clone);
            return on_card::lstm_backward(known, gradient, self.weight_hidden.val());
        }
        let h = self.hidden_dim();
        let [steps, batch, _] = gradient.dims();
        let device = gradient.device();
        let piece = |at: usize| tape.gates.clone().slice(s![.., .., at * h..(at + 1) * h]);
        let [open, forget, candidate, show] = [0, 1, 2, 3].map(piece);
        // The slope of a logistic gate s is s (1 - s); of the candidate 2 s - 1, whose sum was doubled too, four times that.
        let slope = tape.gates.clone() - tape.gates.clone() * tape.gates.clone();
        let candidate = candidate.mul_scalar(2.0).add_scalar(-1.0);
        let partner = Tensor::cat(vec![candidate, tape.cells.clone(), open.mul_scalar(4.0), tape.bent.clone()], 2);
        let factor = slope * partner;
        let through = show.clone() - show * tape.bent.clone() * tape.bent.clone();
        let transposed = self.weight_hidden.val().transpose();

        let at = |all: &Tensor<3>, step: usize| all.clone().slice(s![step..step + 1, .., ..]).squeeze_dim::<2>(0);
        let mut d_cell = Tensor::<2>::zeros([batch, h], &device);
        let mut d_hidden = Tensor::<2>::zeros([batch, h], &device);
        let mut found = Vec::with_capacity(steps);
        for step in (0..steps).rev() {
            let d_output = at(&gradient, step) + d_hidden;
            let d = d_output.clone() * at(&through, step) + d_cell;
            let d_gates = Tensor::cat(vec![d.clone(), d.clone(), d.clone(), d_output], 1) * at(&factor, step);
            d_cell = d * at(&forget, step);
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
        let flat = product(gates.reshape([steps * batch, width]), self.weight_input.val().transpose());
        flat.reshape([steps as isize, batch as isize, -1])
    }

    /// Each parameter's gradient by name, flat, from the one at the gates.
    pub fn gradients(&self, tape: LstmTape, gates: Tensor<3>) -> BTreeMap<String, Tensor<1>> {
        let [steps, batch, width] = gates.dims();
        let rows = steps * batch;
        let gates = gates.reshape([rows, width]);
        let product = |left: Tensor<3>| {
            let columns = left.dims()[2];
            weight_gradient(left.reshape([rows, columns]), gates.clone()).reshape([columns * width])
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
