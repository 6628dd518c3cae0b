//! Fully connected layers.

use burn::tensor::Tensor;
use std::ops::Range;

use super::{ByHand, Given, Made, Numbers, Wanted, run, shared};
use crate::nn::kernels::training as kernels;
use crate::nn::kernels::training::{Bend, over_rows};

/// A fully connected layer and the leaky ReLU behind it (slope 1: none). Its inputs: rows, weights, bias.
#[derive(Debug, Clone, Copy)]
pub struct Dense {
    pub slope: f32,
}

impl Dense {
    /// # Shapes
    /// `[n, inputs]`, `[inputs, outputs]`, `[outputs]` -> `[n, outputs]`
    pub fn run(self, x: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
        let given: [Given<_>; 3] = [x.into(), weight.into(), bias.into()];
        run::<_, 3, 2>(self, given).0
    }

    /// Without bias and activation.
    pub fn product(self, x: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
        run::<_, 2, 2>(self, [x.into(), weight.into()]).0
    }
}

/// What a gradient at a layer's output is at its input. Its inputs: that gradient, weights.
#[derive(Debug, Clone, Copy)]
struct Back;

impl ByHand<2> for Back {
    type Tape = ();

    fn forward(&self, [y, weight]: [Numbers; 2]) -> (Made, ()) {
        let ([n, _], [inputs, outputs]) = (y.dims::<2>(), weight.dims::<2>());
        ((kernels::Dense { inputs, outputs }.backward(y.values, weight.values), vec![n, inputs]), ())
    }

    fn backward(
        &self,
        [y, weight]: [Numbers; 2],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let [inputs, outputs] = weight.dims::<2>();
        let layer = kernels::Dense { inputs, outputs };
        let x = Numbers { values: gradient, shape: &[y.shape[0], inputs] };
        let [weights, _] = layer_shared(layer, x, y.values, [wanted[1], Wanted::Not]);
        [wanted[0].then(|| layer.forward(gradient, weight.values, &[])), weights]
    }
}

/// # Shapes
/// `[n, outputs]`, `[inputs, outputs]` -> `[n, inputs]`
pub fn back(y: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    run::<_, 2, 2>(Back, [y.into(), weight.into()]).0
}

impl ByHand<2> for Dense {
    type Tape = ();

    fn forward(&self, [x, weight]: [Numbers; 2]) -> (Made, ()) {
        let ([n, _], [inputs, outputs]) = (x.dims::<2>(), weight.dims::<2>());
        let layer = kernels::Dense { inputs, outputs };
        ((layer.forward(x.values, weight.values, &[]), vec![n, outputs]), ())
    }

    fn backward(
        &self,
        [x, weight]: [Numbers; 2],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let [inputs, outputs] = weight.dims::<2>();
        let layer = kernels::Dense { inputs, outputs };
        let [weights, _] = layer_shared(layer, x, gradient, [wanted[1], Wanted::Not]);
        [wanted[0].then(|| layer.backward(gradient, weight.values)), weights]
    }
}

impl ByHand<3> for Dense {
    type Tape = ();

    fn forward(&self, [x, weight, bias]: [Numbers; 3]) -> (Made, ()) {
        let ([n, _], [inputs, outputs]) = (x.dims::<2>(), weight.dims::<2>());
        let mut values = kernels::Dense { inputs, outputs }.forward(x.values, weight.values, bias.values);
        if self.slope < 1.0 {
            Bend::LeakyRelu(self.slope).apply(&mut values);
        }
        ((values, vec![n, outputs]), ())
    }

    fn backward(
        &self,
        [x, weight, _]: [Numbers; 3],
        output: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 3],
    ) -> [Option<Vec<f32>>; 3] {
        let [inputs, outputs] = weight.dims::<2>();
        let bent: Vec<f32>;
        let gradient = match self.slope < 1.0 {
            true => {
                bent = Bend::LeakyRelu(self.slope).backward(output, gradient);
                &bent
            }
            false => gradient,
        };
        let layer = kernels::Dense { inputs, outputs };
        let [weights, biases] = layer_shared(layer, x, gradient, [wanted[1], wanted[2]]);
        [wanted[0].then(|| layer.backward(gradient, weight.values)), weights, biases]
    }
}

fn layer_shared(layer: kernels::Dense, x: Numbers, gradient: &[f32], wanted: [Wanted; 2]) -> [Option<Vec<f32>>; 2] {
    let of = |rows: &Range<usize>, size: usize| rows.start * size..rows.end * size;
    let weights =
        |rows: &Range<usize>| layer.weight(&x.values[of(rows, layer.inputs)], &gradient[of(rows, layer.outputs)]);
    let biases = |rows: &Range<usize>| over_rows(&gradient[of(rows, layer.outputs)], layer.outputs);
    shared(x.shape[0], wanted, weights, biases)
}
