//! Convolutions and their transposes.

use burn::tensor::Tensor;
use std::borrow::Cow;
use std::ops::Range;

use super::{ByHand, Made, Numbers, Wanted, run, shared};
use crate::nn::kernels::training::{Maps, Sliding, over_rows, planes};

/// A convolution of maps with channels last, or its transpose. Its inputs: maps, weights as PyTorch has them, a bias or none.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    sliding: Sliding,
    /// Height and width of what a transpose makes.
    onto: Option<[usize; 2]>,
    /// Channels come first, outside.
    planes: bool,
}

impl Convolution {
    /// Shape with channels last.
    fn shape(&self, x: Numbers) -> [usize; 4] {
        let [n, a, b, c] = x.dims();
        if self.planes { [n, b, c, a] } else { [n, a, b, c] }
    }

    /// Numbers with channels last.
    fn last<'a>(&self, values: &'a [f32], [_, height, width, channels]: [usize; 4]) -> Cow<'a, [f32]> {
        match self.planes {
            true => planes::turned(values, channels, height * width).into(),
            false => values.into(),
        }
    }

    /// Numbers as they lie outside.
    fn outside(&self, values: Vec<f32>, [_, height, width, channels]: [usize; 4]) -> Vec<f32> {
        if self.planes { planes::turned(&values, height * width, channels) } else { values }
    }

    fn made(&self, [n, height, width, _]: [usize; 4], [first, second, ..]: [usize; 4]) -> [usize; 4] {
        match self.onto {
            None => [n, self.sliding.out(height), self.sliding.out(width), first],
            Some([tall, wide]) => [n, tall, wide, second],
        }
    }

    fn there(&self, x: Numbers, weight: Numbers, bias: &[f32]) -> Made {
        let (shape, sizes) = (self.shape(x), weight.dims::<4>());
        let made = self.made(shape, sizes);
        let maps = Maps { values: x.values, planes: self.planes };
        let values = match self.onto {
            None => self.sliding.forward(maps, shape, weight.values, made[3], bias),
            Some(_) => self.sliding.backward(maps, shape, weight.values, [made[1], made[2], made[3]], bias),
        };
        let [n, tall, wide, channels] = made;
        let outside = if self.planes { vec![n, channels, tall, wide] } else { made.to_vec() };
        (self.outside(values, made), outside)
    }

    /// The gradients in maps, weights and bias.
    fn back(&self, x: Numbers, weight: Numbers, gradient: &[f32], wanted: [Wanted; 3]) -> [Option<Vec<f32>>; 3] {
        let (shape, sizes) = (self.shape(x), weight.dims::<4>());
        let (made, sliding) = (self.made(shape, sizes), self.sliding);
        let gradient = self.last(gradient, made);
        let maps = || {
            let maps = match self.onto {
                None => sliding.backward(gradient[..].into(), made, weight.values, [shape[1], shape[2], shape[3]], &[]),
                Some(_) => sliding.forward(gradient[..].into(), made, weight.values, sizes[0], &[]),
            };
            self.outside(maps, shape)
        };
        let size = |[_, height, width, channels]: [usize; 4]| height * width * channels;
        let of = |rows: &Range<usize>, size: usize| rows.start * size..rows.end * size;
        let weights = |rows: &Range<usize>| {
            let x = &x.values[of(rows, size(shape))];
            let gradient = &gradient[of(rows, size(made))];
            let (shape, made) = (with_first(shape, rows.len()), with_first(made, rows.len()));
            match self.onto {
                None => sliding.weight(Maps { values: x, planes: self.planes }, shape, gradient, sizes[0]),
                Some(_) => sliding.weight(gradient.into(), made, &self.last(x, shape), sizes[0]),
            }
        };
        let biases = |rows: &Range<usize>| over_rows(&gradient[of(rows, size(made))], made[3]);
        let [weights, biases] = shared(shape[0], [wanted[1], wanted[2]], weights, biases);
        [wanted[0].then(maps), weights, biases]
    }
}

fn with_first([_, a, b, c]: [usize; 4], first: usize) -> [usize; 4] {
    [first, a, b, c]
}

impl ByHand<2> for Convolution {
    type Tape = ();

    fn forward(&self, [x, weight]: [Numbers; 2]) -> (Made, ()) {
        (self.there(x, weight, &[]), ())
    }

    fn backward(
        &self,
        [x, weight]: [Numbers; 2],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let [maps, weights, _] = self.back(x, weight, gradient, [wanted[0], wanted[1], Wanted::Not]);
        [maps, weights]
    }
}

impl ByHand<3> for Convolution {
    type Tape = ();

    fn forward(&self, [x, weight, bias]: [Numbers; 3]) -> (Made, ()) {
        (self.there(x, weight, bias.values), ())
    }

    fn backward(
        &self,
        [x, weight, _]: [Numbers; 3],
        _: &[f32],
        _: &(),
        gradient: &[f32],
        wanted: [Wanted; 3],
    ) -> [Option<Vec<f32>>; 3] {
        self.back(x, weight, gradient, wanted)
    }
}

fn with_bias<W: ByHand<2> + ByHand<3>>(work: W, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => run::<W, 3, 4>(work, [x.into(), weight.into(), bias.into()]).0,
        None => run::<W, 2, 4>(work, [x.into(), weight.into()]).0,
    }
}

/// # Shapes
/// `[n, height, width, inputs]`, `[outputs, inputs, kernel, kernel]`, `[outputs]` -> `[n, .., .., outputs]`
pub fn convolve(sliding: Sliding, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    with_bias(Convolution { sliding, onto: None, planes: false }, x, weight, bias)
}

/// The transposed convolution, onto a map of that height and width.
///
/// # Shapes
/// `[n, height, width, inputs]`, `[inputs, outputs, kernel, kernel]`, `[outputs]` -> `[n, onto, outputs]`
pub fn transpose(
    sliding: Sliding,
    onto: [usize; 2],
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    with_bias(Convolution { sliding, onto: Some(onto), planes: false }, x, weight, bias)
}

/// [`convolve`] of maps with channels first.
pub fn convolve_planes(sliding: Sliding, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    with_bias(Convolution { sliding, onto: None, planes: true }, x, weight, bias)
}

/// [`transpose`] of maps with channels first.
pub fn transpose_planes(
    sliding: Sliding,
    onto: [usize; 2],
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    with_bias(Convolution { sliding, onto: Some(onto), planes: true }, x, weight, bias)
}
