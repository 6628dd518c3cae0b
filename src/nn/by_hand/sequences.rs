//! What is differentiated elsewhere, or not at all: the LSTM's two ways, products of matrices, and what changes parameters.

use burn::tensor::Tensor;

use super::{Given, Made, in_order, slice, tensor};
use crate::nn::kernels::training::{self as kernels, Adam, Dense, Lstm};
use burn::backend::Flex;
use burn::backend::flex::FlexTensor;

fn plain<const D: usize>(given: Tensor<D>) -> FlexTensor {
    match Given::from(given) {
        Given::Plain(tensor) => in_order(&tensor),
        Given::Tracked(_) => unreachable!("its gradients are written out"),
    }
}

fn made<const D: usize>(made: Made) -> Tensor<D> {
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

/// Changes numbers in place, where nothing else holds them.
fn change(mut numbers: FlexTensor, f: impl FnOnce(&mut [f32])) -> Tensor<1> {
    f(numbers.storage_mut());
    Tensor::from_primitive::<Flex>(numbers)
}

/// Alone in its memory, from the first number on.
fn own(tensor: Tensor<1>) -> FlexTensor {
    let count = tensor.dims()[0];
    let numbers = plain(tensor);
    let whole = numbers.layout().start_offset() == 0 && numbers.storage::<f32>().len() == count;
    if whole { numbers } else { tensor_of(slice(&numbers)) }
}

fn tensor_of(values: &[f32]) -> FlexTensor {
    tensor((values.to_vec(), vec![values.len()]))
}

/// Parameters after a step, and both moments.
pub fn adam(rule: Adam, value: Tensor<1>, gradient: Tensor<1>, moments: Option<[Tensor<1>; 2]>) -> [Tensor<1>; 3] {
    let gradient = plain(gradient);
    let zeros = || tensor((vec![0.0; slice(&gradient).len()], vec![slice(&gradient).len()]));
    let [mut m, mut v] = moments.map_or_else(|| [zeros(), zeros()], |moments| moments.map(own));
    let value =
        change(own(value), |value| kernels::adam(rule, value, slice(&gradient), m.storage_mut(), v.storage_mut()));
    [value, Tensor::from_primitive::<Flex>(m), Tensor::from_primitive::<Flex>(v)]
}

/// `share old + (1 - share) new`.
pub fn mix(old: Tensor<1>, new: Tensor<1>, share: f32) -> Tensor<1> {
    let new = plain(new);
    change(own(old), |old| kernels::mix(old, slice(&new), share))
}

/// 1 where a number is above zero, `slope` elsewhere; a constant.
pub fn slopes<const D: usize>(x: Tensor<D>, slope: f32) -> Tensor<D> {
    let shape = x.dims().to_vec();
    let x = plain(x.inner());
    made((kernels::slopes(slice(&x), slope), shape))
}
