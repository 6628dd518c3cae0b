//! Convolutions, their transposes and fully connected layers, there and back.

use burn::tensor::Tensor;
use burn_wgpu::{CubeTensor, Wgpu, into_contiguous};
use std::fmt::Debug;

use super::launch::{dims, shaped};
use super::products::{Beside, Geometry, PLAIN, Weighting, backward, forward, weight_gradient};
use super::simple::bend_back;
use super::{Given, Taped, run};
use crate::nn::kernels::training::Bend;

/// A layer of weights, and of a bias or none, which are two operations of one kind.
trait Layer: Debug + Clone + Send + 'static {
    fn there(&self, x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> CubeTensor;

    /// The gradients that are wanted in what was given, weights and bias, from the output and the one there.
    fn back(
        &self,
        given: [&CubeTensor; 2],
        output: &CubeTensor,
        gradient: CubeTensor,
        wanted: [bool; 3],
    ) -> [Option<CubeTensor>; 3];
}

impl<L: Layer> Taped<Wgpu, 2> for L {
    type Tape = ();

    fn there(&self, [x, weight]: &[CubeTensor; 2]) -> (CubeTensor, ()) {
        (Layer::there(self, x, weight, None), ())
    }

    fn back(
        &self,
        [x, weight]: &[CubeTensor; 2],
        output: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        wanted: [bool; 2],
    ) -> [Option<CubeTensor>; 2] {
        let [given, weights, _] = Layer::back(self, [x, weight], output, gradient, [wanted[0], wanted[1], false]);
        [given, weights]
    }
}

impl<L: Layer> Taped<Wgpu, 3> for L {
    type Tape = ();

    fn there(&self, [x, weight, bias]: &[CubeTensor; 3]) -> (CubeTensor, ()) {
        (Layer::there(self, x, weight, Some(bias)), ())
    }

    fn back(
        &self,
        [x, weight, _]: &[CubeTensor; 3],
        output: &CubeTensor,
        (): (),
        gradient: CubeTensor,
        wanted: [bool; 3],
    ) -> [Option<CubeTensor>; 3] {
        Layer::back(self, [x, weight], output, gradient, wanted)
    }
}

/// A convolution or its transpose. Its inputs: maps, weights as PyTorch has them, a bias or none.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    geometry: Geometry,
    /// Height and width of what a transpose makes.
    onto: Option<[usize; 2]>,
}

impl Layer for Convolution {
    fn there(&self, x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> CubeTensor {
        let (geometry, shape) = (self.geometry, self.geometry.shape(x));
        let [first, second, ..] = dims::<4>(weight);
        let weights = [Some(weight), bias];
        match self.onto {
            None => {
                let [rows, columns] = [shape[1], shape[2]].map(|side| geometry.padded(side));
                forward(geometry, PLAIN, x, shape, weights, first, [&rows, &columns])
            }
            Some([tall, wide]) => backward(geometry, x, shape, weights, [tall, wide, second]),
        }
    }

    fn back(
        &self,
        [x, weight]: [&CubeTensor; 2],
        _: &CubeTensor,
        gradient: CubeTensor,
        wanted: [bool; 3],
    ) -> [Option<CubeTensor>; 3] {
        let (geometry, gradient) = (self.geometry, into_contiguous(gradient));
        let [shape, made] = [x, &gradient].map(|maps| geometry.shape(maps));
        let weights = [Some(weight), None];
        let maps = || match self.onto {
            None => backward(geometry, &gradient, made, weights, [shape[1], shape[2], shape[3]]),
            Some(_) => {
                let [rows, columns] = [made[1], made[2]].map(|side| geometry.padded(side));
                forward(geometry, PLAIN, &gradient, made, weights, shape[3], [&rows, &columns])
            }
        };
        let maps = wanted[0].then(maps);
        let sums = match (wanted[2], self.onto) {
            (true, None) => Beside::Given,
            _ => Beside::Nothing,
        };
        let (weights, bias) = match (wanted[1], self.onto) {
            (false, _) if !wanted[2] => return [maps, None, None],
            (_, None) => weight_gradient(geometry, sums, (&gradient, made), (x, shape)),
            (_, Some(_)) => weight_gradient(geometry, sums, (x, shape), (&gradient, made)),
        };
        let weights = wanted[1].then(|| shaped(weights, dims::<4>(weight).to_vec()));
        let bias = wanted[2].then(|| bias.unwrap_or_else(|| over_places(geometry, gradient)));
        [maps, weights, bias]
    }
}

/// The sum of each channel.
fn over_places(geometry: Geometry, maps: CubeTensor) -> CubeTensor {
    let [n, height, width, channels] = geometry.shape(&maps);
    let maps = Tensor::<4>::from_primitive::<Wgpu>(maps);
    let sums = match geometry.last {
        true => maps.reshape([n * height * width, channels]).sum_dim(0),
        false => maps.reshape([n, channels, height * width]).sum_dim(2).reshape([n, channels]).sum_dim(0),
    };
    into_contiguous(sums.reshape([channels]).try_into_primitive::<Wgpu>().expect("of the card's own device"))
}

fn with_bias(work: Convolution, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => run::<_, 3, 4>(work, [x.into(), weight.into(), bias.into()]).0,
        None => run::<_, 2, 4>(work, [x.into(), weight.into()]).0,
    }
}

/// # Shapes
/// maps as `geometry` says, `[outputs, inputs, kernel, kernel]`, `[outputs]`
pub fn convolve(geometry: Geometry, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    with_bias(Convolution { geometry, onto: None }, x, weight, bias)
}

/// The transposed convolution, onto maps of that height and width.
///
/// # Shapes
/// maps as `geometry` says, `[inputs, outputs, kernel, kernel]`, `[outputs]`
pub fn transpose(
    geometry: Geometry,
    onto: [usize; 2],
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
) -> Tensor<4> {
    with_bias(Convolution { geometry, onto: Some(onto) }, x, weight, bias)
}

/// A convolution over rows and columns that are picked, without a way back: `rows[i]` is the input's row under row i of the windows, -1 a row of zeros.
///
/// # Shapes
/// x: `[n, channels in, height, width]`, weight: `[channels out, channels in, kernel, kernel]` ->
/// `[n, channels out, (rows - kernel) / stride + 1, (columns - kernel) / stride + 1]`
pub fn convolve_picked(
    stride: usize,
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    places: [&[i32]; 2],
) -> Tensor<4> {
    let numbers = |given: Given<Wgpu>| given.numbers;
    let (x, weight, bias) = (numbers(x.into()), numbers(weight.into()), bias.map(|bias| numbers(bias.into())));
    let [co, _, kernel, _] = dims(&weight);
    let geometry = Geometry { kernel, stride, padding: 0, last: false };
    let shape = geometry.shape(&x);
    Tensor::from_primitive::<Wgpu>(forward(geometry, PLAIN, &x, shape, [Some(&weight), bias.as_ref()], co, places))
}

/// A fully connected layer and the leaky ReLU behind it (slope 1: none). Its inputs: rows, weights, a bias or none.
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

impl Layer for Dense {
    fn there(&self, x: &CubeTensor, weight: &CubeTensor, bias: Option<&CubeTensor>) -> CubeTensor {
        let ([n, inputs], [_, outputs]) = (dims(x), dims(weight));
        let weighting = Weighting { inputs_first: true, slope: self.slope };
        let made =
            forward(Geometry::ROWS, weighting, x, [n, 1, 1, inputs], [Some(weight), bias], outputs, [&[0], &[0]]);
        shaped(made, vec![n, outputs])
    }

    fn back(
        &self,
        [x, weight]: [&CubeTensor; 2],
        output: &CubeTensor,
        gradient: CubeTensor,
        wanted: [bool; 3],
    ) -> [Option<CubeTensor>; 3] {
        let ([n, inputs], [_, outputs]) = (dims(x), dims(weight));
        let gradient = match self.slope < 1.0 {
            true => bend_back(Bend::LeakyRelu(self.slope), output, gradient),
            false => into_contiguous(gradient),
        };
        let (before, after) = ([n, 1, 1, inputs], [n, 1, 1, outputs]);
        let rows = || {
            let made = forward(Geometry::ROWS, PLAIN, &gradient, after, [Some(weight), None], inputs, [&[0], &[0]]);
            shaped(made, vec![n, inputs])
        };
        let rows = wanted[0].then(rows);
        if !wanted[1] && !wanted[2] {
            return [rows, None, None];
        }
        let beside = if wanted[2] { Beside::Under } else { Beside::Nothing };
        let (weights, bias) = weight_gradient(Geometry::ROWS, beside, (x, before), (&gradient, after));
        [rows, wanted[1].then(|| shaped(weights, vec![inputs, outputs])), bias]
    }
}
