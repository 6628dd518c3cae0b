//! An LSTM's two ways over whole sequences, and its parameters' gradient: what `nn::lstm` writes out.

use burn::tensor::Tensor;
use burn_wgpu::{CubeTensor, Wgpu};

use super::Given;
use super::conv::Dense;
use super::launch::{Known, Shader, dims, known, room, shaped};
use super::products::{Beside, Geometry, weight_gradient};

/// The most threads that every card gives a workgroup.
pub const MOST_UNITS: usize = 256;

fn plain<const D: usize>(tensor: Tensor<D>) -> CubeTensor {
    let Given { numbers, tracked } = Given::<Wgpu>::from(tensor);
    assert!(tracked.is_none(), "its gradients are written out");
    numbers
}

fn shader(name: &str, text: &'static str, sizes: [usize; 3]) -> Known {
    known(name, sizes, || {
        let [steps, batch, hidden] = sizes;
        Shader::new(text, [hidden, 1]).with("steps", steps).with("batch", batch).with("hidden", hidden)
    })
}

/// Output, gates, cells, hidden and bent, as `nn::lstm` keeps them.
pub fn lstm_forward(input: Tensor<3>, weights: [Tensor<2>; 2], bias: Tensor<1>) -> (Tensor<3>, [Tensor<3>; 4]) {
    let ([steps, batch, inputs], [hidden, wide]) = (input.dims(), weights[1].dims());
    let [weight_input, weight_hidden] = weights;
    let given = plain(Dense { slope: 1.0 }.run(input.reshape([steps * batch, inputs]), weight_input, bias));
    let weight = plain(weight_hidden);
    let gates = room([steps, batch, wide], &given);
    let narrow = || room([steps, batch, hidden], &given);
    let [cells, before, bent, output] = [narrow(), narrow(), narrow(), narrow()];
    shader("lstm", include_str!("wgsl/lstm.wgsl"), [steps, batch, hidden])
        .run([batch, 1, 1], &[&given, &weight, &gates, &cells, &before, &bent, &output]);
    let [output, gates, cells, before, bent] = [output, gates, cells, before, bent].map(Tensor::from_primitive::<Wgpu>);
    (output, [gates, cells, before, bent])
}

/// The gradient at the gates before their bending.
pub fn lstm_backward(known: [Tensor<3>; 3], gradient: Tensor<3>, weight: Tensor<2>) -> Tensor<3> {
    let [gates, cells, bent] = known.map(plain);
    let (gradient, weight) = (plain(gradient), plain(weight));
    let ([steps, batch, wide], [hidden, _]) = (dims(&gates), dims(&weight));
    let output = room([steps, batch, wide], &gates);
    shader("lstm gradient", include_str!("wgsl/lstm_gradient.wgsl"), [steps, batch, hidden])
        .run([batch, 1, 1], &[&gates, &cells, &bent, &gradient, &weight, &output]);
    Tensor::from_primitive::<Wgpu>(output)
}

/// `a` transposed times `b`: what a weight's gradient is.
///
/// # Shapes
/// `[n, inputs]`, `[n, outputs]` -> `[inputs, outputs]`
pub fn outer(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    let ([n, inputs], [_, outputs]) = (a.dims(), b.dims());
    let (a, b) = (plain(a), plain(b));
    let (before, after) = ([n, 1, 1, inputs], [n, 1, 1, outputs]);
    let (made, _) = weight_gradient(Geometry::ROWS, Beside::Nothing, (&a, before), (&b, after));
    Tensor::from_primitive::<Wgpu>(shaped(made, vec![inputs, outputs]))
}
