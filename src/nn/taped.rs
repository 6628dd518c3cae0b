//! Operations whose way back is written out, each one node within Burn's automatic differentiation, on any device.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend};
use std::fmt::Debug;
use std::marker::PhantomData;

/// An operation of `N` inputs and its derivative. What it is given lies in the order of its indices.
pub trait Taped<B: Backend, const N: usize>: Debug + Clone + Send + 'static {
    /// What the way there leaves for the way back besides inputs and output.
    type Tape: Debug + Clone + Send + 'static;

    fn there(&self, inputs: &[FloatTensor<B>; N]) -> (FloatTensor<B>, Self::Tape);

    /// The gradient in each input that is wanted, from the one at the output.
    fn back(
        &self,
        inputs: &[FloatTensor<B>; N],
        output: &FloatTensor<B>,
        tape: Self::Tape,
        gradient: FloatTensor<B>,
        wanted: [bool; N],
    ) -> [Option<FloatTensor<B>>; N];
}

/// An operation's input: its numbers in order, and what follows it where it is learned from.
pub struct Given<B: Backend> {
    pub numbers: FloatTensor<B>,
    pub tracked: Option<FloatTensor<Autodiff<B>>>,
}

/// What comes out of an operation.
pub enum Made<B: Backend> {
    Plain(FloatTensor<B>),
    Tracked(FloatTensor<Autodiff<B>>),
}

/// A node of the graph.
#[derive(Debug)]
struct Node<W>(PhantomData<fn() -> W>);

/// What a node keeps for the way back.
#[derive(Debug, Clone)]
struct State<B: Backend, W, T, const N: usize> {
    work: W,
    inputs: [FloatTensor<B>; N],
    output: FloatTensor<B>,
    tape: T,
}

impl<B: Backend, W: Taped<B, N>, const N: usize> Backward<B, N> for Node<W> {
    type State = State<B, W, W::Tape, N>;

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let State { work, inputs, output, tape } = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let found = work.back(&inputs, &output, tape, gradient, wanted);
        for (parent, found) in ops.parents.into_iter().zip(found) {
            if let (Some(parent), Some(found)) = (parent, found) {
                gradients.register::<B>(parent.id, found);
            }
        }
    }
}

/// The operation's output, and what it leaves besides.
pub fn run<B: Backend, W: Taped<B, N>, const N: usize>(work: W, given: [Given<B>; N]) -> (Made<B>, W::Tape) {
    let learned_from = given.iter().any(|given| given.tracked.is_some());
    let inputs = given.each_ref().map(|given| given.numbers.clone());
    let (output, tape) = work.there(&inputs);
    if !learned_from {
        return (Made::Plain(output), tape);
    }
    // Without automatic differentiation a tensor is a constant within it.
    let nodes = given
        .map(|Given { numbers, tracked }| tracked.unwrap_or_else(|| FloatTensor::<Autodiff<B>>::new(numbers)).node());
    let made = match Node::<W>(PhantomData).prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prepared) => {
            let state = State { work, inputs, output: output.clone(), tape: tape.clone() };
            prepared.finish(state, output)
        }
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    (Made::Tracked(made), tape)
}
