//! The plain GAN's two networks: multilayer perceptrons (Goodfellow et al. 2014, "Generative adversarial nets",
//! section 5), here with leaky ReLU as Radford et al. 2015 advise for the discriminator.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::activation::leaky_relu;
use burn::tensor::{Device, Tensor};

use crate::nn::linear::init_linear;
use crate::rng::Stream;

/// Slope of the leaky ReLU for negative inputs (Radford et al. 2015, section 4).
const SLOPE: f32 = 0.2;

/// What the last layer's numbers pass through.
#[derive(Module, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Points and logits: as they are.
    Linear,
    /// Pictures in [-1, 1].
    Tanh,
}

#[derive(Debug, Clone, Copy)]
pub struct MlpConfig {
    pub inputs: usize,
    pub hidden_dim: usize,
    pub hidden_layers: usize,
    pub outputs: usize,
    pub output: Output,
}

#[derive(Module, Debug)]
pub struct Mlp {
    layers: Vec<Linear>,
    output: Output,
}

impl MlpConfig {
    pub fn init(&self, stream: &mut Stream, device: &Device) -> Mlp {
        let gain = (2.0 / (1.0 + SLOPE * SLOPE)).sqrt();
        let mut layers = Vec::with_capacity(self.hidden_layers + 1);
        let mut inputs = self.inputs;
        for _ in 0..self.hidden_layers {
            layers.push(init_linear(inputs, self.hidden_dim, gain, stream, device));
            inputs = self.hidden_dim;
        }
        layers.push(init_linear(inputs, self.outputs, 1.0, stream, device));
        Mlp { layers, output: self.output }
    }
}

impl Mlp {
    /// # Shapes
    /// `[batch, inputs]` -> `[batch, outputs]`
    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let last = self.layers.len() - 1;
        let mut x = input;
        for (index, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if index < last {
                x = leaky_relu(x, SLOPE as f64);
            }
        }
        match self.output {
            Output::Linear => x,
            Output::Tanh => x.tanh(),
        }
    }
}
