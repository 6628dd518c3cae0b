//! What is differentiated elsewhere, or not at all: the LSTM's two ways, a weight's gradient, and slopes that count as constants.

use burn::tensor::Tensor;

use super::{Given, Made, slice, tensor};
use crate::nn::kernels::training::{self as kernels, Dense, Lstm};
use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

pub(super) fn plain<const D: usize>(given: Tensor<D>) -> FlexTensor {
    let Given { numbers, tracked } = Given::from(given);
    assert!(tracked.is_none(), "its gradients are written out");
    numbers
}

pub(super) fn made<const D: usize>(made: Made) -> Tensor<D> {
    Tensor::from_primitive::<Flex>(tensor(made))
}

/// Output, gates, cells, hidden and bent, as `nn::lstm` keeps them.
pub fn lstm_forward(input: Tensor<3>, weights: [Tensor<2>; 2], bias: Tensor<1>) -> (Tensor<3>, [Tensor<3>; 4]) {
    let ([steps, batch, inputs], [hidden, wide]) = (input.dims(), weights[1].dims());
    let (input, weights, bias) = (plain(input), weights.map(plain), plain(bias));
    let layer = Lstm { inputs, hidden };
    let run = layer.forward(slice(&input), [steps, batch], [slice(&weights[0]), slice(&weights[1])], slice(&bias));
    let narrow = |values| made((values, vec![steps, batch, hidden]));
    let gates = made((run.gates, vec![steps, batch, wide]));
    (narrow(run.output), [gates, narrow(run.cells), narrow(run.hidden), narrow(run.bent)])
}

/// The gradient at the gates before their bending.
pub fn lstm_backward([gates, cells, bent]: [Tensor<3>; 3], gradient: Tensor<3>, weight: Tensor<2>) -> Tensor<3> {
    let ([steps, batch, wide], [hidden, _]) = (gates.dims(), weight.dims());
    let [gates, cells, bent, gradient] = [gates, cells, bent, gradient].map(plain);
    let weight = plain(weight);
    let layer = Lstm { inputs: 0, hidden };
    let known = [slice(&cells), slice(&bent)];
    made((
        layer.backward(slice(&gates), known, slice(&gradient), slice(&weight), [steps, batch]),
        vec![steps, batch, wide],
    ))
}

/// `a` transposed times `b`: what a weight's gradient is.
///
/// # Shapes
/// `[n, inputs]`, `[n, outputs]` -> `[inputs, outputs]`
pub fn outer(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let ([_, inputs], [_, outputs]) = (a.dims(), b.dims());
    let (a, b) = (plain(a), plain(b));
    made((Dense { inputs, outputs }.weight(slice(&a), slice(&b)), vec![inputs, outputs]))
}

/// 1 where a number is above zero, `slope` elsewhere; a constant.
pub fn slopes<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    let shape = x.dims().to_vec();
    let x = plain(x.inner());
    made((kernels::slopes(slice(&x), slope), shape))
}
