//! The plain GAN's two networks: multilayer perceptrons (Goodfellow et al. 2014, "Generative adversarial nets",
//! section 5), here with leaky ReLU as Radford et al. 2015 advise for the discriminator.

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use crate::nn::activation::{leaky_relu, leaky_relu_with_slope, tanh};
use crate::nn::linear::{dense, init_linear, product};
use crate::rng::Stream;

/// Slope of the leaky ReLU for negative inputs (Radford et al. 2015, section 4).
pub const SLOPE: f32 = 0.2;

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
        self.forward_scaled(input, &[])
    }

    /// With each weight multiplied by its scale, as spectral normalisation asks; no scales leave the weights as they are.
    ///
    /// # Shapes
    /// `[batch, inputs]`, scales `[1, 1]`, one a layer -> `[batch, outputs]`
    pub fn forward_scaled(&self, input: Tensor<2>, scales: &[Tensor<2>]) -> Tensor<2> {
        let last = self.layers.len() - 1;
        let mut x = input;
        for index in 0..=last {
            let slope = if index < last { SLOPE } else { 1.0 };
            x = match scales.is_empty() {
                true => dense(&self.layers[index], x, slope as f64),
                false if index < last => leaky_relu(self.layer(index, x, scales), SLOPE as f64),
                false => self.layer(index, x, scales),
            };
        }
        if self.bounded { tanh(x) } else { x }
    }

    /// The outputs of an unbounded network, and the gradient of their sum in each input, written as a forward pass: so
    /// a loss may contain that gradient although Burn differentiates only once. Nothing is lost: each unit's slope is
    /// a constant almost everywhere. Costs as much again as the forward pass.
    ///
    /// # Shapes
    /// `[batch, inputs]` -> `[batch, outputs]`, `[batch, inputs]`
    pub fn forward_with_gradient(&self, input: Tensor<2>, scales: &[Tensor<2>]) -> (Tensor<2>, Tensor<2>) {
        let last = self.layers.len() - 1;
        let mut slopes = Vec::with_capacity(last);
        let mut x = input;
        for index in 0..last {
            let (active, slope) = leaky_relu_with_slope(self.layer(index, x, scales), SLOPE as f64);
            slopes.push(slope);
            x = active;
        }
        let outputs = self.layer(last, x, scales);
        let mut gradient = outputs.ones_like().detach();
        for index in (0..=last).rev() {
            gradient = product(gradient, self.layers[index].weight.val().transpose());
            if let Some(scale) = scales.get(index) {
                gradient = gradient * scale.clone();
            }
            if index > 0 {
                gradient = gradient * slopes[index - 1].clone();
            }
        }
        (outputs, gradient)
    }

    fn layer(&self, index: usize, x: Tensor<2>, scales: &[Tensor<2>]) -> Tensor<2> {
        let layer = &self.layers[index];
        let Some(scale) = scales.get(index) else { return dense(layer, x, 1.0) };
        let x = product(x, layer.weight.val()) * scale.clone();
        match &layer.bias {
            Some(bias) => x + bias.val().unsqueeze(),
            None => x,
        }
    }

    /// # Shapes
    /// `[inputs, outputs]` each
    pub fn weights(&self) -> Vec<Tensor<2>> {
        self.layers.iter().map(|layer| layer.weight.val()).collect()
    }
}
