//! The recurrent GAN's two networks (Esteban, Hyland and Rätsch 2017, "Real-valued (medical) time series generation with recurrent
//! conditional GANs", section 3): an LSTM that is given noise at every step and makes a value of it, and one that is given a value at every
//! step and judges it. In the conditional form (RCGAN) both see the class at every step.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use std::collections::BTreeMap;

use crate::nn::activation::tanh;
use crate::nn::linear::{self, dense, init_linear};
use crate::nn::lstm::{Lstm, LstmTape};
use crate::rng::Stream;

#[derive(Debug, Clone, Copy)]
pub struct RecurrentConfig {
    pub inputs: usize,
    pub hidden_dim: usize,
    pub outputs: usize,
    /// The outputs pass through tanh: values in [-1, 1]. Logits stay as they are.
    pub bounded: bool,
}

#[derive(Module, Debug)]
pub struct Recurrent {
    lstm: Lstm,
    output: Linear,
    bounded: bool,
}

/// What the way there leaves for the way back.
#[derive(Debug)]
pub struct Tape {
    lstm: LstmTape,
    /// `[steps batch, hidden]`
    hidden: Tensor<2>,
    output: Tensor<3>,
}

impl RecurrentConfig {
    pub fn init(&self, stream: &mut Stream, device: &Device) -> Recurrent {
        Recurrent {
            lstm: Lstm::init(self.inputs, self.hidden_dim, stream, device),
            output: init_linear(self.hidden_dim, self.outputs, 1.0, stream, device),
            bounded: self.bounded,
        }
    }
}

impl Recurrent {
    pub fn outputs(&self) -> usize {
        self.output.weight.dims()[1]
    }

    /// # Shapes
    /// `[steps, batch, inputs]` -> `[steps, batch, outputs]`
    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        self.remember(input).0
    }

    /// [`Recurrent::forward`], with what the gradients need.
    pub fn remember(&self, input: Tensor<3>) -> (Tensor<3>, Tape) {
        let (hidden, lstm) = self.lstm.remember(input);
        let [steps, batch, width] = hidden.dims();
        let hidden = hidden.reshape([steps * batch, width]);
        let output = dense(&self.output, hidden.clone(), 1.0);
        let output = if self.bounded { tanh(output) } else { output };
        let output = output.reshape([steps as isize, batch as isize, -1]);
        (output.clone(), Tape { lstm, hidden, output })
    }

    /// Each parameter's gradient by its dotted name, from the one at the output.
    ///
    /// # Shapes
    /// `[steps, batch, outputs]`
    pub fn gradients(&self, tape: Tape, gradient: Tensor<3>) -> BTreeMap<String, Tensor<1>> {
        let (before, gates) = self.backward(&tape, gradient);
        let within = |part: &str, found: BTreeMap<String, Tensor<1>>| {
            let part = part.to_string();
            found.into_iter().map(move |(name, gradient)| (format!("{part}.{name}"), gradient))
        };
        let output = linear::gradients(tape.hidden, before);
        within("output", output).chain(within("lstm", self.lstm.gradients(tape.lstm, gates))).collect()
    }

    /// The gradient at the input; the parameters are taken as they are.
    ///
    /// # Shapes
    /// `[steps, batch, outputs]` -> `[steps, batch, inputs]`
    pub fn input_gradient(&self, tape: &Tape, gradient: Tensor<3>) -> Tensor<3> {
        let (_, gates) = self.backward(tape, gradient);
        self.lstm.input_gradient(gates)
    }

    /// The gradients before the output's tanh and at the gates.
    fn backward(&self, tape: &Tape, gradient: Tensor<3>) -> (Tensor<2>, Tensor<3>) {
        let [steps, batch, outputs] = gradient.dims();
        let gradient = match self.bounded {
            true => gradient.clone() - gradient * tape.output.clone() * tape.output.clone(),
            false => gradient,
        };
        let gradient = gradient.reshape([steps * batch, outputs]);
        let hidden = linear::input_gradient(&self.output, gradient.clone());
        let hidden = hidden.reshape([steps as isize, batch as isize, -1]);
        (gradient, self.lstm.backward(&tape.lstm, hidden))
    }
}
