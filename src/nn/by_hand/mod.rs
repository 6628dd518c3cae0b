//! Operations of the processor whose way back is written out, within Burn's automatic differentiation: one node of the graph where a
//! layer's parts would be a dozen, and no map is copied that our kernels can read where it lies. Other devices have Burn's own.

mod layers;
mod parameters;
mod sequences;
mod simple;
#[cfg(all(test, not(target_family = "wasm")))]
mod tests;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Device, Tensor, TensorData};
use std::fmt::Debug;

pub use layers::{Dense, batch_norm, convolve, convolve_planes, instance_norm, transpose, transpose_planes};
pub use parameters::{adam, mix};
pub use sequences::{lstm_backward, lstm_forward, outer, slopes};
pub use simple::{bend, log_softmax, pick};

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

type TrackedTensor = FloatTensor<Autodiff<Flex>>;

/// An operation's input.
pub enum Given {
    Plain(FlexTensor),
    Tracked(TrackedTensor),
}

impl<const D: usize> From<Tensor<D>> for Given {
    fn from(tensor: Tensor<D>) -> Self {
        let wrong = "`here` was asked first";
        match tensor.is_autodiff() {
            true => Self::Tracked(tensor.try_into_primitive::<Autodiff<Flex>>().expect(wrong)),
            false => Self::Plain(tensor.try_into_primitive::<Flex>().expect(wrong)),
        }
    }
}

impl Given {
    fn primitive(&self) -> &FlexTensor {
        match self {
            Self::Plain(tensor) => tensor,
            Self::Tracked(tensor) => tensor.primitive(),
        }
    }

    /// Without automatic differentiation a tensor is a constant within it.
    fn tracked(self) -> TrackedTensor {
        match self {
            Self::Plain(tensor) => TrackedTensor::new(tensor),
            Self::Tracked(tensor) => tensor,
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

/// A node of the graph.
#[derive(Debug)]
struct Node<W>(std::marker::PhantomData<fn() -> W>);

/// What a node keeps for the way back.
#[derive(Debug, Clone)]
struct State<W, T, const N: usize> {
    work: W,
    inputs: [FlexTensor; N],
    shapes: [Vec<usize>; N],
    output: FlexTensor,
    tape: T,
}

impl<W: ByHand<N>, const N: usize> Backward<Flex, N> for Node<W> {
    type State = State<W, W::Tape, N>;

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let State { work, inputs, shapes, output, tape } = ops.state;
        let gradient = in_order(&gradients.consume::<Flex>(&ops.node));
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let found = work.backward(numbers(&inputs, &shapes), slice(&output), &tape, slice(&gradient), wanted);
        for ((parent, found), shape) in ops.parents.into_iter().zip(found).zip(shapes) {
            if let (Some(parent), Some(found)) = (parent, found) {
                gradients.register::<Flex>(parent.id, tensor((found, shape)));
            }
        }
    }
}

/// The operation's output, and what it leaves besides.
pub fn run<W: ByHand<N>, const N: usize, const D: usize>(work: W, inputs: [Given; N]) -> (Tensor<D>, W::Tape) {
    let laid = inputs.each_ref().map(|input| in_order(input.primitive()));
    let shapes = laid.each_ref().map(|tensor| tensor.shape().to_vec());
    let (made, tape) = work.forward(numbers(&laid, &shapes));
    let output = tensor(made);
    if inputs.iter().all(|input| matches!(input, Given::Plain(_))) {
        return (Tensor::from_primitive::<Flex>(output), tape);
    }
    let nodes = inputs.map(|input| input.tracked().node());
    let output = match Node::<W>(std::marker::PhantomData).prepare::<NoCheckpointing>(nodes).compute_bound().stateful()
    {
        OpsKind::Tracked(prepared) => {
            let state = State { work, inputs: laid, shapes, output: output.clone(), tape: tape.clone() };
            prepared.finish(state, output)
        }
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    (Tensor::from_primitive::<Autodiff<Flex>>(output), tape)
}
