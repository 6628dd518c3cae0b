//! DR-GAN (Tran, Yin and Liu 2017, "Disentangled representation learning GAN for pose-invariant face recognition", CVPR: "the paper"; the
//! authors' own code of 2018: "the later code"). An encoder takes from a face who it is, and how far it is to be trusted; a decoder draws that
//! person at any yaw; a discriminator says who a face is, where it looks, and whether it is real. Which is followed where:
//!
//! - from both: 3x3 convolutions, ELU, halving by stride; the features of several pictures of a person weighted by their confidence (the
//!   paper's equation 7); tanh at the end.
//! - from the later code: RGB; yaw as a number, in radians, through a layer of its own, instead of one of 13 classes; the small map that the
//!   decoder starts from; no ELU on the identity features; a convolution of its own for the confidence; three heads on one trunk.
//! - ours: one 4x4 convolution of stride 2 at the picture's own size (as in DCGAN) where the paper has two of 3x3; padding 1 on all sides
//!   instead of TensorFlow's SAME; the encoder's last layer spans the whole map instead of the mean over it; batch norms are merged into the convolutions before them (trained so, `training/drgan_networks.py`)
//!   or, in the small networks that learn in the page, not there at all.
//!
//! Layers are named as in that file.

mod discriminator;
mod finder;
pub mod photos;

pub use discriminator::{Discriminator, DiscriminatorConfig, Opinion};
pub use finder::{Finder, FinderConfig, Sighting};

use burn::module::Module;
use burn::nn::Linear;
use burn::nn::conv::{Conv2d, ConvTranspose2d};
use burn::tensor::{Device, Tensor};

use crate::error::Result;
use crate::nn::activation::{elu, sigmoid, tanh};
use crate::nn::conv::{ConvConfig, Source, TransposedConfig, convolve, convolve_transposed};
use crate::nn::linear::{dense, load_linear};

#[derive(Debug, Clone, PartialEq)]
pub struct EncoderConfig {
    /// Channels after each convolution but the last.
    pub channels: Vec<usize>,
    /// Of each of them. The first is 4x4 where it halves.
    pub strides: Vec<usize>,
    /// Side of the map that is left, which the last convolution spans.
    pub map_side: usize,
    /// Numbers that say who somebody is.
    pub features: usize,
}

/// A face to identity features.
#[derive(Module, Debug)]
pub struct Encoder {
    conv: Vec<Conv2d>,
    confidence: Conv2d,
}

impl EncoderConfig {
    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<Encoder> {
        let mut conv = chain("encoder.conv", 3, &self.channels, &self.strides, source, device)?;
        let before = self.channels.last().copied().unwrap_or(3);
        let whole =
            ConvConfig { channels: [before, self.features], kernel: self.map_side, stride: 1, padding: 0, bias: true };
        conv.push(whole.init(&format!("encoder.conv.{}", self.channels.len()), source, device)?);
        let confidence = ConvConfig { channels: [before, 1], kernel: 3, padding: 1, ..whole };
        Ok(Encoder { conv, confidence: confidence.init("encoder.confidence", source, device)? })
    }
}

impl Encoder {
    pub fn features(&self) -> usize {
        self.conv.last().map_or(0, |conv| conv.weight.dims()[0])
    }

    /// # Shapes
    /// pictures `[n, 3, side, side]` in [-1, 1] -> identity features `[n, features]`, confidence `[n, 1]` in 0..1
    pub fn forward(&self, x: Tensor<4>) -> (Tensor<2>, Tensor<2>) {
        let (last, body) = self.conv.split_last().expect("an encoder has layers");
        let x = body.iter().fold(x, |x, conv| elu(convolve(conv, x)));
        let features = pooled(convolve(last, x.clone()));
        (features, sigmoid(pooled(convolve(&self.confidence, x))))
    }
}

/// The features of several pictures of each person, weighted by confidence (the paper's equation 7).
///
/// # Shapes
/// features `[n, k, features]`, confidence `[n, k, 1]` -> `[n, features]`
pub fn fuse(features: Tensor<3>, confidence: Tensor<3>) -> Tensor<2> {
    let [n, _, width] = features.dims();
    let weighted = (features * confidence.clone()).sum_dim(1) / confidence.sum_dim(1);
    weighted.reshape([n, width])
}

#[derive(Debug, Clone, PartialEq)]
pub struct DecoderConfig {
    pub features: usize,
    /// Numbers that the yaw becomes.
    pub yaw_code: usize,
    pub noise_dim: usize,
    /// Channels and side of the map that the code becomes.
    pub start: [usize; 2],
    /// Channels after each layer.
    pub channels: Vec<usize>,
    /// The layers that double height and width; one more does after the last.
    pub doublings: Vec<usize>,
}

/// Identity features, a pose and noise to a face.
#[derive(Module, Debug)]
pub struct Decoder {
    yaw: Linear,
    fc: Linear,
    conv: Vec<Layer>,
    out: ConvTranspose2d,
    start_side: usize,
    noise_dim: usize,
}

#[derive(Module, Debug)]
enum Layer {
    Doubling(ConvTranspose2d),
    Same(Conv2d),
}

impl DecoderConfig {
    pub fn init_from(&self, source: &mut Source, device: &Device) -> Result<Decoder> {
        let [mut inputs, side] = self.start;
        let code = self.features + self.yaw_code + self.noise_dim;
        let yaw = load_linear("decoder.yaw", [1, self.yaw_code], true, source, device)?;
        let fc = load_linear("decoder.fc", [code, inputs * side * side], true, source, device)?;
        let mut conv = Vec::with_capacity(self.channels.len());
        for (at, outputs) in self.channels.iter().enumerate() {
            let (name, channels) = (format!("decoder.conv.{at}"), [inputs, *outputs]);
            conv.push(if self.doublings.contains(&at) {
                let config = TransposedConfig { channels, kernel: 3, padding_out: 1, bias: true };
                Layer::Doubling(config.init(&name, source, device)?)
            } else {
                let config = ConvConfig { channels, kernel: 3, stride: 1, padding: 1, bias: true };
                Layer::Same(config.init(&name, source, device)?)
            });
            inputs = *outputs;
        }
        let out = TransposedConfig { channels: [inputs, 3], kernel: 4, padding_out: 0, bias: true };
        let out = out.init("decoder.out", source, device)?;
        Ok(Decoder { yaw, fc, conv, out, start_side: side, noise_dim: self.noise_dim })
    }
}

impl Decoder {
    pub fn noise_dim(&self) -> usize {
        self.noise_dim
    }

    /// What the yaw becomes before it joins the features.
    ///
    /// # Shapes
    /// `[n, 1]` in radians -> `[n, yaw_code]`
    pub fn pose_code(&self, yaw: Tensor<2>) -> Tensor<2> {
        elu(dense(&self.yaw, yaw, 1.0))
    }

    /// # Shapes
    /// identity features `[n, features]`, yaw `[n, 1]` in radians, noise `[n, noise_dim]` in [-1, 1] -> pictures `[n, 3, side, side]` in [-1, 1]
    pub fn forward(&self, features: Tensor<2>, yaw: Tensor<2>, noise: Tensor<2>) -> Tensor<4> {
        let n = features.dims()[0];
        let code = Tensor::cat(vec![features, self.pose_code(yaw), noise], 1);
        let map = elu(dense(&self.fc, code, 1.0));
        let channels = map.dims()[1] / (self.start_side * self.start_side);
        let map = map.reshape([n, channels, self.start_side, self.start_side]);
        let x = self.conv.iter().fold(map, |x, layer| elu(layer.forward(x)));
        tanh(convolve_transposed(&self.out, x))
    }
}

impl Layer {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        match self {
            Layer::Doubling(conv) => convolve_transposed(conv, x),
            Layer::Same(conv) => convolve(conv, x),
        }
    }
}

/// Convolutions one after another.
fn chain(
    name: &str,
    mut inputs: usize,
    channels: &[usize],
    strides: &[usize],
    source: &mut Source,
    device: &Device,
) -> Result<Vec<Conv2d>> {
    let mut layers = Vec::with_capacity(channels.len());
    for (at, (outputs, stride)) in channels.iter().zip(strides).enumerate() {
        let kernel = if at == 0 && *stride == 2 { 4 } else { 3 };
        let config = ConvConfig { channels: [inputs, *outputs], kernel, stride: *stride, padding: 1, bias: true };
        layers.push(config.init(&format!("{name}.{at}"), source, device)?);
        inputs = *outputs;
    }
    Ok(layers)
}

/// The mean over the map, row by row first (see `nn::norm`).
///
/// # Shapes
/// `[n, channels, height, width]` -> `[n, channels]`
fn pooled(x: Tensor<4>) -> Tensor<2> {
    let [n, channels, ..] = x.dims();
    x.mean_dim(3).mean_dim(2).reshape([n, channels])
}
