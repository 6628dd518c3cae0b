//! Operations of the processor whose way back is written out, within Burn's automatic differentiation: one node of the graph where a
//! layer's parts would be a dozen, and no map is copied that our kernels can read where it lies. Other devices have Burn's own.

mod convolutions;
mod dense;
mod norms;
mod parameters;
mod sequences;
mod simple;
#[cfg(all(test, not(target_family = "wasm")))]
mod tests;

use burn::backend::flex::FlexTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Device, Tensor, TensorData};
use std::fmt::Debug;
use std::ops::Range;

use super::shards;
use super::taped::{self, Given, Made as Taken, Taped};

pub use convolutions::{convolve, convolve_planes, transpose, transpose_planes};
pub use dense::Dense;
pub use norms::{batch_norm, instance_norm};
pub use parameters::{adam, mix};
pub use sequences::{lstm_backward, lstm_forward, outer, slopes};
pub use simple::{bend, log_softmax, mean, pick, times, whole};

/// Numbers that lie one after another, and their shape.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    pub values: &'a [f32],
    pub shape: &'a [usize],
}

impl Numbers<'_> {
    /// The shape, of which there are so many sides.
    pub fn dims<const D: usize>(&self) -> [usize; D] {
        self.shape.try_into().expect("an operation knows how many dimensions its inputs have")
    }
}

/// What comes out of an operation, with its shape.
pub type Made = (Vec<f32>, Vec<usize>);

/// An operation of `N` inputs and its derivative.
pub trait ByHand<const N: usize>: Debug + Clone + Send + 'static {
    /// What the way there leaves for the way back besides inputs and output.
    type Tape: Debug + Clone + Send + 'static;

    fn forward(&self, inputs: [Numbers; N]) -> (Made, Self::Tape);

    /// The gradient in each input that is wanted, from the one at the output.
    fn backward(
        &self,
        inputs: [Numbers; N],
        output: &[f32],
        tape: &Self::Tape,
        gradient: &[f32],
        wanted: [bool; N],
    ) -> [Option<Vec<f32>>; N];
}

/// Whether these operations are for that device.
pub fn here(device: &Device) -> bool {
    !cfg!(feature = "webgpu") || device.clone().inner() == Device::flex()
}

impl<const D: usize> From<Tensor<D>> for Given<Flex> {
    fn from(tensor: Tensor<D>) -> Self {
        let wrong = "`here` was asked first";
        match tensor.is_autodiff() {
            true => {
                let tracked = tensor.try_into_primitive::<Autodiff<Flex>>().expect(wrong);
                Self { numbers: in_order(tracked.primitive()), tracked: Some(tracked) }
            }
            false => {
                let plain = tensor.try_into_primitive::<Flex>().expect(wrong);
                Self { numbers: in_order(&plain), tracked: None }
            }
        }
    }
}

/// Numbers in the order of their indices.
fn in_order(tensor: &FlexTensor) -> FlexTensor {
    if tensor.as_slice::<f32>().is_some() { tensor.clone() } else { tensor.to_contiguous() }
}

fn slice(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("laid in order before")
}

fn numbers<'a, const N: usize>(tensors: &'a [FlexTensor; N], shapes: &'a [Vec<usize>; N]) -> [Numbers<'a>; N] {
    std::array::from_fn(|at| Numbers { values: slice(&tensors[at]), shape: &shapes[at] })
}

fn tensor((values, shape): Made) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

impl<W: ByHand<N>, const N: usize> Taped<Flex, N> for W {
    type Tape = W::Tape;

    fn there(&self, inputs: &[FlexTensor; N]) -> (FlexTensor, Self::Tape) {
        let shapes = inputs.each_ref().map(|tensor| tensor.shape().to_vec());
        let (made, tape) = self.forward(numbers(inputs, &shapes));
        (tensor(made), tape)
    }

    fn back(
        &self,
        inputs: &[FlexTensor; N],
        output: &FlexTensor,
        tape: Self::Tape,
        gradient: FlexTensor,
        wanted: [bool; N],
    ) -> [Option<FlexTensor>; N] {
        let shapes = inputs.each_ref().map(|tensor| tensor.shape().to_vec());
        let gradient = in_order(&gradient);
        let mut found =
            self.backward(numbers(inputs, &shapes), slice(output), &tape, slice(&gradient), wanted).into_iter();
        shapes.map(|shape| found.next().flatten().map(|values| tensor((values, shape))))
    }
}

/// The operation's output, and what it leaves besides.
pub fn run<W: ByHand<N>, const N: usize, const D: usize>(work: W, inputs: [Given<Flex>; N]) -> (Tensor<D>, W::Tape) {
    let (made, tape) = taped::run(work, inputs);
    let output = match made {
        Taken::Plain(made) => Tensor::from_primitive::<Flex>(made),
        Taken::Tracked(made) => Tensor::from_primitive::<Autodiff<Flex>>(made),
    };
    (output, tape)
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
