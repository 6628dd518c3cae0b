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
use burn::backend::ops::FloatTensorOps;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Device, Tensor, TensorData};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Range;

use super::shards;
use super::taped::{self, Given, Made as Taken, Taped};

pub use convolutions::{convolve, convolve_planes, transpose, transpose_planes};
pub use dense::{Dense, back};
pub use norms::{batch_norm, instance_norm};
pub use parameters::{adam, mix};
pub use sequences::{lstm_backward, lstm_forward, outer, slopes};
pub use simple::{bend, log_softmax, mean, pick, settled, times, whole};

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

/// What is asked for of an input's gradient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    Not,
    Gradient,
    /// The input is a parameter itself, and only an optimiser wants to know.
    OfParameter,
}

impl Wanted {
    fn then<T>(self, f: impl FnOnce() -> T) -> Option<T> {
        (self != Wanted::Not).then(f)
    }
}

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
        wanted: [Wanted; N],
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

/// An operation, and which of its inputs are parameters.
#[derive(Debug, Clone)]
struct Work<W, const N: usize> {
    work: W,
    parameters: [bool; N],
}

impl<W: ByHand<N>, const N: usize> Taped<Flex, N> for Work<W, N> {
    type Tape = W::Tape;

    fn there(&self, inputs: &[FlexTensor; N]) -> (FlexTensor, Self::Tape) {
        let shapes = inputs.each_ref().map(|tensor| tensor.shape().to_vec());
        let (made, tape) = self.work.forward(numbers(inputs, &shapes));
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
        let wanted = std::array::from_fn(|at| match (wanted[at], self.parameters[at]) {
            (false, _) => Wanted::Not,
            (true, false) => Wanted::Gradient,
            (true, true) => Wanted::OfParameter,
        });
        let mut found =
            self.work.backward(numbers(inputs, &shapes), slice(output), &tape, slice(&gradient), wanted).into_iter();
        shapes.map(|shape| found.next().flatten().map(|values| tensor(fitting(values, shape))))
    }
}

/// In that shape; what is apart by shards is longer, in as many dimensions.
fn fitting(values: Vec<f32>, mut shape: Vec<usize>) -> Made {
    if values.len() != shape.iter().product::<usize>() {
        shape.fill(1);
        shape[0] = values.len();
    }
    (values, shape)
}

/// The operation's output, and what it leaves besides.
pub fn run<W: ByHand<N>, const N: usize, const D: usize>(work: W, inputs: [Given<Flex>; N]) -> (Tensor<D>, W::Tape) {
    let parameters =
        inputs.each_ref().map(|given| given.tracked.as_ref().is_some_and(Autodiff::<Flex>::float_is_require_grad));
    let (made, tape) = taped::run(Work { work, parameters }, inputs);
    let output = match made {
        Taken::Plain(made) => Tensor::from_primitive::<Flex>(made),
        Taken::Tracked(made) => Tensor::from_primitive::<Autodiff<Flex>>(made),
    };
    (output, tape)
}

/// The gradients in weights and bias, those that are wanted, from what each shard leaves.
fn shared(
    rows: usize,
    wanted: [Wanted; 2],
    weights: impl Fn(&Range<usize>) -> Vec<f32>,
    biases: impl Fn(&Range<usize>) -> Vec<f32>,
) -> [Option<Vec<f32>>; 2] {
    let parts = shards::parts(rows);
    [
        stacked(wanted[0], || parts.iter().map(weights).collect()),
        stacked(wanted[1], || parts.iter().map(biases).collect()),
    ]
}

/// A parameter's gradient stays apart by shards, one behind the other and a mark behind the last, until all that its uses leave has been
/// added: then the replicas tell each other once ([`together`]). One in what was computed from a parameter is told at once.
fn stacked(wanted: Wanted, parts: impl FnOnce() -> Vec<Vec<f32>>) -> Option<Vec<f32>> {
    match wanted {
        Wanted::Not => None,
        Wanted::OfParameter if shards::active() => Some([parts().concat(), vec![0.0]].concat()),
        _ => Some(shards::total(parts())),
    }
}

/// Gradients over the whole batch, from those that are still apart by shards.
pub fn together(gradients: BTreeMap<String, (usize, Tensor<1>)>) -> BTreeMap<String, Tensor<1>> {
    let apart = |size: usize, gradient: &Tensor<1>| gradient.dims()[0] != size;
    let mut own: Vec<Vec<f32>> = vec![Vec::new(); shards::count()];
    for (size, gradient) in gradients.values().filter(|(size, gradient)| apart(*size, gradient)) {
        let numbers = sequences::plain(gradient.clone());
        for (own, part) in own.iter_mut().zip(slice(&numbers).chunks_exact(*size)) {
            own.extend_from_slice(part);
        }
    }
    let mut total = shards::total(own);
    let whole = |(name, (size, gradient)): (String, (usize, Tensor<1>))| {
        if !apart(size, &gradient) {
            return (name, gradient);
        }
        let rest = total.split_off(size);
        let own = std::mem::replace(&mut total, rest);
        (name, sequences::made((own, vec![size])))
    };
    gradients.into_iter().map(whole).collect()
}
