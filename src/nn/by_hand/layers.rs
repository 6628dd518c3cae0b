//! Layers there and back.

use burn::tensor::Tensor;
use std::borrow::Cow;

use super::{ByHand, Given, Made, Numbers, run};
use crate::nn::kernels::training as kernels;
use crate::nn::kernels::training::{Bend, Maps, Sliding, over_rows, planes};
use crate::nn::shards;
use std::ops::Range;

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
    fn back(&self, x: Numbers, weight: Numbers, gradient: &[f32], wanted: [bool; 3]) -> [Option<Vec<f32>>; 3] {
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

/// The gradients in weights and bias, those that are wanted, each shard's added up over all of a batch: told to others in one go.
fn shared(
    rows: usize,
    wanted: [bool; 2],
    weights: impl Fn(&Range<usize>) -> Vec<f32>,
    biases: impl Fn(&Range<usize>) -> Vec<f32>,
) -> [Option<Vec<f32>>; 2] {
    if wanted == [false; 2] {
        return [None, None];
    }
    let mut numbers = 0;
    let each = |part: Range<usize>| {
        let mut found = if wanted[0] { weights(&part) } else { Vec::new() };
        numbers = found.len();
        if wanted[1] {
            found.extend(biases(&part));
        }
        found
    };
    let mut found = shards::total(shards::parts(rows).into_iter().map(each).collect());
    let rest = found.split_off(numbers);
    [wanted[0].then_some(found), wanted[1].then_some(rest)]
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
        wanted: [bool; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let [maps, weights, _] = self.back(x, weight, gradient, [wanted[0], wanted[1], false]);
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
        wanted: [bool; 3],
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

impl ByHand<3> for kernels::BatchNorm {
    /// Mean and variance of each channel.
    type Tape = [Vec<f32>; 2];

    fn forward(&self, [x, scale, shift]: [Numbers; 3]) -> (Made, Self::Tape) {
        let moments = |rows: Range<usize>| self.gathered(part(x, x.values, &rows));
        let gathered = shards::all(&shards::parts(x.shape[0]).into_iter().map(moments).collect::<Vec<_>>());
        let moments = self.merged(&gathered);
        let [mean, variance] = moments.each_ref().map(Vec::as_slice);
        let values = kernels::BatchNorm::forward(self, x.values, scale.values, shift.values, [mean, variance]);
        ((values, x.shape.to_vec()), moments)
    }

    fn backward(
        &self,
        [x, scale, _]: [Numbers; 3],
        output: &[f32],
        moments: &Self::Tape,
        gradient: &[f32],
        _: [bool; 3],
    ) -> [Option<Vec<f32>>; 3] {
        let moments = moments.each_ref().map(Vec::as_slice);
        let slopes = |rows: Range<usize>| {
            self.slopes([x.values, output, gradient].map(|values| part(x, values, &rows)), moments)
        };
        let slopes = shards::total(shards::parts(x.shape[0]).into_iter().map(slopes).collect());
        let rows = shards::rows_of_all(x.shape[0]) * (x.values.len() / x.shape[0] / self.channels);
        let input =
            kernels::BatchNorm::backward(self, [x.values, output, gradient], scale.values, moments, &slopes, rows);
        let single = |sums: &[f64]| Some(sums.iter().map(|sum| *sum as f32).collect());
        let (shift, turned) = slopes.split_at(self.channels);
        [Some(input), single(turned), single(shift)]
    }
}

/// What belongs to some rows of a batch, of numbers that lie as `x` does.
fn part<'a>(x: Numbers, values: &'a [f32], rows: &Range<usize>) -> &'a [f32] {
    let size = x.values.len() / x.shape[0];
    &values[rows.start * size..rows.end * size]
}

/// Also mean and (biased) variance of each channel.
///
/// # Shapes
/// `[n, height, width, channels]`, `[channels]`, `[channels]`
pub fn batch_norm(x: Tensor<4>, scale: Tensor<1>, shift: Tensor<1>, slope: f32) -> (Tensor<4>, [Vec<f32>; 2]) {
    let work = kernels::BatchNorm { channels: x.dims()[3], slope };
    run::<_, 3, 4>(work, [x.into(), scale.into(), shift.into()])
}

impl ByHand<1> for kernels::InstanceNorm {
    /// One over each plane's deviation.
    type Tape = Vec<f32>;

    fn forward(&self, [x]: [Numbers; 1]) -> (Made, Self::Tape) {
        let (values, steep) = kernels::InstanceNorm::forward(self, x.values);
        ((values, x.shape.to_vec()), steep)
    }

    fn backward(
        &self,
        [x]: [Numbers; 1],
        output: &[f32],
        steep: &Self::Tape,
        gradient: &[f32],
        _: [bool; 1],
    ) -> [Option<Vec<f32>>; 1] {
        [Some(kernels::InstanceNorm::backward(self, [x.values, output, gradient], steep))]
    }
}

/// # Shapes
/// `[batch, channels, height, width]` -> the same
pub fn instance_norm(x: Tensor<4>, slope: f32) -> Tensor<4> {
    let [.., height, width] = x.dims();
    run::<_, 1, 4>(kernels::InstanceNorm { pixels: height * width, slope }, [x.into()]).0
}

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
        wanted: [bool; 2],
    ) -> [Option<Vec<f32>>; 2] {
        let [inputs, outputs] = weight.dims::<2>();
        let layer = kernels::Dense { inputs, outputs };
        let [weights, _] = layer_shared(layer, x, gradient, [wanted[1], false]);
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
        wanted: [bool; 3],
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

fn layer_shared(layer: kernels::Dense, x: Numbers, gradient: &[f32], wanted: [bool; 2]) -> [Option<Vec<f32>>; 2] {
    let of = |rows: &Range<usize>, size: usize| rows.start * size..rows.end * size;
    let weights =
        |rows: &Range<usize>| layer.weight(&x.values[of(rows, layer.inputs)], &gradient[of(rows, layer.outputs)]);
    let biases = |rows: &Range<usize>| over_rows(&gradient[of(rows, layer.outputs)], layer.outputs);
    shared(x.shape[0], wanted, weights, biases)
}
