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

#[derive(Debug, Clone, Copy)]
pub struct MlpConfig {
    pub inputs: usize,
    pub hidden_dim: usize,
    pub hidden_layers: usize,
    pub outputs: usize,
    /// The outputs pass through tanh: pictures in [-1, 1]. Points and logits stay as they are.
    pub bounded: bool,
}

#[derive(Module, Debug)]
pub struct Mlp {
    layers: Vec<Linear>,
    bounded: bool,
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
        Mlp { layers, bounded: self.bounded }
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
        if self.bounded { x.tanh() } else { x }
    }
}
