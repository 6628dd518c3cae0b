//! The small network that says where a head is within a square around what the finder tells.

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::Conv2d;
use burn::tensor::{Device, Tensor};

use crate::error::Result;
use crate::nn::activation::elu;
use crate::nn::conv::{ConvConfig, Source, convolve};
use crate::nn::linear::{dense, load_linear};

#[derive(Debug, Clone, PartialEq)]
pub struct AlignerConfig {
    /// Channels after each convolution, all of which halve.
    pub channels: Vec<usize>,
    pub hidden_dim: usize,
}

#[derive(Module, Debug)]
pub struct Aligner {
    conv: Vec<Conv2d>,
    fc: Linear,
    out: Linear,
}

/// A head within a square, in units of the square's side and from its centre; angles in radians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    pub right: f32,
    pub down: f32,
    /// The aligned square's side over this one's.
    pub scale: f32,
    pub roll: f32,
    pub yaw: f32,
}

impl AlignerConfig {
    /// Side of the grey picture it looks at.
    pub const SIDE: usize = 64;
    /// Side of that square over the side of the aligned square that the finder tells: 24 cm over 18.
    pub const MARGIN: f32 = 24.0 / 18.0;

    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<Aligner> {
        let mut inputs = 1;
        let mut conv = Vec::with_capacity(self.channels.len());
        for (at, outputs) in self.channels.iter().enumerate() {
            let config = ConvConfig { channels: [inputs, *outputs], kernel: 3, stride: 2, padding: 1, bias: true };
            conv.push(config.init(&format!("aligner.conv.{at}"), source, device)?);
            inputs = *outputs;
        }
        let side = Self::SIDE >> self.channels.len();
        let fc = load_linear("aligner.fc", [inputs * side * side, self.hidden_dim], true, source, device)?;
        Ok(Aligner { conv, fc, out: load_linear("aligner.out", [self.hidden_dim, 5], true, source, device)? })
    }
}

impl Aligner {
    /// # Shapes
    /// grey `[n, 1, 64, 64]` in [-1, 1] -> `[n, 5]`: right, down, logarithm of the scale, roll, yaw (see [`Placement`])
    pub fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let n = x.dims()[0];
        let x = self.conv.iter().fold(x, |x, conv| elu(convolve(conv, x)));
        let elements = x.shape().num_elements();
        dense(&self.out, elu(dense(&self.fc, x.reshape([n, elements / n]), 1.0)), 1.0)
    }
}

impl Placement {
    /// One row of what the network answers.
    pub fn from_row(row: &[f32; 5]) -> Self {
        let [right, down, scale, roll, yaw] = *row;
        Self { right, down, scale: scale.exp(), roll, yaw }
    }
}
